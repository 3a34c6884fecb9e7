"""An event loop with virtual time: when all tasks wait, its clock jumps to the next moment at which one is due."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop in which an hour of waiting takes no time. Its tasks must not wait for other processes or machines."""

    def __init__(self) -> None:
        self.at = 0.0
        super().__init__(_Leaping(self))

    def time(self) -> float:
        """Return the virtual time in seconds since the loop was created."""
        return self.at


class _Leaping(selectors.SelectSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Check for events without waiting. If there are none, advance the virtual clock by the timeout."""
        found = super().select(0)
        if not found:
            assert timeout is not None, "everybody waits for ever"
            self._loop.at += max(timeout, 0.0)
        return found


def run_virtually(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end in a loop with virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(work)
