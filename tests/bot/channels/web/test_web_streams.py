"""Tests of a page in a real Chromium whose event stream broke off or was refused: it reconnects, and locks on time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from aiohttp import web

from bot.access.account import Terms
from bot.channels.web.site import Site
from bot.channels.web.visitor import Visitor
from bot.runtime.errors import StoreUnavailable
from tests.bot.channels.web.conftest import REFERENCE
from tests.support.chromium.windows import PHONE, free_port, window
from tests.support.shipped import WORDING
from tests.support.walks.clock import Surroundings
from tests.support.web.rooming import Rooming, joined
from tests.support.web.serving import BADGE, SAM, Serving, let_in, made
from tests.support.web.wire import Line

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page, Response, Route

pytestmark = pytest.mark.asyncio(loop_scope="session")

IDLE = 11 * 60

WAITS = (2_000, 2_000, 4_000)
"""Milliseconds before a page reconnects: for the stream, and for the page, each time twice as long as before."""

A_WHILE = 31_000
"""Milliseconds, a little more than the longest wait of a page before it asks again."""

EVER = 120_000
"""Milliseconds in which a page that retries would reconnect several times."""

SOON = 0.3


@pytest_asyncio.fixture(loop_scope="session")
async def house(around: Surroundings) -> Serving:
    serving = made(around, terms=Terms())
    await let_in(serving, [SAM], now=around.now())
    return serving


def far_site() -> tuple[Site, int]:
    port = free_port()
    return Site(f"http://127.0.0.1:{port}", "127.0.0.1", 0), port


@asynccontextmanager
async def looking_from_afar(chromium: "Chromium", house: Serving) -> AsyncIterator[tuple["Page", Line]]:
    house.site, port = far_site()
    async with (
        house.listening(),
        Line(lambda: house.port).standing(port) as line,
        window(chromium, PHONE, house.site.address) as context,
    ):
        await context.add_cookies([{"name": BADGE, "value": "sam", "url": house.site.address}])
        await context.clock.install()
        page = await context.new_page()
        async with page.expect_response(is_stream):
            await page.goto("/")
        await page.get_by_role("button", name="Start").first.click()
        await page.get_by_role("radio", name="School").check()
        await page.get_by_role("button", name="Continue").click()
        await page.get_by_text("in danger, or missing").wait_for()  # or the line is cut while that tap is under way
        yield page, line


async def pass_time(page: "Page", milliseconds: int) -> None:
    await asyncio.sleep(SOON)
    await page.clock.fast_forward(milliseconds)
    await asyncio.sleep(SOON)


def is_stream(answer: "Response") -> bool:
    return answer.url.endswith("/events")


def is_refused(answer: "Response") -> bool:
    return is_stream(answer) and answer.status != 200


async def proxy(route: "Route") -> None:
    await route.fulfill(status=502, body="<p>Bad gateway</p>", content_type="text/html")


@contextmanager
def shut(house: Serving) -> Iterator[None]:
    house.is_open = False
    yield
    house.is_open = True


@contextmanager
def failing(house: Serving) -> Iterator[None]:
    async def visitor(_: web.Request) -> Visitor | None:
        raise StoreUnavailable("The disk hangs.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house.badges, "visitor", visitor)
        yield


@contextmanager
def crowded(house: Serving) -> Iterator[None]:
    async def visitor(_: web.Request) -> Visitor | None:
        raise web.HTTPTooManyRequests

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house.badges, "visitor", visitor)
        yield


@pytest.mark.parametrize("bad", [shut, failing, crowded])
async def test_a_page_with_a_bad_answer_after_a_cut_line_locks_on_time(
    chromium: "Chromium", house: Serving, around: Surroundings, bad: Callable[[Serving], AbstractContextManager[None]]
) -> None:
    async with looking_from_afar(chromium, house) as (page, line):
        with ExitStack() as meanwhile:
            async with page.expect_response(is_refused):
                line.cut()
                meanwhile.enter_context(bad(house))

        around.pass_seconds(IDLE)
        await pass_time(page, EVER)

        await page.get_by_role("heading", name="Locked").wait_for()
        assert REFERENCE not in await page.content()


async def test_a_page_that_cannot_be_fetched_stays_and_is_asked_for_more_and_more_seldom(
    chromium: "Chromium", house: Serving, around: Surroundings
) -> None:
    asked = list[str]()
    async with looking_from_afar(chromium, house) as (page, line):
        await page.get_by_text(WORDING.say("leaf.more"), exact=True).click()
        await page.locator("#sought").fill("half a wo")
        await page.route("**/*", proxy)
        async with page.expect_response(is_refused):
            line.cut()
        page.on("request", lambda each: asked.append(each.method))
        counts = []
        for _ in range(3):
            asked.clear()
            for _ in range(15):
                await pass_time(page, A_WHILE // 15)
            counts.append(len(asked))
        assert counts[0] > counts[1] >= counts[2] >= 1

        assert await page.get_by_text(REFERENCE).first.is_visible()
        await page.unroute("**/*")
        async with page.expect_response(is_stream):
            await pass_time(page, A_WHILE)
        assert await page.locator("#sought").input_value() == "half a wo"
        around.pass_seconds(IDLE)
        await page.get_by_role("heading", name="Locked").wait_for()


async def test_a_hidden_page_stays_hidden_when_it_reconnects(chromium: "Chromium", house: Serving) -> None:
    async with looking_from_afar(chromium, house) as (page, line):
        await page.route("**/*", proxy)
        async with page.expect_response(is_refused):
            line.cut()
        async with page.expect_response(lambda answer: answer.request.method == "POST"):
            for _ in range(3):
                await page.keyboard.press("Escape")
        await page.unroute("**/*")
        asked = list[str]()
        page.on("request", lambda each: asked.append(each.method))

        await pass_time(page, EVER)

        assert not await page.get_by_text(REFERENCE).first.is_visible()
        assert asked[:1] == ["POST"], "the lock goes out as soon as it can"


async def test_a_page_whose_person_is_not_known_any_more_asks_once_and_is_left(
    chromium: "Chromium", house: Serving
) -> None:
    async with looking_from_afar(chromium, house) as (page, line):
        asked = list[str]()
        page.on("request", lambda each: asked.append(each.url.removeprefix(house.site.address)))

        async with page.expect_response(lambda answer: answer.status == 204):
            line.cut()
            house.badges.taken.add("sam")
        for wait in WAITS:
            await pass_time(page, wait)

        await page.get_by_text("Rehearse here with others").wait_for()
        assert REFERENCE not in await page.content()
        assert asked == ["/events", "/"]


async def test_a_screen_counts_on_after_a_bad_answer(chromium: "Chromium", around: Surroundings) -> None:
    site, port = far_site()
    async with (
        Rooming(around, site=site).listening() as rooming,
        Line(lambda: rooming.port).standing(port) as line,
        window(chromium, PHONE, site.address) as context,
    ):
        code = await rooming.host.opened()
        await context.clock.install()
        page = await context.new_page()
        await page.goto(await rooming.host.screen())
        async with page.expect_response(is_stream):
            await page.get_by_role("button", name="Open the screen").click()
        async with page.expect_response(is_refused):
            line.cut()
            rooming.is_open = False
        rooming.is_open = True

        guest = await joined(rooming, code)
        await pass_time(page, WAITS[0])

        await page.get_by_text("1 of up to 60 joined.").wait_for()
        await guest.close()
