"""Who a request comes from, and what belongs to their session: the nonces of its forms, and what was said in passing."""

import base64
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from aiohttp import web

from bot.channels.web import FACTS
from bot.runtime.person_id import PersonId


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person of the web channel as the store names them, and the session by which their browser is known.

    What is said in passing belongs to the session; forms are bound to both.
    """

    person: str = field(repr=False)
    session: str = field(repr=False)

    def __post_init__(self) -> None:
        if PersonId.read(self.person).channel != FACTS.name:
            raise ValueError("a visitor is a person of the web channel")


class Identity(Protocol):
    """Tells who a request comes from. It changes nothing, so that it may be asked as often as one likes."""

    async def visitor(self, request: web.Request) -> Visitor | None:
        """Who it comes from; None for somebody who is not known, or not any more."""
        ...


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""What answers a request."""


class Nobody:
    """Nobody is known: there is no way to sign in."""

    async def visitor(self, request: web.Request) -> Visitor | None:
        return None


GOOD_FOR = timedelta(hours=12)
"""How long a page can be used. The store knows the keys of events for longer, so that none counts twice."""

RANDOM, TIME, SEAL = 9, 5, 16
# Thirty bytes together, so that their base 64 has no signs that only fill it up.
LENGTH = (RANDOM + TIME + SEAL) * 4 // 3


class Nonces:
    """Draws and checks them. `mark` is a keyed hash that outlives a restart, so that open pages do too."""

    def __init__(self, mark: Callable[[str], bytes]) -> None:
        self._mark = mark

    def fresh(self, visitor: Visitor, now: datetime) -> str:
        """A nonce for a page of this visitor."""
        drawn = secrets.token_bytes(RANDOM) + int(now.timestamp()).to_bytes(TIME)
        return base64.urlsafe_b64encode(drawn + self._seal(visitor, drawn)).decode()

    def is_of(self, nonce: str, visitor: Visitor, *, now: datetime) -> bool:
        """Whether it was drawn for a page of this visitor, not too long ago."""
        if len(nonce) != LENGTH or not nonce.isascii():
            return False
        try:
            whole = base64.b64decode(nonce, altchars=b"-_", validate=True)
        except ValueError:
            return False
        drawn, seal = whole[: RANDOM + TIME], whole[RANDOM + TIME :]
        age = now.timestamp() - int.from_bytes(drawn[RANDOM:])
        return hmac.compare_digest(seal, self._seal(visitor, drawn)) and abs(age) <= GOOD_FOR.total_seconds()

    def _seal(self, visitor: Visitor, drawn: bytes) -> bytes:
        return self._mark(f"{FACTS.name}\n{visitor.person}\n{visitor.session}\n{drawn.hex()}")[:SEAL]


MOST_SESSIONS = 10_000
"""Sessions with something unsaid. What was said longest ago is forgotten first."""


class Toasts:
    """By session, in memory alone."""

    def __init__(self) -> None:
        self._unsaid: OrderedDict[str, str] = OrderedDict()

    def say(self, session: str, text: str) -> None:
        """Say it on the next page, in place of what was not shown yet."""
        self._unsaid.pop(session, None)
        if text:
            self._unsaid[session] = text
            if len(self._unsaid) > MOST_SESSIONS:
                self._unsaid.popitem(last=False)

    def take(self, session: str) -> str:
        """What is to be shown now; it is not shown again."""
        return self._unsaid.pop(session, "")
