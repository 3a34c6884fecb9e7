"""Tests of pages in a real Chromium: recorded conversations (walks), focus, and hiding a page by pressing Esc."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dialogs.core.role import Role
from tests.bot.channels.web.conftest import REFERENCE
from tests.support.chromium.axe import Found, examining, faults_in_each_light
from tests.support.chromium.windows import DESK, PHONE, complaints, fits, give_pin, looking, play, shown
from tests.support.counts import IS_FULL
from tests.support.promising import Promise
from tests.support.shipped import WEB_SCRIPT, WORDING
from tests.support.walks.boards import script_of
from tests.support.walks.clock import Surroundings
from tests.support.walks.core import replayed
from tests.support.walks.model import WEB, Press
from tests.support.walks.reading import read_walk
from tests.support.web.browser import Browser
from tests.support.web.dozen import DOZEN, file_of
from tests.support.web.serving import BADGE, SAM, Serving, let_in, made
from tests.support.web.walker import deeds

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page, Route

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCREENS = {
    "a phone": PHONE,
    "a phone without a script": replace(PHONE, has_script=False),
    "a desk in the dark": replace(DESK, scheme="dark"),
    "a desk in the dark without a script": replace(DESK, scheme="dark", has_script=False),
}
SOON = 0.5
"""Seconds to wait before checking that a page was not reloaded."""

MORE = WORDING.say("leaf.more")
MOST_TABS = 80
HIDDEN = "Go on"
"""The only text on a hidden page. It is not printed."""

FEW = tuple((DOZEN[0], name) for name in ("a phone", "a desk in the dark without a script"))
"""The walks and screens of a short run. A full run plays each of the dozen walks on each screen."""

CHOSEN = tuple((number, name) for number in DOZEN for name in SCREENS) if IS_FULL else FEW


@pytest.fixture(scope="module")
def found() -> Found:
    return {}


@pytest.mark.prove
@pytest.mark.parametrize(("number", "name"), CHOSEN)
async def test_a_walk_in_chromium_shows_what_the_core_shows(
    chromium: "Chromium", found: Found, number: str, name: str, promise: Promise
) -> None:
    path, screen, right = file_of(number), SCREENS[name], 0
    walk = read_walk(path)
    around = Surroundings(walk.at, walk.reference)
    script = script_of(WEB, walk)
    serving = made(around, script=script)
    await let_in(serving, [SAM], role=Role(walk.role), now=around.now())
    scenes = replayed(path, WEB)
    async with looking(chromium, serving, screen) as page, examining(page, screen, found) as examiner:
        said = complaints(page.context)
        for deed in deeds(scenes):
            around.heed(deed[0].steps)
            await play(page, deed)
            assert await shown(page, deed[-1], script) == []
            await page.locator("h1:focus, [aria-invalid]:focus").wait_for()
            assert await fits(page)
            assert await examiner.faults() == []
            right += len(deed)
        assert said == []
    promise.reached("P32", asked=len(scenes), reached=right, of=f"cards of walks on {name}")
    looked = examiner.looked
    promise.reached("P32", asked=looked, reached=looked, of="cards of walks under axe, each once a screen")


@pytest.mark.parametrize("has_script", [True, False])
async def test_a_violation_that_axe_finds_is_reported_whenever_its_card_is_shown(
    chromium: "Chromium", house: Serving, has_script: bool
) -> None:
    screen = replace(PHONE, has_script=has_script)
    async with looking(chromium, house, screen) as page, examining(page, screen, {}) as examiner:
        assert await examiner.faults() == []
        await page.locator("main").evaluate("each => each.append(document.createElement('button'))")

        found = await examiner.faults()
        await page.locator("[name=nonce]").first.evaluate("each => each.setAttribute('value', 'another')")

        assert [each.partition(":")[0] for each in found] == ["button-name"]
        assert await examiner.faults() == found
        assert examiner.looked == 2


@pytest.mark.parametrize("has_script", [True, False])
async def test_a_walk_is_done_by_keyboard_alone(chromium: "Chromium", has_script: bool) -> None:
    path = file_of("18")
    walk = read_walk(path)
    around = Surroundings(walk.at, walk.reference)
    serving = made(around)
    await let_in(serving, [SAM], now=around.now())
    async with looking(chromium, serving, replace(PHONE, has_script=has_script)) as page:
        for scene in replayed(path, WEB)[1:]:  # the first opens the page
            assert isinstance(scene.act, Press)
            assert scene.before is not None
            await page.locator("h1:focus, [aria-invalid]:focus").wait_for()
            await tabbed_to(page, f"{scene.before.token}:{scene.code}")

            await page.keyboard.press("Enter")

            assert await shown(page, scene, WEB_SCRIPT) == []


FOCUSED = """press => {
    const at = document.activeElement, around = at.matches('summary') && !at.parentNode.open && at.parentNode;
    if (at.value === press) return at.type === 'radio' ? 'chosen' : 'there';
    return around && around.querySelector(`[value="${press}"]`) ? 'around' : at.type === 'radio' ? 'beside' : '';
}"""
"""A script that says where the focus is: at what sends this, at what is closed around it, or at another choice."""


async def tabbed_to(page: "Page", press: str) -> None:
    """Move the focus to what sends this, by keyboard alone: open what is closed on the way, and choose it if it is a choice."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        where = await page.evaluate(FOCUSED, press)
        if where == "around":
            await page.keyboard.press("Enter")
        while where == "beside":
            await page.keyboard.press("ArrowDown")
            where = await page.evaluate(FOCUSED, press)
        if where == "chosen":
            await page.keyboard.press("Space")
            await page.keyboard.press("Tab")
        if where in ("chosen", "there"):
            return
    raise AssertionError(f"not reached by keyboard: {press}")


