"""Rooms by a link put together: what guests and screens are served with, and all their pages."""

from collections.abc import Callable
from dataclasses import replace

from aiohttp import web

from bot.channels.delivery import Mark
from bot.channels.web import FACTS
from bot.channels.web.rooms.guest_pages import GuestPages
from bot.channels.web.rooms.inbox import GuestInbox, RoomParts
from bot.channels.web.rooms.screen_pages import ScreenPages
from bot.channels.web.site import Site
from bot.conversation.conversation import Conversation
from bot.storage.store import Store
from dialogs.core.script import Script
from dialogs.core.wording import Wording

GUEST = "guest"
"""What is said otherwise to guests has this name in the wording."""


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


def room_inbox(conversation: Conversation, store: Store, *, mark: Mark, address: str) -> GuestInbox:
    """Where guests and screens are served. Of the store it is given passes alone."""
    words = guest_words(conversation.script.wording)
    return GuestInbox(
        RoomParts(
            passes=store.passes,
            script=lambda: guest_script(conversation.script, words, address),
            mark=mark,
            clock=conversation.clock,
            references=conversation.references,
            fresh_code=conversation.fresh_code,
        )
    )


def room_routes(site: Site, words: Wording, inbox: Callable[[], GuestInbox | None]) -> list[web.RouteDef]:
    """Every page of rooms."""
    spoken = guest_words(words)
    return [*GuestPages(site, spoken, inbox).routes(), *ScreenPages(site, spoken, inbox).routes()]
