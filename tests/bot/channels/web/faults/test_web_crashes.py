"""Promise P1: killing the real server of pages, between requests or within one, loses, doubles or reorders no answer.

`kill -9` does not test a power failure, after which writes that had not reached the disk may be missing.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from state_machines.assessment import Phase
from tests.support.chromium.windows import free_port
from tests.support.counts import times
from tests.support.people.plans import Plan, is_result, item_number
from tests.support.promising import Promise
from tests.support.store.cutting import at_write, needs_strace
from tests.support.telegram.bots import Process
from tests.support.telegram.home import Home
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.running import (
    SECRET,
    SIGNED_IN,
    have_signed_in,
    home_of_pages,
    is_reached,
    opened,
    running_pages,
    session_kept,
    settings_of_cases,
    web_process,
)

MOST_WRITES = 200
"""The number of write calls that a start and about twenty pages make. The server is killed at one of them."""

pytestmark = needs_strace

BREATH = 0.25
"""Seconds between presses, which keep them below the rate limit. A kill does not reset that limit."""

LONGEST_WAY = 200
"""The number of presses after which every case has reached its result."""


class Going(Plan):
    """A person who completes SERAFs while the server is killed; `saved` is the last item reported as saved."""

    def __init__(self, draw: Random) -> None:
        super().__init__(draw)
        self.browser = Browser(0)
        self.saved = self.card = self.item = 0
        self.unanswered: Mapping[str, str] = {}

    async def go_on(self, bot: Process) -> None:
        while not bot.is_over:
            if not await is_reached(self.browser, self.press()) or not self.browser.page.presses:
                await asyncio.sleep(0.02)

    async def press(self) -> None:
        """If the last form got no answer, send it again with probability ½; else send the next. Then read the page."""
        page, again = self.browser.page, self.unanswered
        self.unanswered = {}
        if again and self.draw.random() < 0.5:
            await self._send(again)
        elif page.presses and not again:
            await self._send(self._next())
        await self._look()

    def _next(self) -> Mapping[str, str]:
        page = self.browser.page
        if is_result(page):
            so_far = " so far" if self.score.unknown else ""
            total = f"Total {self.score.total}{so_far}. {self.score.answered} of {self.score.of} items are known."
            assert total in page.text
        page.is_more_open = is_result(page)
        label = self.next_label_round(page)
        self.item = 0 if label == "Go on" else item_number(page)
        if label == "Erase now":
            self.saved = 0
        if label == "Start":
            self.plan_anew()
        return self.browser.form_of(label)

    async def _send(self, form: Mapping[str, str]) -> None:
        self.unanswered = form
        await self.browser.send_on(form)
        self.unanswered = {}
        if self.browser.answer.status == 303:
            self.saved = max(self.saved, self.item)

    async def _look(self) -> None:
        await self.browser.open()
        if self.browser.page.presses:
            card, before = int(self.browser.page.token), self.card
            assert before <= card <= before + 1, "a form counted twice"
            self.card = card
            self.saved = max(self.saved, item_number(self.browser.page) - 1)


async def one_life(home: Home, kim: Going, port: int) -> None:
    """Start the server of pages and kill it, either as it begins a random write or at a random moment."""
    draw = kim.draw
    is_at_write = draw.random() < 0.5
    watching = at_write(draw.randint(1, MOST_WRITES)) if is_at_write else ()
    async with web_process(home, port, watching=watching) as bot:
        going = asyncio.create_task(kim.go_on(bot))
        if not is_at_write:
            await bot.says("ready")
            await asyncio.wait([going], timeout=draw.random() * 0.25)
            bot.kill()
        await asyncio.wait_for(going, 60)
        await bot.ended()


async def nothing_is_lost(home: Home, kim: Going) -> None:
    assert home.ask("PRAGMA integrity_check") == [("ok",)]
    session = await session_kept(home)
    assert len(session.answers.items) >= kim.saved
    assert session.answers.items == kim.planned(len(session.answers.items))
    assert session.card - kim.card <= 1


@pytest.mark.prove
async def test_a_crash_loses_nothing(tmp_path: Path, promise: Promise) -> None:
    """Promise P1: no answer reported as saved is lost, doubled or out of order, and the SERAF can be finished."""
    kills, port = times(200, 2), free_port()
    home, kim = home_of_pages(tmp_path), Going(Random(1))
    await have_signed_in(home)
    kim.browser = Browser(port, SECRET, cookie=SIGNED_IN)
    kim.browser.origin_is(f"http://127.0.0.1:{port}")
    for _ in range(kills):
        await one_life(home, kim, port)
        await nothing_is_lost(home, kim)
    async with running_pages(settings_of_cases(home, port), Surroundings(datetime.now(UTC), "BRISK OTTER 41")):
        await (await opened(port, SECRET, cookie=SIGNED_IN)).close()
        for _ in range(LONGEST_WAY):
            if is_result(kim.browser.page):
                break
            await kim.press()
            await asyncio.sleep(BREATH)
        assert is_result(kim.browser.page), kim.browser.answer.text
        session = await session_kept(home)
        await kim.browser.close()
    assert (session.phase, session.answers.items) == (Phase.RESULT, kim.planned(30))
    promise.reached("P1", asked=kills, reached=kills, of="kills of the pages after which nothing was lost")
