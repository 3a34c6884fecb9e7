"""Everybody who has a pass (guests of a group rehearsal, and trainer's screens): their inbox, and the pages of guests."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType

from aiohttp import web

from bot.channels.turn_queue import TurnQueue, event_key, read_press
from bot.channels.web import FACTS
from bot.channels.web.drawing import Pen
from bot.channels.web.guard import A_STRANGER, Buckets, Followers, Rate, form_of, html, missing_in, with_ticks
from bot.channels.web.markup import Markup, element
from bot.channels.web.page import Bar, Frame, bar_of, card_page, given_back, page_of_card, plain_page, striped
from bot.channels.web.site import Site
from bot.channels.web.visitor import Nonces, Toasts, Visitor, cookie_in, set_cookie
from bot.crypto.at_random import References
from bot.rehearsal.rooms import (
    Admitting,
    LeadingARoom,
    Linking,
    OpeningALink,
    OpeningAScreen,
    Pressing,
    TakingASeat,
    awaited_code,
    card_before_joining,
    card_of,
    goes_on,
    is_seated,
    opened_with,
    room_in,
)
from bot.runtime.clock import Clock, local_time
from bot.runtime.errors import StoreFault
from bot.runtime.logs import FaultLog, log
from bot.storage.passes import DecidePass, Pass, PassDone, Passes, PassOutcome, PassTurn, PassView
from dialogs.core.acts import Rehearse, code_of
from dialogs.core.events import Occasion, Pressed
from dialogs.core.page import Calls, More, Ways
from dialogs.core.replies import Card, Toast
from dialogs.core.script import Script, Wording
from dialogs.rehearsal.core.rooms import LENGTH, plain, plain_ticket
from state_machines.rehearsal import Turn

# Cookies with the pass of a guest, of a screen and of a trainer's console. A browser may have them all.
GUEST, SCREEN, CONSOLE = "__Host-g", "__Host-v", "__Host-c"


def name_in(request: web.Request, cookie: str) -> str:
    """Return the name of the pass that this cookie has, or an empty text if there is none."""
    name = cookie_in(request, cookie)
    return name if len(name) == 64 and name.isascii() and name.isalnum() else ""


def hold(request: web.Request, response: web.StreamResponse, *, cookie: str, name: str, seconds: float) -> None:
    """Set the cookie of a pass for this many seconds, but at least one. An empty name deletes the cookie."""
    set_cookie(request, response, cookie=cookie, value=name, seconds=max(1, int(seconds)) if name else 0)


NOBODY = f"{FACTS.name}:room"  # the person id in the nonces and event keys of all guests; only a pass tells them apart


@dataclass(frozen=True, slots=True)
class Joined:
    """The outcome of a guest's turn: their pass as stored now (None if they have none), and the text of a toast."""

    kept: Pass | None = field(repr=False)
    said: str
    is_kept: bool = True  # False if the bot itself failed


