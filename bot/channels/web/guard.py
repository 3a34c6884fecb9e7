"""Which requests are answered, by their origin, rate and speed, and the security headers of all answers."""

import asyncio
import secrets
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any, cast

from aiohttp import web

from bot.channels.web.markup import element
from bot.channels.web.page import Bar, plain_page
from bot.channels.web.site import Site
from bot.channels.web.visitor import Handler
from bot.runtime.logs import MINUTE, log, log_failure
from bot.watch.meter import meter
from dialogs.core.acts import Given, code_of
from dialogs.core.script import Wording

MOST_NAMES = 20_000  # the maximum number of names in one `Buckets`; the least recently used is dropped
MOST_TICKS = 64  # the most boxes of a page
MOST_BYTES = 64_000  # the maximum size of a request's body in bytes
READING = 10.0  # seconds within which a body must arrive


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate limit: how many requests may come at once, and how many a second in the long run."""

    at_once: float
    a_second: float


A_PERSON = Rate(at_once=60, a_second=10)  # requests of one person: more than anybody can tap
A_STRANGER = Rate(at_once=300, a_second=20)  # requests without a session from one IP address, such as sign-ins


class Buckets:
    """Rate limits for any number of names, with a token bucket for each."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def takes(self, name: str) -> bool:
        """Count a request of this name. Return True if it is within the rate."""
        now, rate = self._clock(), self._rate
        left, since = self._left.pop(name, (rate.at_once, now))
        left = min(rate.at_once, left + (now - since) * rate.a_second)
        is_taken = left >= 1
        self._left[name] = (left - is_taken, now)
        if len(self._left) > MOST_NAMES:
            self._left.popitem(last=False)
        return is_taken

    def demand(self, name: str) -> None:
        """Count a request of this name. Raise `HTTPTooManyRequests` if it exceeds the rate."""
        if not self.takes(name):
            raise web.HTTPTooManyRequests


MOST_PAGES = 6  # how many of a person's open pages are told of changes; if there are more, the oldest is not


