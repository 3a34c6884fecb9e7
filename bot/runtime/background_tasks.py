"""Background tasks, whose failures are logged and which are cancelled when the bot stops, and waits between retries."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bot.runtime.logs import log_failure

Work = TypeVar("Work")


class BackgroundTasks:
    """Tasks in the background. A failure is logged without its message, which might quote a person."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def run(
        self, work: Coroutine[Any, Any, Work], *, failed: Callable[[str], None] = lambda error_id: None
    ) -> asyncio.Task[Work]:
        """Start a task and return it. If it fails, `failed` is called with the error id."""

        def ended(task: asyncio.Task[Work]) -> None:
            self._tasks.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                failed(log_failure(error))

        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(ended)
        return task

    async def settle(self, seconds: float) -> None:
        """Wait at most this many seconds for all tasks, including those that they start. Then cancel the rest."""
        until = time.monotonic() + seconds
        while self._tasks and (left := until - time.monotonic()) > 0:
            await asyncio.wait(tuple(self._tasks), timeout=left)
        for task in (cancelled := tuple(self._tasks)):
            task.cancel()
        await asyncio.gather(*cancelled, return_exceptions=True)


class Backoff:
    """Waits between retries, each twice as long as the last, from `first` to `longest` seconds. One bot needs no jitter."""

    def __init__(self, first: float, longest: float) -> None:
        self._first, self._longest = first, longest
        self.seconds = first  # of the next wait

    async def wait(self) -> None:
        """Wait, and make the next wait twice as long, up to the longest."""
        seconds, self.seconds = self.seconds, min(2 * self.seconds, self._longest)
        await asyncio.sleep(seconds)

    def reset(self) -> None:
        """Make the next wait the shortest again, after a success."""
        self.seconds = self._first
