"""Rehearsal rooms that are joined by a link: a server of their pages, a trainer as host, and guests' browsers."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from urllib.parse import urlsplit

from bot.channels.web.guard import Buckets, Gatekeeper
from bot.channels.web.page import Bar, bar_of
from bot.channels.web.rooms.guests import CONSOLE, GUEST, SCREEN, GuestInbox, GuestPages
from bot.channels.web.rooms.screen_pages import ScreenPages
from bot.channels.web.serving import guest_words, listening, room_inbox
from bot.channels.web.site import Site
from bot.conversation.conversation import Conversation
from bot.crypto.at_random import References, make_code
from bot.crypto.sealing import KeyRing
from bot.rehearsal.mode import REHEARSALS
from bot.runtime.clock import local_time
from bot.storage.sqlite.memory import in_memory
from bot.storage.store import Store
from bot.storage.values import Done, Inbound
from dialogs.core.events import Commanded, Event, Pressed
from dialogs.core.replies import Card, Toast
from dialogs.core.role import Role
from tests.support.people.admitting import access, admit, door
from tests.support.shipped import CARRY, LINK, SCRIPT, WORDING
from tests.support.talk.gathering import Reader, next_label
from tests.support.walks.clock import Surroundings
from tests.support.web.seeing import Page, seen
from tests.support.web.serving import AT_ONCE, PATIENT, UNHURRIED
from tests.support.web.wire import ORIGIN, Answer, Wire

TRAINER = "telegram:7"

TOAST = "__Host-u"
"""The cookie of a guest's next toast."""

PASSES = tuple(cookie.removeprefix("__Host-") for cookie in (GUEST, SCREEN, CONSOLE, TOAST))
"""The cookies that a browser in a room keeps, without the prefix that they have with TLS."""

PAGED = {"None of the others": "None of the others applies", "Others not known": "I do not know about the others"}
"""The labels of a chat that are longer on a page."""

KEYS = count()
"""Numbers for event keys, so that no key occurs twice."""


class RoomHost:
    """A trainer who hosts a room, without a channel: presses are turns, and the card is drawn from the store."""

    def __init__(self, store: Store, conversation: Conversation, person: str = TRAINER) -> None:
        self.store = store
        self.conversation = conversation
        self.person = person
        self.said = ""

    async def card(self) -> Card:
        found = await self.store.recall(self.person)
        assert found is not None
        card = self.conversation.card(found[0])
        assert card is not None
        return card

    async def text(self) -> str:
        return "\n".join(each.text for each in (await self.card()).paragraphs)

    async def press(self, *labels: str) -> "RoomHost":
        """Press buttons of the card, one after another, by their labels."""
        for label in labels:
            card = await self.card()
            button = next(each for row in card.rows for each in row if each.label == label)
            await self.take(Pressed(self.conversation.occasion(), card.token, button.code))
        return self

    async def command(self, name: str, words: str = "") -> "RoomHost":
        await self.take(Commanded(self.conversation.occasion(), name, words))
        return self

    async def take(self, event: Event) -> None:
        """Let the trainer cause this event, which must be accepted."""
        now = self.conversation.clock.now()
        key = f"{self.person}/{next(KEYS)}"
        (outcome,) = await self.store.turns([Inbound(key, now, self.person, self.conversation.decide(event), None)])
        assert isinstance(outcome, Done), outcome
        self.said = " ".join(each.key for each in outcome.effects if isinstance(each, Toast))

    async def opened(self, case: str = "Case 2") -> str:
        """Open a room with this case, and return its code."""
        await self.command("room")
        while case not in [each.label for each in (await self.card()).buttons]:
            await self.press("Next page")
        await self.press(case, "Open the room")
        found = re.search(r"/join (\w{4})-(\w{4})", await self.text())
        assert found is not None
        return found[1] + found[2]

    async def screen(self) -> str:
        """Open a screen for a projector, and return its path."""
        await self.press("Screen")
        found = re.search(r"https?://[^/]+(/screen/\S+)", await self.text())
        assert found is not None
        return found[1]


