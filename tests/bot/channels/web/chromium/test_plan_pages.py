"""Tests of the pages of the result and of calling in a real Chromium: axe, narrow and low windows, and paper."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.channels.web.page import Frame, bar_of, card_page
from bot.channels.web.static_files import STATIC
from dialogs.cards.show import show
from dialogs.core.acts import Kind, Log, Overlay, code_of
from dialogs.core.events import Pressed
from dialogs.core.session import Session
from dialogs.turn.step import step
from seraf.advice.action_plan import CardLine
from tests.support.chromium.axe import faults_in_each_light
from tests.support.chromium.windows import Screen, fits, window
from tests.support.shipped import NOON, OCCASION, WEB_SCRIPT
from tests.support.talk.summaries import ALL, WORST, finished
from tests.support.talk.talking import Talk

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page

in_chromium = pytest.mark.asyncio(loop_scope="session")

SIZES = (Screen(390, 844), Screen(320, 256))
PLAN = finished({**WORST, "judgement": "no"}, ALL)


def tapped(session: Session, line: CardLine, what: str) -> Session:
    event = Pressed(OCCASION, session.card, code_of(Log(line, what)))
    return step(session, event, WEB_SCRIPT).session


def pages() -> dict[str, Session]:
    """Return a session for each kind of page."""
    stop = Talk(WEB_SCRIPT).start().press("In danger").session
    assert stop.overlay is not None
    assert stop.overlay.kind is Kind.STOP
    rung = tapped(PLAN, CardLine.EMERGENCY, "no-answer")
    over = {kind: replace(PLAN, overlay=Overlay(kind, "1")) for kind in (Kind.CALLING, Kind.URGENT, Kind.CONTACTS)}
    return {
        "plan": PLAN,
        "no answer": rung,
        "called": tapped(rung, CardLine.CARE, "called"),
        "stop": stop,
        "stop, called": tapped(stop, CardLine.EMERGENCY, "called"),
        "news": replace(PLAN, overlay=Overlay(Kind.NEWS)),
        **{str(kind): session for kind, session in over.items()},
    }


def html(session: Session) -> str:
    """Return the page of a session, with the stylesheet in it."""
    text = card_page(show(session, WEB_SCRIPT, NOON), Frame(WEB_SCRIPT, "/", "nonce", bar=bar_of(WEB_SCRIPT, NOON)))
    return text.replace("</head>", f"<style>{STATIC['s.css'].body.decode()}</style></head>")


async def put(page: "Page", session: Session) -> None:
    await page.set_content(html(session))
    await page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")


@in_chromium
async def test_axe_finds_nothing_on_the_pages_of_a_result_and_nothing_is_wider_than_the_window(
    chromium: "Chromium",
) -> None:
    for screen in SIZES:
        async with window(chromium, screen, "http://127.0.0.1") as context:
            page = await context.new_page()
            for name, session in pages().items():
                await put(page, session)
                assert await fits(page), name
                assert await faults_in_each_light(page) == [], name


@in_chromium
async def test_a_printed_plan_has_its_reasons_and_numbers_and_no_button(chromium: "Chromium") -> None:
    async with window(chromium, Screen(794, 1123), "http://127.0.0.1") as context:
        page = await context.new_page()
        await page.set_content(html(PLAN))
        await page.emulate_media(media="print")
        assert await page.locator("button:visible").count() == 0
        assert await page.locator("main a.tel:visible").count() == await page.locator("main a.tel").count() > 0
        heights = await page.locator("main details > p").evaluate_all("all => all.map((each) => each.offsetHeight)")
        assert heights
        assert min(heights) > 0


def test_the_titles_of_the_pages_say_nothing_of_the_case() -> None:
    for session in pages().values():
        page = show(session, WEB_SCRIPT, NOON).page
        assert page is not None
        assert page.title.endswith("– SERAF")
        assert session.reference not in page.title
        assert "Category" not in page.title
