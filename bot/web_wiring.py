"""The pages in a browser put together and run: everything is made here, once, and nothing anywhere else."""

import asyncio
import signal
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

import structlog
from aiohttp import web

from bot.access.admission import make_code
from bot.assemble import note_taking
from bot.channels.running import GRACE, Channel, run_channel
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.channels.web import FACTS
from bot.channels.web.channel import PageListener, PageSender
from bot.channels.web.desk import Desk, House
from bot.channels.web.front import front_of
from bot.channels.web.guard.gatekeeper import Gatekeeper
from bot.channels.web.guard.site import Site
from bot.channels.web.offers import Offers, offers_to
from bot.channels.web.opened_site import site_of
from bot.channels.web.pages import Pages
from bot.channels.web.rooms.desk import RoomDesk
from bot.channels.web.server import listening
from bot.channels.web.visitor import Handler, Identity, Nobody
from bot.channels.web.watch import Watch
from bot.conversation.admitted_conversation import AdmittedConversation
from bot.conversation.conversation import Conversation
from bot.conversation.open_conversation import OpenConversation
from bot.crypto.references import References
from bot.rehearsal.mode import REHEARSALS
from bot.room_wiring import page_link, room_desk, room_routes
from bot.runtime.clock import Clock
from bot.runtime.errors import StoreFault
from bot.runtime.packs import load_pack, load_wording
from bot.runtime.settings import Settings
from bot.runtime.single_instance import Alone
from bot.storage.values import Record
from bot.store_opening import Opened, StoreOpening
from dialogs.core.script import Script

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class WebEnvironment:
    """What the pages are given from outside: a clock, references, fresh codes, and the lock of the store where it is held."""

    clock: Clock
    references: References
    fresh_code: References = make_code
    alone: Alone | None = None
    identity: Identity | None = None
    """Who people are, in place of what the settings say; for tests."""


@dataclass(slots=True)
class Served:
    """What is served just now: nothing while there is no store."""

    desk: Desk | None = None
    rooms: RoomDesk | None = None
    watch: Watch = field(default_factory=Watch)


async def run_pages(settings: Settings, around: WebEnvironment) -> None:
    """Serve pages until SIGTERM or Ctrl-C. Raises a `SerafError` where that cannot begin or go on."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await serve_until(stopped, settings, around=around)


async def serve_until(stopped: asyncio.Event, settings: Settings, *, around: WebEnvironment) -> None:
    """Serve pages until the event is set. Without a store everybody is told whom to call."""
    site, bare, served = site_of(settings), bare_conversation(settings, around), Served()
    opening = StoreOpening(settings, bare, around.alone or Alone(settings.store), lots=around.fresh_code)
    async with opening, listening(Gatekeeper(site, bare.script.wording), routes(site, bare, served, around)) as port:
        log.info("listening", count=port)
        while not stopped.is_set():
            await _first(opening.opened, stopped)
            if not stopped.is_set():
                await _with_store(opening, settings, served=served, stopped=stopped)
        opening.demand()
    log.info("stopped")


def bare_conversation(settings: Settings, around: WebEnvironment) -> Conversation:
    """The conversation as far as it needs no store."""
    pack = load_pack(settings.pack)
    script = Script(pack, load_wording().on(FACTS.name), FACTS, notes=note_taking(settings, pack))
    return Conversation(script, around.clock, around.references, REHEARSALS)


def routes(site: Site, bare: Conversation, served: Served, around: WebEnvironment) -> Iterable[web.RouteDef]:
    """Every page that there is."""
    scripted = OpenConversation(bare)
    identity: Identity = around.identity or Nobody()
    front: Handler = front_of(scripted)
    pages = Pages("/", site, scripted, identity, front, lambda: served.desk).routes()
    return [*pages, *room_routes(site, bare.script.wording, lambda: served.rooms)]


async def _first(opened: asyncio.Task[Opened], stopped: asyncio.Event) -> None:
    stopping = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({opened, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()


async def _with_store(opening: StoreOpening, settings: Settings, *, served: Served, stopped: asyncio.Event) -> None:
    """Serve people until stopped, or until the store is found damaged."""
    store, conversation, mark = await opening.opened
    address = site_of(settings).address
    conversation = conversation.linked(page_link(address), pages=address)
    served.desk = Desk(House(conversation, store, mark, partial(offers_of, conversation)), served.watch)
    served.rooms = room_desk(conversation, store, mark=mark, address=address)
    sender = PageSender(served.watch)
    try:
        log.info("ready")
        await run_channel(
            Channel(PageListener(conversation.clock.now), sender),
            conversation,
            store=store,
            unsaved=UnsavedAnswers(conversation, sender),
            mark=mark,
            audit_months=settings.audit_months,
            stopped=stopped,
        )
    except StoreFault as fault:
        opening.again(fault)
    finally:
        await asyncio.gather(served.desk.queue.settle(GRACE), served.rooms.queue.settle(GRACE))
        served.desk = served.rooms = None
        await store.close()


def offers_of(conversation: AdmittedConversation, record: Record) -> Offers | None:
    """What somebody is offered beside their card."""
    return offers_to(record, is_closed=conversation.is_closed(record))