class Followers:
    """The open pages of each person, or of each pass. They can be woken, to check whether what they show has changed."""

    def __init__(self, most: int = MOST_PAGES) -> None:
        self._most = most
        self._open: dict[str, list[asyncio.Event]] = defaultdict(list)
        self._over: set[asyncio.Event] = set()

    def wake(self, person: str) -> None:
        """Let the person's open pages check whether their card has changed."""
        for page in self._open.get(person, ()):
            page.set()

    @contextmanager
    def opened(self, person: str) -> Iterator[asyncio.Event]:
        """Register an open page while the block runs. Yield the event by which it is woken."""
        page, pages = asyncio.Event(), self._open[person]
        pages.append(page)
        if len(pages) > self._most:
            self._over.add(pages[0])
            pages.pop(0).set()
        try:
            yield page
        finally:
            if page in pages:
                pages.remove(page)
            self._over.discard(page)
            if not pages:
                self._open.pop(person, None)

    def is_over(self, page: asyncio.Event) -> bool:
        """Return True if the page is no longer told of changes, because the person has opened too many others."""
        return page in self._over

    async def wait(self, page: asyncio.Event, seconds: float) -> None:
        """Wait until the page is woken, but at most this many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(page.wait(), seconds)
        page.clear()


class Refusals:
    """A counter of refusals, each counted as `event`. The first of a kind in a minute is logged at once, the rest together."""

    def __init__(self, event: str, say: Callable[[str, str, int], None]) -> None:
        self._event, self._say = event, say
        self._counts: dict[str, tuple[str, int]] = {}

    def note(self, kind: str) -> str:
        """Count a refusal, and return the error id under which it is logged. `kind` must have only a few values."""
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


POLICY = (  # no inline style or script, and nothing from other sites
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
FEATURES = (  # features of browsers, which are all denied
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen"),
    *("gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone"),
    *("midi", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "usb"),
    "xr-spatial-tracking",
)
ISOLATING = "Cross-Origin-Opener-Policy"
SECURITY: Mapping[str, str] = {  # headers of every answer
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "Referrer-Policy": "same-origin",
    ISOLATING: "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
HEAD = 10.0  # seconds in which a request's head must arrive, counted from its first byte or the connection
MOST = 800  # the maximum number of connections; by default a process may open 1,024 files, and the bot needs others
IDLE = 30.0  # seconds for which a connection without a request stays open


class OpenConnections:
    """The open connections. If there are too many, the one that has been idle for longest is closed."""

    def __init__(self) -> None:
        self.open: set[TimedConnection] = set()
        self.idle: dict[TimedConnection, None] = {}

    def admit(self, connection: "TimedConnection") -> bool:
        """Count a connection and return True. Return False if there are too many and none of the others is idle."""
        if len(self.open) >= MOST and self.idle:
            next(iter(self.idle)).end()
        is_admitted = len(self.open) < MOST
        if is_admitted:
            self.open.add(connection)
            self.idle[connection] = None
        return is_admitted


class TimedConnection(web.RequestHandler):
    """The protocol of one connection. If the head of a request arrives too late, the connection is closed."""

    __slots__ = ("_among", "_failed", "_is_answering", "_late", "_own_transport")

    def __init__(self, server: web.Server, *, among: OpenConnections, failed: Callable[[int], web.Response]) -> None:
        # There is no access log: addresses contain the codes of rooms and, after a sign-in, those of people.
        super().__init__(server, loop=asyncio.get_running_loop(), access_log=cast(Any, None), keepalive_timeout=IDLE)
        self._among, self._failed = among, failed
        self._own_transport: asyncio.Transport | None = None  # the server forgets its own when it begins to close
        self._late: asyncio.TimerHandle | None = None
        self._is_answering = False

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """Return the page for a request that is malformed or failed. Raise `ConnectionError` if the page cannot be sent."""
        if isinstance(exc, ConnectionError) or request.writer.output_size > 0:
            raise ConnectionError
        response = self._failed(status)
        response.force_close()
        return response

    @contextmanager
    def answering(self) -> Iterator[None]:
        """While the block answers a request, do not measure the time, and do not count the connection as idle."""
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
        """While the block waits for the body of a request, count the connection as idle."""
        self._idle()
        try:
            yield
        finally:
            self._among.idle.pop(self, None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._own_transport = cast(asyncio.Transport, transport)
        super().connection_made(transport)
        if self._among.admit(self):
            self._start_clock()
        else:
            self._own_transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._late is None and not self._is_answering:
            self._start_clock()
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def end(self) -> None:
        """Close the connection at once, without sending what is left."""
        self._forget()
        if self._own_transport is not None:
            self._own_transport.abort()

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
        if self._own_transport is not None and not self._is_answering:
            self._own_transport.abort()


READY = "/readyz"  # 200 while answers can be saved here, so that a load balancer may send people
LOOKS = ("/healthz", READY)  # the first is 200 while the program answers at all


def _log_refusal(kind: str, error_id: str, count: int) -> None:
    log.info("page refused", error=f"{kind} {error_id}", count=count)


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """The check of all requests: those for other host names and posts from other sites are refused. Answers get security headers."""

    site: Site
    words: Wording
    open_to_others: frozenset[str] = frozenset()  # paths that other sites may post to, with a proof of their own
    is_ready: Callable[[], bool] = bool
    bar: Callable[[], Bar] = Bar  # the numbers at the foot of a page with an error id
    refusals: Refusals = field(default_factory=lambda: Refusals("page refused", _log_refusal))

    def around(self, handler: Handler) -> Handler:
        """Return a handler that checks each request before it calls this handler."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            connection = connection_of(request)
            with connection.answering() if connection is not None else nullcontext():
                return await self.answer(request, handler)

        return guarded

    async def answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Return the handler's answer, or a page with an error id if the request is refused or the handler fails."""
        if request.path in LOOKS and request.method == "GET":  # of a load balancer, by the address of this machine
            look = web.Response(status=200 if request.path != READY or self.is_ready() else 503)
            self._forbid(look)
            return look
        if not self.site.is_named(request.host):
            return self.failed(421)
        origin, site, own = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site"), self.site.address
        # A browser without `Sec-Fetch-Site` sends `Origin` with every form. A request without either is refused.
        is_ours = origin == own if site is None else (site == "same-origin" and origin in (None, own))
        is_taken = is_ours or request.method in ("GET", "HEAD") or request.path in self.open_to_others
        if self.site.is_downgraded(request) or not is_taken:
            return self.failed(403)
        (answered,) = await asyncio.gather(handler(request), return_exceptions=True)
        match answered:
            case web.HTTPException(status=status) if status >= web.HTTPBadRequest.status_code:
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
        """Return the page for a failure with this HTTP status, and log its error id. It repeats nothing from the request."""
        return self._page(status, self.refusals.note(str(status)))

    def _page(self, status: int, error_id: str) -> web.Response:
        text = self.words.say("browser.failed.text", error=error_id)
        about, heading = element("p", text), self.words.say("browser.failed.title")
        response = html(plain_page(self.words, about, heading=heading, bar=self.bar()), status)
        # The page can stand at any address, also at one that contains a code of the sign-in.
        response.headers["Referrer-Policy"] = "no-referrer"
        # The server calls `forbid` only if it could parse the request, and this one may be malformed.
        self._forbid(response)
        return response

    async def forbid(self, _: web.Request, response: web.StreamResponse) -> None:
        """Add the security headers to an answer. The server calls this before it sends the answer."""
        self._forbid(response)

    def _forbid(self, response: web.StreamResponse) -> None:
        for name, value in SECURITY.items():
            if name != ISOLATING or not self.site.is_plain:  # without TLS a browser only complains about it
                response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if self.site.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=63072000"  # two years
        # By default aiohttp sends its own version and that of Python.
        response.headers["Server"] = "-"


