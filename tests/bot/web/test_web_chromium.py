"""Pages in a real Chromium: walks with and without a script, focus, what is left in the history, and three times Esc."""

from dataclasses import replace

import pytest

from dialogs.core.role import Role
from tests.bot.web.conftest import REFERENCE
from tests.support.counts import IS_FULL
from tests.support.promising import Promise
from tests.support.walks.boards import script_of
from tests.support.walks.clock import Surroundings
from tests.support.walks.core import replayed
from tests.support.walks.model import WEB
from tests.support.walks.reading import read_walk, walk_files
from tests.support.web.browser import Browser
from tests.support.web.chromium import IS_THERE, WHY_NOT, Screen, faults_of_access, looking, play
from tests.support.web.serving import SAM, Serving, let_in, made

DOZEN = ("14", "01", "03", "04", "06", "11", "17", "26", "34", "40", "54", "70")
"""Walks that show every kind of card between them, the shortest first."""

SCREENS = {
    "a phone with a script": Screen(),
    "a phone without one": Screen(has_script=False),
    "a desk in the dark": Screen(1280, 800, scheme="dark"),
    "a desk in the dark without one": Screen(1280, 800, has_script=False, scheme="dark"),
}
NAMES = tuple(SCREENS) if IS_FULL else tuple(SCREENS)[:2]
CHOSEN = DOZEN if IS_FULL else DOZEN[:1]


@pytest.fixture(autouse=True)
def real_browser() -> None:
    """A real browser. Without one nothing was tried: with full counts that is a failure, and else it is said."""
    if not IS_THERE and IS_FULL:
        pytest.fail(WHY_NOT)
    if not IS_THERE:
        pytest.skip(WHY_NOT)


@pytest.fixture
async def house(around: Surroundings) -> Serving:
    """A house that does not listen yet, where Sam is let in."""
    serving = made(around)
    await let_in(serving, [SAM], now=around.now())
    return serving


@pytest.mark.prove
@pytest.mark.parametrize("number", CHOSEN)
@pytest.mark.parametrize("name", NAMES)
async def test_a_walk_in_chromium_shows_what_the_core_shows(number: str, name: str, promise: Promise) -> None:
    """Each card whole, the focus on its heading, and nothing that axe finds wrong."""
    path = next(each for each in walk_files() if each.stem.startswith(number))
    walk, screen = read_walk(path), SCREENS[name]
    around = Surroundings(walk.at, walk.reference)
    serving = made(around, script=script_of(WEB, walk))
    await let_in(serving, [SAM], role=Role(walk.role), now=around.now())
    async with looking(serving, screen) as page:
        scenes, right = replayed(path, WEB), 0
        for scene in scenes:
            assert await play(page, scene) == scene.sight
            assert await page.locator("h1:focus").count() == 1
            if screen.has_script and scene.is_last:
                assert await faults_of_access(page) == []
            right += 1
    promise.reached("P31", asked=len(scenes), reached=right, of=f"cards of walk {number} on {name}")


async def test_after_hiding_no_entry_of_the_history_shows_anything(house: Serving) -> None:
    """With the browser's own memory of pages turned on, however far one goes back."""
    async with looking(house, replace(Screen(), has_script=False, keeps_pages=True)) as page:
        await page.get_by_role("button", name="Start").first.click()
        await page.get_by_role("button", name="School").click()
        assert REFERENCE in await page.content()

        await page.locator("button.panic").click()

        assert REFERENCE not in await page.content()
        for _ in range(3):
            await page.go_back()
            assert REFERENCE not in await page.content()
            assert await page.get_by_role("button", name="Go on").count() == 1


async def test_a_page_that_was_left_and_locked_elsewhere_is_locked_on_the_way_back(house: Serving) -> None:
    """What the browser remembers is not what counts."""
    async with looking(house, replace(Screen(), keeps_pages=True)) as page:
        await page.get_by_role("button", name="Start").first.click()
        await page.get_by_role("button", name="School").click()
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


async def test_esc_three_times_blanks_the_page_and_locks_it(house: Serving) -> None:
    """Wherever the focus is."""
    async with looking(house, Screen()) as page:
        await page.get_by_role("button", name="Start").first.click()
        await page.get_by_text(REFERENCE).wait_for()

        for _ in range(3):
            await page.keyboard.press("Escape")

        await page.get_by_role("button", name="Go on").wait_for()
        assert REFERENCE not in await page.content()
        await page.get_by_role("button", name="Go on").click()
        await page.get_by_role("heading", name="Locked").wait_for()


async def test_an_open_page_follows_what_is_done_elsewhere(house: Serving) -> None:
    """Another tab of the same person locks it, and it is locked here without a touch."""
    async with looking(house, Screen()) as page:
        await page.get_by_role("button", name="Start").first.click()
        await page.get_by_text(REFERENCE).wait_for()
        other = Browser(house.port)
        other.origin_is(house.site.address)
        await other.open()

        await other.press("Lock")

        await page.get_by_role("heading", name="Locked").wait_for()
        await other.close()
