"""The channel at work beside the store: whom the sweep and the recovery would show something, it lets look for themselves."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.channels.protocol import Inbox, MaySend, OnReached, OnSent, SendResult, StillCurrent
from bot.channels.web import FACTS
from bot.channels.web.watch import Followers
from bot.summaries.file import File
from dialogs.core.replies import Card

PAGE = "page"
"""The handle of what somebody sees: there is one page, drawn whenever it is asked for."""


class PageSender:
    """Sends nothing: pages are fetched. It tells those that are open that there is something else to see."""

    def __init__(self, watch: Followers) -> None:
        self._watch = watch

    @property
    def channel(self) -> str:
        """The name of the channel."""
        return FACTS.name

    @property
    def replace_after(self) -> timedelta | None:
        """A page is always as new as its last fetch."""
        return None

    @property
    def removable_for(self) -> timedelta | None:
        """Nothing was sent, so nothing is left."""
        return None

    @property
    def sends_files(self) -> bool:
        """A document is fetched by its link."""
        return False

    async def send(
        self,
        person: str,
        card: Card,
        *,
        is_current: StillCurrent,
        is_quiet: bool,
        on_sent: OnSent,
        may_have_strays: bool,
    ) -> str | SendResult:
        """Let the person's pages look."""
        self._watch.wake(person)
        return PAGE

    async def edit(self, person: str, handle: str, *, card: Card, is_current: StillCurrent) -> SendResult:
        """Let the person's pages look."""
        self._watch.wake(person)
        return SendResult.DONE

    async def send_file(
        self, person: str, file: File, *, may_send: MaySend, on_sent: OnSent, keep: frozenset[str]
    ) -> SendResult:
        """Send nothing: a document is fetched by its link, for as long as it is owed."""
        return SendResult.LATE

    async def tell(self, person: str, text: str) -> str | None:
        """Say nothing: what was said in passing stands on the page that is fetched next."""
        return None

    async def answer(self, reply_to: str, text: str) -> None:
        """Say nothing."""

    async def remove(self, person: str, handles: Sequence[str]) -> tuple[str, ...]:
        """There is nothing to remove."""
        return tuple(handles)


class PageListener:
    """Hears nothing: each request is answered by itself. It only says that people can be heard."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    async def listen(self, inbox: Inbox, on_reached: OnReached) -> None:
        """Wait for ever."""
        on_reached(None, self._now())
        await asyncio.Event().wait()
