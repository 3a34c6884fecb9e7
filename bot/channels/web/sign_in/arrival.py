"""From somebody whom the organisation's sign-in knows to somebody who is signed in here, or is not, in one turn; and who a browser is."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Literal, assert_never

from aiohttp import web

from bot.access.account import Account, Terms, read_account, state_of
from bot.access.admission import make_who
from bot.channels.web.inbox import PageInbox
from bot.channels.web.visitor import Visitor
from bot.conversation.arriving import Arriving, Welcome
from bot.conversation.conversation import Conversation
from bot.runtime.clock import Clock
from bot.runtime.errors import StoreFault
from bot.runtime.person_id import PersonId
from bot.sign_in.relying import LONGEST
from bot.sign_in.tokens import Arrival, Departure, RolesByClaim
from bot.storage.store import Store
from bot.storage.values import Done, Inbound, KeyOnly, Record, Refused, Repeated, SignIn, SignOff, Undecided
from dialogs.core.events import Commanded
from dialogs.locked import AccountState

LONGEST_VALUE = 128


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that no script reads and no other host sets (`__Host-`); sent over TLS alone."""

    name: str
    lasts: timedelta
    same_site: Literal["Lax", "Strict"]

    def read(self, request: web.Request) -> str:
        """What the browser sent; empty where that is nothing of ours."""
        value = request.cookies.get(self.name, "")
        return value if len(value) <= LONGEST_VALUE else ""

    def write(self, response: web.StreamResponse, value: str) -> None:
        """Let the browser keep it."""
        self._set(response, value, seconds=int(self.lasts.total_seconds()))

    def take_away(self, response: web.StreamResponse) -> None:
        """Let the browser forget it."""
        self._set(response, "", seconds=0)

    def _set(self, response: web.StreamResponse, value: str, *, seconds: int) -> None:
        response.set_cookie(
            self.name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite=self.same_site
        )


SIGNED_IN = Cookie("__Host-s", timedelta(hours=12), "Strict")
"""Who is signed in. Another site's link does not bring it along."""

ON_THE_WAY = Cookie("__Host-o", LONGEST, "Lax")
"""The way to the sign-in and back; a Strict one would not come back from there."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Tells who a request comes from by its cookie, the store's row, and their standing now.

    `inbox` is None while there is no store.
    """

    inbox: Callable[[], PageInbox | None]
    clock: Clock
    terms: Terms

    async def visitor(self, request: web.Request) -> Visitor | None:
        """The person who signed in. Somebody who was removed is nobody; so is somebody whose page opens by signing in, once it locked."""
        secret, inbox = SIGNED_IN.read(request), self.inbox()
        if not secret or inbox is None:
            return None
        store = inbox.store
        found = await store.read(lambda t: t.sign_ins.find(secret, self.clock.now()))
        if found is None:
            return None
        row = await store.recall(found.person)
        return None if row is not None and self._is_out(row[0]) else Visitor(found.person, browser_of(secret))

    def _is_out(self, record: Record) -> bool:
        account = read_account(record.access)
        if not isinstance(account, Account):
            return account is not None
        is_shut = state_of(account, self.clock.now(), terms=self.terms) is AccountState.LOCKED
        return account.pin.opens_by_sign_in and is_shut


def browser_of(secret: str) -> str:
    """What a sign-in is called in this process, by which its cookie cannot be made."""
    return hashlib.sha256(secret.encode()).hexdigest()


SECRET_BYTES = 32


class Came(Enum):
    """How somebody came out of it."""

    IN = auto()
    AWAY = auto()


@dataclass(frozen=True, slots=True)
class Reception:
    """Receives people who come from the sign-in of this issuer. Where it `opens` pages, there is no PIN."""

    conversation: Conversation
    store: Store
    issuer: str
    roles: RolesByClaim
    opens: bool

    async def receive(self, arrival: Arrival) -> tuple[Came, str]:
        """Sign somebody in: how they came out of it, and the secret of their browser. Raises `StoreFault`.

        Somebody who was never admitted is signed in too, to put in the code of an invitation; that is all they can do.
        """
        now, secret = self.conversation.clock.now(), secrets.token_urlsafe(SECRET_BYTES)
        person = str(PersonId.on_web(self.issuer, arrival.subject))
        sign_in = SignIn(secret, person, now + SIGNED_IN.lasts, arrival.sid)
        role = self.roles.role_in(arrival.claims)
        decide = Arriving(self.conversation, sign_in, now, role, make_who(), self.opens)
        (outcome,) = await self.store.turns([Inbound(f"sign-in:{secrets.token_hex(16)}", now, person, decide, None)])
        match outcome:
            case Done(effects=effects) if Welcome.SIGNED_IN in effects:
                return Came.IN, secret
            case Done():
                await self.store.write(
                    lambda t: t.sign_ins.sign_off(SignOff(f"away:{secrets.token_hex(16)}", now, person))
                )
                return Came.AWAY, ""
            case KeyOnly():
                await self.store.write(lambda t: t.sign_ins.keep(sign_in))
                return Came.IN, secret
            case Repeated() | Refused() | Undecided():
                raise StoreFault("a sign-in could not be kept")
        assert_never(outcome)

    async def sign_out(self, person: str) -> None:
        """End every sign-in of theirs, in this browser and in others, and lock the page. Raises `StoreFault`.

        A browser that signed in twice has two, of which it knows the later one alone.
        """
        event = Commanded(self.conversation.occasion(), "lock")
        await self.store.write(
            lambda t: t.sign_ins.sign_off(SignOff(f"out:{secrets.token_hex(16)}", event.occasion.now.at, person))
        )
        key, now = f"sign-out:{secrets.token_hex(16)}", event.occasion.now.at
        await self.store.turns([Inbound(key, now, person, self.conversation.decide(event), None)])

    async def sign_off(self, departure: Departure) -> bool:
        """End what the sign-in says has ended; false where it said so before. Raises `StoreFault`."""
        person = str(PersonId.on_web(self.issuer, departure.subject)) if departure.subject else ""
        key = f"sign-off:{self.issuer}:{departure.jti}"
        said = SignOff(key, self.conversation.clock.now(), person, departure.sid)
        return await self.store.write(lambda t: t.sign_ins.sign_off(said))


Reachable = Callable[[], Reception | None]
"""Who receives people just now: nobody while there is no store."""
