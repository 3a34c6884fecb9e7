"""Tests that whom to call can be reached in every closed chat, even as it closes, and shows nothing of a case."""

from random import Random
from typing import Any

import pytest

from dialogs.locked import AccountState
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.telegram.fixtures import a_home
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.trusting import of_a_case, shown_since, standing
from tests.support.telegram.walker import Walker, come_to_item, item_number, tap_pin

MINUTES = 10

CLOSED: dict[AccountState, dict[str, Any]] = {
    AccountState.NOTICE: {"noticed": None},
    AccountState.NEW_PIN: {"pin": ""},
    AccountState.LOCKED: {"is_locked": True},
    AccountState.BARRED: {"tries": 5},
    AccountState.LAPSED: {},
}
"""For each state of a closed chat, the account fields that cause it. For `LAPSED`, `until` is set to the present."""

TITLES = {
    AccountState.NOTICE: "Before you begin",
    AccountState.NEW_PIN: "Choose a PIN",
    AccountState.LOCKED: "Locked",
    AccountState.BARRED: "Locked after five wrong PINs",
    AccountState.LAPSED: "Your access has run out",
}
OPENS = {
    "Urgent": "In danger now: call 999",
    "Call": "What to say when you call",
    "Call script": "What to say when you call",
    "Contacts": "Who to call",
    "Glossary": "Choose a word",
}
"""For each help button, words on the card that it opens."""

COMMANDS = {
    "/urgent": "In danger now: call 999",
    "/call": "What to say when you call",
    "/contacts": "Who to call",
    "/help": "/start begins",
}
WAYS = (("Urgent", "Call script", "Contacts", "Urgent", "Contacts"), ("Call", "Urgent"), ("Contacts", "Urgent"))
"""Sequences of help buttons to press from the closed card. After each, “Back” leads to the closed card."""

REFUSED = ("/start", "/resume", "/pause", "/erase", "/cancel", "hello")

home = a_home(lock_minutes=MINUTES)


@pytest.fixture
async def sam(running_bot: Home, sam: Person) -> Person:
    walker = Walker(sam, Random(1))
    await walker.begin()
    await walker.finish()
    await sam.settled()
    return sam


async def close(home: Home, clock: FakeClock, sam: Person, closed: AccountState) -> int:
    assert of_a_case([sam.card.text]) != []
    await standing(home, clock, **(CLOSED[closed] or {"until": clock()}))
    await sam.until(lambda: TITLES[closed] in sam.card.text, what=f"the chat is not {closed}")
    await sam.settled()
    return len(sam.acts)


@pytest.mark.parametrize("closed", CLOSED, ids=str)
async def test_commands_of_help_work_in_every_closed_chat_and_show_nothing_of_a_case(
    home: Home, clock: FakeClock, sam: Person, closed: AccountState
) -> None:
    begun = await close(home, clock, sam, closed)

    for command, opened in COMMANDS.items():
        await sam.send(command)
        card = await sam.sees(opened)
        assert "999" in card.text or command == "/help"
        await sam.settled()
        await sam.press("Back")
        await sam.sees(TITLES[closed])
        await sam.settled()

    assert of_a_case(shown_since(sam, begun)) == []
    assert of_a_case(message.text for message in sam.chat) == []


@pytest.mark.parametrize("closed", CLOSED, ids=str)
async def test_buttons_of_help_work_in_every_closed_chat_and_show_nothing_of_a_case(
    home: Home, clock: FakeClock, sam: Person, closed: AccountState
) -> None:
    begun = await close(home, clock, sam, closed)

    for way in WAYS:
        for label in way:
            await sam.press(label)
            await sam.sees(OPENS[label])
        await sam.press("Back")
        await sam.sees(TITLES[closed])
    await sam.send("/help")
    await sam.sees(COMMANDS["/help"])
    await sam.settled()
    await sam.press("Glossary")
    await sam.sees(OPENS["Glossary"])

    assert of_a_case(shown_since(sam, begun)) == []


@pytest.mark.parametrize("closed", CLOSED, ids=str)
async def test_nothing_else_works_in_a_closed_chat_and_nothing_is_lost(
    home: Home, clock: FakeClock, sam: Person, closed: AccountState
) -> None:
    before = (await home.session(SAM)).answers.items
    begun = await close(home, clock, sam, closed)

    for said in REFUSED:
        await sam.send(said)
        await sam.settled()

    assert TITLES[closed] in sam.card.text
    assert of_a_case(shown_since(sam, begun)) == []
    assert (await home.session(SAM)).answers.items == before


@pytest.mark.usefixtures("seldom_swept")
async def test_urgent_pressed_in_the_very_second_in_which_a_chat_closes_opens(
    clock: FakeClock, running_bot: Home, server: FakeTelegram
) -> None:
    kim = await come_to_item(server.person(8, first_name="Kim"), 3)
    clock.advance(minutes=MINUTES)
    begun = len(kim.acts)

    await kim.click("Urgent")
    await kim.sees(OPENS["Urgent"])
    await kim.settled()

    assert of_a_case(shown_since(kim, begun)) == []
    await kim.press("Back")
    await kim.sees("Locked")
    assert of_a_case(shown_since(kim, begun)) == []
    await tap_pin(kim)
    await kim.until(lambda: item_number(kim.card) == 3)
