"""Tests of the limits on requests to the pages: their origin, number, size and speed."""

import asyncio
import ssl
from pathlib import Path

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.channels.web import guard
from bot.channels.web.guard import MOST_BYTES, SECURITY, Buckets, Rate, Refusals
from bot.channels.web.site import Site, site_of
from bot.runtime.errors import SettingsFault
from bot.runtime.settings import Settings
from tests.fakes.telegram.on_the_way import Authority
from tests.support.counts import times
from tests.support.virtual_time import run_virtually
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.serving import BADGE, SAM, Serving, let_in, made
from tests.support.web.wire import FORM, HOST, ORIGIN, Wire, read_answer, read_head

SOON = 0.2
PROXIES = frozenset({"127.0.0.1", "10.0.0.7"})


def settings(**given: str) -> Settings:
    return Settings.model_validate(given)


def test_a_bucket_fills_again_and_knows_its_people_apart() -> None:
    now = [0.0]
    buckets = Buckets(Rate(at_once=2, a_second=1), clock=lambda: now[0])

    assert [buckets.takes("sam") for _ in range(3)] == [True, True, False]
    assert buckets.takes("kim")
    now[0] = 1.5
    assert [buckets.takes("sam") for _ in range(2)] == [True, False]
    now[0] = 1_000.0
    assert [buckets.takes("sam") for _ in range(3)] == [True, True, False], (
        "it is full, and no fuller for a quiet night"
    )


async def test_only_the_person_over_the_rate_limit_has_to_wait(around: Surroundings) -> None:
    house = made(around)
    house.rate = Rate(at_once=4, a_second=0)
    await let_in(house, [SAM, "web:kim"], now=around.now())
    async with house.listening():
        sam, kim = Browser(house.port), Browser(house.port, badge="kim")
        await sam.open()
        for _ in range(4):
            await sam.command("start")
        before = await house.store.recall(SAM)

        await sam.command("help")

        assert sam.answer.status == 429
        assert await house.store.recall(SAM) == before
        await kim.open()
        assert kim.answer.status == 200
        await sam.close()
        await kim.close()


@pytest.mark.parametrize("host", ["elsewhere.test", "127.0.0.1", f"{HOST}.elsewhere.test", "", f"{HOST}:444"])
async def test_a_request_for_another_host_is_not_for_us(serving: Serving, host: str) -> None:
    """Another host name may point to this machine, so requests under that name are refused."""
    answer = await Wire(serving.port).get("/", {"Host": host, "Cookie": f"{BADGE}=sam"})

    assert answer.status in (400, 421)


async def test_a_large_form_is_refused_unread(serving: Serving, sam: Browser) -> None:
    await sam.send({"nonce": sam.page.nonce, "typed": "x" * MOST_BYTES})

    assert sam.answer.status == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
async def test_other_methods_do_nothing(serving: Serving, sam: Browser, method: str) -> None:
    before = await serving.store.recall(SAM)

    answer = await sam.wire.send(method, "/", headers=sam.headers)

    assert answer.status == 405
    assert await serving.store.recall(SAM) == before


async def test_a_slow_sender_is_cut_off(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "HEAD", SOON)
    reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: ")

    async with asyncio.timeout(10 * SOON):
        with pytest.raises(ConnectionResetError):
            await _drip(reader, writer)


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(SOON / 10)
        if reader.at_eof():
            raise ConnectionResetError


async def test_a_form_that_comes_too_slowly_is_refused_and_logged_as_no_failure(
    serving: Serving, sam: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "READING", SOON)
    before, wire = await serving.store.recall(SAM), sam.wire
    reader, writer = await wire.open()
    writer.write(wire.request("POST", "/", headers={**FORM, **sam.headers}, body=b"press=0:g:start")[:-1])

    with capture_logs() as lines:
        assert (await read_answer(reader)).status == 408

    assert [line["event"] for line in lines] == ["page refused"]
    assert await serving.store.recall(SAM) == before


async def streaming(serving: Serving, sam: Browser) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
    writer.write(sam.wire.request("GET", "/events", headers=sam.headers))
    assert (await read_head(reader))[0] == 200
    return reader, writer


