"""Rooms in a real Chromium: a guest's phone and a trainer's projector, with a script and without, under the policy of our pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support.shipped import at
from tests.support.walks.clock import Surroundings
from tests.support.web.chromium import FLAGS, IS_THERE, PROGRAM, WHY_NOT, free_site
from tests.support.web.rooming import Rooming, joined

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

pytestmark = pytest.mark.skipif(not IS_THERE, reason=WHY_NOT)

NOON = at("2026-03-04T10:20").at


@asynccontextmanager
async def in_chromium(
    house: Rooming, *, has_script: bool, width: int, height: int
) -> AsyncIterator[tuple["BrowserContext", list[str]]]:
    """A window of this size, and whatever its pages complain about."""
    from playwright.async_api import async_playwright

    said: list[str] = []
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=PROGRAM, args=list(FLAGS))
        context = await browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=has_script, base_url=house.site.address
        )
        context.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: said.append(str(error.error)))
        yield context, said
        await browser.close()


@pytest.fixture
async def house() -> AsyncIterator[Rooming]:
    """A house in which rooms are served, where a browser really goes."""
    site = free_site()
    async with Rooming(Surroundings(NOON, "BRISK OTTER 41"), site=site).listening() as rooming:
        yield rooming


async def fits(page: "Page") -> bool:
    """Whether nothing stands beyond the right edge."""
    width = await page.locator("body").evaluate("each => each.scrollWidth <= window.innerWidth")
    return bool(width)


@pytest.mark.parametrize("has_script", [True, False])
async def test_a_guest_joins_answers_and_comes_back_on_a_phone(house: Rooming, has_script: bool) -> None:
    """Each card takes the focus at its heading; the address leads back to the same card."""
    code = await house.host.opened()
    async with in_chromium(house, has_script=has_script, width=390, height=844) as (context, said):
        page = await context.new_page()
        await page.goto(f"/room/{code}")
        await page.get_by_role("button", name="Join").click()
        await page.get_by_text("part 1 of").wait_for()
        for label in ("Next page", "Next page", "Next page"):
            if await page.get_by_role("button", name=label, exact=True).count():
                await page.get_by_role("button", name=label, exact=True).click()
        await page.get_by_text("part 3 of").or_(page.get_by_text("part 4 of")).first.wait_for()

        assert await fits(page)
        assert await page.locator("h1:focus").count() == 1
        before = await page.locator("h1").inner_text()
        await page.goto(f"/room/{code}")
        assert await page.locator("h1").inner_text() == before
        await page.get_by_role("button", name="Leave", exact=True).click()
        await page.get_by_text("You have left the rehearsal.").wait_for()
        assert said == []


@pytest.mark.parametrize("has_script", [True, False])
async def test_a_screen_opens_turns_by_one_key_and_follows(house: Rooming, has_script: bool) -> None:
    """On a projector: the join code is large, one key goes on, and who joins is counted without a touch."""
    host = house.host
    code = await host.opened()
    path = await host.screen()
    async with in_chromium(house, has_script=has_script, width=1280, height=720) as (context, said):
        page = await context.new_page()
        await page.goto(path)
        await page.get_by_role("button", name="Open the screen").click()
        await page.get_by_text(f"{code[:4]}-{code[4:]}").wait_for()

        assert await fits(page)
        size = await page.locator(".code").evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
        assert size >= 72
        guest = await joined(house, code)
        await page.get_by_text("1 of up to 60 joined.").wait_for(timeout=15_000)
        await page.locator("a[rel=next]").focus()
        await page.keyboard.press("Enter")
        await page.get_by_text("part 1 of").wait_for()
        if has_script:
            await page.keyboard.press("ArrowRight")
            await page.get_by_text("part 2 of").wait_for()
            await page.keyboard.press("ArrowLeft")
            await page.get_by_text("part 1 of").wait_for()
        assert "None" not in await page.locator("main").inner_text()
        await guest.close()
        assert said == []
