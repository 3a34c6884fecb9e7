"""A whole SERAF on pages in Chromium, on several kinds of screens: how many taps and pages it takes, and what each page shows first."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from bot.runtime.clock import local_time
from tests.support.chromium.axe import faults_of_access
from tests.support.chromium.windows import Screen, complaints, fits, looking
from tests.support.counts import IS_FULL
from tests.support.shipped import LONDON, PACK
from tests.support.walks.clock import Surroundings
from tests.support.web.serving import SAM, let_in, made

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCREENS = {
    "phone": Screen(),
    "small phone": Screen(320, 568),
    "desk": Screen(1280, 800),
    "desk at 400 %": Screen(320, 256),
    "small phone with doubled letters": Screen(160, 284),
    "phone without script": Screen(has_script=False),
}
"""Kinds of screens. A window of 1280 × 1024 px at 400 % has room for 320 × 256."""

SMALL = (Screen(320, 568), Screen(160, 284))
"""The windows in which each page of the phone is looked at too: a small phone, and one with doubled letters."""

WEDNESDAY = datetime(2026, 6, 17, 23, 30, tzinfo=LONDON)
"""At night, when the name of the office that answers is the longer one."""

TICKED = {4: "Yes", 25: "Past 6 months", 28: "Past 6 months", 30: "Past 6 months"}
"""The items that are ticked, by their number on the form. All others are answered with No."""

ANSWERS = ("School", "Neither", "No", "Yes", "13–15", "Form order", "First", "Not safe")
"""The answers to the other questions."""

ONWARD = ("Start", "Prepare the call", "Go on", "Continue")
"""Buttons that lead on where there is nothing to answer."""

HELD = 400
"""Milliseconds for which a new page takes no tap, and a little more."""

PAGES, TAPS = 47, 50
"""The most pages between the first and the plan, both counted, and the most taps on the way."""

ABOVE = """dial => [...document.querySelectorAll(`a[href="tel:${dial}"]`)].some(each => {
    const box = each.getBoundingClientRect();
    return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight && !each.closest('details:not([open])');
})"""
"""True if a link that dials this number is on the first screen."""

COVERED = """() => {
    scrollTo(0, document.body.scrollHeight);
    const found = [...document.querySelectorAll(':is(main, footer) :is(button, a, input, summary)')].filter(each => {
        const {left, top, width, height} = each.getBoundingClientRect();
        return height > 0 && each.checkVisibility({contentVisibilityAuto: true})
            && document.elementFromPoint(left + width / 2, top + height / 2)?.closest('.bar');
    });
    scrollTo(0, 0);
    return found.map(each => each.textContent);
}"""
"""What can be pressed and is under the bar even at the end of the page."""


@dataclass
class Tally:
    """What was counted on the way."""

    pages: list[str] = field(default_factory=list)
    taps: int = 0
    without_number: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    examined: set[str] = field(default_factory=set)


@pytest.mark.prove
@pytest.mark.parametrize("kind", SCREENS if IS_FULL else ("phone",))
async def test_a_whole_seraf_is_short_and_has_the_number_that_answers_on_every_first_screen(
    chromium: "Chromium", kind: str
) -> None:
    screen = SCREENS[kind]
    around = Surroundings(WEDNESDAY, "BRISK OTTER 41")
    serving = made(around)
    await let_in(serving, [SAM], now=around.now())

    async with looking(chromium, serving, screen) as page:
        errors = complaints(page.context)
        await page.clock.install()
        await page.reload()
        dial = PACK.contacts.answering(local_time(around.now()))[0].dial.replace(" ", "")
        tally = await gone_through(page, dial, (screen, *(SMALL if kind == "phone" else ())))

    assert tally.without_number == []
    assert tally.covered == []
    assert tally.too_wide == []
    assert tally.faults == []
    assert errors == []
    assert (len(tally.pages), tally.taps) <= (PAGES, TAPS)


async def gone_through(page: "Page", dial: str, screens: tuple[Screen, ...]) -> Tally:
    """Answer one page after the other until the plan is shown, and look at each on these screens, the last of them first.

    `dial` is the number that must be on every first screen. A short run examines one page of each kind for faults of access.
    """
    tally = Tally()
    while True:
        heading = await page.locator("h1").inner_text()
        tally.pages.append(heading)
        for each in reversed(screens):
            if len(screens) > 1:
                await page.set_viewport_size({"width": each.width, "height": each.height})
            seen = f"{heading} ({each.width} × {each.height})"
            tally.without_number += [] if await page.evaluate(ABOVE, dial) else [seen]
            tally.covered += [f"{seen}: {name}" for name in await page.evaluate(COVERED)]
            tally.too_wide += [] if await fits(page) else [seen]
        looks = (await page.locator("body").get_attribute("class") or "").split()
        shape = f"{looks[0]} {await page.locator('main input[type=radio]').count() > 0}"
        if IS_FULL or shape not in tally.examined:
            tally.examined.add(shape)
            tally.faults += [f"{heading}: {each}" for each in await faults_of_access(page)]
        if "plan" in looks:
            return tally
        assert len(tally.pages) <= 2 * PAGES, tally.pages
        tally.taps += await answered(page)


async def answered(page: "Page") -> int:
    """Answer the page, wait for the next one, and return how many taps it took."""
    shown, taps = await page.locator("#card").get_attribute("data-shown"), 2
    if await page.locator("main input[type=checkbox]").count():
        await page.locator("main input[name=rest]").first.check()
        await page.locator("main form:has([name=rest]) button").click()
    elif await page.locator("main input[type=radio]").count():
        options = page.locator("main label.pick")
        at = await _at(page, await options.all_inner_texts())
        await options.nth(at).locator("input").check()
        await page.locator("main form:has(input[type=radio]) button").click()
    else:
        choices = page.locator("main fieldset button[name=press]")
        ways = choices if await choices.count() else page.locator("main button[name=press]")
        await ways.nth(await _at(page, await ways.all_inner_texts())).click()
        taps = 1
    for _ in range(200):
        with suppress(Exception):  # while the next page is being loaded, there is no content
            if await page.locator("#card").get_attribute("data-shown", timeout=500) != shown:
                await page.clock.run_for(HELD)
                await page.locator("body:not(.fresh)").wait_for()
                return taps
        await asyncio.sleep(0.02)
    raise AssertionError("no other page came")


async def _at(page: "Page", labels: list[str]) -> int:
    """Return which of these buttons is pressed: the answer to the item, or else the first answer or way on that is there."""
    place = page.locator("main > progress")
    item = int(await place.get_attribute("value") or 0) if await place.count() else 0
    no = next((each for each in labels if each in ("No", "Not in 12 months")), "")
    wanted = (TICKED.get(item, no),) if item else (*ANSWERS, *ONWARD)
    at = next((labels.index(each) for each in wanted if each in labels), None)
    assert at is not None, f"{await page.locator('h1').inner_text()}: {labels}"
    return at
