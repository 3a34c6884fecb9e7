"""People who tap while something else happens to the store, in this process or in others that can be killed."""

import asyncio
import multiprocessing
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from bot.runtime.errors import StoreFault
from bot.runtime.settings import StorePlace
from bot.storage.opening import open_store
from bot.storage.store import Store
from bot.storage.values import Decision, Done, Inbound, MonthlyCount, Record, Repeated
from tests.support.store.builders import bringing, event, having, tap
from tests.support.store.keeping import NOON, person

BETWEEN = 0.005
"""The pause between two taps in seconds. More taps would leave more rows for a key rotation to encrypt again."""


async def tap_until(store: Store, over: asyncio.Event) -> int:
    """Tap again and again until `over` is set. Return how many taps the store has acknowledged."""

    def decide(record: Record, _: object = None) -> Decision:
        return Decision(having(replace(record, card=record.card + 1, active=NOON), f"case {record.card + 1}"), ())

    taps = 0
    while not over.is_set():
        (outcome,) = await store.turns([Inbound(f"tap:{taps}", NOON, person(0), decide, own_message=f"{taps}")])
        assert isinstance(outcome, Done)
        assert outcome.before.card == taps
        recalled = await store.recall(person(0))
        assert recalled is not None
        taps += 1
        assert (recalled[0].card, recalled[0].case) == (taps, f"case {taps}")
        await asyncio.sleep(BETWEEN)
    return taps


SOON = 10.0
"""Seconds within which a copy saves again after whatever happened."""

Result = TypeVar("Result")
MONTH, KIND, WORD = "2026-11", "lead", "danger"


def nth_tap(person: str, number: int) -> Inbound:
    """Return one tap of a person, which counts in the card, in the case and in the numbers of the month."""
    change = bringing(tap(str(number)), counts=[MonthlyCount(MONTH, KIND, WORD)])
    return event(f"{person} {number}", change, person=person)


async def at_last(work: Callable[[], Awaitable[Result]], *, seconds: float = SOON) -> Result:
    """Do the work again and again until the store does not fail, at most for so many seconds."""
    ends = time.monotonic() + seconds
    while True:
        try:
            return await work()
        except StoreFault:
            if time.monotonic() > ends:
                raise
            await asyncio.sleep(0.05)


async def tap_once(store: Store, person: str, number: int, *, seconds: float = SOON) -> None:
    """Let the tap come again and again until it is acknowledged, as Telegram does."""
    (outcome,) = await at_last(lambda: store.turns([nth_tap(person, number)]), seconds=seconds)
    assert isinstance(outcome, Done | Repeated), outcome


@dataclass(frozen=True, slots=True)
class Kept:
    """How often each person has tapped by what is stored, and the sum of the month."""

    cards: Mapping[str, int]
    counted: int

    def demand(self, acknowledged: Mapping[str, int], *, may_have_more: bool) -> None:
        """Fail unless each acknowledged tap is there once, with at most one more a person, and nothing is half there."""
        more = {person: self.cards[person] - number for person, number in acknowledged.items()}
        assert set(more.values()) <= ({0, 1} if may_have_more else {0}), more
        assert self.counted == sum(self.cards.values())


async def kept_of(store: Store, people: Mapping[str, int]) -> Kept:
    """Read what is stored of these people, who are all that there are. The ledger must be in step."""
    return await at_last(lambda: _kept_of(store, people))


async def _kept_of(store: Store, people: Mapping[str, int]) -> Kept:
    cards = {}
    for each in people:
        recalled = await store.recall(each)
        cards[each] = recalled[0].card if recalled else 0
        assert recalled is None or recalled[0].case == str(cards[each])
    counts = (await store.read(lambda t: t.monthly_counts.by_month())).get(MONTH, {}).get(KIND, {})
    assert not await store.verify()
    return Kept(cards, sum(counts.values()))


class Copy:
    """One copy. `acknowledged` is how often each of its people has seen that a tap was saved."""

    def __init__(self, address: str, key_file: Path, people: Mapping[str, int]) -> None:
        self.acknowledged = dict(people)
        self._pipe, theirs = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=_run, args=(address, str(key_file), dict(people), theirs))
        self._process.start()
        theirs.close()

    async def taps(self, *, more: int = 1, seconds: float = SOON) -> None:
        """Wait until so many more taps were acknowledged."""
        ends = time.monotonic() + seconds
        goal = self._listened() + more
        while self._listened() < goal:
            assert self._process.is_alive(), "the copy has ended"
            assert time.monotonic() < ends, "no tap was saved in time"
            await asyncio.sleep(0.005)

    def kill(self) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()
        self._listened()

    async def stop(self) -> None:
        """Let it end after the next acknowledgement of the tap that is under way."""
        self._pipe.send("stop")
        await asyncio.to_thread(self._process.join, 2 * SOON)
        self._listened()
        assert self._process.exitcode == 0

    def _listened(self) -> int:
        try:
            while self._pipe.poll():
                person, number = self._pipe.recv()
                assert number == self.acknowledged[person] + 1
                self.acknowledged[person] = number
        except (EOFError, OSError):
            pass
        return sum(self.acknowledged.values())


def _run(address: str, key_file: str, people: dict[str, int], pipe: Connection) -> None:
    asyncio.run(_tap(address, Path(key_file), people, pipe))


async def _tap(address: str, key_file: Path, people: dict[str, int], pipe: Connection) -> None:
    store = await open_store(StorePlace(key_file.with_name(f"copy-{os.getpid()}"), address), key_file, upgrades=True)
    while not pipe.poll():
        for each in people:
            await tap_once(store, each, people[each] + 1)
            people[each] += 1
            pipe.send((each, people[each]))
    await store.close()


PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__, "bot.storage.postgres.opening"])
