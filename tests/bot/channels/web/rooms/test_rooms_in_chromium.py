"""Tests of rooms in a real Chromium: a guest's phone and a trainer's projector, with and without scripts."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pytest
import pytest_asyncio

from tests.support.chromium.axe import faults_in_each_light
from tests.support.chromium.windows import PHONE, Screen, complaints, fits, free_site, pressed, window
from tests.support.counts import IS_FULL
from tests.support.promising import Promise
from tests.support.shipped import PACK, at
from tests.support.talk.gathering import Reader, next_label, quick
from tests.support.walks.clock import Surroundings
from tests.support.web.rooming import Rooming, joined
from tests.support.web.seeing import seen

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOON = at("2026-03-04T10:20").at
PROJECTOR = Screen(1920, 1080)
GROUP = 10


@pytest_asyncio.fixture(loop_scope="session")
async def house() -> AsyncIterator[Rooming]:
    site = free_site()
    async with Rooming(Surroundings(NOON, "BRISK OTTER 41"), site=site).listening() as rooming:
        yield rooming


@pytest.mark.parametrize("has_script", [True, False])
async def test_a_guest_joins_answers_and_comes_back_on_a_phone(
    chromium: "Chromium", house: Rooming, has_script: bool
) -> None:
    code = await house.host.opened()
    async with window(chromium, replace(PHONE, has_script=has_script), house.site.address) as context:
        said, page = complaints(context), await context.new_page()
        await page.goto(f"/room/{code}")
        await page.get_by_role("button", name="Join").click()
        await page.get_by_text("Now answer as you would at work.").wait_for()
        await page.get_by_role("button", name="Start the SERAF").click()
        await page.get_by_role("heading", name="What is your role?").wait_for()

        assert await fits(page)
        await page.locator("h1:focus").wait_for()
        before = await page.locator("h1").inner_text()
        await page.goto(f"/room/{code}")
        assert await page.locator("h1").inner_text() == before
        await page.get_by_role("button", name="Leave", exact=True).click()
        await page.get_by_text("You have left the rehearsal.").wait_for()
        assert said == []


async def test_the_use_of_answers_and_the_join_button_fit_on_a_phone_without_scrolling(
    chromium: "Chromium", house: Rooming
) -> None:
    listed = [each for each in PACK.vignettes if not each.stages]
    longest = max(listed, key=lambda each: len(each.about) + len(each.warning))
    code = await house.host.opened(f"Case {listed.index(longest) + 1}")
    async with window(chromium, PHONE, house.site.address) as context:
        page = await context.new_page()
        await page.goto(f"/room/{code}")

        below = await page.get_by_role("button", name="Join").evaluate("each => each.getBoundingClientRect().bottom")

        assert below <= PHONE.height
        assert await page.get_by_text("Once you finish, your answers count").is_visible()
        assert await page.locator("h1:focus").inner_text() == longest.title


@pytest.mark.parametrize("has_script", [True, False])
async def test_a_screen_opens_turns_by_one_key_and_follows(
    chromium: "Chromium", house: Rooming, has_script: bool
) -> None:
    host = house.host
    code = await host.opened()
    path = await host.screen()
    async with window(chromium, replace(PROJECTOR, has_script=has_script), house.site.address) as context:
        said, page = complaints(context), await context.new_page()
        await page.goto(path)
        await page.get_by_role("button", name="Open the screen").click()
        await page.get_by_text(f"{code[:4]}-{code[4:]}").wait_for()

        assert await fits(page)
        size = await page.locator(".code").evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
        assert size >= 100
        assert await page.locator("img.qr").evaluate("each => each.getBoundingClientRect().width") > 0.8 * 1080
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


async def test_no_slide_of_what_a_group_answered_loses_that_no_child_is_real(
    chromium: "Chromium", house: Rooming
) -> None:
    host = house.host
    code = await host.opened()
    path = await host.screen()
    for number in range(GROUP):
        await (await joined(house, code)).finish(quick(number))
    await host.press("End the room", "Close and compare")
    async with window(chromium, replace(PROJECTOR, height=480), house.site.address) as context:
        page = await context.new_page()
        await page.goto(path)
        await page.get_by_role("button", name="Open the screen").click()
        await page.get_by_text("the room is closed").wait_for()
        while await page.locator("a[rel=next]").count():
            for each in (".stripe", "a[rel=next]"):
                box = await page.locator(each).bounding_box()
                assert box is not None
                assert 0 <= box["y"] <= box["y"] + box["height"] <= 480
            place = await page.locator("nav span").inner_text()
            await page.locator("a[rel=next]").click()
            await page.locator("nav span").filter(has_not_text=place).wait_for()


ROLES: tuple[Literal["button", "radio"], ...] = ("button", "radio")


async def played(page: "Page", until: str) -> list[str]:
    """Answer as usual until the button `until` shows; return axe's violations, once for each kind of card."""
    found, met = list[str](), set[str]()
    while True:
        read = seen(await page.content())
        if (kind := " ".join(read.labels)) not in met:
            met.add(kind)
            found += await faults_in_each_light(page)
        has_choice = await page.get_by_role("radio").count() > 0  # whose “Continue” sends nothing until one is chosen
        labels = [each for each in read.labels if each != "Continue" or not has_choice]
        if until in labels or not (label := next_label(read.text, labels, Reader(1))):
            return found
        here = [await page.get_by_role(role, name=label, exact=True).count() for role in ROLES]
        if any(here):  # else the page went on by itself since it was read
            await pressed(page, label)


