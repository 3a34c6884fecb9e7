"""Signing in and out in a real Chromium, with a script and without: what cookies do there, and where referrers go."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot.channels.web.guard.site import Site
from tests.support.counts import IS_FULL
from tests.support.people.admitting import access, admit
from tests.support.web.chromium import FLAGS, IS_THERE, PROGRAM, WHY_NOT, faults_of_access, free_port
from tests.support.web.signing_in import House, opened

if TYPE_CHECKING:
    from playwright.async_api import Page


@pytest.fixture(autouse=True)
def real_browser() -> None:
    """A real browser. Without one nothing was tried: with full counts that is a failure, and else it is said."""
    if not IS_THERE and IS_FULL:
        pytest.fail(WHY_NOT)
    if not IS_THERE:
        pytest.skip(WHY_NOT)


@asynccontextmanager
async def browsing(*, has_script: bool) -> AsyncIterator[tuple[House, "Page"]]:
    """A page at the front of a house. Its name is another site than the sign-in's number, as browsers see it."""
    from playwright.async_api import async_playwright

    port = free_port()
    site = Site(f"http://localhost:{port}", "127.0.0.1", port)
    async with opened(site) as house, async_playwright() as driver:
        house.there.asks_first = True
        await admit(house.serving.store, [house.person], access(house.serving.keys, at=house.around.now()))
        browser = await driver.chromium.launch(executable_path=PROGRAM, args=list(FLAGS))
        context = await browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=has_script)
        page = await context.new_page()
        await page.goto(site.address)
        try:
            yield house, page
        finally:
            await browser.close()


@pytest.mark.parametrize("has_script", [True, False])
async def test_in_and_out_again(*, has_script: bool) -> None:
    """One link in, one button out; between them one cookie, which no script reads. No address with a code goes anywhere."""
    async with browsing(has_script=has_script) as (house, page):
        referrers: list[str] = []
        page.on("request", lambda request: referrers.append(request.headers.get("referer", "")))
        if has_script:
            assert await faults_of_access(page) == []

        await page.get_by_role("link", name="Sign in").click()
        await page.get_by_role("link", name="Let me in").click()
        await page.wait_for_url(f"{house.serving.site.address}/")

        assert await page.get_by_role("link", name="Sign in").count() == 0
        assert await page.get_by_role("button", name="Start").count() > 0
        (cookie,) = await page.context.cookies()
        assert (cookie["name"], cookie["sameSite"], cookie["httpOnly"], cookie["secure"]) == (
            *("__Host-s", "Strict"),
            *(True, True),
        )
        assert [each for each in referrers if "code=" in each] == []

        await page.get_by_role("button", name="Sign out").click()
        await page.wait_for_url("**/signed-out")
        assert await page.context.cookies() == []
        if has_script:
            assert await faults_of_access(page) == []
        for _ in range(3):
            await page.go_back()
            assert await page.get_by_role("button", name="Start").count() == 0
        assert (await house.standing()).is_locked


async def test_a_link_on_another_site_brings_no_sign_in_along() -> None:
    """Whoever follows it sees the way in; whoever types the address is known again."""
    async with browsing(has_script=False) as (house, page):
        ours = house.serving.site.address
        await page.get_by_role("link", name="Sign in").click()
        await page.get_by_role("link", name="Let me in").click()
        await page.wait_for_url(f"{ours}/")

        await page.goto(f"{house.there.issuer}/elsewhere?to={ours}/")
        await page.get_by_role("link", name="There").click()
        await page.wait_for_url(f"{ours}/")

        assert await page.get_by_role("link", name="Sign in").count() == 1
        await page.goto(ours)
        assert await page.get_by_role("link", name="Sign in").count() == 0
