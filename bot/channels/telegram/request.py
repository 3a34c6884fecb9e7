"""How the library reaches the Bot API: over aiohttp, which costs less processor time than its default client.

What is called most often goes straight through: plain values out as one body of JSON, and plain values back, with none of the
library's objects. Addresses and errors are the library's, and no error quotes the address, which has the token.
"""

import asyncio
import errno
import json
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.watch.meter import meter


class Cause(StrEnum):
    """What stood in the way, as the log names it."""

    NAME = "name not found"
    PORT = "port refused"
    NO_WAY = "no way there"
    PROXY = "proxy not reached"
    PROXY_REFUSED = "refused by the proxy"
    CERTIFICATE = "certificate not trusted"
    TLS = "no secure connection"
    CUT = "connection cut"
    SENT_ELSEWHERE = "sent elsewhere"
    TOO_LONG = "answer too long"
    NOT_THE_API = "answered by something else"


ADVICE = {
    Cause.NAME: "The name of the Bot API or of the proxy is not found. Does this machine have a DNS server? Is the address right?",
    Cause.PORT: "Nothing listens there, or a firewall says no.",
    Cause.NO_WAY: "There is no network, or no route.",
    Cause.PROXY: "The proxy of `HTTPS_PROXY` does not answer.",
    Cause.PROXY_REFUSED: "The proxy answers, and lets nobody through to the Bot API: a rule of it, or a name and password.",
    Cause.CERTIFICATE: "Somebody between reads along, or a proxy signs with a certificate of its own. If it is meant to: "
    "`SSL_CERT_FILE`.",
    Cause.TLS: "What answers there does not speak TLS as it should.",
    Cause.CUT: "It passes by itself, or something between cuts connections.",
    Cause.SENT_ELSEWHERE: "The answer was to ask another address, which is never done: the token would go along.",
    Cause.TOO_LONG: "It was not read to its end.",
    Cause.NOT_THE_API: "A page that asks for a login, or of a proxy; or `SERAF_TELEGRAM_API` is another server.",
}
"""What each could mean, and what to look at."""


class Unreached(NetworkError):
    """There was no answer of the Bot API, and why."""

    def __init__(self, why: Cause) -> None:
        super().__init__(why)
        self.why = why


def unreached(error: Exception, *, has_proxy: bool) -> Unreached:
    """What a failed call means; with a proxy it is the proxy whose name this machine looks up."""
    match error:
        case aiohttp.ClientProxyConnectionError():
            return Unreached(Cause.PROXY)
        case aiohttp.ClientConnectorDNSError():
            return Unreached(Cause.PROXY if has_proxy else Cause.NAME)
        case aiohttp.ClientHttpProxyError():
            return Unreached(Cause.PROXY_REFUSED)
        case aiohttp.ClientConnectorCertificateError():
            return Unreached(Cause.CERTIFICATE)
        case aiohttp.ClientSSLError():
            return Unreached(Cause.TLS)
        case aiohttp.ClientConnectorError() if error.os_error.errno == errno.ECONNREFUSED:
            return Unreached(Cause.PORT)
        case aiohttp.ClientConnectorError():
            return Unreached(Cause.NO_WAY)
        case _:
            return Unreached(Cause.CUT)


def named(error: TelegramError) -> str:
    """What the log says of an error."""
    return error.why if isinstance(error, Unreached) else type(error).__name__


class Exchanges:
    """Those that are under way, each over a connection of its own, with when it is given up (by the clock of the loop)."""

    def __init__(self) -> None:
        self._under_way: dict[Exchange, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, transport: asyncio.Transport, *, seconds: float) -> "Exchange":
        """One that is given up after so many seconds, unless it is left before: `with exchanges.begin(…):`."""
        exchange, loop = Exchange(self, transport), asyncio.get_running_loop()
        self._under_way[exchange] = until = loop.time() + seconds
        if self._timer is None or until < self._timer.when():
            if self._timer is not None:
                self._timer.cancel()
            self._timer = loop.call_at(until, self._look)
        return exchange

    def end(self, exchange: "Exchange") -> None:
        """It was left. The timer stays, since another is about to begin."""
        self._under_way.pop(exchange, None)

    def _look(self) -> None:
        """Give up those whose time has come, and look again when the next one's will have."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for exchange in [each for each, until in self._under_way.items() if until <= now]:
            self.end(exchange)
            exchange.give_up()
        first = min(self._under_way.values(), default=None)
        self._timer = None if first is None else loop.call_at(first, self._look)


class Exchange:
    """A question and its answer. Given up, it ends as a `TimeoutError`, whatever was read until then."""

    __slots__ = ("_exchanges", "_is_late", "_transport")

    def __init__(self, exchanges: Exchanges, transport: asyncio.Transport) -> None:
        self._exchanges = exchanges
        self._transport = transport
        self._is_late = False

    def give_up(self) -> None:
        """Cut the connection, so that whoever reads from it is woken."""
        self._is_late = True
        self._transport.abort()

    def __enter__(self) -> None:
        """It goes on."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave it. An answer that ends where its connection does may look whole when that is cut."""
        self._exchanges.end(self)
        if self._is_late and (error is None or isinstance(error, Exception)):
            raise TimeoutError from error


