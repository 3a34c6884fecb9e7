"""Tasks that run beside others: none fails in silence, and none outlives the bot."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import structlog

from bot.storage.turns import place_of

log = structlog.get_logger()


class Errands:
    """What is under way. A failure is logged, never with its message, which may quote a person."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, errand: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin an errand, and return its task."""
        task = asyncio.create_task(errand)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def settle(self, seconds: float) -> None:
        """Wait for all that is under way and for what it begins, at most so long; then give up what is left."""
        until = time.monotonic() + seconds
        while self._tasks and (left := until - time.monotonic()) > 0:
            await asyncio.wait(tuple(self._tasks), timeout=left)
        given_up = tuple(self._tasks)
        for task in given_up:
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            note_failure(task.exception())


def note_failure(error: BaseException | None) -> None:
    """Log a failure that nobody waited for, if it is one, by its class and place."""
    if error is not None:
        log.error("failed", error=type(error).__name__, where=place_of(error.__traceback__))
