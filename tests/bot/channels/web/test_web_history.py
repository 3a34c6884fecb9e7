"""Tests of going back to an earlier page in a real Chromium that caches pages as users' browsers do."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.bot.channels.web.conftest import REFERENCE
from tests.support.chromium.windows import PHONE, looking
from tests.support.web.browser import Browser
from tests.support.web.serving import Serving

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_browser_that_caches_pages_caches_none_of_ours(keeping_chromium: "Chromium", house: Serving) -> None:
    """The style sheet may come back from the cache. A card may not be cached, so it is loaded again."""
    async with looking(keeping_chromium, house, PHONE) as page:
        await page.goto("/s.css")
        assert await left_and_back(page) == (True, None)

        await page.goto("/")
        is_kept, why_not = await left_and_back(page)

        assert not is_kept
        assert "response-cache-control-no-store" in str(why_not)


async def left_and_back(page: "Page") -> tuple[bool, object]:
    await page.evaluate("window.wasHere = true")
    await page.goto("about:blank")
    await page.go_back(wait_until="commit")
    why = "performance.getEntriesByType('navigation')[0].notRestoredReasons?.reasons ?? null"
    return await page.evaluate("window.wasHere === true"), await page.evaluate(why)


@pytest.mark.parametrize(("button", "left"), [("panic", "Go on"), ("lock", "Locked")])
async def test_once_it_is_closed_no_entry_of_the_history_shows_anything(
    keeping_chromium: "Chromium", house: Serving, button: str, left: str
) -> None:
    async with looking(keeping_chromium, house, replace(PHONE, has_script=False)) as page:
        await page.get_by_role("button", name="Start").first.click()
        await page.get_by_role("radio", name="School").check()
        await page.get_by_role("button", name="Continue").click()
        assert REFERENCE in await page.content()

        await page.locator(f"button[value={button}]").click()

        assert REFERENCE not in await page.content()
        for turn in (page.go_back, page.go_back, page.go_back, page.go_forward, page.go_forward):
            await turn()
            assert REFERENCE not in await page.content()
            assert await page.get_by_role("heading", name=left).count() == 1


async def test_a_page_that_was_left_and_locked_elsewhere_is_locked_on_the_way_back(
    keeping_chromium: "Chromium", house: Serving
) -> None:
    async with looking(keeping_chromium, house, PHONE) as page:
        await page.get_by_role("button", name="Start").first.click()
        await page.get_by_role("radio", name="School").check()
        await page.get_by_role("button", name="Continue").click()
        await page.get_by_text(REFERENCE).wait_for()
        await page.goto("about:blank")
        other = Browser(house.port)
        other.origin_is(house.site.address)
        await other.open()
        await other.press("Lock")
        await other.close()

        await page.go_back()

        await page.get_by_role("heading", name="Locked").wait_for()
        assert REFERENCE not in await page.content()
