"""Promises P2 and P6 in a browser: repeated forms change nothing, and of many forms of one card exactly one counts."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.storage.store import Store
from tests.support.chromium.windows import free_port
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.telegram.bots import REFERENCE
from tests.support.telegram.mirror import Mirror, foreseen
from tests.support.walks.clock import Surroundings
from tests.support.web.acting import Actor
from tests.support.web.browser import Browser
from tests.support.web.running import admit_on_web, home_of_pages, opened, served
from tests.support.web.serving import KIM

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ABREAST, MOST = 8, 20
"""The number of people at the same time, and the maximum number of forms that one person sends at once."""


@dataclass(frozen=True, slots=True)
class Together:
    """The store of a running server of pages, and the simulated people who use the pages."""

    store: Store
    actors: list[Actor]

    async def strangely_kept(self) -> list[str]:
        return [each.person for each in self.actors if not await each.is_kept(self.store)]


@pytest.fixture
async def together(tmp_path: Path, unhurried: None) -> AsyncIterator[Together]:
    home, around, port = home_of_pages(tmp_path), Surroundings(NOON, REFERENCE), free_port()
    names = [f"person{number}" for number in range(ABREAST)]
    await admit_on_web(home, around, [KIM, *(f"web:{name}" for name in names)])
    store = await home.opened()
    async with served(home, around, port):
        actors = [Actor(await opened(port, name), Mirror(NOON), Random(number)) for number, name in enumerate(names)]
        yield Together(store, actors)
        await asyncio.gather(*(each.browser.close() for each in actors))
    await store.close()


@pytest.mark.prove
async def test_replays_change_nothing(together: Together, promise: Promise) -> None:
    """Promise P2: forms sent twice, late or from older tabs leave the same state as the same streams without them."""
    streams, length = times(1_000, 10), 6

    async def stream(actor: Actor) -> None:
        await actor.look()
        for _ in range(length):
            await actor.act()

    for _ in range(streams // ABREAST):
        await asyncio.gather(*(stream(each) for each in together.actors))
        assert await together.strangely_kept() == []
    promise.reached("P2", asked=streams, reached=streams, of="streams of forms with replays")


def pressed(mirror: Mirror, press: str) -> Mirror:
    after = replace(mirror)
    after.press(press)
    return after


async def race(actor: Actor, store: Store, lines: Sequence[Browser]) -> None:
    """Send several forms of one card at once, from one or two tabs, and check that exactly one counted."""
    tabs, before = [await actor.look(), await actor.look()], actor.mirror.session.card
    choice = foreseen(tabs[0].presses)
    presses = [actor.draw.choice(choice) for _ in lines]
    forms = [{"nonce": actor.draw.choice(tabs).nonce, "press": press} for press in presses]
    await asyncio.gather(*(line.send_on(form) for line, form in zip(lines, forms, strict=True)))
    assert {line.answer.status for line in lines} == {303}
    outcomes = [pressed(actor.mirror, press) for press in sorted(set(presses))]
    accepted = [each for each in outcomes if await actor.is_kept(store, each)]
    assert [each.session.card - before for each in accepted[:1]] == [1]
    actor.mirror = accepted[0]
    await actor.look()


@pytest.mark.prove
async def test_of_many_forms_from_one_card_exactly_one_is_accepted(together: Together, promise: Promise) -> None:
    """Promise P6: of 2 to 20 buttons pressed at once, in one tab or two, one counts and each is answered."""
    races, actors = times(1_000, 10), together.actors
    lines = {each: [each.browser.beside() for _ in range(MOST)] for each in actors}

    for _ in range(races // ABREAST):
        chosen = [lines[each][: each.draw.randint(2, MOST)] for each in actors]
        await asyncio.gather(*(race(each, together.store, some) for each, some in zip(actors, chosen, strict=True)))

    await asyncio.gather(*(line.close() for each in lines.values() for line in each))
    promise.reached("P6", asked=races, reached=races, of="races of forms from one card")
