"""Tests of locked pages, and of the time before a page locks, in a real Chromium."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.access.account import MOST_TRIES, Terms
from bot.channels.web.site import Site
from dialogs.core.role import Role
from tests.support.chromium.axe import faults_in_each_light
from tests.support.chromium.windows import PHONE, free_port, window
from tests.support.people.accounts import altered
from tests.support.people.admitting import PIN, access, admit
from tests.support.promising import Promise
from tests.support.shipped import WORDING
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.serving import BADGE, SAM, Serving, made

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Locator, Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
IN_THE_CLIPBOARD = "text => navigator.clipboard.writeText(text)"


@asynccontextmanager
async def watching(
    chromium: "Chromium", *, role: Role = Role.PRACTITIONER, **account: object
) -> AsyncIterator[tuple[Serving, Surroundings, "Page"]]:
    """Open the page of Sam, whose account has these values, with a browser clock that the test moves."""
    around, port = Surroundings(NOON, "BRISK OTTER 41"), free_port()
    serving = made(around, terms=Terms())
    serving.site = Site(f"http://localhost:{port}", "127.0.0.1", port)
    await admit(serving.store, [SAM], altered(access(serving.keys, role, at=NOON), **account))
    async with serving.listening(), window(chromium, PHONE, serving.site.address) as context:
        await context.add_cookies([{"name": BADGE, "value": "sam", "url": serving.site.address}])
        page = await context.new_page()
        await page.clock.install(time=NOON)
        await page.goto("/")
        yield serving, around, page


async def passes(around: Surroundings, page: "Page", seconds: int) -> None:
    """Let this time pass for the server and for the browser."""
    around.pass_seconds(seconds)
    await page.clock.run_for(1000 * seconds)


def dialog(page: "Page") -> "Locator":
    return page.get_by_role("dialog", name="This page locks at 12:10")


async def test_a_pin_can_be_pasted_and_sent_by_enter(chromium: "Chromium") -> None:
    async with watching(chromium, is_locked=True) as (_, __, page):
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.evaluate(IN_THE_CLIPBOARD, f"{PIN[:3]} {PIN[3:]}")
        field = page.get_by_label("Your PIN, six digits")
        await field.focus()
        await page.keyboard.press("Control+V")
        assert await field.input_value() == f"{PIN[:3]} {PIN[3:]}"

        await page.keyboard.press("Enter")

        await page.get_by_role("heading", name="SERAF consultation").wait_for()
        assert await page.locator("#pin").count() == 0


async def test_a_wrong_pin_is_said_and_the_field_is_empty(chromium: "Chromium") -> None:
    async with watching(chromium, is_locked=True) as (_, __, page):
        await page.get_by_label("Your PIN, six digits").fill("759310")
        await page.get_by_role("button", name="Unlock").click()

        await page.get_by_text("That was not your PIN. 4 more tries.").wait_for()

        await page.evaluate("window.dispatchEvent(new Event('online'))")
        assert await page.get_by_label("Your PIN, six digits").input_value() == ""
        assert await page.locator("h1").evaluate("each => each === document.activeElement")


async def test_two_minutes_before_it_locks_a_page_asks_and_staying_keeps_it(chromium: "Chromium") -> None:
    async with watching(chromium) as (_, around, page):
        await passes(around, page, 478)
        assert await page.get_by_role("dialog").count() == 0
        async with page.expect_response("**/"):  # first it looks whether somebody is there on another page
            await passes(around, page, 3)
        await passes(around, page, 2)
        await dialog(page).wait_for()
        assert await page.title() == "This page locks at 12:10"

        async with page.expect_response("**/awake") as awake:
            await page.get_by_role("button", name="Stay").click()
        assert (await awake.value).status == 200

        assert await page.get_by_role("dialog").count() == 0
        assert await page.title() == "SERAF"
        await page.wait_for_function("document.querySelector('#card').dataset.locks === '600'")
        await passes(around, page, 400)
        assert await page.get_by_role("dialog").count() == 0
        assert (await page.reload()).ok  # type: ignore[union-attr]
        assert await page.get_by_role("heading", name="SERAF consultation").count() == 1


async def test_a_page_with_an_unsaved_answer_says_so_before_it_locks_and_then(chromium: "Chromium") -> None:
    async with watching(chromium) as (_, around, page):
        await page.context.set_offline(True)
        await page.get_by_role("button", name="Start").click()
        await page.get_by_text(WORDING.say("script.no-connection")).wait_for()

        await passes(around, page, 500)
        await passes(around, page, 2)
        await dialog(page).wait_for()
        assert WORDING.say("script.locks-kept") not in await dialog(page).inner_text()
        assert WORDING.say("script.last-unsaved") in await dialog(page).inner_text()

        await passes(around, page, 200)
        await page.get_by_role("heading", name="SERAF consultation").wait_for(state="hidden")
        assert "ot saved" in await page.locator("#live").inner_text()


async def test_lock_now_locks(chromium: "Chromium") -> None:
    async with watching(chromium) as (_, around, page):
        async with page.expect_response("**/"):
            await passes(around, page, 500)
        await passes(around, page, 2)

        await page.get_by_role("button", name="Lock now").click()

        await page.get_by_role("heading", name="Locked").wait_for()


async def test_typing_counts_as_being_there(chromium: "Chromium") -> None:
    async with watching(chromium) as (_, around, page):
        await page.locator("footer summary").click()
        for _unused in range(12):
            await passes(around, page, 61)
            async with page.expect_response("**/awake"):
                await page.locator("#sought").press_sequentially("a")
        assert await page.get_by_role("dialog").count() == 0
        await page.reload()
        assert await page.get_by_role("heading", name="SERAF consultation").count() == 1


async def test_without_a_network_no_case_stays_on_a_page_whose_time_is_up(chromium: "Chromium") -> None:
    async with watching(chromium) as (_, around, page):
        await page.get_by_role("button", name="Start").click()
        await page.get_by_text("BRISK OTTER 41").wait_for()
        await page.context.set_offline(True)

        await passes(around, page, 601)

        await page.get_by_text("This page is locked.").wait_for()
        assert not await page.get_by_text("BRISK OTTER 41").is_visible()
        assert not await page.locator("main").is_visible()
        assert await page.get_by_role("link", name="999").first.is_visible()
        await page.context.set_offline(False)
        await page.clock.run_for(60_000)
        await page.get_by_role("heading", name="Locked").wait_for()


async def test_a_page_that_changes_while_a_pin_is_typed_takes_no_digit(chromium: "Chromium") -> None:
    """The card of an idle page gets another number once the lock is recorded."""
    async with watching(chromium, is_locked=True) as (serving, _, page):
        field = page.get_by_label("Your PIN, six digits")
        await field.press_sequentially(PIN[:3])
        before = await page.locator("#card").get_attribute("data-shown")
        other = Browser(serving.port)
        other.origin_is(serving.site.address)
        await other.open()
        await other.command("lock")
        await page.wait_for_function("before => document.querySelector('#card').dataset.shown !== before", arg=before)

        assert await field.input_value() == PIN[:3]
        await page.keyboard.type(PIN[3:])
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="SERAF consultation").wait_for()


STANDINGS: Mapping[str, Mapping[str, object]] = {
    "Locked": {"is_locked": True},
    "Choose a PIN": {"pin": ""},
    "Before you begin": {"noticed": None},
    "Locked after five wrong PINs": {"tries": MOST_TRIES},
    "Your access has run out": {"until": NOON - timedelta(days=1)},
    "You have access as an auditor": {},
    "Nothing can be saved now": {},
}


@pytest.mark.prove
async def test_axe_finds_nothing_on_a_locked_page(chromium: "Chromium", promise: Promise) -> None:
    faults, titles = dict[str, list[str]](), set[str]()
    for heading, account in STANDINGS.items():
        role = Role.AUDITOR if "auditor" in heading else Role.PRACTITIONER
        async with watching(chromium, role=role, **account) as (serving, _, page):
            if heading == "Nothing can be saved now":
                serving.is_open = False
                await page.goto("/")
            await page.get_by_role("heading", name=heading, exact=True).wait_for()
            assert await page.get_by_role("link", name="999").count() >= 2
            titles.add(await page.title())
            faults[heading] = await faults_in_each_light(page)
    assert {heading: found for heading, found in faults.items() if found} == {}
    assert titles == {"Locked – SERAF", "SERAF"}
    promise.reached("P32", asked=len(faults), reached=len(faults), of="locked pages")
