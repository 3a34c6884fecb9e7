"""The sign-in of a person at the site: one turn creates a session, which a cookie then finds."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
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
from bot.storage.values import Done, Inbound, KeyOnly, Refused, Repeated, SignIn, SignOff, Undecided
from dialogs.core.events import Commanded
from dialogs.locked import AccountState


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that no script reads, that no other host sets (`__Host-`), and that is sent only over TLS."""

    name: str
    lasts: timedelta
    same_site: Literal["Lax", "Strict"]

    def read(self, request: web.Request) -> str:
        """Return the value that the browser sent, or an empty string if it is too long to be the site's."""
        value = request.cookies.get(self.name, "")
        return value if len(value) <= 128 else ""

    def write(self, response: web.StreamResponse, value: str) -> None:
        """Set the cookie; an empty value deletes it."""
        seconds = int(self.lasts.total_seconds()) if value else 0
        response.set_cookie(
            self.name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite=self.same_site
        )


SIGNED_IN = Cookie("__Host-s", timedelta(hours=12), "Strict")  # a session; a link from another site does not send it
ON_THE_WAY = Cookie("__Host-o", LONGEST, "Lax")  # to the provider and back; a Strict cookie would not be sent back here


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Identifies a visitor by their cookie, the session in the store, and their account now.

    `inbox` returns None while there is no store.
    """

    inbox: Callable[[], PageInbox | None]
    clock: Clock
    terms: Terms

    async def visitor(self, request: web.Request) -> Visitor | None:
        """Return the person who signed in. None after a removal, or once a page that opens by signing in has locked."""
        secret, inbox = SIGNED_IN.read(request), self.inbox()
        if not secret or inbox is None:
            return None
        store = inbox.store
        session = await store.read(lambda t: t.sign_ins.find(secret, self.clock.now()))
        if session is None:
            return None
        row = await store.recall(session.person)
        account = None if row is None else read_account(row[0].access)
        if isinstance(account, Account):
            is_shut = state_of(account, self.clock.now(), terms=self.terms) is AccountState.LOCKED
            if account.pin.opens_by_sign_in and is_shut:
                return None
        elif account is not None:
            return None
        # The session is named by a hash, from which the cookie cannot be computed.
        return Visitor(session.person, hashlib.sha256(secret.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Reception:
    """Signs in the people of one issuer. If it `opens` pages, there is no PIN."""

    conversation: Conversation
    store: Store
    issuer: str
    roles: RolesByClaim
    opens: bool

    async def receive(self, arrival: Arrival) -> str | None:
        """Sign a person in, and return the secret of the session, or None if they are refused. Raise `StoreFault`.

        A person who was never admitted is signed in too, but can only enter the code of an invitation.
        """
        now, secret = self.conversation.clock.now(), secrets.token_urlsafe(32)
        person = str(PersonId.on_web(self.issuer, arrival.subject))
        sign_in = SignIn(secret, person, now + SIGNED_IN.lasts, arrival.sid)
        role = self.roles.role_in(arrival.claims)
        decide = Arriving(self.conversation, sign_in, now, role, make_who(), self.opens)
        (outcome,) = await self.store.turns([Inbound(f"sign-in:{secrets.token_hex(16)}", now, person, decide, None)])
        match outcome:
            case Done(effects=effects) if Welcome.SIGNED_IN in effects:
                return secret
            case Done():
                away = SignOff(f"away:{secrets.token_hex(16)}", now, person)
                await self.store.write(lambda t: t.sign_ins.sign_off(away))
                return None
            case KeyOnly():
                await self.store.write(lambda t: t.sign_ins.keep(sign_in))
                return secret
            case Repeated() | Refused() | Undecided():
                raise StoreFault("a sign-in could not be kept")
        assert_never(outcome)

    async def sign_out(self, person: str) -> None:
        """End every session of a person, in all browsers, and lock the page. Raise `StoreFault`.

        A browser that signed in twice has two sessions and knows only the later one.
        """
        event = Commanded(self.conversation.occasion(), "lock")
        now = event.occasion.now.at
        out = SignOff(f"out:{secrets.token_hex(16)}", now, person)
        await self.store.write(lambda t: t.sign_ins.sign_off(out))
        key = f"sign-out:{secrets.token_hex(16)}"
        await self.store.turns([Inbound(key, now, person, self.conversation.decide(event), None)])

    async def sign_off(self, departure: Departure) -> bool:
        """End the sessions of a logout token. Return False if the token was used before. Raise `StoreFault`."""
        person = str(PersonId.on_web(self.issuer, departure.subject)) if departure.subject else ""
        key = f"sign-off:{self.issuer}:{departure.jti}"
        off = SignOff(key, self.conversation.clock.now(), person, departure.sid)
        return await self.store.write(lambda t: t.sign_ins.sign_off(off))
