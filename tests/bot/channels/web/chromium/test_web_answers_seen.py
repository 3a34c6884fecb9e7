"""Tests in Chromium of the pages on which answers are ticked, checked and noted: axe, width, focus, and drafts."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.chromium.axe import faults_in_each_light
from tests.support.chromium.windows import Screen, complaints, fits, looking
from tests.support.counts import IS_FULL
from tests.support.shipped import WEB_SCRIPT
from tests.support.talk.notes import TAKING
from tests.support.walks.clock import Surroundings
from tests.support.web.serving import SAM, let_in, made

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

A_PHONE = "a phone"
SIZES = {"a small phone": (320, 568), "400 per cent": (320, 256), A_PHONE: (390, 844)}
NAMED = "Ring Jane Smith on 07700 900123."
HELD = 400
"""For how many milliseconds a new page takes no tap, and a little more."""


async def on(page: "Page", *labels: str) -> None:
    """Press buttons, one after another, each on the page that the press before it leads to; “✓” before a label checks its box."""
    for label in labels:
        if label.startswith("✓"):
            await page.get_by_label(label[1:]).first.check()
            continue
        shown = await page.locator("#card").get_attribute("data-shown")
        await page.wait_for_timeout(HELD)
        await page.get_by_role("button", name=label, exact=True).first.click()
        await page.wait_for_function("was => document.querySelector('#card').dataset.shown !== was", arg=shown)


async def no_fault(page: "Page", where: str) -> None:
    """Look at the page in every size, and examine it in one: in a full proof, in every one."""
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        assert await fits(page), f"{where} on {size}"
        if IS_FULL or size == A_PHONE:
            assert await faults_in_each_light(page) == [], f"{where} on {size}"


OPENING = ("Start", "✓School", "Continue", "Neither", "No", "Yes", "13–15")
NEITHER = "✓None of the others applies"


@pytest.mark.prove
async def test_the_pages_of_answers_are_free_of_faults(chromium: "Chromium", around: Surroundings) -> None:
    house = made(around, script=replace(WEB_SCRIPT, notes=TAKING))
    await let_in(house, [SAM], now=around.now())
    async with looking(chromium, house, Screen()) as page:
        said = complaints(page.context)
        await no_fault(page, "home")
        await on(page, *OPENING, "Quick")
        await no_fault(page, "ticks")
        await page.get_by_role("button", name="Continue").click()
        await page.locator("[aria-invalid]").wait_for()
        await no_fault(page, "ticks that come back")
        assert await page.evaluate("document.activeElement.name") == "rest"
        await on(page, "✓Isolated", NEITHER, "Continue", NEITHER, "Continue", "Not known")
        await page.wait_for_timeout(HELD)
        await page.locator("summary", has_text="Add a note").click()
        await page.locator("textarea").fill(NAMED)
        await page.get_by_role("button", name="Keep this note").click()
        await page.locator("textarea[aria-invalid]").wait_for()
        await no_fault(page, "a note that comes back")
        assert await page.evaluate("document.activeElement.name") == "typed"
        assert await page.locator("textarea").input_value() == NAMED
        assert await page.locator(".count").inner_text() == f"Characters left: {300 - len(NAMED)}"
        await on(page, *["Not in 12 months"] * 6, "No", "First", NEITHER, "Continue")
        await no_fault(page, "check")
        assert said == []


async def test_what_is_typed_outlives_other_pages(chromium: "Chromium", around: Surroundings) -> None:
    house = made(around, script=replace(WEB_SCRIPT, notes=TAKING))
    await let_in(house, [SAM], now=around.now())
    async with looking(chromium, house, Screen()) as page:
        await on(page, *OPENING, "Form order")
        await page.wait_for_timeout(HELD)
        await page.locator("summary", has_text="Add a note").click()
        await page.locator("textarea").fill("Half a note")

        await on(page, "No")
        assert await page.locator("textarea").input_value() == ""
        await on(page, "‹ Back")

        assert await page.locator("textarea").input_value() == "Half a note"
        assert await page.locator("textarea").is_visible()
