"""Promise P13 in a browser: cut or slow connections and too many requests lose nothing and delay nobody else."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from random import Random
from urllib.parse import urlencode

import pytest
from structlog.testing import capture_logs

from bot.channels.web.guard import Rate
from tests.support.counts import IS_FULL, times
from tests.support.promising import Promise
from tests.support.telegram.bots import REFERENCE
from tests.support.telegram.mirror import Mirror
from tests.support.walks.clock import Surroundings
from tests.support.web.acting import Actor
from tests.support.web.browser import Browser
from tests.support.web.seeing import Page
from tests.support.web.serving import Serving, let_in, made
from tests.support.web.wire import FORM, read_answer

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PAIRS = 4
"""The number of pairs of people, one with a bad connection and one with a good one."""

OFTEN = Rate(at_once=60, a_second=50)
KINDS = ("bad", "good")
CROWD = 80

LINES = (
    *("whole",) * 4,
    "cut in the form",
    "cut in the form",
    "cut before the answer",
    "by drops",
    "by drops",
    "too many",
)
LIMIT = 1.0 if IS_FULL else 10.0
"""Seconds within which the good connection is answered. A short run, slowed by other tests, only rules out a hang."""


class Hampered(Actor):
    """A simulated person with a bad connection, who sends each form again until it is answered."""

    async def _post(self, form: Mapping[str, str]) -> None:
        while not await self._is_done(form, self.draw.choice(LINES)):
            await asyncio.sleep(0.02)

    async def _is_done(self, form: Mapping[str, str], line: str) -> bool:
        browser, wire = self.browser, self.browser.wire
        body = urlencode(form).encode()
        whole = wire.request("POST", "/", headers={**FORM, **browser.headers}, body=body)
        if line.startswith("cut"):
            _, writer = await wire.open()
            writer.write(whole if line == "cut before the answer" else whole[: -self.draw.randint(1, len(body))])
            await asyncio.sleep(self.draw.choice((0.0, 0.01)))
            await wire.close()
            return False
        if line == "by drops":
            reader, writer = await wire.open()
            for start in range(0, len(whole), 60):
                writer.write(whole[start : start + 60])
                await asyncio.sleep(0.002)
            return (await read_answer(reader)).status == 303
        if line == "too many":
            for _ in range(CROWD):
                await browser.wire.get("/", browser.cookie)
        await browser.send_on(form)
        assert browser.answer.status in (303, 429)
        return browser.answer.status == 303

    async def _opened(self) -> Page:
        page = await self.browser.open()
        while self.browser.answer.status == 429:
            await asyncio.sleep(0.02)
            page = await self.browser.open()
        return page


@pytest.fixture
async def house() -> AsyncIterator[Serving]:
    around = Surroundings(NOON, REFERENCE)
    serving = made(around)
    serving.rate = OFTEN
    await let_in(serving, [f"web:{kind}{number}" for kind in KINDS for number in range(PAIRS)], now=around.now())
    async with serving.listening():
        yield serving


async def schedule(bad: Hampered, good: Actor, draw: Random) -> list[float]:
    """Let both people act at the same time; return the seconds that each act over the good connection took."""
    hampered, took = asyncio.create_task(some_acts(bad, draw.randint(4, 10))), []
    for _ in range(3):
        begun = time.monotonic()
        await good.act()
        took.append(time.monotonic() - begun)
        await asyncio.sleep(draw.uniform(0.05, 0.1))
    await hampered
    return took


async def some_acts(actor: Actor, count: int) -> None:
    await actor.look()
    for _ in range(count):
        await actor.act()


@pytest.mark.prove
async def test_bad_lines_lose_nothing_and_hold_up_nobody(house: Serving, promise: Promise) -> None:
    """Promise P13: forms are cut short, cut before the answer, sent in pieces, or sent among too many requests."""
    schedules, took = times(200, 2), []
    pairs = [
        (
            Hampered(Browser(house.port, f"bad{number}"), Mirror(NOON), Random(number)),
            Actor(Browser(house.port, f"good{number}"), Mirror(NOON), Random(PAIRS + number)),
        )
        for number in range(PAIRS)
    ]
    await asyncio.gather(*(each.look() for pair in pairs for each in pair))

    with capture_logs() as lines:
        for _ in range(schedules // PAIRS):
            each_took = await asyncio.gather(*(schedule(bad, good, bad.draw) for bad, good in pairs))
            took += [seconds for some in each_took for seconds in some]
            assert [each.person for pair in pairs for each in pair if not await each.is_kept(house.store)] == []

    await asyncio.gather(*(each.browser.close() for pair in pairs for each in pair))
    assert {line["event"] for line in lines} <= {"page refused"}
    promise.reached("P13", asked=schedules, reached=schedules, of="schedules of bad lines, nothing lost")
    in_time = sum(seconds <= LIMIT for seconds in took)
    promise.reached("P13", asked=len(took), reached=in_time, of="acts beside a bad line, answered within a second")