@pytest.mark.parametrize("has_script", [True, False])
async def test_a_passing_message_is_read_out_with_the_heading(
    chromium: "Chromium", house: Serving, has_script: bool
) -> None:
    from playwright.async_api import expect

    async with looking(chromium, house, replace(PHONE, has_script=has_script)) as page:
        for each in await page.locator("[name=nonce]").all():
            await each.evaluate("each => { each.value = 'old'; }")

        await page.get_by_role("button", name="Start").first.click()

        said = WORDING.say("browser.old")
        await expect(page.locator("h1:focus")).to_have_accessible_description(said)
        await expect(page.locator("#said")).to_have_text(said)


async def test_esc_three_times_blanks_the_page_and_locks_it(chromium: "Chromium", house: Serving) -> None:
    async with looking(chromium, house, PHONE) as page:
        await page.get_by_role("button", name="Start").first.click()
        await page.get_by_text(REFERENCE).wait_for()

        for _ in range(3):
            await page.keyboard.press("Escape")

        await page.get_by_role("button", name="Go on").wait_for()
        assert REFERENCE not in await page.content()
        await page.get_by_role("button", name="Go on").click()
        await page.get_by_role("heading", name="Locked").wait_for()


async def test_a_hidden_page_stays_hidden_while_it_cannot_be_locked(chromium: "Chromium", house: Serving) -> None:
    async with looking(chromium, house, PHONE) as page:
        await page.get_by_role("button", name="Start").first.click()
        await page.get_by_text(REFERENCE).wait_for()

        async def refuse(route: "Route") -> None:
            await (route.fulfill(status=502, body="") if route.request.method == "POST" else route.continue_())

        await page.route(house.site.address + "/", refuse)
        async with page.expect_response(lambda answer: answer.status == 502):
            for _ in range(3):
                await page.keyboard.press("Escape")
        await asyncio.sleep(SOON)
        assert not await page.get_by_text(REFERENCE).first.is_visible()

        await page.unroute(house.site.address + "/")
        for _ in range(3):
            await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Go on").click()
        await page.get_by_role("heading", name="Locked").wait_for()


async def test_an_open_page_follows_what_is_done_elsewhere(chromium: "Chromium", house: Serving) -> None:
    async with looking(chromium, house, PHONE) as page:
        await page.get_by_role("button", name="Start").first.click()
        await page.get_by_text(REFERENCE).wait_for()
        other = Browser(house.port)
        other.origin_is(house.site.address)
        await other.open()

        await other.press("Lock")

        await page.get_by_role("heading", name="Locked").wait_for()
        await other.close()


@pytest.mark.prove
async def test_axe_finds_nothing_on_pages_around_a_case(chromium: "Chromium", house: Serving, promise: Promise) -> None:
    faults = dict[str, list[str]]()
    async with looking(chromium, house, PHONE) as page:

        async def looked_at(words: str) -> None:
            await page.get_by_text(words).first.wait_for()
            faults[words] = await faults_in_each_light(page, is_printed=words != HIDDEN)

        await page.get_by_text(MORE, exact=True).click()
        await looked_at("Ask in your own words")
        await page.goto("/nowhere")
        await looked_at("That did not work")
        await page.goto("/")
        await page.locator("button.panic").click()
        await looked_at(HIDDEN)
        await page.get_by_role("button", name="Go on").click()
        await looked_at("Locked")
        await give_pin(page, "111111")
        await looked_at("That was not your PIN")
        house.is_open = False
        await page.goto("/")
        await looked_at("cannot be")
        house.is_open = True
        await page.context.clear_cookies()
        await page.goto("/")
        await looked_at("Rehearse here with others")
        await page.context.add_cookies([{"name": BADGE, "value": "eve", "url": house.site.address}])
        await page.goto("/")
        await looked_at("No access yet")
    assert {words: found for words, found in faults.items() if found} == {}
    promise.reached("P32", asked=len(faults), reached=len(faults), of="pages around a case")
