"""How the library reaches the Bot API: over aiohttp, which costs less processor time than its default client.

What is called most often goes out as one body of JSON and comes back as plain values, with none of the library's objects.
Errors are the library's, and none quotes the address, which has the token.
"""

import asyncio
import errno
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
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


CONNECT_SECONDS = 10.0
"""To reach the other side; and as long again to get a connection by way of the proxy, or once another call is done with one."""

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
        self._heads: dict[str, tuple[aiohttp.ClientRequest, bytes]] = {}

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

    async def shutdown(self) -> None:
        """Close the pool; a second time changes nothing."""
        if self._session is not None:
            await self._session.close()
            self._session = None
            self._heads.clear()

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
        seconds = read_timeout if isinstance(read_timeout, int | float) else READ_SECONDS
        try:
            if isinstance(request_data, JsonBody):
                status, answer = await self._post(self._session, url, request_data.content, seconds=seconds)
                if not request_data.is_result_read and answer.startswith(SAID_DONE):
                    answer = DONE
            else:
                timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
                data = request_data and _form(request_data)
                # No redirect is followed: the token is in the address, and would go along.
                async with self._session.request(
                    method, url, data=data, timeout=timeout, proxy=self._proxy, allow_redirects=False
                ) as response:
                    status, answer = response.status, await _read(response.status, response.content)
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, HttpProcessingError, OSError, ValueError) as error:
            raise unreached(error, has_proxy=self._proxy is not None) from None
        meter().was_answered()
        return status, answer

    async def _post(
        self, session: aiohttp.ClientSession, url: str, body: bytes, *, seconds: float
    ) -> tuple[int, bytes]:
        """Post a body over a connection of the session, without all that the session makes again for each call (ADR 0042).

        A connection on which anything went wrong is never used again.
        """
        assert session.connector is not None, "the session is open"
        request, head = self._heads.get(url) or self._head(session, url)
        # What it takes to connect does not count: the time for the answer begins after it.
        timeout = aiohttp.ClientTimeout(connect=2 * CONNECT_SECONDS, sock_connect=CONNECT_SECONDS)
        connection = await session.connector.connect(request, [], timeout)
        try:
            protocol, transport = connection.protocol, connection.transport
            if protocol is None or transport is None:
                raise aiohttp.ServerDisconnectedError
            async with asyncio.timeout(seconds):
                # Packed, a short answer could become a long one; and one that does not say how long it is ends with the connection.
                protocol.set_response_params(auto_decompress=False, read_until_eof=True)
                transport.write(b"%b%d\r\n\r\n%b" % (head, len(body), body))
                message, content = await protocol.read()
                while message.code < HTTPStatus.OK and message.code != HTTPStatus.SWITCHING_PROTOCOLS:
                    message, content = await protocol.read()
                answer = await _read(message.code, content)
        except BaseException:
            connection.close()
            raise
        connection.release()
        return message.code, answer

    def _head(self, session: aiohttp.ClientSession, url: str) -> tuple[aiohttp.ClientRequest, bytes]:
        """Return what every call of an address begins with, up to how long its body is, and what finds a connection for it."""
        request = aiohttp.ClientRequest(
            "POST",
            URL(url),
            headers={"Accept-Encoding": "identity", "Content-Type": "application/json"},
            loop=asyncio.get_running_loop(),
            response_class=aiohttp.ClientResponse,
            session=session,
            proxy=None if self._proxy is None else URL(self._proxy),
        )
        request.headers.popall("Content-Length", None)
        lines = [
            f"POST {request.url.raw_path_qs} HTTP/1.1",
            *(f"{name}: {text}" for name, text in request.headers.items()),
        ]
        self._heads[url] = request, "\r\n".join((*lines, "Content-Length: ")).encode()
        return self._heads[url]

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
