"""Promise P10 in a browser: access ends at once, in every way and during any request, and a page locks on time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

import pytest

from bot.access.account import BACKWARDS, Account
from bot.conversation.changes import locking, removal
from bot.runtime.person_id import PersonId
from bot.storage.values import Decide, Decision, Inbound, SignIn
from tests.support.counts import times
from tests.support.people.accounts import altered
from tests.support.people.admitting import access, admitting
from tests.support.people.crowds import FORGED
from tests.support.people.households import in_the_middle, with_case
from tests.support.promising import Promise
from tests.support.store.builders import signed_in
from tests.support.web.browser import Browser
from tests.support.web.signing_in import TERMS, House, opened
from tests.support.web.wire import FORM, Answer

BEFORE, BESIDE, AFTER = 5, 3, 6
"""The maximum number of requests before and during the end of an access, and the number of requests after it."""

HALF_A_DAY = timedelta(hours=12)
SECOND, MICROSECOND = timedelta(seconds=1), timedelta(microseconds=1)
WAY_IN = 'href="/sign-in"'


@pytest.fixture
async def house(unhurried: None) -> AsyncIterator[House]:
    async with opened() as made:
        yield made


@dataclass(frozen=True, slots=True)
class Leaver:
    """A person with a case and two signed-in browsers, whose access the test ends."""

    house: House
    number: int
    draw: Random
    browsers: tuple[Browser, ...]

    @property
    def subject(self) -> str:
        return f"leaver{self.number}"

    @property
    def person(self) -> str:
        return str(PersonId.on_web(self.house.there.issuer, self.subject))

    @property
    def reference(self) -> str:
        return f"ALDER OTTER {self.number:06}"

    async def arrive(self, standing: Account) -> None:
        now, store = self.house.around.now(), self.house.serving.store
        session = in_the_middle(self.draw, card=3, reference=self.reference)
        await self.change(admitting(altered(standing, who=f"{self.number:08x}", seen=now)))
        await self.change(lambda record, _: Decision(with_case(record, session), ()))
        for place, browser in enumerate(self.browsers):
            sid = f"sid-{self.number}-{place}"
            await signed_in(store, SignIn(browser.badge, self.person, now + HALF_A_DAY, sid))
            await browser.open()
            assert self.reference in browser.answer.text

    async def change(self, decide: Decide) -> None:
        key, now = f"cli:{self.draw.random()}", self.house.around.now()
        await self.house.serving.store.turns([Inbound(key, now, self.person, decide, None)])

    async def case(self) -> str | None:
        found = await self.house.serving.store.recall(self.person)
        assert found is not None
        return found[0].case

    async def ask(self, browser: Browser) -> Answer:
        """Send a random request from this browser: read the page, get a document, or press a real or forged button."""
        line, chance = browser.beside().wire, self.draw.random()
        try:
            if chance < 0.3:
                return await line.get("/", browser.cookie)
            if chance < 0.4:
                return await line.get("/document/pdf", browser.cookie)
            press = self.draw.choice((*browser.page.presses, f"3:{self.draw.choice(FORGED)}"))
            form = {"nonce": browser.page.nonce, "press": press}
            return await line.post("/", form, browser.headers)
        finally:
            await line.close()

    async def sign_out(self) -> None:
        browser = self.draw.choice(self.browsers)
        assert (await browser.wire.post("/sign-out", {}, browser.headers)).status == 303

    async def leave(self) -> None:
        token = self.house.there.signer.logout_token(sub=self.subject)
        wire = self.browsers[0].beside().wire
        assert (await wire.post("/back-channel", {"logout_token": token}, FORM)).status == 200
        await wire.close()

    async def wait(self, by: timedelta) -> None:
        self.house.around.pass_seconds(by.total_seconds())


ENDS: dict[str, Callable[[Leaver], Awaitable[None]]] = {
    "a removal": lambda leaver: leaver.change(removal(leaver.house.around.now())),
    "a lock by another": lambda leaver: leaver.change(locking(leaver.house.around.now())),
    "signing out": Leaver.sign_out,
    "the organisation": Leaver.leave,
    "half a day": lambda leaver: leaver.wait(HALF_A_DAY),
    "idle time": lambda leaver: leaver.wait(TERMS.lock),
}


@pytest.fixture
def leavers(house: House) -> Callable[[Random], Awaitable[Leaver]]:
    numbers, standing = count(1), access(house.serving.keys, at=house.around.now())

    async def arrived(draw: Random) -> Leaver:
        number = next(numbers)
        browsers = tuple(Browser(house.port, f"secret-{number}-{each}", cookie="__Host-s") for each in range(2))
        leaver = Leaver(house, number, draw, browsers)
        await leaver.arrive(standing)
        return leaver

    return arrived


async def one_end(leaver: Leaver, end: Callable[[Leaver], Awaitable[None]]) -> list[str]:
    """End the access amid requests; return later answers that showed the case, and “changed” if the case changed."""
    draw, before, other = leaver.draw, leaver.draw.randint(0, BEFORE), leaver.draw.randint(0, BESIDE)
    for _ in range(before):
        await leaver.ask(draw.choice(leaver.browsers))
    asking = [leaver.ask(draw.choice(leaver.browsers)) for _ in range(other)]

    async def ending() -> None:
        await asyncio.sleep(draw.random() * 0.01)
        await end(leaver)

    ended = asyncio.create_task(ending())
    answers = await asyncio.gather(*asking)
    await ended
    assert all(each.status < 500 for each in answers)
    kept = await leaver.case()
    late = [await leaver.ask(draw.choice(leaver.browsers)) for _ in range(AFTER)]
    shown = [each.text for each in late if leaver.reference in each.text or each.status >= 500]
    return [*shown, *(["changed"] if await leaver.case() != kept else [])]


@pytest.mark.prove
async def test_from_the_end_of_an_access_on_nothing_is_shown_or_changed(
    leavers: Callable[[Random], Awaitable[Leaver]], promise: Promise
) -> None:
    """Promise P10: after an access has ended, in each of six ways, requests show and change nothing of the case."""
    runs, ways = times(1_000, 12), list(ENDS.items())

    for seed in range(runs):
        name, end = ways[seed % len(ways)]
        leaver = await leavers(Random(seed))
        assert await one_end(leaver, end) == [], f"{name} with seed {seed}"
        for browser in leaver.browsers:
            await browser.close()

    promise.reached("P10", asked=runs, reached=runs, of="ends of an access among requests of its person")


async def shows(leaver: Leaver, at: datetime, words: str) -> bool:
    await leaver.wait(at - leaver.house.around.now())
    return words in (await leaver.browsers[0].wire.get("/", leaver.browsers[0].cookie)).text


@pytest.mark.prove
async def test_a_page_locks_and_a_sign_in_ends_at_its_second(
    leavers: Callable[[Random], Awaitable[Leaver]], promise: Promise
) -> None:
    """Promise P10, a second and a microsecond before and after the lock, the allowed clock drift and twelve hours."""
    runs, draw = times(400, 4), Random(10)

    for _ in range(runs):
        leaver = await leavers(draw)
        around, moved = leaver.house.around, draw.randrange(86_400_000_000)
        begun = around.now()
        for edge, is_shown_from, words in (
            (TERMS.lock, False, leaver.reference),
            (-BACKWARDS, True, leaver.reference),
            (HALF_A_DAY, True, WAY_IN),
        ):
            for by in (-SECOND, -MICROSECOND, timedelta(0), MICROSECOND, SECOND):
                is_from = by >= timedelta(0)
                assert await shows(leaver, begun + edge + by, words) == (is_from == is_shown_from), (edge, by)
        await leaver.wait(begun + timedelta(microseconds=moved) - around.now())
        await leaver.browsers[0].close()

    promise.reached("P10", asked=15 * runs, reached=15 * runs, of="moments either side of a page's lock and end")
