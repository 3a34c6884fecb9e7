"""An event loop with virtual time: when everything waits, it jumps to the next due moment."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop in which an hour of waiting takes no time. Nothing in it may wait for another process, thread or machine."""

    def __init__(self) -> None:
        self.at = 0.0
        super().__init__(_Leaping(self))

    def time(self) -> float:
        """Return the virtual seconds since the loop began."""
        return self.at


class _Leaping(selectors.SelectSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Poll, and skip the time for which the loop would have waited."""
        found = super().select(0)
        if not found:
            assert timeout is not None, "everybody waits for ever"
            self._loop.at += max(timeout, 0.0)
        return found


def run_virtually(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end on the virtual clock."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(work)
