"""The live card when it cannot stay: too old, deleted by the person, or shut out by them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.telegram_bots import At, running
from tests.support.telegram_home import SAM, Home
from tests.support.telegram_walker import Walker, item_number

MOVED_ON = "That card has moved on. Here is the one that counts."


@pytest.fixture
def clock() -> FakeClock:
    """A clock that Telegram and the bot share."""
    return FakeClock(datetime(2026, 3, 4, 12, tzinfo=UTC))


@pytest.fixture
async def server(clock: FakeClock) -> AsyncIterator[FakeTelegram]:
    """A running fake, towards which the bot was polite."""
    async with FakeTelegram(clock=clock) as running_server:
        yield running_server
        assert running_server.violations == []


@pytest.fixture
async def home(server: FakeTelegram, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Home]:
    """A bot that runs in this process."""
    here = Home(tmp_path, server)
    async with running(here, At(clock)):
        yield here


@pytest.fixture
async def sam(server: FakeTelegram, home: Home) -> Person:
    """Somebody at item 3."""
    person = server.person(SAM, first_name="Sam")
    await Walker(person, Random(1)).begin(until_item=3)
    await person.settled()
    return person


async def test_a_card_of_40_hours_is_replaced(home: Home, clock: FakeClock, sam: Person) -> None:
    """So that everything can still be removed."""
    old = sam.card.message_id
    clock.advance(hours=39)
    await sam.click("No")
    await sam.until(lambda: item_number(sam.card) == 4)
    assert sam.card.message_id == old

    clock.advance(hours=1)
    await sam.click("No")

    await sam.until(lambda: item_number(sam.card) == 5 and len(sam.chat) == 1)
    assert sam.card.message_id > old


async def test_a_card_that_telegram_keeps_is_blanked(home: Home, clock: FakeClock, sam: Person) -> None:
    """Past 48 hours nothing can be removed: neither a reference nor a button is left to see."""
    clock.advance(hours=49)
    await sam.send("/resume")

    await sam.until(lambda: [each.text for each in sam.chat if each.by_bot][:-1] == ["·"])
    old, new = (each for each in sam.chat if each.by_bot)
    assert (old.buttons, item_number(new)) == ((), 3)


async def test_a_live_card_that_cannot_be_edited_is_sent_anew(home: Home, sam: Person) -> None:
    """The person deleted it with the tap already on its way."""
    card = sam.card
    await sam.click("No")
    await sam.delete(card)

    await sam.until(lambda: [item_number(each) for each in sam.chat] == [4])


async def test_whoever_blocked_the_bot_goes_on_where_they_were(home: Home, sam: Person) -> None:
    """Nothing can be shown meanwhile, and nothing is lost."""
    await sam.click("No")
    await sam.block()
    await sam.until(lambda: not home.server.pending)

    await sam.unblock()
    await sam.send("/resume")
    await sam.until(lambda: len(sam.chat) == 1 and item_number(sam.card) == 4)

    await Walker(sam, Random(1)).walk(until_item=6)