@pytest.mark.prove
async def test_axe_finds_nothing_on_a_page_of_a_guest(chromium: "Chromium", house: Rooming, promise: Promise) -> None:
    host, faults = house.host, dict[str, list[str]]()
    code = await host.opened()
    async with window(chromium, PHONE, house.site.address) as context:
        page = await context.new_page()
        for path in ("/room", "/room/WRNG2345", f"/room/{code}"):
            await page.goto(path)
            faults[path] = await faults_in_each_light(page)
        await page.get_by_role("button", name="Join").click()
        await page.get_by_text("Now answer as you would at work.").wait_for()
        faults["on the way"] = await played(page, "My answers" if IS_FULL else "Start the SERAF")
        if IS_FULL:
            await pressed(page, "My answers")
            faults["held"] = await faults_in_each_light(page)
            for number in range(GROUP):
                await (await joined(house, code)).finish(quick(number))
            await host.press("End the room", "Close and compare", "Open model answers")
            await page.goto(f"/room/{code}")
            await pressed(page, "My answers")
            faults["answers"] = await faults_in_each_light(page)
        await page.get_by_role("button", name="Leave").click()
        await page.get_by_role("heading", name="You have left the rehearsal.").wait_for()
        faults["left"] = await faults_in_each_light(page)
    assert {words: found for words, found in faults.items() if found} == {}
    promise.reached("P32", asked=len(faults), reached=len(faults), of="pages of a guest")


@pytest.mark.prove
async def test_axe_finds_nothing_on_a_screen_of_a_trainer(
    chromium: "Chromium", house: Rooming, promise: Promise
) -> None:
    host, faults = house.host, dict[str, list[str]]()
    code = await host.opened()
    path = await host.screen()
    async with window(chromium, PROJECTOR, house.site.address) as context:
        page = await context.new_page()
        await page.goto(path)
        faults["before"] = await faults_in_each_light(page)
        await page.get_by_role("button", name="Open the screen").click()
        await page.get_by_text("Scan this").wait_for()
        faults |= await slides(page)
        if IS_FULL:
            for number in range(GROUP):
                await (await joined(house, code)).finish(quick(number))
            await host.press("End the room", "Close and compare")
            await page.get_by_text("the room is closed").wait_for()
            faults |= await slides(page)
        await host.press(
            *(("End the room", "Close and compare") if not IS_FULL else ("Open model answers",)), "Leave", "Leave"
        )
        await page.get_by_text("This room is over.").wait_for()
        faults["over"] = await faults_in_each_light(page)
        await page.goto(path)
        await page.get_by_role("button", name="Open the screen").click()
        await page.get_by_text("This link opens nothing any more.").wait_for()
        faults["used"] = await faults_in_each_light(page)
    assert {words: found for words, found in faults.items() if found} == {}
    promise.reached("P32", asked=len(faults), reached=len(faults), of="slides of a trainer")


async def slides(page: "Page") -> dict[str, list[str]]:
    faults = {}
    while True:
        words = await page.locator("main").inner_text()
        faults[words] = await faults_in_each_light(page)
        if not await page.locator("a[rel=next]").count():
            return faults
        place = await page.locator("nav span").inner_text()
        await page.locator("a[rel=next]").click()
        await page.locator("nav span").filter(has_not_text=place).wait_for()
