"""Promise P5 in a browser: nobody sees or changes another person's case with any forged form."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from random import Random

import pytest

from bot.access.account import Account
from bot.conversation.changes import locking, removal, renewal
from bot.conversation.records import session_of
from bot.storage.values import Inbound, Record
from tests.support.counts import times
from tests.support.people.admitting import access, admit
from tests.support.people.crowds import FORGED
from tests.support.people.plans import Plan, item_number
from tests.support.promising import Promise
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.serving import Serving, made
from tests.support.web.wire import Answer

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
TOUCHES = 20
"""The number of attempts of one person on another's case, before and again after an administrator's order."""

ANEW = "AMBER RIVER 10"
"""The reference of a case begun after an erasure."""

PATHS = ("/document/pdf", "/document/text", "/document/json", "/document/fhir")


@dataclass(frozen=True, slots=True)
class Three:
    """Three people with a case each, who try at random to reach each other's cases."""

    serving: Serving
    browsers: tuple[Browser, ...]
    references: dict[str, str]
    draw: Random

    async def record(self, browser: Browser) -> Record:
        found = await self.serving.store.recall(f"web:{browser.badge}")
        assert found is not None
        return found[0]

    async def touch(self, one: Browser, other: Browser) -> list[str]:
        before = await self.record(other)
        answer = await self._reach(one, other)
        assert await self.record(other) == before
        return [name for name, words in self.references.items() if name != one.badge and words in answer.text]

    async def _reach(self, one: Browser, other: Browser) -> Answer:
        if self.draw.random() < 0.1:
            return await one.wire.get(self.draw.choice(PATHS), one.cookie)
        nonce = self.draw.choice((one, other)).page.nonce
        pressed = self.draw.choice(other.page.presses)
        token = self.draw.choice((one, other)).page.token or "0"
        press = self.draw.choice((pressed, f"{token}:{self.draw.choice(FORGED)}"[:64]))
        await one.send({"nonce": nonce, "press": press})
        return one.answer

    async def order(self, browser: Browser, now: datetime) -> None:
        terms = self.serving.conversation.door.terms
        decide = self.draw.choice((removal(now), locking(now), renewal(now, terms, has_new_pin=True)))
        person = f"web:{browser.badge}"
        await self.serving.store.turns([Inbound(f"cli:{person}", now, person, decide, None)])

    async def stays(self, browser: Browser) -> bool:
        before = browser.page
        after = await browser.open()
        return (after.text, after.presses, after.said) == (before.text, before.presses, before.said)


@pytest.fixture
def around() -> Surroundings:
    return Surroundings(NOON, "")


@pytest.fixture
async def serving(around: Surroundings) -> AsyncIterator[Serving]:
    house = made(around)
    async with house.listening():
        yield house


async def begun(
    serving: Serving, around: Surroundings, standing: Account, draw: Random, numbers: "count[int]"
) -> Three:
    browsers, references = [], {}
    for number in (next(numbers) for _ in range(3)):
        browser, plan, name = Browser(serving.port, f"person{number}"), Plan(draw), f"HAZEL OTTER {number:06}"
        await admit(serving.store, [f"web:{browser.badge}"], standing)
        around.reference_is(name)
        await browser.open()
        until = draw.randint(1, 4)
        while item_number(browser.page) != until:
            await browser.press(plan.next_label(browser.page))
        browsers.append(browser)
        references[browser.badge] = name
    around.reference_is(ANEW)
    return Three(serving, tuple(browsers), references, draw)


async def one_run(three: Three, now: datetime) -> None:
    """Let three people try to reach each other's cases. Half-way, one of them is removed, locked or renewed."""
    across: list[str] = []
    for _ in range(TOUCHES):
        across += await three.touch(*three.draw.sample(three.browsers, 2))
    ordered, other, last = three.draw.sample(three.browsers, 3)
    await last.open()
    await three.order(ordered, now)
    assert await three.stays(last)
    for _ in range(TOUCHES):
        across += await three.touch(three.draw.choice((ordered, other)), last)
    assert await three.stays(last)
    assert across == []
    assert session_of(await three.record(last)).reference in (three.references[last.badge], ANEW, "")
    for browser in three.browsers:
        await browser.close()


@pytest.mark.prove
async def test_nobody_reaches_anothers_case_with_a_form(
    serving: Serving, around: Surroundings, promise: Promise
) -> None:
    """Promise P5: buttons, nonces and documents of another person give 0 reads and 0 writes of that person's case."""
    runs, standing, numbers = times(200, 3), access(serving.keys, at=NOON), count(1)

    for seed in range(runs):
        await one_run(await begun(serving, around, standing, Random(seed), numbers), NOON)

    promise.reached("P5", asked=runs, reached=runs, of="runs in browsers: reads across 0, writes across 0")
