"""P30 of docs/promises.md: no dishonest web request changes stored data or shows one person's data to another."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.walks.clock import Surroundings
from tests.support.web.attacks import ATTACKS, Scene, shows_case_of
from tests.support.web.browser import Browser
from tests.support.web.serving import KIM, SAM, let_in, made

pytestmark = pytest.mark.prove

EACH = times(10_000, 10)
SAMS, KIMS = "BRISK OTTER 41", "CALM HERON 27"


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    around = Surroundings(datetime(2026, 3, 4, 10, 20, tzinfo=UTC), SAMS)
    house = made(around)
    await let_in(house, [SAM, KIM], now=around.now())
    async with house.listening():
        sam, kim, past = Browser(house.port), Browser(house.port, badge="kim"), []
        for browser in (sam, kim):
            await browser.open()
            for label in ("Start", "School", "Neither", "No"):
                await browser.press(label)
                past += [browser.sent] if browser is kim else []
            around.reference_is(KIMS)
        yield Scene(house, sam, kim, tuple(past))
        await sam.close()
        await kim.close()


@pytest.mark.parametrize("kind", ATTACKS)
async def test_no_dishonest_request_changes_or_shows_anything(kind: str, scene: Scene, promise: Promise) -> None:
    before, kept = await scene.state(), 0
    assert SAMS in scene.sam.answer.text
    assert KIMS in scene.kim.answer.text
    for seed in range(EACH):
        answer = await ATTACKS[kind](scene, random.Random(seed))

        assert await scene.state() == before, f"{kind} with seed {seed}"
        assert answer.status != 429, "what is told to wait tries nothing"
        shown = [each for each in (SAMS, KIMS) if shows_case_of(answer, each)]
        assert shown == [], f"{kind} with seed {seed}"
        kept += 1
    promise.reached("P30", asked=EACH, reached=kept, of=f"requests {kind}")
