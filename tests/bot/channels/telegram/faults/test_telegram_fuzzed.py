"""Promises P4 and P9 in Telegram: no update breaks the bot, leaves a person stuck, or shows in a log."""

import asyncio
from random import Random

import pytest
from structlog.testing import capture_logs

from tests.fakes.telegram import FakeTelegram, Person
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.telegram.bots import running
from tests.support.telegram.fixtures import real_time
from tests.support.telegram.fuzz import update
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.walker import Walker, tap_pin

A_BATCH = 200

clock = real_time()


async def quiet(person: Person) -> None:
    seen = -1
    while seen != len(person.acts):
        seen = len(person.acts)
        await asyncio.sleep(0.5)


async def finishes(person: Person, draw: Random) -> None:
    """Check that the person can erase the case, begin a new one and reach the right result."""
    await quiet(person)
    await person.send("/erase")
    await quiet(person)
    if "Tap your PIN" in person.card.text:
        if "Back" in person.card.labels:  # what can be looked up while the chat is locked stands above the keypad
            await person.press("Back")
            await quiet(person)
        await tap_pin(person)
        await person.send("/erase")
        await quiet(person)
    if "Erase now" in person.card.labels:
        await person.press_last("Erase now")
    await person.send("/start")
    await person.sees("SERAF consultation")
    await person.settled()
    await Walker(person, draw).finish()


@pytest.mark.prove
async def test_nothing_that_arrives_breaks_the_bot(server: FakeTelegram, home: Home, promise: Promise) -> None:
    """Promise P4: random and malformed updates are all confirmed, none fails or is refused, and nobody is stuck."""
    draw, batches = Random(20), times(100_000, 160) // A_BATCH
    people = [server.person(number, first_name="A") for number in (SAM, KIM)]
    with capture_logs() as lines:
        async with running(home, a_chat=0.0):
            for person in people:
                await Walker(person, draw).begin(until_item=2)
            for _ in range(batches):
                for _ in range(A_BATCH):
                    server.push_raw(update(draw))
                await people[0].until(lambda: not server.pending, timeout=60)
            for person in people:
                await finishes(person, draw)

    assert [line for line in lines if line["event"] in ("failed", "refused", "Telegram not reached")] == []
    promise.reached("P4", asked=batches * A_BATCH, reached=batches * A_BATCH, of="fuzzed updates survived")