def connection_of(request: web.Request) -> TimedConnection | None:
    """Return the connection that a request came by, or None if it is closed."""
    protocol = request.transport.get_protocol() if request.transport is not None else None
    return protocol if isinstance(protocol, TimedConnection) else None


def html(text: str, status: int = 200) -> web.Response:
    """Return the text as an HTML response."""
    return web.Response(text=text, status=status, content_type="text/html")


async def form_of(request: web.Request) -> Mapping[str, str]:
    """Return the fields of a form, or none if the body is not a form. Raise an HTTP error if it is malformed or arrives slowly."""
    if request.content_type != "application/x-www-form-urlencoded":
        return {}
    connection = connection_of(request)
    try:
        with connection.awaiting() if connection is not None else nullcontext():
            async with asyncio.timeout(READING):
                fields = await request.post()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (web.RequestPayloadError, ValueError, LookupError):  # the body or its encoding is malformed
        raise web.HTTPBadRequest from None
    return {key: value for key, value in fields.items() if isinstance(value, str)}


def missing_in(form: Mapping[str, str]) -> str:
    """Return the key of the toast that says what is missing in a form that sends no act, or an empty text if nothing is known to be."""
    names = {"ticks": "rest-missing", "choice": "choice-missing"}
    return next((key for name, key in names.items() if name in form), "")


def with_ticks(form: Mapping[str, str]) -> Mapping[str, str]:
    """Return a form of ticks as one press: the ticks, and what was said of everything that is not ticked."""
    if "ticks" not in form or "rest" not in form:
        return form
    ticked = sum(1 << at for at in range(MOST_TICKS) if f"tick-{at}" in form)
    press = f"{form['ticks']}:{code_of(Given(form['rest'], ticked))}"
    return {"nonce": form.get("nonce", ""), "press": press, **({"command": ""} if "press" in form else {})}
