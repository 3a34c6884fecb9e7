"""The channel at work beside the store: whom the sweep and the recovery would show something, it lets look for themselves."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from bot.channels.protocol import MaySend, OnReached, OnSent, Receiver, Sending, SendResult, StillCurrent
from bot.channels.web import FACTS
from bot.summaries.file import File
from dialogs.core.replies import Card

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


PAGE = "page"
"""The handle of what somebody sees: there is one page, drawn whenever it is asked for."""


class PageSender:
    """Sends nothing: pages are fetched. It tells those that are open that there is something else to see."""

    channel = FACTS.name
    replace_after = removable_for = None
    """A page is always as new as its last fetch, and nothing was sent that could be left."""
    sends_files = False
    """A document is fetched by its link."""

    def __init__(self, watch: Followers) -> None:
        self._watch = watch

    async def send(self, person: str, card: Card, how: Sending) -> str | SendResult:
        self._watch.wake(person)
        return PAGE

    async def edit(self, person: str, handle: str, *, card: Card, is_current: StillCurrent) -> SendResult:
        self._watch.wake(person)
        return SendResult.DONE

    async def send_file(
        self, person: str, file: File, *, may_send: MaySend, on_sent: OnSent, keep: frozenset[str]
    ) -> SendResult:
        return SendResult.LATE

    async def tell(self, person: str, text: str) -> str | None:
        return None

    async def answer(self, reply_to: str, text: str) -> None:
        """Say nothing."""

    async def remove(self, person: str, handles: Sequence[str]) -> tuple[str, ...]:
        return tuple(handles)


class PageListener:
    """Hears nothing: each request is answered by itself. It only says that people can be heard."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    async def listen(self, receiver: Receiver, on_reached: OnReached) -> None:
        on_reached(None, self._now())
        await asyncio.Event().wait()
