"""Tests of a live card that is too old, that the person deleted, or whose chat blocked the bot."""

import asyncio
from random import Random

from bot.channels.due_work import LOOK_EVERY
from tests.fakes.telegram import FakeClock, Person
from tests.support.telegram.fixtures import begun_at
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import Walker, item_number, tap_pin

sam = begun_at(3)


async def test_a_card_of_40_hours_that_nobody_uses_is_removed(home: Home, clock: FakeClock, sam: Person) -> None:
    before = await home.session(SAM)
    await sam.until(lambda: is_noted(home))
    clock.advance(hours=39)
    await sam.sees("Tap your PIN to go on")
    assert len(sam.chat) == 1

    clock.advance(hours=1)
    await sam.until(lambda: not sam.chat)
    await two_looks(sam)
    assert not sam.chat

    await sam.send("/resume")
    await sam.sees("Tap your PIN to go on")
    await tap_pin(sam)
    await sam.until(lambda: len(sam.chat) == 1 and item_number(sam.card) == 3)
    assert (await home.session(SAM)).answers.items == before.answers.items


def is_noted(home: Home) -> bool:
    return home.ask("SELECT count(*) FROM people WHERE born IS NOT NULL") == [(1,)]


async def two_looks(sam: Person) -> None:
    await asyncio.sleep(2.5 * LOOK_EVERY)
    await sam.settled()


async def test_a_live_card_that_cannot_be_edited_is_sent_again(home: Home, sam: Person) -> None:
    card = sam.card
    await sam.click("No")
    await sam.delete(card)

    await sam.until(lambda: [item_number(each) for each in sam.chat] == [4])


async def test_a_person_who_blocked_the_bot_resumes_where_they_were(home: Home, sam: Person) -> None:
    await sam.click("No")
    await sam.block()
    await sam.until(lambda: not home.server.pending)

    await sam.unblock()
    await sam.send("/resume")
    await sam.until(lambda: len(sam.chat) == 1 and item_number(sam.card) == 4)

    await Walker(sam, Random(1)).walk(until_item=6)
