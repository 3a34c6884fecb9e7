"""Tests of admission over Telegram, by a code or as a first administrator. All others get the same neutral answer."""

from pathlib import Path
from random import Random

import pytest

from bot.access.account import Removed, read_account
from bot.conversation.changes import removal
from dialogs.core.role import Role
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.people.admitting import PIN
from tests.support.telegram.bots import At, running
from tests.support.telegram.canaries import kept
from tests.support.telegram.fixtures import a_home
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.trusting import NEUTRAL, invited, order, words
from tests.support.telegram.walker import Walker, tap_pin

home = a_home(admitted=frozenset(), lock_minutes=10)


@pytest.fixture
def kim(server: FakeTelegram) -> Person:
    return server.person(KIM, first_name="Kim")


async def come_in(person: Person, code: str) -> None:
    await person.send(f"/start {code}")
    await person.sees("Before you begin")
    await person.press("I understand")
    await person.sees("Choose a PIN")
    await tap_pin(person)
    await person.sees("The same PIN again")
    await tap_pin(person)


async def gets_the_neutral_line(home: Home, person: Person, said: str) -> None:
    before = len(home.ask("SELECT * FROM people"))

    await person.send(said)
    await person.sees(NEUTRAL)
    await person.settled()

    assert [message.text for message in person.chat if message.by_bot] == [NEUTRAL]
    assert len(home.ask("SELECT * FROM people")) == before


@pytest.mark.parametrize("is_a_link", [False, True], ids=["typed", "link"])
async def test_an_invited_person_comes_from_the_code_to_item_one(
    running_bot: Home, clock: FakeClock, sam: Person, *, is_a_link: bool
) -> None:
    code = await invited(running_bot, clock())

    await come_in(sam, code if is_a_link else "-".join((code[:4], code[4:8], code[8:])).lower())
    await sam.sees("SERAF consultation")
    await Walker(sam, Random(1)).walk(until_item=1)
    await sam.settled()

    read = [act.message.text.partition("\n")[0] for act in sam.acts if act.message and act.deed in ("sent", "edited")]
    cards = [line for line in dict.fromkeys(read) if not line.startswith("/")]
    assert cards[:4] == ["Before you begin", "Choose a PIN", "The same PIN again", "SERAF consultation"]
    questions = ["before we start", *(f"before we start {step} of 5" for step in range(1, 6))]
    assert [line.partition(" · ")[2] for line in cards[4:10]] == questions  # the role first, which is asked once
    assert "item 1 of 30" in cards[10]
    assert PIN not in sam.transcript + await kept(running_bot)
    assert await words(running_bot) == ["admitted", "notice", "pin-chosen", "begun"]
    await sam.until(lambda: [message.by_bot for message in sam.chat] == [True], what="the code was not removed")


async def test_a_code_sent_in_a_group_admits_nobody_and_is_not_spent(
    running_bot: Home, server: FakeTelegram, clock: FakeClock, sam: Person
) -> None:
    code = await invited(running_bot, clock())
    group = server.group(-100, added_by=sam)

    await group.say(sam, f"/start {code}")
    await group.until(lambda: not group.bot_is_member and not server.pending)
    assert [message for message in group.chat if message.by_bot] == []
    assert running_bot.ask("SELECT * FROM people") == []

    await sam.start(code)
    await sam.sees("Before you begin")


async def test_a_removed_account_stays_out_with_a_new_code(
    running_bot: Home, clock: FakeClock, sam: Person, kim: Person
) -> None:
    await sam.start(await invited(running_bot, clock()))
    await sam.sees("Before you begin")
    await order(running_bot, clock, removal(clock()))
    await sam.until(lambda: not sam.chat, what="the card was not removed")
    code = await invited(running_bot, clock())

    await gets_the_neutral_line(running_bot, sam, f"/start {code}")

    record = await running_bot.record(SAM)
    assert record is not None
    assert isinstance(read_account(record.access), Removed)
    await kim.start(code)
    await kim.sees("Before you begin")


async def test_an_auditor_comes_in_and_gets_no_case(running_bot: Home, clock: FakeClock, sam: Person) -> None:
    await come_in(sam, await invited(running_bot, clock(), Role.AUDITOR))
    await sam.sees("You have access as an auditor")

    for said in ("/start", "/resume", "/erase"):
        await sam.send(said)
    await sam.settled()

    await sam.sees("You have access as an auditor")
    assert sam.card.labels == ("Help", "Urgent", "Call", "Contacts")
    assert await words(running_bot) == ["admitted", "notice", "pin-chosen"]


async def test_a_first_administrator_counts_once_and_not_after_a_removal(
    server: FakeTelegram, tmp_path: Path, clock: FakeClock, sam: Person
) -> None:
    home = Home(tmp_path, server, admitted=frozenset(), admins=frozenset({SAM}))
    async with running(home, At(clock)):
        await sam.send("/start")
        await sam.sees("Before you begin")
        await order(home, clock, removal(clock()))
        await sam.until(lambda: not sam.chat, what="the card was not removed")
        await gets_the_neutral_line(home, sam, "/start")

    clock.advance(hours=1)
    async with running(home, At(clock)):
        sent = len(server.calls("sendMessage"))
        await sam.send("/start")
        await sam.until(lambda: len(server.calls("sendMessage")) == sent + 1 and not server.pending)

    assert sam.card.text == NEUTRAL
    assert await words(home) == ["admitted", "removed"]