CONNECT_SECONDS = 10.0
CONNECTING = aiohttp.ClientTimeout(connect=2 * CONNECT_SECONDS, sock_connect=CONNECT_SECONDS)
"""To reach the other side; and to get a connection in all, by way of the proxy, or once another call is done with one.

The time for the answer begins after.
"""

HEADERS = {"Accept-Encoding": "identity", "Content-Type": "application/json"}

Reading = Callable[[int, aiohttp.StreamReader], Awaitable[bytes]]
"""What reads an answer of a status, or raises for one that is none."""


class ReadyPosts:
    """Posts over the connections of a session, by way of the proxy where there is one."""

    def __init__(self, session: aiohttp.ClientSession, proxy: str | None) -> None:
        assert session.connector is not None, "the session is open"
        self._session, self._connector = session, session.connector
        self._proxy = None if proxy is None else URL(proxy)
        self._exchanges = Exchanges()
        self._heads: dict[str, tuple[aiohttp.ClientRequest, bytes]] = {}

    async def post(self, url: str, body: bytes, *, seconds: float, read: Reading) -> tuple[int, bytes]:
        """The status and the body of the answer. `TimeoutError` after so many seconds for it; `aiohttp.ClientError` where none came, and
        `HttpProcessingError` where it was none.

        No redirect is followed. A connection on which anything went wrong is never used again.
        """
        request, head = self._heads.get(url) or self._head(url)
        connection = await self._connector.connect(request, [], CONNECTING)
        try:
            protocol, transport = connection.protocol, connection.transport
            if protocol is None or transport is None:
                raise aiohttp.ServerDisconnectedError
            with self._exchanges.begin(transport, seconds=seconds):
                # Packed, a short answer could become a long one; and one that does not say how long it is ends with the connection.
                protocol.set_response_params(auto_decompress=False, read_until_eof=True)
                transport.write(b"%b%d\r\n\r\n%b" % (head, len(body), body))
                message, content = await protocol.read()
                while message.code < HTTPStatus.OK and message.code != HTTPStatus.SWITCHING_PROTOCOLS:
                    message, content = await protocol.read()
                answer = await read(message.code, content)
        except BaseException:
            connection.close()
            raise
        connection.release()
        return message.code, answer

    def _head(self, url: str) -> tuple[aiohttp.ClientRequest, bytes]:
        """What every call of an address begins with, up to how long its body is, and what finds a connection for it."""
        request = aiohttp.ClientRequest(
            "POST",
            URL(url),
            headers=HEADERS,
            loop=asyncio.get_running_loop(),
            response_class=aiohttp.ClientResponse,
            session=self._session,
            proxy=self._proxy,
        )
        request.headers.popall("Content-Length", None)
        lines = [
            f"POST {request.url.raw_path_qs} HTTP/1.1",
            *(f"{name}: {said}" for name, said in request.headers.items()),
        ]
        self._heads[url] = request, "\r\n".join((*lines, "Content-Length: ")).encode()
        return self._heads[url]


READ_SECONDS = 15.0

LONGEST_ANSWER = 8 * 1024 * 1024
"""Bytes of an answer that are read. A hundred updates with the longest texts are shorter."""

AS_JSON = json.JSONEncoder(separators=(",", ":"))

SAID_DONE, DONE = (b'{"ok":true,', b'{"ok": true,'), b'{"ok":true,"result":true}'
"""How the answer to a call begins that was done; and the shortest, in place of one that repeats a whole card."""


