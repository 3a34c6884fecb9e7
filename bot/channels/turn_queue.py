"""Turns on their way to the store: those that wait at the same moment go in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.errors import StoreFault
from bot.watch.meter import meter

AT_ONCE = 50
"""Turns of one transaction."""

Given = TypeVar("Given")
Came = TypeVar("Came")


def event_key(person: str, nonce: str) -> str:
    """The key of an event that its sender numbered, bound to the person.

    Keys are one for a whole store. With a bare nonce, the person who chooses it could have an event of somebody else
    taken as a repeat.
    """
    return f"{person}/{nonce}"


class TurnQueue(Generic[Given, Came]):
    """Hands turns in, in the order in which they came; `turns` keeps a batch and gives what came of each."""

    def __init__(self, turns: Callable[[Sequence[Given]], Awaitable[tuple[Came, ...]]]) -> None:
        self._turns = turns
        self._waiting: list[tuple[Given, asyncio.Future[Came]]] = []
        self._tasks = BackgroundTasks()
        self._is_running = False

    async def turn(self, given: Given) -> Came:
        """What comes of one event, once it is durable. Raises `StoreFault` where it could not be kept."""
        outcome: asyncio.Future[Came] = asyncio.get_running_loop().create_future()
        self._waiting.append((given, outcome))
        if not self._is_running:
            self._is_running = True
            self._tasks.run(self._run())
        return await outcome

    async def settle(self, seconds: float) -> None:
        """Wait for turns that are under way, at most so long."""
        await self._tasks.settle(seconds)

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                await self._hand_in(batch)
        finally:
            self._is_running = False

    async def _hand_in(self, batch: list[tuple[Given, asyncio.Future[Came]]]) -> None:
        """Settle what each of them waits for: its outcome, or what went wrong for all, for which each answers."""
        turns = self._turns([given for given, _ in batch])
        (kept,) = await asyncio.gather(turns, return_exceptions=True)
        meter().keeps(not isinstance(kept, StoreFault))
        outcomes: Sequence[Came | BaseException] = (kept,) * len(batch) if isinstance(kept, BaseException) else kept
        for (_, waiting), outcome in zip(batch, outcomes, strict=True):
            # The one who waited for it may have gone, as with a page that was closed; the turn is kept all the same.
            if waiting.done():
                continue
            if isinstance(outcome, BaseException):
                waiting.set_exception(outcome)
            else:
                waiting.set_result(outcome)
