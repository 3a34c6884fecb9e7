"""Background tasks, and how long to wait between two tries: no task fails in silence, and none outlives the bot."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from bot.runtime.logs import log_failure

Failed = Callable[[str], None]


class BackgroundTasks:
    """The tasks that are running. A failure is logged without its message, which may quote a person."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[Any, Any, None], *, failed: Failed | None = None) -> asyncio.Task[None]:
        """Begin a task, and return it; `failed` is told the error id of a failure."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(partial(self._ended, failed=failed))
        return task

    async def settle(self, seconds: float) -> None:
        """Wait for all tasks, and for those that they start, at most this many seconds; then cancel the rest."""
        # A loop, because a task that ends may have started another.
        until = time.monotonic() + seconds
        while self._tasks and (left := until - time.monotonic()) > 0:
            await asyncio.wait(tuple(self._tasks), timeout=left)
        given_up = tuple(self._tasks)
        for task in given_up:
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None], *, failed: Failed | None) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            error_id = log_failure(error)
            if failed is not None:
                failed(error_id)


class Backoff:
    """Seconds between tries, doubled after each from `first` up to `longest`.

    There is no jitter: one bot waits alone, so there is nobody to fall out of step with.
    """

    def __init__(self, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self._seconds = first

    @property
    def seconds(self) -> float:
        """How long the next wait takes."""
        return self._seconds

    async def wait(self) -> None:
        """Wait before the next try."""
        seconds, self._seconds = self._seconds, min(2 * self._seconds, self._longest)
        await asyncio.sleep(seconds)

    def reset(self) -> None:
        """Begin with the first wait again, since a try went well."""
        self._seconds = self._first