@dataclass(frozen=True, slots=True)
class Route:
    """The way to the Bot API: its address, the proxy on the way, and the file of the certificates that are trusted."""

    api: str
    proxy: str | None = field(default=None, repr=False)
    certificates: Path | None = None

    @property
    def heeded_proxy(self) -> str | None:
        """The proxy, where the address is one that it is for: with TLS, and not excepted by `NO_PROXY`."""
        parts = urlsplit(self.api)
        is_for = parts.scheme == "https" and not proxy_bypass(parts.netloc)
        return self.proxy if is_for else None


@dataclass(frozen=True, slots=True)
class JsonBody:
    """What a call sends, made ready."""

    content: bytes = field(repr=False)
    is_result_read: bool = True
    """False where nothing matters of the answer but that it was done."""


class AiohttpRequest(BaseRequest):
    """One pool of connections. Polling needs one of its own, so that it never waits behind answers that hang."""

    def __init__(self, route: Route) -> None:
        self._certificates, self._proxy = route.certificates, route.heeded_proxy
        self._session: aiohttp.ClientSession | None = None
        self._posts: ReadyPosts | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer where a call says nothing else."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the pool; a second time changes nothing."""
        if self._session is None:
            trusted = ssl.create_default_context(cafile=self._certificates) if self._certificates else True
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=100, ssl=trusted),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # or a short answer could become a long one
                headers={"Accept-Encoding": "identity"},
            )
            self._posts = ReadyPosts(self._session, self._proxy)

    async def shutdown(self) -> None:
        """Close the pool; a second time changes nothing."""
        if self._session is not None:
            await self._session.close()
            self._session = self._posts = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | JsonBody | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        """Send one call, and return its HTTP status and body. No error that it raises quotes the address, which has the token."""
        assert self._session is not None, "initialize comes first"
        assert self._posts is not None, "initialize comes first"
        seconds = read_timeout if isinstance(read_timeout, int | float) else READ_SECONDS
        try:
            if isinstance(request_data, JsonBody):
                status, answer = await self._posts.post(url, request_data.content, seconds=seconds, read=_read)
                is_enough = not request_data.is_result_read and answer.startswith(SAID_DONE)
                answered = status, DONE if is_enough else answer
            else:
                answered = await _ask(self._session, method, url, request_data, seconds=seconds, proxy=self._proxy)
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, HttpProcessingError, OSError, ValueError) as error:
            raise unreached(error, has_proxy=self._proxy is not None) from None
        meter().was_answered()
        return answered

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer of the Bot API. The library's own way would log one that it cannot read, word for word, as an error."""
        if payload == DONE:
            return {"ok": True, "result": True}
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


async def _ask(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    data: RequestData | None,
    *,
    seconds: float,
    proxy: str | None,
) -> tuple[int, bytes]:
    timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
    # No redirect is followed: the token is in the address, and would go along.
    async with session.request(
        method, url, data=data and _form(data), timeout=timeout, proxy=proxy, allow_redirects=False
    ) as response:
        return response.status, await _read(response.status, response.content)


async def _read(status: int, content: aiohttp.StreamReader) -> bytes:
    """The answer. Raises `Unreached` where it is none of the Bot API, so that a page is never taken for a refused token."""
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise Unreached(Cause.SENT_ELSEWHERE)
    body = bytearray()
    while not content.at_eof():
        body += await content.readany()
        if len(body) > LONGEST_ANSWER:
            raise Unreached(Cause.TOO_LONG)
    if not body.startswith(b"{") or (status == HTTPStatus.OK and b'"result"' not in body):
        raise Unreached(Cause.NOT_THE_API)
    return bytes(body)


def _form(request: RequestData) -> dict[str, str] | aiohttp.FormData:
    """Its fields, and files where it has any."""
    if not request.contains_files:
        return request.json_parameters
    form = aiohttp.FormData(request.json_parameters)
    for name, (filename, content, kind) in request.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


class DirectBot(Bot):
    """The library's bot, with one more way to call."""

    async def call(
        self,
        method: str,
        fields: Mapping[str, object],
        *,
        read_seconds: float = READ_SECONDS,
        is_result_read: bool = True,
    ) -> Any:
        """Call a method with its fields in the Bot API's own words; its result. Raises `TelegramError` like every other call.

        Where the result is not read, an edited card that comes back whole is no more than that it was done.
        """
        request = self._request[0] if method == "getUpdates" else self._request[1]
        body = JsonBody(AS_JSON.encode(fields).encode(), is_result_read)
        return await request.post(
            f"{self.base_url}/{method}",
            cast(RequestData, body),  # our own requests, which are all that it is handed to, take either
            read_timeout=read_seconds,
        )
