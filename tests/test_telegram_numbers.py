"""Telephone numbers in Telegram: on every card that is there to ring somebody, a tap rings each that has a long form."""

import pytest

from tests.fakes.telegram import Message, Person
from tests.support.shipped import PACK
from tests.support.telegram_home import Home

BOTH = {PACK.contacts["art"].dial, PACK.contacts["edt"].dial}

WAYS = {
    "urgent": (("Call now",), "In danger now: call 999"),
    "contacts": (("Call now", "Contacts"), "Whom to call"),
    "danger": (("Start", "Yes"), "Call 999 now"),
    "told": (("Start", "No", "Yes"), "This needs a call"),
    "script": (("Start", "No", "Yes", "Call script"), "What to say when you call"),
    "enough": (
        ("Start", "No", "No", "Yes", "13–15", "Serious first", "Not in 12 months", "Past 6 months"),
        "Enough to call now",
    ),
    "not for SERAF": (("Start", "No", "No", "Not about this"), "SERAF is not for this"),
}
"""The buttons to each card that is there to ring somebody, and words of it."""


def rung_by_a_tap(card: Message) -> set[str]:
    """The texts that Telegram makes something to ring."""
    units = card.text.encode("utf-16-le")
    return {
        units[2 * each["offset"] : 2 * (each["offset"] + each["length"])].decode("utf-16-le")
        for each in card.entities
        if each["type"] == "phone_number"
    }


@pytest.mark.parametrize("way", WAYS)
async def test_a_tap_rings_art_and_the_emergency_duty_team(running_bot: Home, sam: Person, way: str) -> None:
    """999 and 101 have no long form: they stand as they are dialled."""
    labels, title = WAYS[way]
    await sam.send("/start")
    await sam.sees("SERAF consultation")

    for label in labels:
        await sam.settled()
        await sam.press(label)
    card = await sam.sees(title)

    assert rung_by_a_tap(card) == BOTH
    assert "999" in card.text