@dataclass(slots=True)
class Rooming:
    """A server of the pages of rehearsal rooms, over one store."""

    around: Surroundings
    store: Store = field(default_factory=in_memory)
    site: Site = field(default_factory=lambda: Site(ORIGIN, "127.0.0.1", 0))
    keys: KeyRing = field(default_factory=lambda: replace(KeyRing.fresh(), carry=CARRY))
    fresh_code: References = make_code
    strangers: Buckets = field(default_factory=lambda: Buckets(UNHURRIED))
    joins: Buckets = field(default_factory=lambda: Buckets(UNHURRIED))
    is_open: bool = True
    port: int = 0
    conversation: Conversation = field(init=False)
    inbox: GuestInbox = field(init=False)

    def __post_init__(self) -> None:
        own, code = door(self.keys, PATIENT), self.fresh_code
        talk = Conversation(SCRIPT, self.around, self.around.reference, REHEARSALS, fresh_code=code, door=own)
        self.conversation = talk.linked(LINK, pages=self.site.address)
        mark = partial(self.keys.lasting, "card")
        self.inbox = room_inbox(self.conversation, self.store, mark=mark, address=self.site.address)

    @property
    def host(self) -> RoomHost:
        return RoomHost(self.store, self.conversation)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Rooming"]:
        """Admit a trainer, and run the server within the context."""
        await admit(self.store, [TRAINER], access(self.keys, Role.TRAINER, at=self.around.now()))
        words, unhurried = guest_words(WORDING), Buckets(UNHURRIED)
        guests = GuestPages(self.site, words, self._inbox, self._bar, unhurried, self.strangers, self.joins)
        screens = ScreenPages(self.site, words, self._inbox, strangers=self.strangers)
        routes = [*guests.routes(), *screens.routes()]
        gatekeeper = Gatekeeper(self.site, WORDING.on("web"))
        async with listening(gatekeeper, routes, grace=AT_ONCE) as self.port:
            yield self
        await self.store.close()

    def _bar(self) -> Bar:
        return bar_of(SCRIPT, local_time(self.around.now()))

    def _inbox(self) -> GuestInbox | None:
        return self.inbox if self.is_open else None


class RoomBrowser:
    """The browser of a guest or of a projector, without JavaScript. It keeps cookies."""

    def __init__(self, port: int, path: str, origin: str = ORIGIN) -> None:
        self.wire = Wire(port)
        self.wire.host = urlsplit(origin).netloc
        self.origin = origin
        self.path = path
        self.cookies: dict[str, str] = {}
        self.page = Page()
        self.answer = Answer(0, {}, b"")
        self.sent: Mapping[str, str] = {}

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def labels(self) -> list[str]:
        return self.page.labels

    async def open(self, path: str = "") -> Page:
        self.path = path or self.path
        self.answer = await self.wire.get(self.path, self._headers())
        while self.answer.status == 429:  # as people do, wait a little and try again
            await asyncio.sleep(0.3)
            self.answer = await self.wire.get(self.path, self._headers())
        return self._seen()

    async def press(self, *labels: str) -> Page:
        """Press buttons of the page, one after another, by their labels."""
        for label in labels:
            if label == "More":
                self.page.is_more_open = True
            else:
                await self.send(self.page.sent_by(self.page.widget(label)))
        return self.page

    async def look(self, path: str) -> Answer:
        """Return the response for a path, without following or repeating anything."""
        return await self.wire.get(path, self._headers())

    async def post(self, fields: Mapping[str, str]) -> Page:
        """Send a form once, without following the redirect."""
        self.sent = fields
        own = {**self._headers(), "Sec-Fetch-Site": "same-origin", "Origin": self.origin}
        self.answer = await self.wire.post(self.path, fields, own)
        self._keep()
        return self._seen()

    async def send(self, fields: Mapping[str, str]) -> Page:
        """Send a form, again after 0.3 s while the server is busy, and follow the redirect."""
        await self.post(fields)
        while self.answer.status == 429:
            await asyncio.sleep(0.3)
            await self.post(fields)
        if self.answer.status == 303:
            return await self.open(self.answer.headers["location"])
        return self._seen()

    async def finish(self, reads: Reader, until: str = "My answers") -> "RoomBrowser":
        """Press buttons as this person would, up to the result or up to a page with the button `until`."""
        while until not in self.labels and (label := next_label(self.text, self.choices, reads)):
            await self.press(PAGED.get(label, label))
        return self

    @property
    def choices(self) -> list[str]:
        """The labels as a chat has them. A box is pressed together with the button that sends it."""
        chat = {paged: label for label, paged in PAGED.items()}
        return [chat.get(each, each) for each in self.labels if each != "Continue" or not self.page.boxes]

    async def close(self) -> None:
        await self.wire.close()

    def _headers(self) -> dict[str, str]:
        held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": held} if held else {}

    def _keep(self) -> None:
        found = re.match(r"([^=]+)=([^;]*)", self.answer.headers.get("set-cookie", ""))
        if found is not None and found[1].removeprefix("__Host-") in PASSES:
            self.cookies[found[1]] = found[2].strip('"')
            if not self.cookies[found[1]]:
                del self.cookies[found[1]]

    def _seen(self) -> Page:
        self._keep()
        is_page = self.answer.headers.get("content-type", "").startswith("text/html")
        self.page = seen(self.answer.text) if is_page else Page()
        return self.page


def joining(rooming: Rooming, code: str) -> RoomBrowser:
    """Return the browser of a person who has the link to a room, but has not joined."""
    return RoomBrowser(rooming.port, f"/room/{code}", rooming.site.address)


async def joined(rooming: Rooming, code: str) -> RoomBrowser:
    """Return the browser of a guest who has joined a room."""
    browser = joining(rooming, code)
    await browser.open()
    await browser.press("Join")
    return browser