async def test_connections_above_the_limit_are_refused(
    serving: Serving, sam: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sam.close()
    await asyncio.sleep(SOON)
    monkeypatch.setattr(guard, "MOST", 2)
    held = [await streaming(serving, sam) for _ in range(2)]
    async with asyncio.timeout(10 * SOON):
        with pytest.raises(ConnectionError):
            await _drip(*await asyncio.open_connection("127.0.0.1", serving.port))

    held[0][1].close()
    await asyncio.sleep(SOON)
    assert (await Wire(serving.port).get("/s.css")).status == 200
    held[1][1].close()


UNSENT = {**FORM, "Sec-Fetch-Site": "same-origin", "Cookie": f"{BADGE}=sam", "Content-Length": "9"}


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HTTP/1.1\r\nHost: ", Wire(0).request("POST", "/", headers=UNSENT)],
    ids=["nothing sent", "half a head", "no body"],
)
async def test_a_neighbour_who_holds_idle_connections_keeps_nobody_from_the_page(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    """A whole office may share one address, so a new connection closes the one that has been idle for longest."""
    monkeypatch.setattr(guard, "MOST", 3)
    held = []
    for _ in range(6):
        reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
        writer.write(begun)
        held.append((reader, writer))
    await asyncio.sleep(SOON)

    async with asyncio.timeout(10 * SOON):
        answers = [(await Wire(serving.port).get("/")).status for _ in range(4)]

    assert answers == [200] * 4
    assert held[0][0].at_eof()
    for _, writer in held:
        writer.close()


async def test_a_running_answer_is_not_closed_for_idle_connections(
    serving: Serving, sam: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST", 2)
    await sam.close()
    await asyncio.sleep(SOON)
    followed, writer = await streaming(serving, sam)
    others = [Wire(serving.port) for _ in range(4)]

    for each in others:
        await each.get("/")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(SOON):
            await followed.read()
    writer.close()
    for each in others:
        await each.close()


SENT = "SECRETWORD"

HEAD = f"Host: {HOST}\r\nCookie: {BADGE}=sam\r\nSec-Fetch-Site: same-origin\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        f"\x16\x03\x01{SENT}\r\n\r\n",
        f"{SENT} / HTTP/1.1\r\n{HEAD}\r\n",
        f"GET / HTTP/{SENT}\r\n{HEAD}\r\n",
        f"GET http://{HOST}:{SENT}/ HTTP/1.1\r\n{HEAD}\r\n",
        f"GET /{SENT * 1_000} HTTP/1.1\r\n{HEAD}\r\n",
        f"GET / HTTP/1.1\r\n{HEAD}{SENT} {SENT}: x\r\n\r\n",
        f"GET / HTTP/1.1\r\n{HEAD}Expect: {SENT}\r\n\r\n",
        f"GET /{SENT} HTTP/1.1\r\n{HEAD}Expect: {SENT}\r\n\r\n",
        f"POST / HTTP/1.1\r\n{HEAD}Content-Length: {SENT}\r\n\r\n",
        f"POST / HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\n{SENT}\r\n",
        f"POST / HTTP/1.1\r\n{HEAD}Content-Type: {FORM['Content-Type']}; charset={SENT}\r\nContent-Length: 3\r\n\r\na=b",
        f"POST / HTTP/1.1\r\n{HEAD}Content-Type: {FORM['Content-Type']}\r\nContent-Length: 3\r\n\r\na=\xff",
        f"POST / HTTP/1.1\r\n{HEAD}Content-Type: {FORM['Content-Type']}\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\na=b",
    ],
    ids=[
        *("other bytes", "method", "version", "address", "long address", "header", "expects", "expects elsewhere"),
        *("length", "piece", "charset", "letters", "packed"),
    ],
)
async def test_malformed_http_gets_our_page_without_any_of_its_words(serving: Serving, sent: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)

    with capture_logs() as lines:
        writer.write(sent.encode("latin-1"))
        answer = await read_answer(reader)
    writer.close()

    assert 400 <= answer.status < 500
    assert SECURITY.items() - {"Referrer-Policy": "same-origin"}.items() <= {
        (name, answer.headers.get(name.lower())) for name in SECURITY
    }
    assert (answer.headers["server"], answer.headers["cache-control"]) == ("-", "no-store")
    assert SENT not in answer.text
    assert [line["event"] for line in lines] == ["page refused"]


async def test_thousands_of_refusals_of_a_kind_are_one_line(serving: Serving) -> None:
    wire = Wire(serving.port)
    with capture_logs() as lines:
        pages = [(await wire.get("/", {"Host": f"{number}.test"})).text for number in range(times(4_000, 200))]
        other = await wire.get("/nowhere")
    await wire.close()

    assert [(line["event"], line["error"][:3], line["count"]) for line in lines] == [
        ("page refused", "421", 1),
        ("page refused", "404", 1),
    ]
    assert {lines[0]["error"].split()[1] in page for page in pages} == {True}
    assert lines[1]["error"].split()[1] in other.text


def test_repeated_refusals_are_counted_once_a_minute() -> None:
    said: list[tuple[float, str, int]] = []

    async def refused() -> None:
        loop = asyncio.get_running_loop()
        refusals = Refusals("page refused", lambda kind, _, count: said.append((loop.time(), kind, count)))
        for _ in range(3):
            refusals.note("421")
        refusals.note("404")
        await asyncio.sleep(61)
        refusals.note("421")
        await asyncio.sleep(61)

    run_virtually(refused())

    assert said == [(0, "421", 1), (0, "404", 1), (60, "421", 2), (61, "421", 1)]


