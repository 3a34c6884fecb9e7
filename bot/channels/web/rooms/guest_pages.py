"""The pages of guests: a room's code, what is asked before a seat is taken, and the card of somebody who has one.

Looking changes nothing, so that a preview of the link takes no seat. Nothing but a button of the card is heard.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from aiohttp import web

from bot.channels.web.guard.gatekeeper import form_of
from bot.channels.web.guard.rates import A_STRANGER, Buckets, Rate
from bot.channels.web.guard.site import Site
from bot.channels.web.page.card import card_words
from bot.channels.web.page.markup import element
from bot.channels.web.page.whole import Frame, card_page, form, page, plain_page
from bot.channels.web.rooms.cookies import GUEST, drop, hold, name_in
from bot.channels.web.rooms.desk import RoomDesk
from bot.rehearsal.guests import card_of, is_seated
from bot.runtime.clock import local_time
from bot.runtime.errors import StoreFault
from bot.runtime.logs import FaultLog
from bot.storage.passes import Pass
from dialogs.core.replies import Card
from dialogs.core.wording import Wording
from dialogs.rehearsal.core.rooms import LENGTH, plain

A_GUEST = Rate(at_once=120, a_second=20)
"""Requests of one guest: more than anybody can tap."""

LONGEST_CODE, LONGEST_TOKEN = 40, 18
HOME = "/room"


@dataclass(frozen=True, slots=True)
class GuestPages:
    """Answers to guests. `desk` is None while there is no store; `words` are there all the same."""

    site: Site
    words: Wording
    desk: Callable[[], RoomDesk | None]
    guests: Buckets = field(default_factory=lambda: Buckets(A_GUEST))
    strangers: Buckets = field(default_factory=lambda: Buckets(A_STRANGER))
    faults: FaultLog = field(default_factory=lambda: FaultLog("no room served"))

    def routes(self) -> list[web.RouteDef]:
        """Where each is."""
        return [
            web.get(HOME, self.ask),
            web.post(HOME, self.find),
            web.get(f"{HOME}/{{code}}", self.show),
            web.post(f"{HOME}/{{code}}", self.act),
        ]

    async def ask(self, _: web.Request) -> web.StreamResponse:
        """Where the code of a room is put in."""
        return self._asking()

    async def find(self, request: web.Request) -> web.StreamResponse:
        """On to the room of a code that was put in."""
        code = plain((await form_of(request)).get("code", ""))
        if len(code) != LENGTH:
            return self._asking("browser.room.none")
        raise web.HTTPSeeOther(f"{HOME}/{code}")

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The card of somebody who has a seat; else what is asked before one is taken."""
        code, name = plain(request.match_info["code"]), name_in(request, GUEST)
        desk = self.desk()
        try:
            if desk is None:
                return self._unreachable()
            view = await desk.view(name)
            if view is None:
                self._count_stranger(request)
            elif view.kept.room == code:
                self._count(name)
                card = card_of(view.kept, desk.script, now=local_time(desk.now()))
                if card is not None:
                    return self._card(desk, card, code=code, name=name)
            return await self._before(desk, code, view.kept if view is not None else None)
        except StoreFault as fault:
            self.faults.note(fault)
            return self._unreachable()

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Take a seat, or press a button of the card. Whatever else is sent does nothing."""
        code, name, said = plain(request.match_info["code"]), name_in(request, GUEST), await form_of(request)
        desk = self.desk()
        try:
            if desk is None:
                return self._unreachable()
            if "join" in said:
                self._count_stranger(request)
                return await self._join(desk, said, code=code, name=name)
            if name:
                self._count(name)
                left = await self._press(desk, said, code=code, name=name)
                if left is not None:
                    return left
        except StoreFault as fault:
            self.faults.note(fault)
            return self._unreachable()
        raise web.HTTPSeeOther(f"{HOME}/{code}")

    async def _join(self, desk: RoomDesk, said: Mapping[str, str], *, code: str, name: str) -> web.StreamResponse:
        nonce = said.get("nonce", "")
        if not desk.is_of(nonce, code):
            raise web.HTTPSeeOther(f"{HOME}/{code}")
        own, came = await desk.join(nonce, code, held=name)
        if came.kept is None or came.said:
            return self._asking(text=came.said)
        response = web.Response(status=303, headers={"Location": f"{HOME}/{code}"})
        hold(response, GUEST, name=own, until=came.kept.until, now=desk.now())
        return response

    async def _press(
        self, desk: RoomDesk, said: Mapping[str, str], *, code: str, name: str
    ) -> web.StreamResponse | None:
        """Press a button; the page of somebody who has left by it."""
        press, nonce = press_in(said), said.get("nonce", "")
        if press is None:
            return None
        if not desk.is_of(nonce, name):
            desk.toasts.say(name, self.words.say("browser.old"))
            return None
        came = await desk.press(name, nonce, press, room=code)
        if is_seated(came.kept) or not came.is_kept:
            desk.toasts.say(name, came.said)
            return None
        text = element("p", self.words.say("browser.room.left-text"))
        response = _html(plain_page(self.words, text, heading=self.words.say("browser.room.left"), toast=came.said))
        if came.kept is None:
            drop(response, GUEST)
        return response

    async def _before(self, desk: RoomDesk, code: str, held: Pass | None) -> web.StreamResponse:
        card, why = await desk.asking(code, held)
        if card is None:
            return self._asking(text=why, status=404)
        frame = Frame(self.words, f"{HOME}/{code}", desk.nonce(code))
        join = element("button", self.words.say("browser.room.join"), name="join", value="join", class_="call")
        # Whom to talk to comes last, so that a phone shows the button without scrolling.
        *asked, support = card.paragraphs
        above, below = (card_words(replace(card, paragraphs=tuple(each))) for each in (asked, [support]))
        main = element("main", above, form(frame, element("p", join, class_="row")), below, id="card")
        return _html(page(self.words, main))

    def _card(self, desk: RoomDesk, card: Card, *, code: str, name: str) -> web.StreamResponse:
        frame = Frame(self.words, f"{HOME}/{code}", desk.nonce(name), toast=desk.toasts.take(name))
        return _html(card_page(card, frame))

    def _asking(self, key: str = "browser.room.text", *, text: str = "", status: int = 200) -> web.StreamResponse:
        say = self.words.say
        label = element("label", say("browser.room.field"), for_="code")
        typed = element("input", id="code", name="code", maxlength=LONGEST_CODE, autocapitalize="characters")
        find = element("p", element("button", say("browser.room.find")), class_="row")
        field = element("p", label, typed, class_="field")
        fields = element("form", field, find, method="post", action=HOME, data_whole=True)
        about = element("p", text or say(key))
        return _html(plain_page(self.words, about, fields, heading=say("browser.room.title")), status)

    def _unreachable(self) -> web.StreamResponse:
        say = self.words.say
        text = element("p", say("browser.room.unreachable"))
        return _html(plain_page(self.words, text, heading=say("browser.room.title")), 503)

    def _count(self, name: str) -> None:
        if not self.guests.takes(name):
            raise web.HTTPTooManyRequests

    def _count_stranger(self, request: web.Request) -> None:
        if not self.strangers.takes(self.site.sender_of(request)):
            raise web.HTTPTooManyRequests


def press_in(said: Mapping[str, str]) -> tuple[int, str] | None:
    """The token and the code of a pressed button; None where nothing that could be one was sent."""
    token, colon, code = said.get("press", "").partition(":")
    is_number = token.isascii() and token.isdecimal() and len(token) <= LONGEST_TOKEN
    return (int(token), code) if colon and is_number and len(code) <= LONGEST_CODE else None


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html")
