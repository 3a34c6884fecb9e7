"""The library's connection to the Bot API, over aiohttp (ADR 0042). No error quotes the address with the token."""

import asyncio
import errno
import json
import math
import ssl
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.runtime.background_tasks import Backoff
from bot.runtime.logs import log
from bot.watch.meter import meter
from dialogs.core.replies import Card


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
    OVERTAKEN = "another copy of the bot leads"


ADVICE = {  # what each reason may mean, and what to check
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
    Cause.OVERTAKEN: "This copy was away for too long. It sends nothing until it leads again.",
    Cause.NOT_THE_API: "A page that asks for a login, or of a proxy; or `SERAF_TELEGRAM_API` is another server.",
}


class Unreached(NetworkError):
    """The error of a call that the Bot API did not answer. The reason is in `why`."""

    def __init__(self, why: Cause) -> None:
        super().__init__(why)
        self.why = why


def unreached(error: Exception, *, has_proxy: bool) -> Unreached:
    """Return the error for a failed call. With a proxy, a failed name look-up means that the proxy is not reached."""
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


CONNECT_SECONDS = 10.0  # the time to connect, and the same again to pass the proxy or to wait for a free connection
READ_SECONDS = 15.0

LONGEST_ANSWER = 8 * 1024 * 1024  # bytes; a hundred updates with the longest texts are shorter
AS_JSON = json.JSONEncoder(separators=(",", ":"))

SAID_DONE, DONE = (b'{"ok":true,', b'{"ok": true,'), b'{"ok":true,"result":true}'
"""How a successful answer begins, and the short answer that replaces one that repeats a whole card."""


@dataclass(frozen=True, slots=True)
class Route:
    """The route to the Bot API: its address, the proxy, and the file of trusted certificates."""

    api: str
    proxy: str | None = field(default=None, repr=False)  # used for an https address, unless `NO_PROXY` excepts it
    certificates: Path | None = None


@dataclass(frozen=True, slots=True)
class JsonBody:
    """The encoded body of a call."""

    content: bytes = field(repr=False)
    is_result_read: bool = True  # False if the caller only needs to know that the call succeeded


def never() -> bool:
    """Return False."""
    return False


class AiohttpRequest(BaseRequest):
    """A pool of connections. Polling has its own pool, so that it never waits for calls that hang."""

    def __init__(self, route: Route) -> None:
        parts = urlsplit(route.api)
        is_for = parts.scheme == "https" and not proxy_bypass(parts.netloc)
        self._certificates, self._proxy = route.certificates, route.proxy if is_for else None
        self._session: aiohttp.ClientSession | None = None
        self._heads: dict[str, tuple[aiohttp.ClientRequest, bytes]] = {}
        self.is_silent: Callable[[], bool] = never
        """True while nothing may be sent."""

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
        """Make a call. Return the HTTP status and the body. No error quotes the address, which contains the token."""
        assert self._session is not None, "initialize comes first"
        if self.is_silent():
            raise Unreached(Cause.OVERTAKEN)
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
        """Post a body over a connection of the session, without the session's own work for each call (ADR 0042)."""
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
        except BaseException:  # a connection on which a call failed is never used again
            connection.close()
            raise
        connection.release()
        return message.code, answer

    def _head(self, session: aiohttp.ClientSession, url: str) -> tuple[aiohttp.ClientRequest, bytes]:
        """Return the request for which the pool finds a connection, and a call's HTTP head up to its Content-Length."""
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
        headers = [f"{name}: {text}" for name, text in request.headers.items()]
        lines = (f"POST {request.url.raw_path_qs} HTTP/1.1", *headers, "Content-Length: ")
        self._heads[url] = request, "\r\n".join(lines).encode()
        return self._heads[url]

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the decoded answer of the Bot API. The library's own parser would log an unreadable answer in full."""
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
    """Return the body of an answer. Raise `Unreached` if it is too long or not by the Bot API, such as a login page."""
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
        self, method: str, fields: dict[str, Any], *, read_seconds: float = READ_SECONDS, is_result_read: bool = True
    ) -> Any:
        """Call a method of the Bot API. Return the result, or True without `is_result_read`. Raise `TelegramError`."""
        request = self._request[0] if method == "getUpdates" else self._request[1]
        body = JsonBody(AS_JSON.encode(fields).encode(), is_result_read)
        data = cast(RequestData, body)  # `AiohttpRequest` takes either
        return await request.post(f"{self.base_url}/{method}", data, read_timeout=read_seconds)


