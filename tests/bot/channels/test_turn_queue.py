"""Tests that turns of all channels reach the store together, and that a batch that is confirmed as one is not split."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.channels.turn_queue import AT_ONCE, TurnQueue
from bot.runtime.errors import StoreFault, StoreUnavailable


class Slow:
    """A test double of the store whose transactions wait until `free` is set, then raise `fault` if there is one."""

    def __init__(self) -> None:
        self.kept: list[list[str]] = []
        self.free = asyncio.Event()
        self.fault: StoreFault | None = None

    async def turns(self, given: Sequence[str]) -> tuple[str, ...]:
        self.kept.append(list(given))
        await self.free.wait()
        if self.fault is not None:
            raise self.fault
        return tuple(each.upper() for each in given)


async def test_waiting_turns_share_a_transaction_and_no_batch_is_split() -> None:
    store = Slow()
    queue = TurnQueue(store.turns)
    first = queue.hand_in(["a"])
    await asyncio.sleep(0)

    tapped, posted = queue.hand_in(["b", "c"]), queue.hand_in(["d"])
    crowd = queue.hand_in(["e"] * AT_ONCE)
    store.free.set()

    assert (await first, await tapped, await posted) == (("A",), ("B", "C"), ("D",))
    assert len(await crowd) == AT_ONCE
    assert store.kept == [["a"], ["b", "c", "d"], ["e"] * AT_ONCE]


async def test_a_waiting_caller_gets_the_store_fault_and_may_be_cancelled() -> None:
    store = Slow()
    queue = TurnQueue(store.turns)
    gone, stays = queue.hand_in(["a"]), queue.hand_in(["b"])
    store.fault = StoreUnavailable("full")
    gone.cancel()
    store.free.set()

    with pytest.raises(StoreUnavailable):
        await stays


async def test_each_caller_gets_its_own_outcomes_after_another_stopped_waiting() -> None:
    store = Slow()
    queue = TurnQueue(store.turns)
    gone, stays = queue.hand_in(["a"]), queue.hand_in(["b"])
    gone.cancel()
    store.free.set()

    assert await stays == ("B",)
    assert store.kept == [["a", "b"]]
