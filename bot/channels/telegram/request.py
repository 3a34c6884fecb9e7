"""The library's connection to the Bot API, over aiohttp, which takes less processor time than its default client.

The most frequent calls send one JSON body and return plain values, without the library's objects. Errors are the
library's own. None quotes the address, which contains the token.
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
    """The reasons why the Bot API was not reached, as the log names them."""

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
"""What each reason may mean, and what to check."""


class Unreached(NetworkError):
    """The Bot API gave no answer, for the reason in `why`."""

    def __init__(self, why: Cause) -> None:
        super().__init__(why)
        self.why = why


def unreached(error: Exception, *, has_proxy: bool) -> Unreached:
    """Return the reason why a call failed. With a proxy, a failed look-up is of the proxy's name."""
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
    """Return the name of an error for the log."""
    return error.why if isinstance(error, Unreached) else type(error).__name__


CONNECT_SECONDS = 10.0
"""Seconds to connect; and as long again to pass the proxy, or to wait for a connection that another call uses."""

READ_SECONDS = 15.0

LONGEST_ANSWER = 8 * 1024 * 1024
"""The most bytes of an answer that are read. A hundred updates with the longest texts are shorter."""

AS_JSON = json.JSONEncoder(separators=(",", ":"))

SAID_DONE, DONE = (b'{"ok":true,', b'{"ok": true,'), b'{"ok":true,"result":true}'
"""The starts of a successful answer, and the shortest such answer, which replaces one that repeats a whole card."""


@dataclass(frozen=True, slots=True)
class Route:
    """The route to the Bot API: its address, the proxy, and the file of trusted certificates."""

    api: str
    proxy: str | None = field(default=None, repr=False)
    """Used only if the address has TLS and is not excepted by `NO_PROXY`."""
    certificates: Path | None = None


@dataclass(frozen=True, slots=True)
class JsonBody:
    """The encoded body of a call."""

    content: bytes = field(repr=False)
    is_result_read: bool = True
    """False if the caller only needs to know that the call succeeded."""


class AiohttpRequest(BaseRequest):
    """One pool of connections. Polling has a pool of its own, so that it never waits behind answers that hang."""

    def __init__(self, route: Route) -> None:
        parts = urlsplit(route.api)
        is_for = parts.scheme == "https" and not proxy_bypass(parts.netloc)
        self._certificates, self._proxy = route.certificates, route.proxy if is_for else None
        self._session: aiohttp.ClientSession | None = None
        self._heads: dict[str, tuple[aiohttp.ClientRequest, bytes]] = {}

    @property
    def read_timeout(self) -> float:
        """The default seconds to wait for an answer."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the pool, if it is not open yet."""
        if self._session is None:
            trusted = ssl.create_default_context(cafile=self._certificates) if self._certificates else True
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=100, ssl=trusted),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # or a short answer could become a long one
                headers={"Accept-Encoding": "identity"},
            )

    async def shutdown(self) -> None:
        """Close the pool, if it is open."""
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
        """Send one call, and return its HTTP status and body. No error quotes the address, which contains the token."""
        assert self._session is not None, "initialize comes first"
        seconds = read_timeout if isinstance(read_timeout, int | float) else READ_SECONDS
        try:
            if isinstance(request_data, JsonBody):
                status, answer = await self._post(self._session, url, request_data.content, seconds=seconds)
                if not request_data.is_result_read and answer.startswith(SAID_DONE):
                    answer = DONE
            else:
                timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
                data: dict[str, str] | aiohttp.FormData | None = request_data and request_data.json_parameters
                if request_data and request_data.contains_files:
                    data = aiohttp.FormData(request_data.json_parameters)
                    for name, (filename, content, kind) in request_data.multipart_data.items():
                        data.add_field(name, content, filename=filename, content_type=kind)
                # No redirect is followed, or the token in the address would be sent elsewhere.
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
        """Post a body over a connection of the session, without the session's own work for each call (ADR 0042).

        A connection on which a call failed is never used again.
        """
        assert session.connector is not None, "the session is open"
        request, head = self._heads.get(url) or self._head(session, url)
        # The time to connect is separate: `seconds` counts from the connection on.
        timeout = aiohttp.ClientTimeout(connect=2 * CONNECT_SECONDS, sock_connect=CONNECT_SECONDS)
        connection = await session.connector.connect(request, [], timeout)
        try:
            protocol, transport = connection.protocol, connection.transport
            if protocol is None or transport is None:
                raise aiohttp.ServerDisconnectedError
            async with asyncio.timeout(seconds):
                # A compressed answer could expand to a long one; an answer without a length ends with the connection.
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
        """Return the request by which a connection is found, and the head of every call, which lacks only the length of its body."""
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
        """Return the answer of the Bot API. The library's own parser would log an unreadable one word for word."""
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
    """Return the body. Raise `Unreached` if it is not by the Bot API, such as a login page."""
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


class DirectBot(Bot):
    """The library's bot, with a method for calls that return plain values."""

    async def call(
        self,
        method: str,
        fields: Mapping[str, object],
        *,
        read_seconds: float = READ_SECONDS,
        is_result_read: bool = True,
    ) -> Any:
        """Call a method of the Bot API with its fields, and return the result. Raise `TelegramError` on failure.

        Without `is_result_read` the result of a successful call is only True, though Telegram repeats a whole card.
        """
        request = self._request[0] if method == "getUpdates" else self._request[1]
        body = JsonBody(AS_JSON.encode(fields).encode(), is_result_read)
        return await request.post(
            f"{self.base_url}/{method}",
            cast(RequestData, body),  # `AiohttpRequest` takes either
            read_timeout=read_seconds,
        )