A_CHAT = 1.05  # seconds between two new messages to one chat
A_SECOND = 24  # the maximum number of new messages to all chats in any one second
MARGIN = 0.05  # seconds added to every wait, as two clocks never agree; also the head start of a small call as probe
IN_A_ROW = 6  # if this many chats in a row are refused, Telegram seems to refuse the whole bot
PROBE_EVERY = 3.0  # seconds between two probes while Telegram seems to refuse the whole bot
LONGEST_SILENCE = 30.0  # seconds after which a call no longer waits because of other chats, whatever Telegram asked for
LOOK_AGAIN = 0.25  # seconds after which a call that waits because of other chats checks whether one was served
FIRST_WAIT, LONGEST_WAIT = 0.25, 20.0  # seconds between tries while Telegram cannot be reached
LONGEST_DEAF = 5.0  # the maximum wait before a poll or the start: until then the bot receives nothing
REFUSED = (BadRequest, Forbidden, ChatMigrated)  # errors that another try would only repeat
Answer = TypeVar("Answer")


class Rank(IntEnum):
    """The priority of a call when several have to wait. The lowest number goes first."""

    ANSWER = 0  # the answer to a tap, whose button is busy until it arrives
    WHOM_TO_CALL = 1
    CARD = 2  # any other card, file or text
    REMOVAL = 3

    @classmethod
    def of(cls, card: Card) -> "Rank":
        """Return the rank of the call that shows a card."""
        return cls.WHOM_TO_CALL if card.goes_first else cls.CARD


def retry_after(error: RetryAfter) -> float:
    """Return how many seconds Telegram asks the bot to wait. The library gives an integer or a timedelta."""
    seconds = error.retry_after
    return seconds if isinstance(seconds, int) else seconds.total_seconds()


async def heed(error: RetryAfter) -> None:
    """Wait as long as Telegram asks, but at most `LONGEST_DEAF` seconds, since the bot receives nothing meanwhile."""
    seconds = min(retry_after(error), LONGEST_DEAF)
    meter().refused(seconds)
    log.warning("Telegram refuses calls for a while", seconds=seconds)
    await asyncio.sleep(MARGIN + seconds)


