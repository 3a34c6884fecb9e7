"""Pages in a browser as a program serves them: listened for all the time, with people served while there is a store."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from aiohttp import web

from bot.assemble import terms_of
from bot.channels.delivery import Mark
from bot.channels.running import GRACE, Channel, Opened, run_channel
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.channels.web import FACTS
from bot.channels.web.channel import Followers, PageListener, PageSender
from bot.channels.web.guard import Gatekeeper
from bot.channels.web.inbox import PageInbox
from bot.channels.web.pages import Pages
from bot.channels.web.rooms.guest_pages import GuestPages
from bot.channels.web.rooms.inbox import GuestInbox, RoomParts
from bot.channels.web.rooms.screen_pages import ScreenPages
from bot.channels.web.server import listening
from bot.channels.web.sign_in.entrance import Entrance, client_of, entrance
from bot.channels.web.site import Site, site_of
from bot.channels.web.visitor import Identity
from bot.conversation.conversation import Conversation
from bot.conversation.talk import Talk
from bot.operations.watching import Watch
from bot.runtime.logs import log
from bot.runtime.settings import Settings
from bot.runtime.web_settings import Serves
from bot.storage.store import Store
from dialogs.core.script import Script, Wording

GUEST = "guest"
"""What is said otherwise to guests has this name in the wording."""


class WebPages:
    """The pages of one program, alone or beside Telegram. Without a store everybody is told whom to call."""

    def __init__(self, settings: Settings, bare: Talk, *, identity: Identity | None = None) -> None:
        """`identity` says who people are, in place of what the settings say, for tests.

        Raises `SettingsFault` where the way there would not be safe, or people could not sign in.
        """
        self.bare = bare
        self._watch = Followers()
        self._site = site_of(settings)
        if settings.web is Serves.CASES and identity is None:
            client_of(settings, self._site)
        self._settings = settings
        self._identity = identity
        self._inbox: PageInbox | None = None
        self._rooms: GuestInbox | None = None
        self._stopped: asyncio.Event

    @property
    def address(self) -> str:
        """Where the pages are."""
        return self._site.address

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen while the block runs."""
        terms = terms_of(self._settings)
        async with entrance(self._settings, self._site, self.bare, terms=terms, inbox=lambda: self._inbox) as way:
            gatekeeper = Gatekeeper(self._site, self.bare.script.wording, way.open_to_others)
            async with listening(gatekeeper, self._routes(way)) as port:
                log.info("pages are open", count=port)
                yield

    @asynccontextmanager
    async def serving(self, opened: Opened) -> AsyncIterator[None]:
        """Serve people from an open store while the block runs."""
        conversation, store, mark = self._spoken(opened.conversation), opened.store, opened.mark
        self._inbox = inbox = PageInbox(conversation, store, mark=mark, watch=self._watch, turns=opened.turns)
        self._rooms = rooms = room_inbox(conversation, store, mark=mark, address=self.address)
        try:
            yield
        finally:
            self._inbox = self._rooms = None
            await asyncio.gather(inbox.settle(GRACE), rooms.settle(GRACE))

    @asynccontextmanager
    async def open(self, _: Watch, stopped: asyncio.Event) -> AsyncIterator[None]:
        self._stopped = stopped
        yield

    async def without_store(self, until: Collection[asyncio.Task[Any]]) -> None:
        await asyncio.wait(until, return_when=asyncio.FIRST_COMPLETED)

    async def with_store(self, opened: Opened) -> None:
        conversation, sender = self._spoken(opened.conversation), PageSender(self._watch)
        log.info("ready")
        await run_channel(
            Channel(PageListener(conversation.clock.now), sender),
            opened._replace(conversation=conversation),
            unsaved=UnsavedAnswers(conversation, sender),
            audit_months=self._settings.audit_months,
            stopped=self._stopped,
        )

    async def settle(self) -> None:
        """There is nothing that outlives the store."""

    def _routes(self, way: Entrance) -> Iterable[web.RouteDef]:
        pages = Pages("/", self.bare, self._identity or way.identity, way.front, lambda: self._inbox, way.extra)
        rooms = room_routes(self._site, self.bare.script.wording, lambda: self._rooms)
        return (*pages.routes(), *way.routes, *rooms)

    def _spoken(self, conversation: Conversation) -> Conversation:
        """Return the same conversation in the words of pages, whichever channel it was made for; its door is the same one."""
        own = self.bare.script
        script = replace(conversation.bare_script, wording=own.wording, channel=own.channel)
        return replace(conversation, bare_script=script).linked(page_link(self.address), pages=self.address)


def page_link(address: str) -> str:
    """Return the address of a room's page, up to its code."""
    return f"{address}/room/"


def guest_words(words: Wording) -> Wording:
    """Return the words of a browser, as they are said to guests."""
    return words.on(FACTS.name).on(GUEST)


def room_inbox(conversation: Conversation, store: Store, *, mark: Mark, address: str) -> GuestInbox:
    """Return what serves guests and screens. Of the store it is given passes alone."""
    words, talk, facts = guest_words(conversation.script.wording), conversation, replace(FACTS, sends_files=False)

    def script() -> Script:
        """What guests are spoken to by: no notes are taken, no file is sent, and no code is of a real case."""
        link = page_link(address)
        now = conversation.script
        return replace(now, wording=words, channel=facts, codes=None, notes=None, link=link, pages=address)

    return GuestInbox(RoomParts(store.passes, script, mark, conversation.clock, talk.references, talk.fresh_code))


def room_routes(site: Site, words: Wording, inbox: Callable[[], GuestInbox | None]) -> list[web.RouteDef]:
    """Return every page of rooms."""
    spoken = guest_words(words)
    return [*GuestPages(site, spoken, inbox).routes(), *ScreenPages(site, spoken, inbox).routes()]
