"""Turns on their way to the store: those that wait at the same moment go in one transaction."""

import asyncio

from bot.runtime.background_tasks import BackgroundTasks
from bot.storage.store import Store
from bot.storage.values import Inbound, Outcome

AT_ONCE = 50
"""Turns of one transaction."""

Waiting = tuple[Inbound, asyncio.Future[Outcome]]


class TurnQueue:
    """Hands turns in, in the order in which they came."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[Waiting] = []
        self._tasks = BackgroundTasks()
        self._is_running = False

    async def turn(self, inbound: Inbound) -> Outcome:
        """What comes of one event, once it is durable. Raises `StoreFault` where it could not be kept."""
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((inbound, outcome))
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

    async def _hand_in(self, batch: list[Waiting]) -> None:
        try:
            outcomes = await self._store.turns([inbound for inbound, _ in batch])
        except Exception as fault:  # each of those who wait meets it, and answers for it
            for _, waiting in batch:
                if not waiting.done():
                    waiting.set_exception(fault)
            return
        for (_, waiting), outcome in zip(batch, outcomes, strict=True):
            if not waiting.done():
                waiting.set_result(outcome)
