"""Rooms by a link put together: what guests and screens are served with, and their pages beside another channel."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import structlog
from aiohttp import web

from bot.channels.card_delivery import Mark
from bot.channels.web import FACTS
from bot.channels.web.guard.gatekeeper import Gatekeeper
from bot.channels.web.guard.site import Site
from bot.channels.web.opened_site import site_of
from bot.channels.web.rooms.desk import RoomDesk, RoomHouse
from bot.channels.web.rooms.guest_pages import GuestPages
from bot.channels.web.rooms.screen_pages import ScreenPages
from bot.channels.web.server import listening
from bot.conversation.admitted_conversation import AdmittedConversation
from bot.runtime.settings import Settings
from bot.storage.store import Store
from dialogs.core.script import Script
from dialogs.core.wording import Wording

GUEST = "guest"
"""What is said otherwise to guests has this name in the wording."""

log = structlog.get_logger()


@dataclass(slots=True)
class ServedRooms:
    """Rooms as they are served just now, at an address: nothing while there is no store, nor where there is no address."""

    address: str = ""
    desk: RoomDesk | None = None

    def open(self, conversation: AdmittedConversation, store: Store, mark: Mark) -> None:
        """Serve them from this store."""
        self.desk = room_desk(conversation, store, mark=mark, address=self.address) if self.address else None


def guest_words(words: Wording) -> Wording:
    """The words of a browser, as they are said to guests."""
    return words.on(FACTS.name).on(GUEST)


def guest_script(script: Script, words: Wording, address: str) -> Script:
    """What guests are spoken to by: no notes are taken, no file is sent, and no code is of a real case."""
    facts = replace(FACTS, sends_files=False)
    return replace(script, wording=words, channel=facts, codes=None, notes=None, link=page_link(address), pages=address)


def page_link(address: str) -> str:
    """The address of a room's page, up to its code."""
    return f"{address}/room/"


def room_desk(conversation: AdmittedConversation, store: Store, *, mark: Mark, address: str) -> RoomDesk:
    """Where guests and screens are served. Of the store it is given passes alone."""
    words, talk = guest_words(conversation.script.wording), conversation.inner
    return RoomDesk(
        RoomHouse(
            passes=store.passes,
            script=lambda: guest_script(conversation.script, words, address),
            mark=mark,
            clock=conversation.clock,
            references=talk.references,
            lots=talk.lots,
        )
    )


def room_routes(site: Site, words: Wording, desk: Callable[[], RoomDesk | None]) -> list[web.RouteDef]:
    """Every page of rooms."""
    spoken = guest_words(words)
    return [*GuestPages(site, spoken, desk).routes(), *ScreenPages(site, spoken, desk).routes()]


@asynccontextmanager
async def serving_rooms(settings: Settings, words: Wording) -> AsyncIterator[ServedRooms]:
    """The pages of rooms beside another channel, while the block runs; none where the settings have no address for them."""
    rooms = ServedRooms(settings.web_address)
    if not rooms.address:
        yield rooms
        return
    site = site_of(settings)
    routes = room_routes(site, words, lambda: rooms.desk)
    async with listening(Gatekeeper(site, words.on(FACTS.name)), routes) as port:
        log.info("listening", count=port)
        yield rooms
