"""Where guests and screens are served: a turn of a pass is made and kept. It is given passes and a script, and no store."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from bot.channels.turn_queue import TurnQueue, event_key
from bot.channels.web import FACTS
from bot.channels.web.visitor import Nonces, Toasts, Visitor
from bot.crypto.at_random import References
from bot.rehearsal.rooms import OpeningAScreen, Pressing, TakingASeat, card_before_joining, room_in
from bot.runtime.clock import Clock, local_time
from bot.runtime.logs import log
from bot.storage.passes import DecidePass, Pass, PassDone, Passes, PassOutcome, PassTurn, PassView
from dialogs.core.events import Occasion, Pressed
from dialogs.core.replies import Card, Toast
from dialogs.core.script import Script

GUEST, SCREEN = "__Host-g", "__Host-v"
"""Of a guest, and of a screen: one browser may show both, as a trainer's own machine does."""

LENGTH = 64


def name_in(request: web.Request, cookie: str) -> str:
    """The name of the pass that a browser holds; empty where it holds none."""
    name = request.cookies.get(cookie, "")
    return name if len(name) == LENGTH and name.isascii() and name.isalnum() else ""


def hold(response: web.StreamResponse, cookie: str, *, name: str, until: datetime, now: datetime) -> None:
    """Let the browser hold a pass until it is over."""
    _set(response, cookie, name, seconds=max(1, int((until - now).total_seconds())))


def drop(response: web.StreamResponse, cookie: str) -> None:
    """Let the browser forget it."""
    _set(response, cookie, "", seconds=0)


def _set(response: web.StreamResponse, cookie: str, value: str, *, seconds: int) -> None:
    response.set_cookie(cookie, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="Strict")


NOBODY = f"{FACTS.name}:room"
"""Stands for everybody with a pass where a person is named: they are told apart by their pass alone."""


@dataclass(frozen=True, slots=True)
class RoomParts:
    """What rooms are served with: passes, words, a keyed hash, the time, and fresh references and codes."""

    passes: Passes
    script: Callable[[], Script]
    mark: Callable[[str], bytes]
    clock: Clock
    references: References
    fresh_code: References


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of a turn: the pass as it is kept, and what is said in passing."""

    kept: Pass | None = field(repr=False)
    said: str
    is_kept: bool = True
    """Whether it was not refused."""


class GuestInbox:
    """Serves those who have a pass, one turn at a time."""

    def __init__(self, parts: RoomParts) -> None:
        self._parts = parts
        self.toasts = Toasts()
        self._nonces = Nonces(lambda drawn: parts.mark(f"room nonce\n{drawn}"))
        self._turns: TurnQueue[PassTurn, PassOutcome] = TurnQueue(parts.passes.turns)

    async def settle(self, seconds: float) -> None:
        """Wait for turns that are under way, at most so long."""
        await self._turns.settle(seconds)

    @property
    def script(self) -> Script:
        """The script of today, as a guest is spoken to."""
        return self._parts.script()

    def now(self) -> datetime:
        """The time."""
        return self._parts.clock.now()

    def nonce(self, session: str) -> str:
        """A nonce for a form; before there is a pass it is bound to the room's code."""
        return self._nonces.fresh(Visitor(NOBODY, session), self.now())

    def is_of(self, nonce: str, session: str) -> bool:
        """Whether a nonce was drawn for this pass, or for this code."""
        return self._nonces.is_of(nonce, Visitor(NOBODY, session), now=self.now())

    async def view(self, name: str) -> PassView | None:
        """The pass of this name with what its page shows. Raises `StoreFault`."""
        return await self._parts.passes.view(name, self.now()) if name else None

    async def asking(self, code: str, held: Pass | None, *, ticket: str) -> tuple[Card | None, str]:
        """What somebody reads before they join; none where they cannot, and why. It changes nothing."""
        shared = await self._parts.passes.room(code, self.now())
        own = held if held is not None and held.room == code else None
        card, said = card_before_joining(own, shared, self.script, occasion=self._occasion(), ticket=ticket)
        return card, self._said(said)

    async def is_ticket(self, code: str, ticket: str) -> bool:
        """Whether this is a link for one person to the room of this code. Raises `StoreFault`."""
        room = room_in(await self._parts.passes.room(code, self.now())) if ticket else None
        return room is not None and room.is_ticket(ticket)

    async def join(self, nonce: str, code: str, *, held: str, ticket: str) -> tuple[str, Joined]:
        """Take a seat, and the name of its pass. The same form, sent twice, takes one; who `held` a seat there keeps it."""
        view = await self.view(held)
        name = held if view is not None and view.kept.room == code else self._named(nonce)
        return name, await self._turn(name, nonce, TakingASeat(name, self._occasion(), self.script, ticket), code=code)

    async def press(self, name: str, nonce: str, pressed: tuple[int, str], *, room: str) -> Joined:
        """What a pressed button (token and code) comes to. The same button of the same page counts once."""
        event = Pressed(self._occasion(), *pressed)
        return await self._turn(name, f"{nonce}\n{event.card}\n{event.code}", Pressing(event, self.script, room))

    async def open_screen(self, nonce: str, code: str, *, token: str) -> tuple[str, Joined]:
        """Open a screen by its link, and the name of its pass."""
        name = self._named(nonce)
        return name, await self._turn(name, nonce, OpeningAScreen(name, token), code=code)

    async def _turn(self, name: str, what: str, decide: DecidePass, *, code: str = "") -> Joined:
        key = event_key(NOBODY, self._parts.mark(f"room turn\n{name}\n{what}").hex())
        (outcome,) = await self._turns.hand_in((PassTurn(key, self.now(), name, decide, code),))
        if isinstance(outcome, PassDone):
            return Joined(outcome.kept, self._said(outcome.effects))
        log.error("refused", error=outcome.error, where=outcome.where)
        return Joined(None, self._say(Toast("failed", (("error", outcome.error.rpartition(" ")[2]),))), is_kept=False)

    def _named(self, nonce: str) -> str:
        """The name of a pass that a form asks for, which nobody else can know."""
        return self._parts.mark(f"pass\n{nonce}").hex()

    def _said(self, effects: Iterable[object]) -> str:
        return " ".join(self._say(each) for each in effects if isinstance(each, Toast))

    def _say(self, toast: Toast) -> str:
        return self.script.wording.say(f"toast.{toast.key}", **dict(toast.values))

    def _occasion(self) -> Occasion:
        parts = self._parts
        return Occasion(local_time(self.now()), parts.references(), parts.fresh_code())
