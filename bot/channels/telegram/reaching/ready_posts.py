"""A body that is ready, posted over aiohttp's connections and without its session.

The session makes anew for each call what is the same for all here: an address, headers, cookies, hooks, a response. Connections,
proxies, TLS and the reading of an answer are aiohttp's as ever (ADR 0042).
"""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import aiohttp
from yarl import URL

from bot.channels.telegram.reaching.exchanges import Exchanges

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
