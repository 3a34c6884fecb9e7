"""Tests after a restart or an outage: everybody sees the current card, new taps go first, and outages are announced."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from bot.runtime.errors import DamagedStore
from bot.storage.store import Store
from bot.storage.values import Inbound, Outcome
from tests.fakes.telegram import FakeClock, Person
from tests.support.telegram.bots import At, running
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.walker import Walker, come_to_item, item_number, tap_pin

NOTICE = "may not have counted. Please check the card again."


async def polled(home: Home, person: Person, *, more: int = 1) -> None:
    asked = len(home.server.calls("getUpdates"))
    await person.until(lambda: len(home.server.calls("getUpdates")) >= asked + more)


async def down(home: Home, clock: FakeClock, person: Person, *, minutes: float) -> None:
    await home.server.stop()
    clock.advance(minutes=minutes)
    await home.server.start()
    await polled(home, person)


async def test_an_outage_longer_than_the_life_of_a_tap_is_announced_until_the_next_tap(
    home: Home, clock: FakeClock, sam: Person
) -> None:
    async with running(home, At(clock)):
        await come_to_item(sam, 2)

        await down(home, clock, sam, minutes=10)
        card = await sam.sees(NOTICE)
        assert "between 12:00 (4 March) and 12:10 (4 March)" in card.text
        assert item_number(card) == 2
        await sam.settled()

        await sam.click("No")
        await sam.until(lambda: item_number(sam.card) == 3 and NOTICE not in sam.card.text)


async def test_a_short_outage_is_not_announced(home: Home, clock: FakeClock, sam: Person) -> None:
    async with running(home, At(clock)):
        await come_to_item(sam, 2)
        await sam.click("No")
        await down(home, clock, sam, minutes=2)

        await sam.until(lambda: item_number(sam.card) == 3)

        assert NOTICE not in sam.transcript


async def test_a_person_who_was_not_active_for_a_day_is_left_alone(home: Home, clock: FakeClock, sam: Person) -> None:
    kim = home.server.person(KIM)
    async with running(replace(home, admitted=frozenset({KIM})), At(clock)):
        await Walker(kim, Random(1)).begin(until_item=2)
        clock.advance(hours=25)
        await home.admit(clock())
        await come_to_item(sam, 2)

        await down(home, clock, sam, minutes=10)
        await sam.sees(NOTICE)

        assert NOTICE not in kim.card.text


async def test_a_bot_that_was_down_announces_it_at_the_next_start(home: Home, clock: FakeClock, sam: Person) -> None:
    async with running(home, At(clock)):
        await come_to_item(sam, 2)
    clock.advance(hours=2)

    async with running(home, At(clock)):
        await sam.sees(NOTICE)
        await Walker(sam, Random(1)).walk(until_item=4)


async def test_a_clock_that_is_set_back_is_followed_silently(home: Home, clock: FakeClock, sam: Person) -> None:
    """Correcting the clock is no outage, so nobody is notified. The chat locks, because its idle time is unknown."""
    async with running(home, At(clock)):
        await come_to_item(sam, 2)
        clock.advance(hours=-5)
        await sam.sees("Tap your PIN to go on")
        await tap_pin(sam)
        await Walker(sam, Random(1)).walk(until_item=4)

    assert NOTICE not in sam.transcript
    store = await home.opened()
    polled_at = await store.read(lambda t: t.channel.polled_at())
    await store.close()
    assert polled_at == clock()


async def test_a_card_that_shows_what_it_should_is_left_alone_at_a_start(
    home: Home, clock: FakeClock, sam: Person
) -> None:
    async with running(home, At(clock)):
        await come_to_item(sam, 2)
    edits = len(home.server.calls("editMessageText"))

    async with running(home, At(clock)):
        await polled(home, sam, more=2)
        await sam.settled()
        await sam.press("No")

    assert len(home.server.calls("editMessageText")) == edits + 1


async def test_a_long_recovery_does_not_hold_up_live_taps(home: Home, clock: FakeClock, sam: Person) -> None:
    others = range(1000, 1100)
    here = Home(home.folder, home.server, admitted=frozenset({SAM, *others}))
    async with running(here, At(clock)):
        for number in others:
            await home.server.person(number).send("/start")
        await Walker(sam, Random(1)).begin(until_item=2)
        await sam.until(lambda: not home.server.pending)
    clock.advance(minutes=10)
    tap = await sam.click("No")

    async with running(here, At(clock)):
        await sam.answered(tap)
        await sam.until(lambda: item_number(sam.card) == 3)
        result = sum(NOTICE in str(home.server.person(number).transcript) for number in others)

    assert result < 50


async def test_a_store_that_turns_out_damaged_is_opened_again(
    home: Home, clock: FakeClock, sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Retrying cannot mend a damaged store. The pending taps count once another store is open."""
    turns, damaged = Store.turns, list[Store]()

    async def turned(store: Store, inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        if not damaged:
            damaged.append(store)
        if store is damaged[0]:
            raise DamagedStore("The database is damaged.")
        return await turns(store, inbounds)

    async with running(home, At(clock)):
        await come_to_item(sam, 2)
        monkeypatch.setattr(Store, "turns", turned)

        await sam.click("No")

        await sam.until(lambda: item_number(sam.card) == 3, timeout=60)