async def test_a_request_that_came_to_our_proxy_without_tls_is_refused(around: Surroundings) -> None:
    house = made(around)
    house.site = Site(ORIGIN, "127.0.0.1", 0, PROXIES)
    async with house.listening():
        wire = Wire(house.port)
        plain = await wire.get("/s.css", {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "http"})
        safe = await wire.get("/s.css", {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"})
        await wire.close()

    assert (plain.status, safe.status) == (403, 200)


@pytest.mark.parametrize(
    ("proxies", "said", "counted"),
    [
        (frozenset(), "203.0.113.5", "127.0.0.1"),
        (PROXIES, "203.0.113.5", "203.0.113.5"),
        (PROXIES, "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        (PROXIES, "203.0.113.5, 10.0.0.7", "203.0.113.5"),
        (PROXIES, "203.0.113.5, nobody", "127.0.0.1"),
        (PROXIES, "::ffff:203.0.113.5", "203.0.113.5"),
        (PROXIES, "", "127.0.0.1"),
    ],
)
async def test_only_our_own_proxy_names_the_sender(proxies: frozenset[str], said: str, counted: str) -> None:
    site = Site(ORIGIN, "127.0.0.1", 0, proxies)

    async def sender(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(text=site.sender_of(request))

    server = await asyncio.get_running_loop().create_server(web.Server(sender), "127.0.0.1", 0)
    wire = Wire(server.sockets[0].getsockname()[1])
    answer = await wire.get("/", {"X-Forwarded-For": said})
    await wire.close()
    server.close()

    assert answer.text == counted


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": ORIGIN}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.test"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": ORIGIN}, 403),
        ({"Sec-Fetch-Site": "none", "Origin": ORIGIN}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
async def test_only_forms_of_our_own_pages_count(
    serving: Serving, sam: Browser, told: dict[str, str], status: int
) -> None:
    before = await serving.store.recall(SAM)

    answer = await sam.wire.post("/", {"nonce": sam.page.nonce, "press": "0:g:start"}, {**sam.cookie, **told})

    assert answer.status == status
    assert (await serving.store.recall(SAM) == before) is (status == 403)


async def test_the_pages_do_tls_themselves(around: Surroundings, tmp_path: Path) -> None:
    file = tmp_path / "both.pem"
    trusted = ssl.create_default_context(cafile=Authority.made(file).file)
    house = made(around)
    result = {"web_bind": "0.0.0.0:0", "web_certificate": str(file), "web_key": str(file), "web_address": ORIGIN}
    house.site = site_of(settings(**result))
    async with house.listening():
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", house.port, ssl=trusted, server_hostname="localhost"
        )
        writer.write(f"GET /s.css HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        assert (await read_answer(reader)).status == 200
        version = writer.get_extra_info("ssl_object").version()
        writer.close()
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await Wire(house.port).get("/s.css")

    assert version in ("TLSv1.2", "TLSv1.3")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"web_bind": "0.0.0.0:8080"}, "SERAF_WEB_BIND: others could read along"),
        ({"web_bind": "192.0.2.1:443"}, "SERAF_WEB_BIND: others could read along"),
        ({"web_bind": "[::]:8080"}, "SERAF_WEB_BIND: others could read along"),
    ],
)
def test_nothing_is_served_where_others_could_read_along(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsFault, match=said):
        site_of(settings(**given))


def test_an_invalid_certificate_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "certificate.pem"
    file.write_text("secret words", encoding="utf-8")

    with pytest.raises(SettingsFault, match="SERAF_WEB_CERTIFICATE") as caught:
        site_of(settings(web_bind="0.0.0.0:8443", web_certificate=str(file), web_key=str(file)))

    assert "secret words" not in str(caught.value)


def test_the_address_that_people_type_is_the_origin() -> None:
    behind = site_of(settings(web_address="https://Seraf.example.org/", web_bind="127.0.0.1:9000"))
    alone = site_of(settings())

    assert (behind.address, behind.is_secure, behind.is_named("seraf.example.org")) == (
        "https://seraf.example.org",
        True,
        True,
    )
    assert (alone.address, alone.is_secure, alone.tls) == ("http://127.0.0.1:8080", False, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("web_bind", "somewhere:80"),
        ("web_bind", "127.0.0.1"),
        ("web_bind", "127.0.0.1:99999"),
        ("web_address", "http://seraf.example.org"),
        ("web_address", "https://seraf.example.org/path"),
        ("web_address", "https://user:word@seraf.example.org"),
        ("web_address", "elsewhere"),
        ("web_proxies", "10.0.0.1, proxy"),
        ("web_key", "key.pem"),
        ("web", "everything"),
    ],
)
def test_a_setting_that_is_wrong_does_not_start(name: str, value: str) -> None:
    with pytest.raises(ValueError) as caught:
        settings(**{name: value})

    assert name in str(caught.value)
