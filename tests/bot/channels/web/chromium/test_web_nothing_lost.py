"""Tests of the script of the pages in Chromium: without a network, no card, no number, no answer and no typed word is lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.bot.channels.web.conftest import REFERENCE
from tests.support.chromium.reaching import Reached, reaching
from tests.support.chromium.windows import PHONE, complaints, give_pin, looking, pressed
from tests.support.people.admitting import PIN
from tests.support.shipped import WORDING
from tests.support.store.builders import record_of
from tests.support.web.browser import Browser
from tests.support.web.dozen import places
from tests.support.web.serving import SAM, Serving

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page, Route

pytestmark = pytest.mark.asyncio(loop_scope="session")

TICKS, NOTE = "ticks closing", "message note"
TOLD = "Has the child told anyone"
NOT_SAVED, NOT_KEPT = WORDING.say("script.no-connection"), WORDING.say("script.not-saved")
SAVING, KEPT = WORDING.say("script.saving"), WORDING.say("script.choice-kept")
SOON, LATE = 400, 40_000
"""Milliseconds after which a new page takes taps, and after which everything that waits has been sent again."""

Sent = list[str]


@asynccontextmanager
async def asked(chromium: "Chromium", house: Serving, *labels: str) -> AsyncIterator[tuple["Page", Sent]]:
    """Open the page at the question after these answers. Its clock stands still. Yield it with the forms that it sends."""
    async with looking(chromium, house, PHONE) as page:
        for label in labels:
            await pressed(page, label)
        sent = Sent()
        await page.clock.install()
        await page.reload()
        page.on("request", lambda each: sent.append(each.post_data or "") if each.method == "POST" else None)
        yield page, sent


async def seen(page: "Page") -> tuple[str, int]:
    """Return the heading, and how many numbers can be rung."""
    return await page.locator("h1").inner_text(), await page.locator("nav a[href^='tel:']:visible").count()


async def is_said(page: "Page", words: str) -> None:
    await page.locator("#live").get_by_text(words).wait_for()


async def is_silent(page: "Page") -> None:
    await page.locator("#live:empty").wait_for(state="attached")


class TestWithoutANetwork:
    @pytest.mark.parametrize("status", [429, 502, 503])
    async def test_a_refused_answer_is_sent_again(self, chromium: "Chromium", house: Serving, status: int) -> None:
        async with asked(chromium, house, "Start") as (page, sent):
            before = await seen(page)
            await page.route("**/", refusing(status))
            await page.get_by_role("radio", name="School").check()
            await page.get_by_role("button", name="Continue").click()
            await is_said(page, NOT_KEPT)
            assert await seen(page) == before
            await page.unroute("**/")

            await page.clock.run_for(LATE)

            await page.get_by_role("heading", name="Right now, as far as you know").wait_for()
            await is_silent(page)
            assert len(sent) > 1
            assert len(set(sent)) == 1

    async def test_an_unreachable_store_leaves_the_page_and_its_numbers(
        self, chromium: "Chromium", house: Serving
    ) -> None:
        async with asked(chromium, house, "Start") as (page, _):
            before = await seen(page)
            house.is_open = False
            await page.get_by_role("radio", name="School").check()
            await page.get_by_role("button", name="Continue").click()
            await is_said(page, NOT_KEPT)
            assert await seen(page) == before

            house.is_open = True
            await page.get_by_role("button", name="Try again").click()

            await page.get_by_role("heading", name="Right now, as far as you know").wait_for()

    async def test_an_answer_that_is_lost_on_the_way_back_counts_once(
        self, chromium: "Chromium", house: Serving
    ) -> None:
        async with asked(chromium, house, "Start", "School") as (page, sent):
            before = (await record_of(house.store, SAM)).card

            async def lose(route: "Route") -> None:
                await route.fetch()
                await route.abort()

            await page.route("**/", lose, times=1)
            await page.get_by_role("button", name="Neither").click()
            await is_said(page, NOT_SAVED)
            assert (await record_of(house.store, SAM)).card == before + 1

            await page.clock.run_for(LATE)

            await page.get_by_role("heading", name=TOLD).wait_for()
            assert (await record_of(house.store, SAM)).card == before + 1
            assert (len(sent), len(set(sent))) == (2, 1)

    async def test_another_button_takes_the_place_of_what_waits(self, chromium: "Chromium", house: Serving) -> None:
        async with asked(chromium, house, "Start", "School", "Neither") as (page, sent):
            before = (await record_of(house.store, SAM)).card
            await page.context.set_offline(True)
            await page.get_by_role("button", name="Yes", exact=True).click()
            await is_said(page, "“Yes”")

            await page.get_by_role("button", name="No", exact=True).click()
            await is_said(page, "“No”")
            await page.context.set_offline(False)

            await is_silent(page)
            record = await record_of(house.store, SAM)
            assert record.card == before + 1
            assert [each.rpartition("%3A")[2] for each in dict.fromkeys(sent)] == ["yes", "no"]

    async def test_hiding_and_locking_go_out_while_something_waits(self, chromium: "Chromium", house: Serving) -> None:
        async with asked(chromium, house, "Start", "School") as (page, _):
            await page.context.set_offline(True)
            await page.get_by_role("button", name="Neither").click()
            await is_said(page, NOT_SAVED)

            await page.get_by_role("button", name="Lock", exact=True).click()
            await is_said(page, WORDING.say("script.not-locked"))
            assert not await page.get_by_text(REFERENCE).first.is_visible()
            assert await page.locator("nav a[href='tel:999']").first.is_visible()
            await page.context.set_offline(False)

            await page.get_by_role("heading", name="Locked").wait_for()
            await is_silent(page)


async def kept_and_counted(here: Reached) -> list[str]:
    """Do what comes next without a network. Return what is wrong: the page, its heading and its numbers must stay, and say so."""
    page, sent = here.page, Sent()
    page.on("request", lambda each: sent.append(each.post_data or "") if each.method == "POST" else None)
    before, said = await seen(page), complaints(page.context)
    await page.context.set_offline(True)
    await here.go_on()
    await is_said(page, NOT_SAVED)
    stays = await seen(page)
    assert stays[0] == before[0]
    assert stays[1] >= before[1], "more are seen where the act opened their list"
    assert before[1] > 1 or await page.locator(".stripe").count(), "only a rehearsal has no number that is dialled"
    said.clear()  # a browser itself reports that there is no network
    await page.context.set_offline(False)
    wrong = await here.faults()
    await is_silent(page)
    card = here.coming[-1].card
    assert card is not None
    if (await here.record()).card != card.token:
        wrong.append(f"counted otherwise than once: {sent}")
    return [*wrong, *said, *(["another form was sent again"] if len(set(sent)) > 1 else [])]


def refusing(status: int) -> Callable[["Route"], Awaitable[None]]:
    async def refuse(route: "Route") -> None:
        await (route.fulfill(status=status, body="") if route.request.method == "POST" else route.continue_())

    return refuse


class TestSlow:
    async def test_it_says_after_a_second_that_it_is_saving(self, chromium: "Chromium", house: Serving) -> None:
        async with asked(chromium, house, "Start", "School") as (page, _):
            may = asyncio.Event()

            async def wait(route: "Route") -> None:
                await may.wait()
                await route.continue_()

            await page.route("**/", wait)
            await page.get_by_role("button", name="Neither").click()
            assert await page.locator("#card").get_attribute("aria-busy") == "true"
            assert not await page.locator("#live").inner_text()
            await page.clock.run_for(1_000)
            await is_said(page, SAVING)
            may.set()

            await page.get_by_role("heading", name=TOLD).wait_for()
            await is_silent(page)

    async def test_a_double_tap_and_a_late_second_tap_answer_one_question(
        self, chromium: "Chromium", house: Serving
    ) -> None:
        async with asked(chromium, house, "Start", "School") as (page, sent):
            place = await page.get_by_role("button", name="Neither").bounding_box()
            assert place is not None
            middle = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
            await page.clock.pause_at(await page.evaluate("Date.now() + 1000"))
            await page.clock.run_for(SOON)
            await page.locator("body:not(.fresh, .busy)").wait_for()
            await page.mouse.dblclick(*middle)
            await page.get_by_role("heading", name=TOLD).wait_for()
            assert len(sent) == 1

            await page.mouse.click(*middle)  # where an answer of the next question may be
            await page.get_by_role("button", name="Back").click(force=True)
            assert len(sent) == 1
            await page.clock.run_for(SOON)
            await page.get_by_role("button", name="No", exact=True).click()
            await page.get_by_role("heading", name=TOLD).wait_for(state="detached")

            assert len(sent) == 2


class TestDrafts:
    async def test_a_choice_comes_back_after_an_error_and_the_lock(self, chromium: "Chromium", house: Serving) -> None:
        async with asked(chromium, house, "Start") as (page, _):
            await page.get_by_role("radio", name="Health").check()
            await lock_elsewhere(house)
            await page.get_by_role("heading", name="Locked").wait_for()
            await page.clock.run_for(SOON)
            await give_pin(page, PIN)

            await page.get_by_role("radio", name="Health").wait_for()
            assert await page.get_by_role("radio", name="Health").is_checked()
            assert await on_the_device(page) == 0

    async def test_ticks_come_back_after_the_lock_and_stay_where_they_were_sent(self, chromium: "Chromium") -> None:
        async with reaching(chromium, places()[TICKS], PHONE) as here:
            page = here.page
            boxes = page.locator("main input[type=checkbox]")
            await boxes.nth(0).check()
            await boxes.nth(2).check()
            await page.locator("main input[name=rest]").first.check()
            await lock_elsewhere(here.serving)
            await page.get_by_role("heading", name="Locked").wait_for()
            await give_pin(page, PIN)

            await boxes.first.wait_for()
            assert [await each.is_checked() for each in (await boxes.all())[:4]] == [True, False, True, False]
            assert await page.locator("main input[name=rest]").first.is_checked()
            await page.context.set_offline(True)
            await page.locator("main button.main").click()
            await is_said(page, KEPT)
            await page.context.set_offline(False)
            await boxes.first.wait_for(state="detached")
            assert await on_the_device(page) == 0

    async def test_a_note_comes_back_after_a_lock_and_an_outdated_page_until_it_is_kept(
        self, chromium: "Chromium"
    ) -> None:
        async with reaching(chromium, places()[NOTE], PHONE) as here:
            page, note = here.page, here.page.locator("main textarea")
            if not await note.count():
                pytest.skip("no page takes a note yet")
            await note.fill("the nurse saw a bruise")
            await lock_elsewhere(here.serving)
            await page.get_by_role("heading", name="Locked").wait_for()
            await give_pin(page, PIN)
            await note.wait_for()
            assert await note.input_value() == "the nurse saw a bruise"

            for each in await page.locator("[name=nonce]").all():
                await each.evaluate("each => { each.value = 'old'; }")
            await page.locator("main form", has=page.locator("textarea")).get_by_role("button").first.click()
            await page.locator("[name=nonce][value=old]").first.wait_for(state="detached")
            assert await note.input_value() == "the nurse saw a bruise"

            await page.locator("main form", has=page.locator("textarea")).get_by_role("button").first.click()
            await page.get_by_text(WORDING.say("toast.note-kept")).wait_for()
            assert await note.input_value() == "the nurse saw a bruise"
            assert await on_the_device(page) == 0

    async def test_hiding_forgets_them_at_once_also_without_a_network(
        self, chromium: "Chromium", house: Serving
    ) -> None:
        async with asked(chromium, house, "Start") as (page, _):
            await page.get_by_role("radio", name="Health").check()
            await page.context.set_offline(True)
            await page.locator(".panic").click()
            assert not (await page.locator("body").inner_text()).strip()
            assert not (await page.title()).strip()
            await page.context.set_offline(False)

            await page.get_by_role("button", name="Go on").click()
            await page.get_by_role("heading", name="Locked").wait_for()
            await page.clock.run_for(SOON)
            await give_pin(page, PIN)
            await page.get_by_role("radio", name="Health").wait_for()
            assert await page.locator("main input:checked").count() == 0
            await page.context.set_offline(True)
            await page.get_by_role("radio", name="Health").check()
            await page.get_by_role("button", name="Continue").click()
            await is_said(page, NOT_SAVED)
            assert await page.locator("#live").is_visible()


async def on_the_device(page: "Page") -> int:
    """Return how many things the page has stored in the browser."""
    return int(await page.evaluate("localStorage.length + sessionStorage.length"))


async def lock_elsewhere(house: Serving) -> None:
    other = Browser(house.port)
    other.origin_is(house.site.address)
    await other.open()
    await other.command("lock")
    await other.close()


async def test_a_page_that_changes_nothing_keeps_what_is_typed_and_the_focus(
    chromium: "Chromium", house: Serving
) -> None:
    """After a background refresh, the page stays as it is and takes over the new nonce and the time of its lock."""
    async with asked(chromium, house, "Start") as (page, _):
        await page.get_by_role("radio", name="Health").focus()
        nonce = await page.locator("[name=nonce]").first.input_value()

        async with page.expect_response(lambda answer: answer.request.method == "GET"):
            await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await page.locator(f"[name=nonce][value='{nonce}']").first.wait_for(state="detached")

        assert await page.locator("input[type=radio]:focus").count() == 1


@pytest.mark.parametrize("kind", ["radios", "question"])
async def test_a_press_asks_for_one_page(chromium: "Chromium", house: Serving, kind: str) -> None:
    """The stream tells of the change that the press itself made, and the page does not fetch it again."""
    async with asked(chromium, house, *(("Start",) if kind == "radios" else ("Start", "School"))) as (page, _):
        fetched = list[str]()
        page.on("request", lambda each: fetched.append(each.method) if each.resource_type == "xhr" else None)

        await pressed(page, "School" if kind == "radios" else "Neither")
        await page.clock.run_for(LATE)
        await asyncio.sleep(0.3)

        assert fetched == ["POST", "GET"]
