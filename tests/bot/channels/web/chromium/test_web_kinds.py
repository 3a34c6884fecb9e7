"""Tests of every kind of page that the dozen walks reach: what a screen reader gets, how wide it is, and how many bytes."""

import gzip
from typing import TYPE_CHECKING

import pytest

from bot.channels.web.inbox import OFFERED
from bot.channels.web.page import Frame, bar_of, card_page
from bot.channels.web.static_files import STATIC
from bot.runtime.clock import local_time
from dialogs.core.role import Role
from tests.bot.channels.web.chromium.test_web_nothing_lost import kept_and_counted
from tests.support.chromium.reaching import reaching
from tests.support.chromium.windows import PHONE, Screen, cut_when_spaced, fits
from tests.support.counts import IS_FULL
from tests.support.promising import Promise
from tests.support.walks.boards import script_of
from tests.support.walks.core import replayed
from tests.support.walks.model import WEB
from tests.support.walks.reading import read_walk
from tests.support.web.dozen import DOZEN, file_of, places, shapes
from tests.trees import kept_trees, tree_on

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium

MOST_BYTES = 15 * 1024
SMALL = (Screen(320, 568), Screen(320, 256), Screen(640, 400))
"""A small phone; a window of 1,280 × 1,024 px at 400 %; one of 1,280 × 800 px at 200 %."""


def test_every_page_of_the_dozen_is_light_with_its_menu_and_its_compressed_stylesheet() -> None:
    style, heavy = len(gzip.compress(STATIC["s.css"].body)), list[tuple[str, int, int]]()
    for number in DOZEN:
        walk = read_walk(file_of(number))
        script = script_of(WEB, walk)
        bar, offers = bar_of(script, local_time(walk.at)), OFFERED[Role(walk.role)]
        for at, scene in enumerate(replayed(file_of(number), WEB)):
            assert scene.card is not None
            html = card_page(scene.card, Frame(script, "/", "n" * 40, shown="s" * 16, bar=bar, offers=offers))
            size = len(html.encode()) + style
            heavy += [(number, at, size)] if size > MOST_BYTES else []

    assert heavy == []


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.prove
async def test_every_kind_of_page_is_heard_as_reviewed_fits_and_keeps_an_act_without_a_network(
    chromium: "Chromium", promise: Promise
) -> None:
    """`python -m tests.trees --write` writes what a screen reader gets again. What was done offline is sent again, once."""
    chosen, wide, lost = places() if IS_FULL else shapes(), list[str](), dict[str, list[str]]()
    names, heard = {place: name for name, place in shapes().items()}, dict[str, str]()
    for kind, place in chosen.items():
        async with reaching(chromium, place, PHONE) as here:
            if place in names:
                heard[names[place]] = await tree_on(here.page)
            for each in await here.page.locator("details:not(.more *)").all():
                await each.evaluate("each => { each.open = true; }")
            for small in SMALL:
                await here.page.set_viewport_size({"width": small.width, "height": small.height})
                wide += [] if await fits(here.page) else [f"{kind} at {small.width} × {small.height}"]
                wide += [f"{kind} spaced, at {small.width} px: {cut}" for cut in await cut_when_spaced(here.page)]
            await here.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
            await here.page.goto("/")
            lost[kind] = await kept_and_counted(here) if here.coming else []
    assert wide == []
    assert heard == kept_trees()
    assert {kind: found for kind, found in lost.items() if found} == {}
    promise.reached("P32", asked=len(chosen), reached=len(chosen), of="kinds of pages in small windows")
    promise.reached("P32", asked=len(chosen), reached=len(lost), of="kinds of pages without a network, nothing lost")
