"""Background tasks whose failures are logged and which end with the bot, and the backoff between retries."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from bot.runtime.logs import log_failure


class BackgroundTasks:
    """The running tasks. A failure is logged without its message, which may quote a person."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def run(
        self, work: Coroutine[Any, Any, None], *, failed: Callable[[str], None] | None = None
    ) -> asyncio.Task[None]:
        """Start and return a task. If it fails, `failed` is called with the error id."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(partial(self._ended, failed=failed))
        return task

    async def settle(self, seconds: float) -> None:
        """Wait this many seconds for all tasks, including new ones that they start; then cancel the rest."""
        until = time.monotonic() + seconds
        while self._tasks and (left := until - time.monotonic()) > 0:
            await asyncio.wait(tuple(self._tasks), timeout=left)
        for task in (cancelled := tuple(self._tasks)):
            task.cancel()
        await asyncio.gather(*cancelled, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None], *, failed: Callable[[str], None] | None) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            error_id = log_failure(error)
            if failed is not None:
                failed(error_id)


class Backoff:
    """The seconds between retries, doubled each time from `first` up to `longest`. Jitter is needless: one bot retries alone."""

    def __init__(self, first: float, longest: float) -> None:
        self._first, self._longest = first, longest
        self.seconds = first
        """The length of the next wait."""

    async def wait(self) -> None:
        """Wait, and double the next wait up to the longest."""
        seconds, self.seconds = self.seconds, min(2 * self.seconds, self._longest)
        await asyncio.sleep(seconds)

    def reset(self) -> None:
        """Return to the first wait after a success."""
        self.seconds = self._first
