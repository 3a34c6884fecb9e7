"""Tests that an open page is notified when its card changes, for as long as its session lasts."""

import asyncio

import pytest
from aiohttp import web

from bot.channels.web import pages
from bot.channels.web.guard import MOST_PAGES
from bot.channels.web.visitor import Visitor
from bot.runtime.errors import StoreUnavailable
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.serving import SAM, Serving
from tests.support.web.wire import HOST, read_head

SOON = 5.0
SEVEN_HOURS = 7 * 3_600
"""Seconds from twenty past ten until after the office has closed."""


class Stream:
    """The events that an open page receives from the server."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    async def next(self) -> str:
        async with asyncio.timeout(SOON):
            while True:
                line = (await self._reader.readline()).decode().strip()
                if line.startswith("data: "):
                    return line.removeprefix("data: ")


async def followed(serving: Serving, badge: str = "sam") -> tuple[Stream, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
    writer.write(f"GET /events HTTP/1.1\r\nHost: {HOST}\r\nCookie: badge={badge}\r\n\r\n".encode())
    status, headers = await read_head(reader)
    assert (status, headers["content-type"], headers["cache-control"]) == (200, "text/event-stream", "no-store")
    return Stream(reader), writer


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "EVERY", 0.05)


async def test_a_page_receives_a_new_name_whenever_its_card_changes(serving: Serving, sam: Browser) -> None:
    stream, writer = await followed(serving)
    first = await stream.next()

    await sam.press("Start")

    second = await stream.next()
    assert first != second == next(each["data-shown"] for name, each in sam.page.elements if name == "main")
    assert len(second) == 16
    writer.close()


async def test_an_idle_page_follows_the_numbers_at_its_foot_when_an_office_closes(
    serving: Serving, sam: Browser, around: Surroundings
) -> None:
    stream, writer = await followed(serving)
    first, before = await stream.next(), [each.attributes["href"] for each in sam.page.links]

    around.pass_seconds(SEVEN_HOURS)

    assert await stream.next() != first
    assert [each.attributes["href"] for each in (await sam.open()).links] != before
    writer.close()


async def test_the_stream_of_an_ended_session_reports_that_and_stops(serving: Serving) -> None:
    stream, writer = await followed(serving)
    await stream.next()

    serving.badges.taken.add("sam")

    assert await stream.next() == "over"
    writer.close()


async def test_beyond_the_limit_the_oldest_page_is_dropped(serving: Serving) -> None:
    first, *others = [await followed(serving) for _ in range(MOST_PAGES + 1)]

    await first[0].next()

    assert await first[0].next() == "over"
    assert len(await others[-1][0].next()) == 16
    for _, writer in (first, *others):
        writer.close()


async def test_a_visitor_without_a_session_gets_no_events(serving: Serving) -> None:
    answer = await Browser(serving.port, badge="").wire.get("/events")

    assert (answer.status, answer.body) == (204, b"")
    assert await serving.store.recall(SAM) is not None


async def test_a_known_person_is_never_asked_to_stop_following(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, result = Browser(serving.port), list[int]()

    async def failing(_: web.Request) -> Visitor | None:
        raise StoreUnavailable("The disk hangs.")

    serving.is_open = False
    result.append((await line.wire.get("/events", line.cookie)).status)
    serving.is_open = True
    monkeypatch.setattr(serving.badges, "visitor", failing)
    result.append((await line.wire.get("/events", line.cookie)).status)

    assert result == [503, 503]
    await line.close()
