"""The command line beside a running bot: what an administrator does shows in the chat within seconds, and counts at once."""

import asyncio
import re
from random import Random

from bot.access.account import Removed, read_account
from bot.access.admission import plain_code
from tests.fakes.telegram import FakeTelegram, Person
from tests.support.command_line.cli import run_apart
from tests.support.telegram.bots import REFERENCE, running
from tests.support.telegram.fixtures import begun_at, real_time
from tests.support.telegram.home import SAM, STRANGER, Home
from tests.support.telegram.walker import Walker, item_number

NEUTRAL = "This is a private service. It cannot help you here."
SECONDS = 15.0
WHO = "00000001"
"""The id of the first whom a home admits."""

clock = real_time()

sam = begun_at(3)


async def said(home: Home, *words: str, **settings: str) -> str:
    """What a command prints that goes well, in a process of its own as an administrator starts it."""
    ran = await asyncio.to_thread(run_apart, home.folder, *words, settings=home.environment | settings)
    assert (ran.status, ran.err) == (0, ""), ran
    return ran.out


async def test_whoever_is_removed_loses_the_card_and_gets_the_line_of_strangers(home: Home, sam: Person) -> None:
    """Their next tap is refused, their case is gone, and a new code does not let them in again."""
    card = sam.card
    button = next(each.callback_data for each in card.buttons if each.callback_data)

    out = await said(home, "people", "remove", "7")

    tap = await sam.tap_data(button, on=card)
    assert (await sam.answered(tap)).text == NEUTRAL
    await sam.until(lambda: card not in sam.chat, timeout=SECONDS)
    assert f"Their assessment {REFERENCE} was erased" in out
    code = await invited(home)
    await sam.start(code)
    await sam.sees(NEUTRAL)
    record = await home.record(7)
    assert record is not None
    assert record.case is None
    assert isinstance(read_account(record.access), Removed)


async def test_the_card_of_somebody_removed_while_no_bot_runs_goes_when_it_starts(
    home: Home, server: FakeTelegram
) -> None:
    """An administrator need not wait for the bot."""
    sam = server.person(SAM, first_name="Sam")
    async with running(home):
        await Walker(sam, Random(1)).begin(until_item=3)
        await sam.settled()
    await said(home, "people", "remove", WHO)
    assert REFERENCE in sam.card.text

    async with running(home):
        await sam.until(lambda: not any(each.by_bot for each in sam.chat), timeout=SECONDS)


async def test_whoever_is_locked_is_asked_for_the_pin_within_seconds(home: Home, sam: Person) -> None:
    """And no button of the card before counts."""
    await said(home, "people", "lock", "7")

    locked = await sam.sees("PIN", timeout=SECONDS)

    assert item_number(locked) == 0
    assert REFERENCE not in locked.text


async def test_whoever_needs_a_new_pin_is_asked_to_choose_one(home: Home, sam: Person) -> None:
    """The old one is not asked for."""
    await said(home, "people", "renew", "7", "--new-pin")

    await sam.sees("Choose", timeout=SECONDS)


async def test_a_hold_shows_and_stops_erasing_until_it_is_lifted(home: Home, sam: Person) -> None:
    """The card names it; `/erase` does not."""
    await said(home, "hold", "set", *REFERENCE.split())
    await sam.sees("is held for the police or a court", timeout=SECONDS)

    await sam.send("/erase")
    await sam.settled()
    assert (await home.session(7)).reference == REFERENCE

    await said(home, "hold", "lift", *REFERENCE.split())
    await sam.until(lambda: "is held for the police or a court" not in sam.card.text, timeout=SECONDS)


async def test_somebody_invited_comes_in_by_the_link_and_is_in_the_list(
    home: Home, server: FakeTelegram, running_bot: Home
) -> None:
    """Once the bot has run, its name is in the link; the id of the list is the one of the invitation."""
    newcomer = server.person(STRANGER, first_name="New")
    await newcomer.send("/start")
    await newcomer.sees(NEUTRAL)
    out = await said(home, "people", "invite", "--role", "practitioner", "--name", "New one")

    found = re.search(r"https://t\.me/(\w+)\?start=(\w+)", out)
    assert found is not None
    await newcomer.start(found[2])

    await newcomer.sees("end-to-end", timeout=SECONDS)
    listed = await said(home, "people", "list")
    who = re.search(r"who will be ([0-9a-f]{8})", out)
    assert who is not None
    assert re.search(rf"^{who[1]} +practitioner +notice .*\n +New one$", listed, re.MULTILINE)


async def test_purge_beside_a_running_bot_takes_nothing_that_counts(home: Home, sam: Person) -> None:
    """Nothing is due, and the person goes on."""
    out = await said(home, "purge")

    assert "0 assessments erased" in out
    await sam.press("No")
    await sam.until(lambda: item_number(sam.card) == 4)


async def test_check_says_that_a_bot_runs(home: Home, sam: Person) -> None:
    """And that it does not, once it has ended, is in the other tests."""
    ran = await asyncio.to_thread(run_apart, home.folder, "check", settings=home.environment | {"COLUMNS": "300"})

    assert "the bot runs with this store now" in ran.out
    assert "2 admitted" in ran.out


async def invited(home: Home) -> str:
    """A code that was not used."""
    out = await said(home, "people", "invite", "--role", "practitioner")
    found = re.search(r"^ {2}([2-9A-Z-]{17})$", out, re.MULTILINE)
    assert found is not None
    return plain_code(found[1])
