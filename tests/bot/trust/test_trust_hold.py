"""Tests that nothing erases a case held for the police or a court, and that its card mentions the hold meanwhile."""

import pytest

from bot.conversation.changes import holding, letting_go
from tests.fakes.telegram import FakeClock, Person
from tests.support.telegram.bots import REFERENCE
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.trusting import order, words
from tests.support.telegram.walker import come_to_item, item_number, press_on, tap_pin

HELD = f"{REFERENCE} is held for the police or a court"
REFUSED = "It cannot be erased until the hold ends."

ERASERS: dict[str, tuple[str, ...]] = {
    "the button": ("More", "Erase", "Erase now"),
    "/erase": (),
    "/cancel": (),
    "a new start": ("Start a new one", "Erase now"),
}
"""Each way to erase a case: a command, or the buttons to press, the last of which erases."""


@pytest.fixture
async def sam(running_bot: Home, clock: FakeClock, sam: Person) -> Person:
    await come_to_item(sam, 3)
    await order(running_bot, clock, holding(REFERENCE, clock()))
    await sam.sees(HELD)
    await sam.settled()
    return sam


async def release(home: Home, clock: FakeClock) -> None:
    await order(home, clock, letting_go(REFERENCE, clock()))


@pytest.mark.parametrize("eraser", ERASERS)
async def test_no_way_of_erasing_works_on_what_is_held(running_bot: Home, sam: Person, eraser: str) -> None:
    before = (await running_bot.session(SAM)).answers.items

    if eraser.startswith("/"):
        await sam.send(eraser)
    if eraser == "a new start":
        await sam.send("/start")
        await sam.sees("is still here")
    await sam.settled()
    for label in ERASERS[eraser][:-1]:
        await press_on(sam, label)
    for label in ERASERS[eraser][-1:]:
        await sam.press(label)
        await sam.settled()

    await sam.until(
        lambda: any(REFUSED in each for each in (*(act.message.text for act in sam.acts if act.message), *sam.toasts))
    )
    assert HELD in sam.card.text
    assert (await running_bot.session(SAM)).answers.items == before
    await sam.send("/resume")
    await sam.until(lambda: item_number(sam.card) == 3)
    assert HELD in sam.card.text
    assert "erased" not in await words(running_bot)


async def test_every_card_of_a_held_case_mentions_the_hold_until_it_ends(
    running_bot: Home, clock: FakeClock, sam: Person
) -> None:
    await sam.press("No")
    await sam.until(lambda: item_number(sam.card) == 4)
    assert HELD in sam.card.text

    await release(running_bot, clock)
    await sam.until(lambda: HELD not in sam.card.text, what="it is still said")
    await sam.settled()
    for label in ("More", "Erase", "Erase now"):
        await press_on(sam, label)

    await sam.until(lambda: not sam.chat, what="the chat was not emptied")
    assert (await words(running_bot))[-3:] == ["hold-set", "hold-lifted", "erased"]


async def test_a_panic_empties_the_chat_and_keeps_what_is_held(
    running_bot: Home, clock: FakeClock, sam: Person
) -> None:
    await sam.send("/panic")
    await sam.until(lambda: not sam.chat, what="the chat was not emptied")

    await sam.send("hello")
    await sam.sees("Tap your PIN")
    assert HELD not in sam.card.text
    await sam.settled()
    await tap_pin(sam)

    await sam.sees(HELD)
    assert item_number(sam.card) == 3
    record = await running_bot.record(SAM)
    assert record is not None
    assert [(head.reference, head.held) for head in record.heads] == [(REFERENCE, True)]
