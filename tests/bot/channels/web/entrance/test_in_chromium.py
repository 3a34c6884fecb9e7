"""Tests of signing in and out in a real Chromium, with and without scripts: the cookies and referrers that it sends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.access.admission import Invitation
from bot.channels.web.site import Site
from bot.conversation.changes import removal
from bot.storage.values import Inbound
from dialogs.core.role import Role
from tests.support.chromium.axe import faults_in_each_light
from tests.support.chromium.windows import PHONE, free_port, window
from tests.support.people.admitting import access, admit
from tests.support.promising import Promise
from tests.support.web.signing_in import House, opened

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def browsing(
    chromium: "Chromium", *, has_script: bool = True, is_known: bool = True
) -> AsyncIterator[tuple[House, "Page"]]:
    port = free_port()
    site = Site(f"http://localhost:{port}", "127.0.0.1", port)
    async with opened(site) as house, window(chromium, replace(PHONE, has_script=has_script), site.address) as context:
        house.there.asks_first = True
        if is_known:
            await admit(house.serving.store, [house.person], access(house.serving.keys, at=house.around.now()))
        page = await context.new_page()
        await page.goto("/")
        yield house, page


@pytest.mark.parametrize("has_script", [True, False])
async def test_in_and_out_again(chromium: "Chromium", *, has_script: bool) -> None:
    async with browsing(chromium, has_script=has_script) as (house, page):
        referrers: list[str] = []
        page.on("request", lambda request: referrers.append(request.headers.get("referer", "")))

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
        for _ in range(3):
            await page.go_back()
            assert await page.get_by_role("button", name="Start").count() == 0
        assert (await house.standing()).door.is_locked


async def test_a_link_on_another_site_brings_no_sign_in_along(chromium: "Chromium") -> None:
    async with browsing(chromium, has_script=False) as (house, page):
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


async def went_in(page: "Page") -> None:
    await page.get_by_role("link", name="Sign in").click()
    await page.get_by_role("link", name="Let me in").click()


@pytest.mark.prove
async def test_axe_finds_nothing_on_the_way_in_and_out(chromium: "Chromium", promise: Promise) -> None:
    faults = dict[str, list[str]]()

    async def looked_at(heading: str) -> None:
        await page.get_by_role("heading", name=heading).wait_for()
        faults[heading] = await faults_in_each_light(page)

    async with browsing(chromium, is_known=False) as (house, page):
        store, now = house.serving.store, house.around.now()
        invitation = Invitation("0a0b0c0d", Role.PRACTITIONER)
        await store.write(
            lambda t: t.invitation_codes.issue("ABCDEFGHJKMNPQ", invitation.text(), until=now + timedelta(days=1))
        )
        await looked_at("SERAF")
        await page.goto("/callback")
        await looked_at("You are not signed in")
        await went_in(page)
        await looked_at("No access yet")
        await page.get_by_label("The code of your invitation").fill("ABCD-EFGH-JKMN-PQ")
        await page.get_by_role("button", name="Come in").click()
        await looked_at("Before you begin")
        await page.get_by_role("button", name="I understand").click()
        await looked_at("Choose a PIN")
        await page.get_by_role("button", name="Sign out").click()
        await looked_at("You are signed out")
        await store.turns([Inbound("remove", now, house.person, removal(now), None)])
        await went_in(page)
        await looked_at("You have no access")
        house.is_open = False
        await page.goto("/callback")
        await looked_at("Nobody can sign in just now")
    assert {words: found for words, found in faults.items() if found} == {}
    promise.reached("P32", asked=len(faults), reached=len(faults), of="pages of the sign-in")
