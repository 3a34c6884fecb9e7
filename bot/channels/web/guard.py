"""What keeps requests within bounds: where they come from, how many and how slow, and what each answer forbids.

It knows no person and no case.
"""

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import cast

from aiohttp import web

from bot.channels.web.page import plain_page
from bot.channels.web.site import Site
from bot.channels.web.visitor import Handler
from bot.runtime.logs import MINUTE, log, log_failure
from bot.watch.meter import meter
from dialogs.core.script import Wording

MOST_NAMES = 20_000
"""Names that are remembered; the one that came longest ago begins anew."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second in the long run."""

    at_once: float
    a_second: float


A_PERSON = Rate(at_once=60, a_second=10)
"""Requests of one person: more than anybody can tap."""

A_STRANGER = Rate(at_once=300, a_second=20)
"""Requests without a session from one address, to sign in or to guess."""


class Buckets:
    """How much each name has left."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def takes(self, name: str) -> bool:
        """Whether one more may come of this name; if so, it counts."""
        now, rate = self._clock(), self._rate
        left, since = self._left.pop(name, (rate.at_once, now))
        left = min(rate.at_once, left + (now - since) * rate.a_second)
        is_taken = left >= 1
        self._left[name] = (left - is_taken, now)
        if len(self._left) > MOST_NAMES:
            self._left.popitem(last=False)
        return is_taken

    def demand(self, name: str) -> None:
        """Count one more of this name, or tell whoever it is to wait."""
        if not self.takes(name):
            raise web.HTTPTooManyRequests


Say = Callable[[str, str, int], None]
"""Logs a kind with an id and a count."""


class Refusals:
    """Counts them under the name of their event. Each kind is logged at once, then how many followed within a minute."""

    def __init__(self, event: str, say: Say) -> None:
        self._event = event
        self._say = say
        self._counts: dict[str, tuple[str, int]] = {}

    def note(self, kind: str) -> str:
        """Count one of this kind, of which there are a few; return the id of the line that is about it."""
        meter().happened(self._event)
        error_id, count = self._counts.get(kind) or (secrets.token_hex(4), 0)
        if not count:
            self._say(kind, error_id, 1)
            asyncio.get_running_loop().call_later(MINUTE, self._end_minute, kind)
        self._counts[kind] = error_id, count + 1
        return error_id

    def _end_minute(self, kind: str) -> None:
        error_id, count = self._counts.pop(kind)
        if count > 1:
            self._say(kind, error_id, count - 1)


POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
"""No inline style or script, no source but our own."""

FEATURES = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen"),
    *("gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone"),
    *("midi", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "usb"),
    "xr-spatial-tracking",
)
"""Features of browsers, all of which are closed."""

SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": ", ".join(f"{each}=()" for each in FEATURES),
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
"""What every answer says, whatever it is."""

NEVER_KEPT = "no-store"
"""How long an answer may be kept unless it says otherwise."""

TWO_YEARS = "max-age=63072000"
"""For how long a browser is to come by HTTPS alone."""


HEAD = 10.0
"""Seconds within which the head of a request has to be there, counted from its first byte, or from the connection."""

MOST = 800
"""Connections at once. A process may have 1,024 files open where nobody raised that, and the bot needs some for other things."""


class OpenConnections:
    """Makes connections, and closes the one that was idle for longest where there are too many: on it no request is answered."""

    def __init__(self, make: Callable[[], asyncio.Protocol]) -> None:
        self._make = make
        self.open: set[TimedConnection] = set()
        self.idle: dict[TimedConnection, None] = {}

    def __call__(self) -> "TimedConnection":
        """Return a new one."""
        return TimedConnection(self._make(), self)

    def admit(self, connection: "TimedConnection") -> bool:
        """Admit and count a connection, if there is room or can be made."""
        if len(self.open) >= MOST and self.idle:
            next(iter(self.idle)).end()
        is_admitted = len(self.open) < MOST
        if is_admitted:
            self.open.add(connection)
            self.idle[connection] = None
        return is_admitted


class TimedConnection(asyncio.Protocol):
    """Hands on what comes, and closes the connection of somebody who does not send a whole head of a request in time.

    It stands between the transport and the server's own protocol.
    """

    def __init__(self, inner: asyncio.Protocol, among: OpenConnections) -> None:
        self._inner = inner
        self._among = among
        self._transport: asyncio.Transport | None = None
        self._late: asyncio.TimerHandle | None = None
        self._is_answering = False

    @contextmanager
    def answering(self) -> Iterator[None]:
        """While a request is answered no clock runs here, and the connection is not idle."""
        self._stop_clock()
        self._is_answering = True
        self._among.idle.pop(self, None)
        try:
            yield
        finally:
            self._is_answering = False
            self._idle()

    @contextmanager
    def awaiting(self) -> Iterator[None]:
        """While the body of that request is waited for, the connection is as good as idle."""
        self._idle()
        try:
            yield
        finally:
            self._among.idle.pop(self, None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._inner.connection_made(transport)
        if self._among.admit(self):
            self._start_clock()
        else:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._late is None and not self._is_answering:
            self._start_clock()
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        self._inner.connection_lost(exc)

    def end(self) -> None:
        """Close it, and forget it at once."""
        self._forget()
        if self._transport is not None:
            self._transport.abort()

    def _idle(self) -> None:
        if self in self._among.open:
            self._among.idle[self] = None

    def _forget(self) -> None:
        self._stop_clock()
        self._among.open.discard(self)
        self._among.idle.pop(self, None)

    def _start_clock(self) -> None:
        self._late = asyncio.get_running_loop().call_later(HEAD, self._cut)

    def _stop_clock(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _cut(self) -> None:
        self._late = None
        if self._transport is not None and not self._is_answering:
            self._transport.abort()


MOST_BYTES = 64_000
"""Bytes of the body of a request."""

READING = 10.0
"""Seconds within which a body has to be there."""

FAILED = 400
"""The first status that says that something did not work."""

SAFE = ("GET", "HEAD")
"""Methods that change nothing."""


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """Lets in what is for these pages and comes from them, and writes on every answer what it forbids."""

    site: Site
    words: Wording
    open_to_others: frozenset[str] = frozenset()
    """Paths to which others than a page of ours may post: what comes there proves itself."""
    refusals: Refusals = field(default_factory=lambda: Refusals("page refused", _said_refused))

    def around(self, handler: Handler) -> Handler:
        """The server's handler within what every request meets."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            connection = connection_of(request)
            if connection is None:
                return await self.answer(request, handler)
            with connection.answering():
                return await self.answer(request, handler)

        return guarded

    async def answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The handler's answer, or a page with an error id."""
        status = self._refused(request)
        if status is not None:
            return self.failed(status)
        (answered,) = await asyncio.gather(handler(request), return_exceptions=True)
        match answered:
            case web.HTTPException(status=status) if status >= FAILED:
                return self.failed(status)
            case web.HTTPException() | ConnectionError():
                raise answered
            case Exception():
                return self._page(500, log_failure(answered))
            case BaseException():
                raise answered
            case _:
                return answered

    def failed(self, status: int) -> web.Response:
        """A page that says that it did not work, with an id that the log has too. It repeats nothing that was sent."""
        return self._page(status, self.refusals.note(str(status)))

    def _page(self, status: int, error_id: str) -> web.Response:
        text = self.words.say("browser.failed.text", error=error_id)
        html = plain_page(self.words, text, heading=self.words.say("browser.failed.title"))
        # It can stand at any address, also at one with a code of the sign-in in it.
        unnamed = {"Referrer-Policy": "no-referrer"}
        response = web.Response(status=status, text=html, content_type="text/html", headers=unnamed)
        # The server calls `forbid` for what it took for a request, and this may stand for what is none.
        self._forbid(response)
        return response

    def _refused(self, request: web.Request) -> int | None:
        """Why a request is not answered, as a status; None where it is."""
        if not self.site.is_named(request.host):
            return 421
        if self.site.is_downgraded(request):
            return 403
        is_taken = request.method in SAFE or request.path in self.open_to_others or self.is_same_site(request)
        return None if is_taken else 403

    def is_same_site(self, request: web.Request) -> bool:
        """Whether a request that may change something comes from a page of ours."""
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            return site == "same-origin" and request.headers.get("Origin", self.site.address) == self.site.address
        # A browser that does not say the one says `Origin` with every form; what says neither is refused.
        return request.headers.get("Origin") == self.site.address

    async def forbid(self, _: web.Request, response: web.StreamResponse) -> None:
        """Write on an answer what it forbids; the server calls it before each is sent."""
        self._forbid(response)

    def _forbid(self, response: web.StreamResponse) -> None:
        for name, value in SECURITY.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", NEVER_KEPT)
        if self.site.is_secure:
            response.headers["Strict-Transport-Security"] = TWO_YEARS
        # Where nothing stands, aiohttp names itself and Python here, with their versions.
        response.headers["Server"] = "-"


def connection_of(request: web.Request) -> TimedConnection | None:
    """The connection that a request came by; None where it is over."""
    protocol = request.transport.get_protocol() if request.transport is not None else None
    return protocol if isinstance(protocol, TimedConnection) else None


def _said_refused(kind: str, error_id: str, count: int) -> None:
    log.info("page refused", error=f"{kind} {error_id}", count=count)


def html(text: str, status: int = 200) -> web.Response:
    """Return a page as the answer to a request."""
    return web.Response(text=text, status=status, content_type="text/html")


async def form_of(request: web.Request) -> Mapping[str, str]:
    """The fields of a form; of several of one name the first. What is no form has none, and one that comes too slowly is refused."""
    if request.content_type != "application/x-www-form-urlencoded":
        return {}
    connection = connection_of(request)
    try:
        with connection.awaiting() if connection is not None else nullcontext():
            async with asyncio.timeout(READING):
                fields = await request.post()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (web.RequestPayloadError, ValueError, LookupError):  # a body, or a text in it, that is none
        raise web.HTTPBadRequest from None
    return {key: value for key, value in fields.items() if isinstance(value, str)}
