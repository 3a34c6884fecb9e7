"""The pages in a browser put together and run: everything is made here, once, and nothing anywhere else."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from aiohttp import web

from bot.assemble import note_taking, terms_of, ways_in
from bot.channels.running import GRACE, Channel, run_channel, stopped_by_signals
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.channels.web import FACTS
from bot.channels.web.channel import Followers, PageListener, PageSender
from bot.channels.web.guard import Gatekeeper
from bot.channels.web.inbox import PageInbox
from bot.channels.web.pages import Pages
from bot.channels.web.rooms.inbox import GuestInbox
from bot.channels.web.server import listening
from bot.channels.web.sign_in.entrance import Entrance, StoreInUse, client_of, entrance
from bot.channels.web.site import site_of
from bot.channels.web.visitor import Identity
from bot.conversation.conversation import Conversation
from bot.conversation.talk import Talk
from bot.crypto.one_time_codes import make_code
from bot.crypto.references import References
from bot.operations.watching import Watch
from bot.rehearsal.made_ready import made_ready
from bot.rehearsal.mode import REHEARSALS
from bot.room_wiring import page_link, room_inbox, room_routes
from bot.runtime.clock import Clock
from bot.runtime.errors import StoreFault
from bot.runtime.logs import log
from bot.runtime.packs import load_pack, load_wording
from bot.runtime.settings import Settings
from bot.runtime.single_instance import Alone
from bot.runtime.starting.uncollected import keep_for_good
from bot.runtime.web.web_settings import Serves
from bot.store_opening import Opened, StoreOpening
from bot.watch.meter import METER, Meter
from dialogs.core.script import Script


@dataclass(frozen=True, slots=True)
class WebEnvironment:
    """What the pages are given from outside: a clock, references, fresh codes, and the lock of the store where it is held."""

    clock: Clock
    references: References
    fresh_code: References = make_code
    alone: Alone | None = None
    identity: Identity | None = None
    """Who people are, in place of what the settings say; for tests."""


class WebPages:
    """The pages of one bot: they are listened for all the time, and serve people while there is a store."""

    def __init__(self, settings: Settings, environment: WebEnvironment) -> None:
        self.bare = bare_conversation(settings, environment)
        self.watch = Followers()
        self._site = site_of(settings)
        if settings.web is Serves.CASES and environment.identity is None:
            client_of(settings, self._site)
        self._settings = settings
        self._identity = environment.identity
        self._inbox: PageInbox | None = None
        self._in_use: StoreInUse | None = None
        self._rooms: GuestInbox | None = None

    @property
    def address(self) -> str:
        return self._site.address

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen while the block runs. Without a store everybody is told whom to call."""
        terms = terms_of(self._settings)
        async with entrance(self._settings, self._site, self.bare, terms=terms, find_store=lambda: self._in_use) as way:
            gatekeeper = Gatekeeper(self._site, self.bare.script.wording, way.open_to_others)
            async with listening(gatekeeper, self._routes(way)) as port:
                log.info("pages are open", count=port)
                yield

    @asynccontextmanager
    async def serving(self, opened: Opened) -> AsyncIterator[Conversation]:
        """Serve people from an open store while the block runs, by the conversation as pages hold it."""
        conversation = self._spoken(opened.conversation)
        self._inbox = inbox = PageInbox(
            conversation, opened.store, mark=opened.mark, watch=self.watch, turns=opened.turns
        )
        self._in_use = StoreInUse(conversation, opened.store)
        self._rooms = rooms = room_inbox(conversation, opened.store, mark=opened.mark, address=self.address)
        try:
            yield conversation
        finally:
            self._inbox = self._in_use = self._rooms = None
            await asyncio.gather(inbox.settle(GRACE), rooms.settle(GRACE))

    def _routes(self, way: Entrance) -> Iterable[web.RouteDef]:
        """Every page that there is."""
        identity = self._identity or way.identity
        pages = Pages("/", self.bare, identity, way.front, lambda: self._inbox, way.extra)
        rooms = room_routes(self._site, self.bare.script.wording, lambda: self._rooms)
        return (*pages.routes(), *way.routes, *rooms)

    def _spoken(self, conversation: Conversation) -> Conversation:
        """The same conversation in the words of pages, whichever channel it was made for; its door is the same one."""
        own = self.bare.script
        script = replace(conversation.bare_script, wording=own.wording, channel=own.channel)
        return replace(conversation, bare_script=script).linked(page_link(self.address), pages=self.address)


async def run_pages(settings: Settings, environment: WebEnvironment) -> None:
    """Serve pages until SIGTERM, SIGHUP or Ctrl-C. Raises a `SerafError` where that cannot begin or go on."""
    await serve_until(stopped_by_signals(), settings, environment=environment)


async def serve_until(stopped: asyncio.Event, settings: Settings, *, environment: WebEnvironment) -> None:
    """Serve pages until the event is set. Raises a `SerafError` where that cannot begin or go on."""
    pages = WebPages(settings, environment)
    alone = environment.alone or Alone(settings.store)
    opening = StoreOpening(settings, pages.bare, alone, fresh_code=environment.fresh_code)
    METER.set(meter := Meter())
    watching = Watch(settings, environment.clock, meter=meter, stopped=stopped, asks=False)
    async with made_ready(pages.bare.script.pack), opening, pages.listening(), watching as watch:
        while not stopped.is_set():
            await _first(opening.opened, stopped)
            if not stopped.is_set():
                with watch.over((await opening.opened).store):
                    await _with_store(opening, settings, pages=pages, stopped=stopped)
        opening.demand()
    log.info("stopped")


def bare_conversation(settings: Settings, environment: WebEnvironment) -> Talk:
    """The conversation as far as it needs no store."""
    pack = load_pack(settings.pack)
    notes, wording = note_taking(settings, pack), load_wording().on(FACTS.name)
    script = Script(pack, wording, FACTS, notes=notes, ways_in=ways_in(settings))
    return Talk(script, environment.clock, environment.references, REHEARSALS)


async def _first(opened: asyncio.Task[Opened], stopped: asyncio.Event) -> None:
    stopping = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({opened, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()


async def _with_store(opening: StoreOpening, settings: Settings, *, pages: WebPages, stopped: asyncio.Event) -> None:
    """Serve people until stopped, or until the store is found damaged."""
    opened, sender = await opening.opened, PageSender(pages.watch)
    try:
        async with pages.serving(opened) as conversation:
            keep_for_good()
            log.info("ready")
            await run_channel(
                Channel(PageListener(conversation.clock.now), sender),
                conversation,
                store=opened.store,
                unsaved=UnsavedAnswers(conversation, sender),
                mark=opened.mark,
                turns=opened.turns,
                audit_months=settings.audit_months,
                stopped=stopped,
            )
    except StoreFault as fault:
        await opened.store.close()
        opening.again(fault)
    finally:
        await opened.store.close()
