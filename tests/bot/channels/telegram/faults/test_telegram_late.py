"""Tests that a call to Telegram that takes too long ends at its own time limit, and that its connection is closed."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest
from telegram.error import TelegramError, TimedOut
from telegram.request import RequestData

from bot.channels.telegram import request as calls
from bot.channels.telegram.request import AiohttpRequest, JsonBody, Route
from tests.fakes.telegram.on_the_way import Authority, served_securely

WHOLE = b'{"ok":true,"result":true}'
BODY = cast(RequestData, JsonBody(b"{}"))
EVER = 60.0


class Server:
    """A fake server that sends `first` at once, and its answer after the seconds in the path. It counts connections."""

    def __init__(self, first: bytes = b"") -> None:
        self.connections = 0
        self._first = first

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0) as server:
            yield server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(len(b"{}"))
                writer.write(self._first)
                await asyncio.sleep(float(head.split()[1].removeprefix(b"/")))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(WHOLE), WHOLE))
        writer.close()


@contextlib.asynccontextmanager
async def asking(route: Route) -> AsyncIterator[AiohttpRequest]:
    request = AiohttpRequest(route)
    await request.initialize()
    try:
        yield request
    finally:
        await request.shutdown()


async def outcome(request: AiohttpRequest, route: Route, *, after: float, within: float) -> tuple[str, float]:
    """Send a call that is answered after `after` seconds and abandoned after `within`; return how and when it ended."""
    began = time.monotonic()
    try:
        _, answer = await request.do_request(f"{route.api}/{after}", "POST", BODY, read_timeout=within)
        assert answer == WHOLE
        how = "answered"
    except TelegramError as error:
        how = type(error).__name__
    return how, time.monotonic() - began


async def test_each_of_many_calls_is_given_up_at_its_own_time() -> None:
    server = Server()
    async with server.listening() as port, asking(route := Route(f"http://127.0.0.1:{port}")) as request:
        plans = [(EVER, 1.2), (0.6, EVER), (EVER, 0.3), (0.0, EVER), (EVER, 0.6), (0.9, EVER)] * 3
        ended = await asyncio.gather(*(outcome(request, route, after=a, within=b) for a, b in plans))
        again, _ = await outcome(request, route, after=0.0, within=EVER)
        late, took = await outcome(request, route, after=EVER, within=0.2)

    assert [how for how, _ in ended] == ["TimedOut" if after > within else "answered" for after, within in plans]
    for (after, within), (_, seconds) in zip(plans, ended, strict=True):
        assert min(after, within) - 0.01 <= seconds < min(after, within) + 1
    assert again == "answered"
    assert late == "TimedOut"
    assert 0.2 <= took < 1.2


async def test_a_connection_that_was_given_up_is_not_used_again() -> None:
    """On a reused connection, the late answer to one call would be read as the answer to the next."""
    server = Server()
    async with server.listening() as port, asking(route := Route(f"http://127.0.0.1:{port}")) as request:
        first, _ = await outcome(request, route, after=0.3, within=0.1)
        second = [await outcome(request, route, after=0.0, within=EVER) for _ in range(3)]

    assert first == "TimedOut"
    assert [how for how, _ in second] == ["answered"] * 3
    assert server.connections == 2


async def test_a_call_that_was_answered_in_time_has_no_end_any_more() -> None:
    server = Server()
    async with server.listening() as port, asking(route := Route(f"http://127.0.0.1:{port}")) as request:
        ended = [await outcome(request, route, after=a, within=b) for a, b in ((0.0, 0.3), (0.7, EVER), (0.0, 0.3))]

    assert [how for how, _ in ended] == ["answered"] * 3
    assert server.connections == 1


@pytest.mark.parametrize("is_secure", [False, True])
@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + WHOLE,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + WHOLE,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    ],
)
async def test_a_partial_reply_counts_as_no_answer(first: bytes, *, is_secure: bool, tmp_path: Path) -> None:
    authority = Authority.made(tmp_path / "authority.pem")
    async with Server(first).listening() as plain, served_securely(authority, plain) as port:
        base = f"https://localhost:{port}" if is_secure else f"http://127.0.0.1:{plain}"
        async with asking(route := Route(base, certificates=authority.file)) as request:
            how, took = await outcome(request, route, after=EVER, within=0.5)

    assert how == "TimedOut"
    assert 0.5 <= took < 3


async def test_a_silent_proxy_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(calls, "CONNECT_SECONDS", 0.15)

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(hear, "127.0.0.1", 0) as server:
        proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with asking(route := Route("https://api.example", proxy)) as request, asyncio.timeout(10):
            how, _ = await outcome(request, route, after=0.0, within=EVER)

    assert how == "TimedOut"


async def test_a_task_cancelled_during_a_call_ends() -> None:
    async with Server().listening() as port, asking(route := Route(f"http://127.0.0.1:{port}")) as request:
        for wait in (0.05, 0.3):
            calling = asyncio.create_task(request.do_request(f"{route.api}/{EVER}", "POST", BODY, read_timeout=0.3))
            await asyncio.sleep(wait)
            calling.cancel()
            with pytest.raises((asyncio.CancelledError, TimedOut)) as ended:
                await calling
            assert ended.type is asyncio.CancelledError or wait == 0.3
        how, _ = await outcome(request, route, after=0.0, within=EVER)

    assert how == "answered"
