"""The pages of guests: a room's code, what is asked before a seat is taken, and the card of somebody who has one.

Looking changes nothing, so that a preview of the link takes no seat. Nothing but a button of the card is heard.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from aiohttp import web

from bot.channels.web.guard import A_STRANGER, Buckets, Rate, form_of, html
from bot.channels.web.page import Frame, card_page, card_words, element, form, page, plain_page
from bot.channels.web.rooms.inbox import GUEST, GuestInbox, drop, hold, name_in
from bot.channels.web.site import Site
from bot.rehearsal.rooms import card_of, is_seated
from bot.runtime.clock import local_time
from bot.runtime.errors import StoreFault
from bot.runtime.logs import FaultLog
from bot.storage.passes import Pass
from dialogs.core.acts import Rehearse, code_of
from dialogs.core.replies import Card
from dialogs.core.script import Wording
from dialogs.rehearsal.core.rooms import LENGTH, plain, plain_ticket
from state_machines.rehearsal import Turn

A_GUEST = Rate(at_once=120, a_second=20)
"""Requests of one guest: more than anybody can tap."""

A_JOIN = Rate(at_once=15, a_second=0.5)
"""Seats that are taken from one address without a link for one person: sixty phones behind one take a minute and a half."""

LONGEST_CODE, LONGEST_TOKEN = 40, 18
HOME, PLACES = "/room", ("{code}", "{code}/{ticket}")

LEAVING = code_of(Rehearse(Turn.LEAVE))
"""The code of the button by which a guest leaves."""


@dataclass(frozen=True, slots=True)
class RoomAddress:
    """A room by its code, as it stands in an address, and the link for one person by which somebody comes, if any."""

    code: str = field(repr=False)
    ticket: str = field(default="", repr=False)

    @staticmethod
    def read(code: str, ticket: str) -> "RoomAddress":
        """The place by what was typed, or stands in an address."""
        return RoomAddress(plain(code), plain_ticket(ticket))

    @staticmethod
    def of(request: web.Request) -> "RoomAddress":
        """The place that a request is about."""
        return RoomAddress.read(request.match_info["code"], request.match_info.get("ticket", ""))

    @property
    def address(self) -> str:
        """Its address, without the site."""
        return f"{HOME}/{self.code}/{self.ticket}" if self.ticket else f"{HOME}/{self.code}"


@dataclass(frozen=True, slots=True)
class GuestPages:
    """Answers to guests. `inbox` is None while there is no store; `words` are there all the same."""

    site: Site
    words: Wording
    inbox: Callable[[], GuestInbox | None]
    guests: Buckets = field(default_factory=lambda: Buckets(A_GUEST))
    strangers: Buckets = field(default_factory=lambda: Buckets(A_STRANGER))
    joins: Buckets = field(default_factory=lambda: Buckets(A_JOIN))
    faults: FaultLog = field(default_factory=lambda: FaultLog("no room served"))

    def routes(self) -> list[web.RouteDef]:
        """Where each is."""
        return [
            web.get(HOME, self.ask),
            web.post(HOME, self.find),
            *(web.get(f"{HOME}/{place}", self.show) for place in PLACES),
            *(web.post(f"{HOME}/{place}", self.act) for place in PLACES),
        ]

    async def ask(self, _: web.Request) -> web.StreamResponse:
        """Where the code of a room is put in."""
        return self._asking()

    async def find(self, request: web.Request) -> web.StreamResponse:
        """On to the room of a code that was put in, with the letters of a link for one person after it, if any."""
        typed = "".join(sign for sign in (await form_of(request)).get("code", "") if sign.isalnum())
        place = RoomAddress.read(typed, typed[LENGTH:])
        if len(place.code) != LENGTH:
            return self._asking("browser.room.none")
        raise web.HTTPSeeOther(place.address)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The card of somebody who has a seat; else what is asked before one is taken."""
        place, name, inbox = RoomAddress.of(request), name_in(request, GUEST), self.inbox()
        try:
            if inbox is None:
                return self._unreachable()
            view = await inbox.view(name)
            # A pass to one room is none to another: its code is guessed as by a stranger.
            if view is None or view.kept.room != place.code:
                self.strangers.demand(self.site.sender_of(request))
                return await self._before(inbox, place)
            self.guests.demand(name)
            card = card_of(view.kept, inbox.script, now=local_time(inbox.now()))
            if card is not None:
                return self._card(inbox, card, code=place.code, name=name)
            return await self._before(inbox, place, view.kept)
        except StoreFault as fault:
            self.faults.note(fault)
            return self._unreachable()

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Take a seat, or press a button of the card. Whatever else is sent does nothing."""
        place, name, said = RoomAddress.of(request), name_in(request, GUEST), await form_of(request)
        inbox = self.inbox()
        try:
            if inbox is None:
                return self._unreachable()
            is_own = bool(name) and inbox.is_of(said.get("nonce", ""), name)
            if is_own:
                self.guests.demand(name)
            else:
                self.strangers.demand(self.site.sender_of(request))
            if "join" in said:
                return await self._join(inbox, request, said, place=place)
            if name:
                left = await self._press(inbox, said, code=place.code, name=name)
                if left is not None:
                    return left
        except StoreFault as fault:
            self.faults.note(fault)
            return self._unreachable()
        raise web.HTTPSeeOther(place.address)

    async def _join(
        self, inbox: GuestInbox, request: web.Request, said: Mapping[str, str], *, place: RoomAddress
    ) -> web.StreamResponse:
        nonce = said.get("nonce", "")
        if not inbox.is_of(nonce, place.code):
            raise web.HTTPSeeOther(place.address)
        # Whoever has a link for one person takes one seat. Everybody else could take all of them.
        is_one = await inbox.is_ticket(place.code, place.ticket)
        if not is_one and not self.joins.takes(self.site.sender_of(request)):
            return await self._before(inbox, place, toast=self.words.say("browser.room.slow"), status=429)
        own, came = await inbox.join(nonce, place.code, held=name_in(request, GUEST), ticket=place.ticket)
        if came.kept is None or came.said:
            return self._asking(text=came.said)
        response = web.Response(status=303, headers={"Location": f"{HOME}/{place.code}"})
        hold(response, GUEST, name=own, until=came.kept.until, now=inbox.now())
        return response

    async def _press(
        self, inbox: GuestInbox, said: Mapping[str, str], *, code: str, name: str
    ) -> web.StreamResponse | None:
        """Press a button; what somebody sees next who has no seat any more."""
        press, nonce = press_in(said), said.get("nonce", "")
        if press is None:
            return None
        if not inbox.is_of(nonce, name):
            inbox.toasts.say(name, self.words.say("browser.old"))
            return None
        came = await inbox.press(name, nonce, press, room=code)
        if is_seated(came.kept) or not came.is_kept:
            inbox.toasts.say(name, came.said)
            return None
        if press[1] != LEAVING:  # the host of the room has freed the seat
            response = await self._before(inbox, RoomAddress(code), toast=came.said)
        else:
            text = element("p", self.words.say("browser.room.left-text"))
            response = html(plain_page(self.words, text, heading=self.words.say("browser.room.left"), toast=came.said))
        if came.kept is None:
            drop(response, GUEST)
        return response

    async def _before(
        self, inbox: GuestInbox, place: RoomAddress, held: Pass | None = None, *, toast: str = "", status: int = 200
    ) -> web.Response:
        card, why = await inbox.asking(place.code, held, ticket=place.ticket)
        if card is None:
            return self._asking(text=why, toast=toast, status=404)
        frame = Frame(self.words, place.address, inbox.nonce(place.code))
        join = element("button", self.words.say("browser.room.join"), name="join", value="join", class_="call")
        # Whom to talk to comes last, so that a phone shows the button without scrolling.
        *asked, support = card.paragraphs
        above = card_words(replace(card, paragraphs=tuple(asked)), toast=toast)
        below = card_words(replace(card, paragraphs=(support,)))
        main = element("main", above, form(frame, element("p", join, class_="row")), below, id="card")
        return html(page(self.words, main), status)

    def _card(self, inbox: GuestInbox, card: Card, *, code: str, name: str) -> web.StreamResponse:
        frame = Frame(self.words, f"{HOME}/{code}", inbox.nonce(name), toast=inbox.toasts.take(name))
        return html(card_page(card, frame))

    def _asking(
        self, key: str = "browser.room.text", *, text: str = "", toast: str = "", status: int = 200
    ) -> web.Response:
        say = self.words.say
        label = element("label", say("browser.room.field"), for_="code")
        typed = element("input", id="code", name="code", maxlength=LONGEST_CODE, autocapitalize="characters")
        find = element("p", element("button", say("browser.room.find")), class_="row")
        field = element("p", label, typed, class_="field")
        fields = element("form", field, find, method="post", action=HOME, data_whole=True)
        about = element("p", text or say(key))
        return html(plain_page(self.words, about, fields, heading=say("browser.room.title"), toast=toast), status)

    def _unreachable(self) -> web.StreamResponse:
        say = self.words.say
        text = element("p", say("browser.room.unreachable"))
        return html(plain_page(self.words, text, heading=say("browser.room.title")), 503)


def press_in(said: Mapping[str, str]) -> tuple[int, str] | None:
    """The token and the code of a pressed button; None where nothing that could be one was sent."""
    token, colon, code = said.get("press", "").partition(":")
    is_number = token.isascii() and token.isdecimal() and len(token) <= LONGEST_TOKEN
    return (int(token), code) if colon and is_number and len(code) <= LONGEST_CODE else None