@dataclass(eq=False)
class GuestInbox:
    """The inbox of everybody who has a pass. It stores one turn at a time. `mark` is a keyed hash."""

    passes: Passes
    script: Callable[[], Script]
    mark: Callable[[str], bytes]
    clock: Clock
    references: References
    fresh_code: References

    def __post_init__(self) -> None:
        self.toasts = Toasts("__Host-u", lambda purpose: self.mark(f"room {purpose}"))
        self._nonces = Nonces(lambda drawn: self.mark(f"room nonce\n{drawn}"))
        self._turns: TurnQueue[PassTurn, PassOutcome] = TurnQueue(self.passes.turns)

    async def settle(self, seconds: float) -> None:
        await self._turns.settle(seconds)

    def now(self) -> datetime:
        """Return the current time."""
        return self.clock.now()

    def nonce(self, session: str) -> str:
        """Return a nonce for a form. `session` is the name of the visitor's pass, or, without one, the room's code or the page's path."""
        return self._nonces.fresh(Visitor(NOBODY, session), self.now())

    def is_of(self, nonce: str, session: str) -> bool:
        """Return True if the nonce is valid and was made for this session."""
        return self._nonces.is_of(nonce, Visitor(NOBODY, session), now=self.now())

    async def view(self, name: str) -> PassView | None:
        """Return the pass with this name and what its page shows, or None without such a pass. Raise `StoreFault` if the store fails."""
        return await self.passes.view(name, self.now()) if name else None

    async def asking(self, code: str, held: Pass | None, *, ticket: str) -> tuple[Card | None, str]:
        """Return the card that a visitor sees before they join and a toast, or None and the reason why nobody can join."""
        shared = await self.passes.room(code, self.now())
        own = held if held is not None and held.room == code else None
        card, effects = card_before_joining(own, shared, self.script(), occasion=self._occasion(), ticket=ticket)
        return card, self._said(effects)

    async def is_ticket(self, code: str, ticket: str) -> bool:
        """Return True if this is the code of a personal link to the room. Raise `StoreFault` if the store fails."""
        room = room_in(await self.passes.room(code, self.now())) if ticket else None
        return room is not None and room.is_ticket(ticket)

    async def join(self, nonce: str, code: str, *, held: str, ticket: str) -> tuple[str, Joined]:
        """Give the visitor a seat. If their pass `held` is for this room, use it, else make one. Return its name and the outcome."""
        view = await self.view(held)
        name = held if view is not None and view.kept.room == code else self._named(nonce)
        taking = TakingASeat(name, self._occasion(), self.script(), ticket)
        return name, await self._turn(name, nonce, taking, code=code)

    async def press(self, name: str, nonce: str, pressed: tuple[int, str], *, room: str) -> Joined:
        """Press a button, given as card token and act code. Repeats of the same press from the same page count once."""
        event = Pressed(self._occasion(), *pressed)
        return await self._turn(name, f"{nonce}\n{event.card}\n{event.code}", Pressing(event, self.script(), room))

    async def open_screen(self, nonce: str, code: str, *, token: str) -> tuple[str, Joined]:
        """Open a screen by the token of its link. Return the name of the screen's pass and the outcome."""
        name = self._named(nonce)
        return name, await self._turn(name, nonce, OpeningAScreen(name, token), code=code)

    async def link(self, token: str, *, case: str = "") -> None:
        """Make the link to a console that has this token. The console is made once, when the link is opened."""
        name = self._named(token)
        await self._turn(name, "link", Linking(name, self.now(), case))

    async def open_console(self, nonce: str, *, token: str) -> tuple[str, Joined]:
        """Open the console whose link has this token. Only the first form does, and each repeat of it opens the same one.

        Return the name of the console's pass, and the outcome.
        """
        link = (await self._turn(self._named(token), nonce, OpeningALink(nonce))).kept
        case = opened_with(link, nonce)
        return ("", Joined(None, "")) if case is None else await self.admit(nonce, case=case)

    async def admit(self, nonce: str, *, case: str = "") -> tuple[str, Joined]:
        """Make the console of this form, at the list of cases or with the room of a case open.

        Return the name of its pass, and the outcome.
        """
        name = self._named(nonce)
        admitting = Admitting(name, self._occasion(), self.trainer_script(), case)
        return name, await self._turn(name, "admit", admitting)

    def trainer_script(self) -> Script:
        """Return the script of a console, which fetches files by links of its own."""
        script = self.script()
        return replace(script, channel=replace(script.channel, sends_files=True))

    async def lead(self, name: str, pressed: tuple[int, str], *, nonce: str) -> Joined:
        """Press a button of a console, given as card token and act code. Repeats of the same press from the same page count once."""
        event = Pressed(self._occasion(), *pressed)
        return await self._turn(
            name, f"{nonce}\n{event.card}\n{event.code}", LeadingARoom(event, self.trainer_script())
        )

    async def _turn(self, name: str, what: str, decide: DecidePass, *, code: str = "") -> Joined:
        key = event_key(NOBODY, self.mark(f"room turn\n{name}\n{what}").hex())
        (outcome,) = await self._turns.hand_in((PassTurn(key, self.now(), name, decide, code),))
        if isinstance(outcome, PassDone):
            return Joined(outcome.kept, self._said(outcome.effects))
        log.error("refused", error=outcome.error, where=outcome.where)
        return Joined(None, self._say(Toast("failed", (("error", outcome.error.rpartition(" ")[2]),))), is_kept=False)

    def _named(self, nonce: str) -> str:
        """Return the name of the pass that a form with this nonce makes. Nobody but the bot can compute it."""
        return self.mark(f"pass\n{nonce}").hex()

    def _said(self, effects: Iterable[object]) -> str:
        return " ".join(self._say(effect) for effect in effects if isinstance(effect, Toast))

    def _say(self, toast: Toast) -> str:
        return self.script().wording.say(f"toast.{toast.key}", **dict(toast.values))

    def _occasion(self) -> Occasion:
        return Occasion(local_time(self.now()), self.references(), self.fresh_code)


