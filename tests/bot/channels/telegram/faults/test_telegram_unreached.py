"""Tests that each obstacle to the Bot API (proxy, certificate, login page) is identified, and that no secret leaks."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from aiohttp import web
from telegram.request import RequestData

from bot.channels.telegram.request import LONGEST_ANSWER, AiohttpRequest, Cause, JsonBody, Route, Unreached
from tests.fakes.telegram import FakeTelegram, Person
from tests.fakes.telegram.on_the_way import Authority, Proxy, served_securely
from tests.fakes.telegram.server import TOKEN
from tests.support.places import ROOT
from tests.support.telegram.bots import process
from tests.support.telegram.fixtures import real_time
from tests.support.telegram.home import Home

clock = real_time()
Answer = Callable[[], web.StreamResponse]
"""A function that makes a new answer for each request."""

WHOLE = b'{"ok":true,"result":1}'
REFUSED = b'{"ok":false,"error_code":401}'
UNSET = dict.fromkeys(("NO_PROXY", "no_proxy", "HTTPS_PROXY", "https_proxy", "SSL_CERT_FILE"), "")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.made(tmp_path / "authority.pem")


@pytest.fixture
async def secure(server: FakeTelegram, authority: Authority) -> AsyncIterator[str]:
    async with served_securely(authority, int(server.base.rpartition(":")[2])) as port:
        yield f"https://localhost:{port}"


@pytest.fixture
def closed() -> Iterator[str]:
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


async def asked(route: Route) -> bytes | Cause:
    bodies = (JsonBody(b"{}"), None, JsonBody(b"{}", is_result_read=False))
    short, long, unread = [await asked_with(route, body) for body in bodies]
    assert short == long
    is_done = isinstance(long, bytes) and long.startswith((b'{"ok":true,', b'{"ok": true,'))
    assert unread == (WHOLE.replace(b"1", b"true") if is_done else long)
    return long


async def asked_with(route: Route, body: JsonBody | None) -> bytes | Cause:
    request = AiohttpRequest(route)
    await request.initialize()
    try:
        return (await request.do_request(f"{route.api}/bot{TOKEN}/getMe", "POST", cast(RequestData, body)))[1]
    except Unreached as error:
        return error.why
    finally:
        await request.shutdown()


async def test_obstacles_on_the_way_are_distinguished(
    server: FakeTelegram, secure: str, closed: str, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)
    plain = secure.replace("https", "http")
    async with Proxy().listening() as proxy, Proxy(refuses=True).listening() as refusing:
        ways = {
            Route(secure, proxy, authority.file): None,
            Route(f"http://{closed}"): Cause.PORT,
            Route(secure): Cause.CERTIFICATE,
            Route(secure, proxy): Cause.CERTIFICATE,
            Route(secure, f"http://{closed}", authority.file): Cause.PROXY,
            Route(secure, refusing, authority.file): Cause.PROXY_REFUSED,
            Route(server.base.replace("http", "https")): Cause.TLS,
            Route(plain): Cause.CUT,
        }
        for route, why in ways.items():
            found = await asked(route)
            assert found == why if why else isinstance(found, bytes), (route, found)

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert await asked(Route("https://api.example")) == Cause.NAME
    assert await asked(Route("https://api.example", "http://proxy.example:3128")) == Cause.PROXY


@contextlib.asynccontextmanager
async def answering(answer: Answer | None) -> AsyncIterator[tuple[str, list[str]]]:
    """Serve `answer`, or without one an endless answer, to every request; yield the address and a list of the paths."""
    paths: list[str] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        paths.append(request.path)
        if answer is not None:
            return answer()
        endless = web.StreamResponse()
        await endless.prepare(request)
        await endless.write(b'{"ok":true,"result":"')
        with contextlib.suppress(OSError):
            while True:
                await endless.write(b"x" * 65536)
        return endless

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", paths
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(status: int) -> None:
    """Following a redirect would send the token in the path, and the card in the body, to another server."""
    async with answering(partial(web.json_response, {"ok": True, "result": {}})) as (elsewhere, paths):
        there = partial(web.Response, status=status, headers={"Location": f"{elsewhere}/bot{TOKEN}/getMe"})
        async with answering(there) as (base, _):
            assert await asked(Route(base)) == Cause.SENT_ELSEWHERE

    assert paths == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (None, Cause.TOO_LONG),
        (partial(web.Response, body=b'{"result":"' + b"x" * LONGEST_ANSWER), Cause.TOO_LONG),
        (partial(web.Response, body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}), Cause.NOT_THE_API),
        *(
            (partial(web.Response, status=status, text="<html>Log in</html>"), Cause.NOT_THE_API)
            for status in (200, 401, 404, 502)
        ),
        (partial(web.Response, text='{"ok":true}'), Cause.NOT_THE_API),
    ],
)
async def test_a_reply_from_something_else_is_not_read_as_the_api_s(answer: Answer | None, why: Cause) -> None:
    async with answering(answer) as (base, _), asyncio.timeout(20):
        assert await asked(Route(base)) == why


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + WHOLE, WHOLE),
        (b"HTTP/1.0 401 Unauthorized\r\n\r\n" + REFUSED, REFUSED),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n" + WHOLE, WHOLE),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n16\r\n" + WHOLE + b"\r\n0\r\n\r\n", WHOLE),
        (b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", Cause.NOT_THE_API),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Cause.NOT_THE_API),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n" + WHOLE, Cause.CUT),
        (b"nobody speaks like this\r\n\r\n", Cause.CUT),
        (b"", Cause.CUT),
    ],
)
async def test_an_answer_is_read_to_its_end_however_its_length_is_given(answer: bytes, found: bytes | Cause) -> None:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(say, "127.0.0.1", 0) as server, asyncio.timeout(10):
        assert await asked(Route(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")) == found


async def test_a_proxy_and_its_certificates_work_from_the_settings_file(
    home: Home, secure: str, authority: Authority, sam: Person, tmp_path: Path
) -> None:
    proxy, folder = Proxy(), tmp_path / "here"
    folder.mkdir(mode=0o700)
    environment = UNSET | {"SERAF_TELEGRAM_API": secure, "PYTHONPATH": str(ROOT)}
    async with proxy.listening() as address:
        settings = folder / ".env"
        settings.write_text(f"HTTPS_PROXY={address}\nSSL_CERT_FILE={authority.file}\n")
        settings.chmod(0o600)
        async with process(home, folder=folder, **environment) as bot:
            await bot.says("ready")
            await sam.send("/start")
            await sam.sees("SERAF consultation")
        assert set(proxy.asked) == {secure.removeprefix("https://")}

        settings.write_text(f"HTTPS_PROXY={address}\n")
        async with process(home, folder=folder, **environment) as bot:
            await bot.says('fault="certificate not trusted"')

        proxy.refuses = True
        async with process(home, folder=folder, **environment) as bot:
            await bot.says('fault="refused by the proxy"')

        settings.write_text("HTTPS_PROXY=http://kim:hunter@[proxy\nSSL_CERT_FILE=none.pem\n")
        async with process(home, folder=folder, **environment) as bot:
            assert await bot.ended() == 2
        assert "HTTPS_PROXY: must be the address of a proxy" in bot.said
        assert "hunter" not in bot.said
        assert "SSL_CERT_FILE: no certificates can be read" in bot.said
