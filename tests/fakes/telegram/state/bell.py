"""Lets code wait for events of a chat."""

import asyncio
from collections.abc import Callable


class Bell:
    """A signal that wakes waiting code after every event, so that it can check its condition without polling."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        """Wake all waiting code."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, condition: Callable[[], bool], *, seconds: float, look_every: float | None = None) -> bool:
        """Return True as soon as `condition` holds, or False after `seconds`.

        With `look_every` (seconds), the condition is also checked without an event, since not every change causes one.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not condition():
            left = deadline - loop.time()
            if left <= 0:
                return False
            future = loop.create_future()
            self._waiting.append(future)
            await asyncio.wait([future], timeout=left if look_every is None else min(left, look_every))
            if not future.done():
                self._waiting.remove(future)
        return True
