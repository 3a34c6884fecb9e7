"""Pages that are open, so that they can be told at once when their person's card may have changed."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

EVERY = 2.0
"""Seconds after which a page is looked at in any case: time alone changes a card, and so do others in a room."""

MOST = 6
"""Open pages of one person that are told of changes; the one that was opened first goes first."""


class Followers:
    """Which pages are open, by person."""

    def __init__(self) -> None:
        self._open: dict[str, list[asyncio.Event]] = defaultdict(list)
        self._over: set[asyncio.Event] = set()

    def wake(self, person: str) -> None:
        """Let the person's pages look at their card."""
        for each in self._open.get(person, ()):
            each.set()

    @contextmanager
    def opened(self, person: str) -> Iterator[asyncio.Event]:
        """A page that is open now."""
        page, pages = asyncio.Event(), self._open[person]
        pages.append(page)
        if len(pages) > MOST:
            self._over.add(pages[0])
            pages.pop(0).set()
        try:
            yield page
        finally:
            if page in pages:
                pages.remove(page)
            self._over.discard(page)
            if not pages:
                self._open.pop(person, None)

    def is_over(self, page: asyncio.Event) -> bool:
        """Whether the page is told nothing any more, since the person has opened too many."""
        return page in self._over

    async def wait(self, page: asyncio.Event) -> None:
        """Wait until something may have changed."""
        with suppress(TimeoutError):
            await asyncio.wait_for(page.wait(), EVERY)
        page.clear()