class RateLimit:
    """The rate limit of calls to Telegram. `now` is a clock, `a_chat` the wait between messages to a chat (seconds)."""

    def __init__(self, now: Callable[[], float], *, a_chat: float = A_CHAT) -> None:
        self._now, self._a_chat = now, a_chat
        self._refused: dict[int, float] = {}
        self._in_a_row: set[int] = set()
        self._probed = -math.inf
        self._sent: deque[float] = deque()
        self._chats: dict[int, float] = {}
        self._in_line = 0

    @property
    def is_everybody_silent(self) -> bool:
        """True if Telegram seems to refuse the whole bot: it has refused several chats in a row, and still does."""
        now = self._now()
        self._refused = {chat: until for chat, until in self._refused.items() if until > now}
        self._in_a_row &= self._refused.keys()
        return len(self._in_a_row) >= IN_A_ROW

    def refuse(self, chat: int, seconds: float) -> None:
        """Note that Telegram refuses the chat, so that calls to it wait for this many seconds."""
        self._refused[chat] = max(self._refused.get(chat, 0.0), self._now() + seconds + MARGIN)
        self._in_a_row.add(chat)

    async def before_any(self, chat: int | None, rank: Rank) -> None:
        """Wait until a call to the chat may be sent. `chat` is None if the call concerns no chat."""
        if chat not in self._refused and not self._in_a_row:
            return
        since = self._now()
        while (wait := self._wait_alone(chat) or self._wait_with_others(rank, since)) > 0:
            await asyncio.sleep(wait)

    async def before_new(self, chat: int, rank: Rank) -> None:
        """Wait until a new message may go to the chat, and count it as sent. Cards with whom to call go first."""
        slots = int(rank <= Rank.WHOM_TO_CALL)
        self._in_line += slots
        try:
            while (wait := max(self._wait_alone(chat), self._wait_for_new(chat, rank))) > 0:
                await asyncio.sleep(wait)
        finally:
            self._in_line -= slots
        now = self._now()
        self._sent.append(now)
        for other in [other for other, free in self._chats.items() if free <= now]:
            del self._chats[other]
        self._chats[chat] = now + self._a_chat

    def _wait_alone(self, chat: int | None) -> float:
        return max(0.0, self._refused.get(chat, 0.0) - self._now()) if chat is not None else 0.0

    def _wait_with_others(self, rank: Rank, since: float) -> float:
        """Return the seconds to wait because of other chats: 0 for answers, cards with whom to call, and the probe."""
        if rank <= Rank.WHOM_TO_CALL or not self.is_everybody_silent:
            return 0.0
        now = self._now()
        # The smallest of the calls that wait is the probe: a removal before a card.
        probe = self._probed + PROBE_EVERY + (Rank.REMOVAL - rank) * MARGIN - now
        wait = min(probe, since + LONGEST_SILENCE - now, LOOK_AGAIN)
        if wait <= 0:
            self._probed = now
        return wait

    def _wait_for_new(self, chat: int, rank: Rank) -> float:
        now = self._now()
        while self._sent and self._sent[0] <= now - 1.0 - MARGIN:
            self._sent.popleft()
        wait = self._chats.get(chat, 0.0) - now
        reserved = 0 if rank <= Rank.WHOM_TO_CALL else self._in_line
        if len(self._sent) + reserved >= A_SECOND:
            first = self._sent[0] if self._sent else now
            wait = max(wait, first + 1.0 + MARGIN - now)
        return wait

    async def once(self, call: Callable[[], Awaitable[object]], *, chat: int | None, rank: Rank) -> None:
        """Repeat a call until Telegram answers. Ignore an error in the answer."""
        try:
            await self.persist(call, chat=chat, rank=rank)
        except TelegramError:
            return

    async def persist(self, call: Callable[[], Awaitable[Answer]], *, chat: int | None, rank: Rank) -> Answer:
        """Repeat a call until Telegram answers. Raise the error of a refusal. A call for no chat delays no other."""
        backoff: Backoff | None = None
        while True:
            await self.before_any(chat, rank)
            try:
                answer = await call()
            except RetryAfter as error:
                seconds = retry_after(error)
                meter().refused(seconds)
                if chat is None:
                    log.warning("Telegram refuses a call for a while", seconds=seconds)
                    await asyncio.sleep(seconds + MARGIN)
                    continue
                self.refuse(chat, seconds)
                if self.is_everybody_silent:
                    log.warning("Telegram seems to refuse everybody for a while", seconds=seconds)
                else:
                    log.warning("Telegram refuses one chat for a while", seconds=seconds)
            except REFUSED:
                raise
            except TelegramError:  # Telegram cannot be reached, fails, refuses the token, or gives no valid answer
                backoff = backoff or Backoff(FIRST_WAIT, LONGEST_WAIT)
                await backoff.wait()
            else:
                if chat is not None:  # Telegram served a chat, and so does not refuse the whole bot
                    self._in_a_row.clear()
                return answer
