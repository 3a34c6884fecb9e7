"""Turns on their way to the store: those that wait at the same moment go in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import chain
from typing import Generic, TypeVar

from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.errors import StoreFault
from bot.watch.meter import meter

AT_ONCE = 50
"""Turns of one transaction, unless a batch is larger: a batch is kept as a whole or not at all."""

Given = TypeVar("Given")
Came = TypeVar("Came")


def event_key(person: str, nonce: str) -> str:
    """Return the key of an event that its sender numbered, bound to the person.

    Keys are one for a whole store. With a bare nonce, the person who chooses it could have an event of somebody else
    taken as a repeat.
    """
    return f"{person}/{nonce}"


class TurnQueue(Generic[Given, Came]):
    """Hands turns in, in the order in which they came; `keep` keeps them and returns what came of each."""

    def __init__(self, keep: Callable[[Sequence[Given]], Awaitable[tuple[Came, ...]]]) -> None:
        self._keep = keep
        self._waiting: list[tuple[Sequence[Given], asyncio.Future[tuple[Came, ...]]]] = []
        self._tasks = BackgroundTasks()
        self._is_running = False

    def hand_in(self, batch: Sequence[Given]) -> asyncio.Future[tuple[Came, ...]]:
        """Return what will come of each turn of a batch, once it is durable; a `StoreFault` where it could not be kept.

        Whoever waits for it may go, as with a page that is closed: the turns are kept all the same.
        """
        outcomes: asyncio.Future[tuple[Came, ...]] = asyncio.get_running_loop().create_future()
        self._waiting.append((batch, outcomes))
        if not self._is_running:
            self._is_running = True
            self._tasks.run(self._run())
        return outcomes

    async def settle(self, seconds: float) -> None:
        """Wait for turns that are under way, at most so long."""
        await self._tasks.settle(seconds)

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._keep_next()
        finally:
            self._is_running = False

    async def _keep_next(self) -> None:
        """Keep the batches that wait, and settle what each of them waits for: its outcomes, or what went wrong for all."""
        together, given = [self._waiting.pop(0)], 0
        given = len(together[0][0])
        while self._waiting and given + len(self._waiting[0][0]) <= AT_ONCE:
            together.append(self._waiting.pop(0))
            given += len(together[-1][0])
        turns = self._keep(list(chain.from_iterable(batch for batch, _ in together)))
        (kept,) = await asyncio.gather(turns, return_exceptions=True)
        meter().keeps(not isinstance(kept, StoreFault))
        at = 0
        for batch, outcomes in together:
            if not outcomes.done():
                if isinstance(kept, BaseException):
                    outcomes.set_exception(kept)
                else:
                    outcomes.set_result(kept[at : at + len(batch)])
            at += len(batch)
