"""From somebody whom the organisation's sign-in knows to somebody who is signed in here, or is not, in one turn."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from bot.access.admission import make_who
from bot.channels.web.sign_in.cookies import SIGNED_IN
from bot.conversation.admitted_conversation import AdmittedConversation
from bot.conversation.arriving import Arriving, Welcome
from bot.runtime.errors import StoreFault
from bot.runtime.person_id import PersonId
from bot.sign_in.roles import RolesByClaim
from bot.sign_in.tokens import Arrival, Departure
from bot.storage.sign_in import SignIn, SignOff
from bot.storage.store import Store
from bot.storage.values import Done, Inbound, KeyOnly, Refused, Repeated
from dialogs.core.events import Commanded

SECRET_BYTES = 32


class Came(Enum):
    """How somebody came out of it."""

    IN = auto()
    AWAY = auto()


@dataclass(frozen=True, slots=True)
class Reception:
    """Receives people who come from the sign-in of this issuer. Where it `opens` pages, there is no PIN."""

    conversation: AdmittedConversation
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
                await self.store.sign_ins.sign_off(SignOff(f"away:{secrets.token_hex(16)}", now, person))
                return Came.AWAY, ""
            case KeyOnly():
                await self.store.sign_ins.keep(sign_in)
                return Came.IN, secret
            case Repeated() | Refused():
                raise StoreFault("a sign-in could not be kept")
        assert_never(outcome)

    async def sign_out(self, person: str) -> None:
        """End every sign-in of theirs, in this browser and in others, and lock the page. Raises `StoreFault`.

        A browser that signed in twice has two, of which it knows the later one alone.
        """
        event = Commanded(self.conversation.occasion(), "lock")
        await self.store.sign_ins.sign_off(SignOff(f"out:{secrets.token_hex(16)}", event.occasion.now.at, person))
        key, now = f"sign-out:{secrets.token_hex(16)}", event.occasion.now.at
        await self.store.turns([Inbound(key, now, person, self.conversation.decide(event), None)])

    async def sign_off(self, departure: Departure) -> bool:
        """End what the sign-in says has ended; false where it said so before. Raises `StoreFault`."""
        person = str(PersonId.on_web(self.issuer, departure.subject)) if departure.subject else ""
        key = f"sign-off:{self.issuer}:{departure.jti}"
        said = SignOff(key, self.conversation.clock.now(), person, departure.sid)
        return await self.store.sign_ins.sign_off(said)


Reachable = Callable[[], Reception | None]
"""Who receives people just now: nobody while there is no store."""
