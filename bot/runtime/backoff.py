"""How long to wait between tries of something that may come back by itself: longer after each failure, up to a limit."""

import asyncio


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