InboxHandler = Callable[[GuestInbox, web.Request], Awaitable[web.StreamResponse]]
A_GUEST = Rate(at_once=120, a_second=20)  # requests of one guest: more than anybody can tap
A_JOIN = Rate(at_once=15, a_second=0.5)  # joins without a personal link from one IP address: 60 people need 90 seconds
LONGEST_CODE = 40
HOME, PLACES = "/room", ("{code}", "{code}/{ticket}")

EVERY = 2.0  # seconds between two checks whether what a guest waits for is open
AT_ONCE = 2  # how many streams one pass has; a newer one ends the oldest, so that no guest takes all connections
LEAVING = code_of(Rehearse(Turn.LEAVE))  # the act code of the button by which a guest leaves


@dataclass(frozen=True, slots=True)
class RoomAddress:
    """A room by its code, with the code of a personal link (`ticket`) or an empty text."""

    code: str = field(repr=False)
    ticket: str = field(default="", repr=False)

    @staticmethod
    def of(request: web.Request) -> "RoomAddress":
        """Return the room that the path of a request names."""
        names = request.match_info
        return RoomAddress(plain(names["code"]), plain_ticket(names.get("ticket", "")))

    @property
    def address(self) -> str:
        """The path of the room's page, including the ticket if there is one."""
        return f"{HOME}/{self.code}/{self.ticket}" if self.ticket else f"{HOME}/{self.code}"


