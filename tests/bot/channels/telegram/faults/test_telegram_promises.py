"""Promises P2 and P6 over HTTP: repeated updates change nothing, and of many taps on one card exactly one counts."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.conversation.records import session_of
from bot.storage.store import Store
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.telegram.bots import At, running
from tests.support.telegram.home import Home
from tests.support.telegram.mirror import Mirror, foreseen

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ABREAST = 20

PEOPLE = range(1_000, 1_000 + ABREAST)
COMMANDS = ("/start", "/urgent", "/help", "/pause", "/resume", "/explain CSE", "hello", "/nothing")


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(clock=FakeClock(NOON)) as running_server:
        yield running_server
        assert running_server.violations == []


@pytest.fixture
async def home(server: FakeTelegram, tmp_path: Path) -> AsyncIterator[Home]:
    here = Home(tmp_path, server, admitted=frozenset(PEOPLE))
    async with running(here, At(FakeClock(NOON)), a_chat=0.0):
        yield here


class Actor:
    """A simulated person, with a mirror: a copy of the case that the store must hold for them."""

    def __init__(self, person: Person, draw: Random) -> None:
        self.person = person
        self.draw = draw
        self.mirror = Mirror(NOON)
        self._updates: list[int] = []

    async def begin(self) -> None:
        await self.type("/start")

    async def type(self, text: str) -> None:
        await self.person.send(text)
        self.mirror.type(text)
        await self.caught_up()

    async def press(self, *, waits: bool = True) -> None:
        result = self.draw.choice(foreseen(each.callback_data or "" for each in self.person.card.buttons))
        tap = await self.person.tap_data(result, on=self.person.card)
        self.mirror.press(result)
        if tap.update_id is not None:
            self._updates.append(tap.update_id)
        if waits:
            await self.caught_up()

    async def replay(self, server: FakeTelegram) -> None:
        if self._updates and self.draw.random() < 0.5:
            server.redeliver(self.draw.choice(self._updates[-50:]))
        else:
            await self.person.resend_last_tap()

    async def caught_up(self) -> None:
        await self.person.until(lambda: self.mirror.is_shown_by(self.person), timeout=30)

    async def act(self, server: FakeTelegram) -> None:
        if self.mirror.is_empty:
            await self.type("/start")
        chance = self.draw.random()
        if chance < 0.35 and self._updates:
            await self.replay(server)
        elif chance < 0.45:
            await self.type(self.draw.choice(COMMANDS))
        else:
            await self.press()


async def stored(store: Store, actor: Actor) -> bool:
    found = await store.recall(f"telegram:{actor.person.chat_id}")
    return found is not None and actor.mirror.is_kept_as(session_of(found[0]))


@pytest.mark.prove
async def test_replays_change_nothing(home: Home, server: FakeTelegram, promise: Promise) -> None:
    """Promise P2: streams of taps with repeats and redeliveries leave the same state as the streams without them."""
    streams, length = times(10_000, 20), 10

    async def stream(actor: Actor) -> None:
        for _ in range(length):
            await actor.act(server)
        await actor.person.until(lambda: not server.world.updates.waits_for(actor.person.chat_id), timeout=30)
        await actor.caught_up()

    store = await home.opened()
    actors = [Actor(server.person(number), Random(number)) for number in PEOPLE]
    await asyncio.gather(*(actor.begin() for actor in actors))
    for _ in range(streams // ABREAST):
        await asyncio.gather(*(stream(actor) for actor in actors))
        await actors[0].person.until(lambda: not server.pending, timeout=30)
        assert [actor.person.chat_id for actor in actors if not await stored(store, actor)] == []
    await store.close()
    promise.reached("P2", asked=streams, reached=streams, of="streams with replays")


@pytest.mark.prove
async def test_of_many_taps_on_one_card_exactly_one_is_accepted(
    home: Home, server: FakeTelegram, promise: Promise
) -> None:
    """Promise P6: if 2 to 20 buttons of one card are pressed before the bot reads any, only the first counts."""
    races = times(10_000, 20)

    async def race(actor: Actor) -> None:
        if actor.mirror.is_empty:
            await actor.type("/start")
        card, answers = actor.person.card, len(actor.person.answers)
        count = actor.draw.randint(2, 20)
        pressable = foreseen(each.callback_data or "" for each in card.buttons)
        chosen = [actor.draw.choice(pressable) for _ in range(count)]
        turns = actor.mirror.session.card
        for callback_data in chosen:
            server.world.tap(actor.person.user, card, callback_data)
            actor.mirror.press(callback_data)
        await actor.person.until(lambda: len(actor.person.answers) >= answers + count, timeout=30)
        await actor.caught_up()
        moved = [answer for answer in actor.person.answers[answers:] if "out of date" in answer.text]
        if not any(":t:" in each for each in chosen):  # ticks carry the wanted state, and may all count
            assert (actor.mirror.session.card - turns, len(moved)) == (1, count - 1), actor.person.transcript

    store = await home.opened()
    actors = [Actor(server.person(number), Random(number)) for number in PEOPLE]
    await asyncio.gather(*(actor.begin() for actor in actors))
    for _ in range(races // ABREAST):
        await asyncio.gather(*(race(actor) for actor in actors))
        assert [actor.person.chat_id for actor in actors if not await stored(store, actor)] == []
    await store.close()
    promise.reached("P6", asked=races, reached=races, of="races of taps over HTTP")
