"""The visitor who sent a request, with the nonces and toasts of their session."""

import base64
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from aiohttp import web

from bot.channels.web import FACTS
from bot.crypto.sealing import Sealer, place
from bot.runtime.errors import DamagedValue
from bot.runtime.person_id import PersonId


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person on the web channel, and the session of their browser. A form belongs to both, a toast to the session."""

    person: str = field(repr=False)
    session: str = field(repr=False)

    def __post_init__(self) -> None:
        if PersonId.read(self.person).channel != FACTS.name:
            raise ValueError("a visitor is a person of the web channel")


class Identity(Protocol):
    """A way to find out who sent a request. It changes nothing, so it may be used repeatedly."""

    async def visitor(self, request: web.Request) -> Visitor | None:
        """Return the visitor, or None if they are not signed in or their session has ended."""


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]  # a function that answers a request


class Nobody:
    """The identity of a site without a sign-in, which has no visitors."""

    async def visitor(self, request: web.Request) -> Visitor | None:
        return None


IS_PLAIN = web.AppKey("IS_PLAIN", bool)  # True if the site has no TLS, so that browsers refuse secure cookies


def cookie_in(request: web.Request, cookie: str) -> str:
    """Return the value of this cookie, or an empty text."""
    return request.cookies.get(_named(request, cookie), "")


def set_cookie(request: web.Request, response: web.StreamResponse, cookie: str, value: str, *, seconds: int) -> None:
    """Set a cookie that no script can read. With 0 `seconds`, it is deleted. A site without TLS sets it without its prefix."""
    name, is_secure = _named(request, cookie), not request.app.get(IS_PLAIN, False)
    response.set_cookie(name, value, max_age=seconds, path="/", secure=is_secure, httponly=True, samesite="Strict")


def _named(request: web.Request, cookie: str) -> str:
    return cookie.removeprefix("__Host-") if request.app.get(IS_PLAIN, False) else cookie


GOOD_FOR = timedelta(hours=12)  # how long a page's forms work, which is less than the store remembers event keys
RANDOM, TIME, SEAL = 9, 5, 16  # the bytes of a nonce's parts; together they are 30, so that base64 needs no padding
LENGTH = (RANDOM + TIME + SEAL) * 4 // 3
SHOWN_WITHIN = 600  # seconds for which a toast waits for its session's next page


class Nonces:
    """Makes and verifies nonces. `mark` is a keyed hash that is the same after a restart, so that open pages still work."""

    def __init__(self, mark: Callable[[str], bytes]) -> None:
        self._mark = mark

    def fresh(self, visitor: Visitor, now: datetime) -> str:
        """Return a new nonce for a page of this visitor."""
        drawn = secrets.token_bytes(RANDOM) + int(now.timestamp()).to_bytes(TIME)
        return base64.urlsafe_b64encode(drawn + self._seal(visitor, drawn)).decode()

    def is_of(self, nonce: str, visitor: Visitor, *, now: datetime) -> bool:
        """Return True if the nonce was made for a page of this visitor, at most `GOOD_FOR` ago."""
        if len(nonce) != LENGTH or not nonce.isascii():
            return False
        try:
            content = base64.b64decode(nonce, altchars=b"-_", validate=True)
        except ValueError:
            return False
        drawn, seal = content[: RANDOM + TIME], content[RANDOM + TIME :]
        age = now.timestamp() - int.from_bytes(drawn[RANDOM:])
        return hmac.compare_digest(seal, self._seal(visitor, drawn)) and abs(age) <= GOOD_FOR.total_seconds()

    def _seal(self, visitor: Visitor, drawn: bytes) -> bytes:
        return self._mark(f"{FACTS.name}\n{visitor.person}\n{visitor.session}\n{drawn.hex()}")[:SEAL]


class Toasts:
    """The toast that the next page of a session shows, sealed in a cookie, so that any copy of the program can show it."""

    def __init__(self, cookie: str, mark: Callable[[str], bytes]) -> None:
        self._cookie, self._sealer = cookie, Sealer(mark(f"cookie {cookie}"))

    def read(self, request: web.Request, session: str) -> str:
        """Return the toast in the cookie, or an empty string if there is none of this session."""
        value = cookie_in(request, self._cookie)
        try:
            sealed = base64.urlsafe_b64decode(f"{value}==")
            return self._sealer.unseal(sealed, self._place(session)).decode() if value else ""
        except (ValueError, DamagedValue):  # not the site's own
            return ""

    def write(self, request: web.Request, response: web.StreamResponse, session: str, *, text: str = "") -> None:
        """Set the cookie. An empty text deletes it, so that no later page shows an earlier toast."""
        if not text and not cookie_in(request, self._cookie):
            return
        sealed, age = (
            self._sealer.seal(text.encode(), self._place(session)) if text else b"",
            SHOWN_WITHIN if text else 0,
        )
        value = base64.urlsafe_b64encode(sealed).decode().rstrip("=")  # its padding would have to be quoted
        set_cookie(request, response, self._cookie, value, seconds=age)

    def _place(self, session: str) -> bytes:
        return place("toasts", self._cookie, row=session.encode())