@dataclass(frozen=True, slots=True)
class GuestPages:
    """The pages of guests. `inbox` returns None while there is no store. `words` is the wording for use without one."""

    site: Site
    words: Wording
    inbox: Callable[[], GuestInbox | None]
    bar: Callable[[], Bar]  # whom to call about a real child
    guests: Buckets = field(default_factory=lambda: Buckets(A_GUEST))
    strangers: Buckets = field(default_factory=lambda: Buckets(A_STRANGER))
    joins: Buckets = field(default_factory=lambda: Buckets(A_JOIN))
    followers: Followers = field(default_factory=lambda: Followers(AT_ONCE))
    faults: FaultLog = field(default_factory=lambda: FaultLog("no room served"))

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of these pages. GET requests change nothing, so that the preview of a link takes no seat."""
        return [
            web.get(HOME, self.ask),
            web.post(HOME, self.find),
            web.get(f"{HOME}/{{code}}/events", partial(self._served, self.follow)),
            *(web.get(f"{HOME}/{place}", partial(self._served, self.show)) for place in PLACES),
            *(web.post(f"{HOME}/{place}", partial(self._served, self.act)) for place in PLACES),
        ]

    async def _served(self, handler: InboxHandler, request: web.Request) -> web.StreamResponse:
        """Return the answer of a handler. Without a store, return a page that says that rooms cannot be reached now."""
        inbox = self.inbox()
        try:
            if inbox is not None:
                return await handler(inbox, request)
        except StoreFault as fault:
            self.faults.note(fault)
        text = element("p", self.words.say("browser.room.unreachable"), class_="say")
        return self._page(text, heading=self.words.say("browser.room.title"), status=503)

    async def ask(self, _: web.Request) -> web.StreamResponse:
        """Return the page with a form for the code of a room."""
        return self._asking()

    async def find(self, request: web.Request) -> web.StreamResponse:
        """Redirect to the room whose code was typed. The code of a personal link may follow that of the room."""
        typed = "".join(sign for sign in (await form_of(request)).get("code", "") if sign.isalnum())
        place = RoomAddress(plain(typed), plain_ticket(typed[LENGTH:]))
        if len(place.code) != LENGTH:
            return self._asking("browser.room.none")
        raise web.HTTPSeeOther(place.address)

    async def show(
        self, inbox: GuestInbox, request: web.Request, form: Mapping[str, str] = MappingProxyType({})
    ) -> web.StreamResponse:
        """Return the card of a guest with a seat, or, without one, the card before joining.

        If something is missing in a `form` that was sent, its ticks stand there again, with the fault beside them.
        """
        place, name = RoomAddress.of(request), name_in(request, GUEST)
        view = await inbox.view(name)
        # With a pass to another room the request counts as a stranger's guess at this one's code.
        if view is None or view.kept.room != place.code:
            self.strangers.demand(self.site.sender_of(request))
            return await self._before(inbox, place)
        self.guests.demand(name)
        script, now = inbox.script(), local_time(inbox.now())
        card = card_of(view.kept, script, now=now)
        if card is None:
            return await self._before(inbox, place, view.kept)
        toast, bar = inbox.toasts.read(request, name), bar_of(script, now)
        if fault := missing_in(form):
            said = script.wording.say(f"toast.{fault}")
            page = given_back(card, form, fault=said)
            card, toast = (replace(card, page=page), toast) if page else (card, said)
        shown = str(view.kept.card) if awaited_code(view.kept, script) else ""
        frame = Frame(script, f"{HOME}/{place.code}", inbox.nonce(name), shown=shown, toast=toast, bar=bar)
        response = html(card_page(card, frame))
        inbox.toasts.write(request, response, name)
        return response

    async def follow(self, inbox: GuestInbox, request: web.Request) -> web.StreamResponse:
        """Tell the page of a guest who waits once the agreed answers or the next stage are open, and go on to them."""
        place, name, script = RoomAddress.of(request), name_in(request, GUEST), inbox.script()
        view = await inbox.view(name)
        if view is None or view.kept.room != place.code or not awaited_code(view.kept, script):
            raise web.HTTPNoContent  # tells a browser to end the stream and not to reconnect
        self.guests.demand(name)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        # The page was left, or it reconnects.
        with suppress(ConnectionError, StoreFault), self.followers.opened(name) as page:
            while view is not None and (code := awaited_code(view.kept, script)) and self.inbox() is inbox:
                await response.write(f"data: {view.kept.card}\n\n".encode())
                await self.followers.wait(page, EVERY)
                if self.followers.is_over(page):
                    return response
                if goes_on(view.kept, await inbox.passes.room(place.code, inbox.now()), script):
                    await inbox.press(name, "follow", (view.kept.card, code), room=place.code)
                view = await inbox.view(name)
            await response.write(b"data: open\n\n")
        return response

    async def act(self, inbox: GuestInbox, request: web.Request) -> web.StreamResponse:
        """Give the visitor a seat, or press a button of their card. Forms with anything else change nothing."""
        place, name, fields = RoomAddress.of(request), name_in(request, GUEST), await form_of(request)
        if name and inbox.is_of(fields.get("nonce", ""), name):
            self.guests.demand(name)
        else:
            self.strangers.demand(self.site.sender_of(request))
        if "join" in fields:
            return await self._join(inbox, request, fields.get("nonce", ""), place=place)
        press = read_press(with_ticks(fields).get("press", ""))
        if press is None and missing_in(fields) and inbox.is_of(fields.get("nonce", ""), name):
            return await self.show(inbox, request, fields)
        if not name or press is None or len(press[1]) > LONGEST_CODE:
            raise web.HTTPSeeOther(place.address)
        nonce, back = fields.get("nonce", ""), web.Response(status=303, headers={"Location": place.address})
        if not inbox.is_of(nonce, name):
            inbox.toasts.write(request, back, name, text=self.words.say("browser.old"))
            return back
        came = await inbox.press(name, nonce, press, room=place.code)
        if is_seated(came.kept) or not came.is_kept:
            inbox.toasts.write(request, back, name, text=came.said)
            return back
        if press[1] != LEAVING:  # the host of the room has freed the seat
            response = await self._before(inbox, RoomAddress(place.code), toast=came.said)
        else:
            text = element("p", self.words.say("browser.room.left-text"))
            response = self._page(text, heading=self.words.say("browser.room.left"), toast=came.said)
        if came.kept is None:
            hold(request, response, cookie=GUEST, name="", seconds=0)
        return response

    async def _join(
        self, inbox: GuestInbox, request: web.Request, nonce: str, *, place: RoomAddress
    ) -> web.StreamResponse:
        if not inbox.is_of(nonce, place.code):
            raise web.HTTPSeeOther(place.address)
        # A personal link gives one seat. Without one, a single person could take every seat.
        is_one = await inbox.is_ticket(place.code, place.ticket)
        if not is_one and not self.joins.takes(self.site.sender_of(request)):
            return await self._before(inbox, place, toast=self.words.say("browser.room.slow"), status=429)
        own, came = await inbox.join(nonce, place.code, held=name_in(request, GUEST), ticket=place.ticket)
        if came.kept is None or came.said:
            return self._asking(text=came.said)
        response = web.Response(status=303, headers={"Location": f"{HOME}/{place.code}"})
        hold(request, response, cookie=GUEST, name=own, seconds=(came.kept.until - inbox.now()).total_seconds())
        return response

    async def _before(
        self, inbox: GuestInbox, place: RoomAddress, held: Pass | None = None, *, toast: str = "", status: int = 200
    ) -> web.Response:
        card, why = await inbox.asking(place.code, held, ticket=place.ticket)
        if card is None:
            return self._asking(text=why, toast=toast, status=404)
        drawn, pen = page_of_card(card, inbox.script()), Pen(0, place.address, inbox.nonce(place.code), "")
        *texts, support = (each for each in drawn.parts if not isinstance(each, Ways))
        join = element("button", self.words.say("browser.room.join"), name="join", value="join", class_="main")
        # The paragraph on support comes last, so that a phone shows the button without scrolling.
        content = (pen.parts(texts), pen.form(element("p", join, class_="row")), pen.part(support))
        return self._page(*content, heading=drawn.heading, toast=toast, status=status)

    def _asking(
        self, key: str = "browser.room.text", *, text: str = "", toast: str = "", status: int = 200
    ) -> web.Response:
        """Return the page with a form for the code of a room, and above the field why the last code leads nowhere."""
        say, is_wrong = self.words.say, bool(text) or key == "browser.room.none"
        label = element("p", element("label", say("browser.room.field"), for_="code"))
        about = element("p", text or say(key), id="about", class_="say" if is_wrong else "hint")
        typed = element(
            "input",
            id="code",
            name="code",
            maxlength=LONGEST_CODE,
            autocapitalize="characters",
            autocomplete="off",
            spellcheck="false",
            aria_describedby="about",
            aria_invalid="true" if is_wrong else None,
        )
        find = element("p", element("button", say("browser.room.find"), class_="main"), class_="row")
        form = element("form", label, about, typed, find, method="post", action=HOME, data_whole=True)
        return self._page(form, heading=say("browser.room.title"), toast=toast, status=status)

    def _page(self, *content: Markup, heading: str, toast: str = "", status: int = 200) -> web.Response:
        """Return a page without a card, which says that this is a rehearsal."""
        head, title = (
            element("header", striped(self.words.say("rehearsal.head"))),
            self.words.say("leaf.rehearsal.joining"),
        )
        real = More(self.words.say("leaf.real-child"), (Calls(self.bar().everybody),))
        urgent = Pen(0, "", "", "").part(real)
        page = plain_page(self.words, *content, urgent, heading=heading, toast=toast, title=title, head=head)
        return html(page, status)
