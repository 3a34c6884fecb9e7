"""Tests of the telephone numbers on cards in Telegram: a tap dials each number except short ones such as 999."""

import pytest

from bot.trail.chain import Entry
from seraf.advice.contacts import Check
from tests.fakes.telegram import FakeClock, Message, Person
from tests.support.shipped import PACK
from tests.support.telegram.home import Home

BOTH = {PACK.contacts["art"].dial, PACK.contacts["edt"].dial}

WAYS = {
    "urgent": (("Call now",), "In danger now: call 999"),
    "contacts": (("Call now", "Contacts"), "Who to call"),
    "danger": (("Start", "School", "In danger"), "Danger now: call 999."),
    "told": (("Start", "School", "Neither", "Yes"), "or it was seen: call now"),
    "script": (("Start", "School", "Neither", "Yes", "Call"), "Read this out"),
    "not for SERAF": (("Start", "School", "Neither", "No", "No, something else"), "SERAF is not for this"),
}
"""For each card with telephone numbers, the buttons that lead to it and words that it contains."""


def rung_by_a_tap(card: Message) -> set[str]:
    units = card.text.encode("utf-16-le")
    return {
        units[2 * each["offset"] : 2 * (each["offset"] + each["length"])].decode("utf-16-le")
        for each in card.entities
        if each["type"] == "phone_number"
    }


async def tap(sam: Person, label: str) -> None:
    text = sam.card.text
    await sam.press(label)
    await sam.until(lambda: sam.card.text != text)


@pytest.mark.parametrize("way", WAYS)
async def test_a_tap_rings_art_and_the_emergency_duty_team(running_bot: Home, sam: Person, way: str) -> None:
    labels, title = WAYS[way]
    await sam.send("/start")
    await sam.sees("SERAF consultation")

    for label in labels:
        await tap(sam, label)
    card = await sam.sees(title)

    assert rung_by_a_tap(card) in (BOTH, {PACK.contacts["art"].dial})
    assert (rung_by_a_tap(card) == BOTH) is (way in ("urgent", "contacts"))
    assert "999" in card.text or "101" in card.text


async def test_a_number_confirmed_on_the_command_line_shows_on_the_next_card(
    often_swept: None, running_bot: Home, clock: FakeClock, sam: Person
) -> None:
    await sam.send("/contacts")
    before = await sam.sees("Who to call")
    art = PACK.contacts["art"]
    check = Check(art.id, art.value, clock().date(), is_right=True)
    store = await running_bot.opened()
    await store.write(lambda t: t.contact_checks.keep(check, Entry(clock(), "operator", "contact-confirmed", art.id)))
    await store.close()

    for _ in range(50):  # the next look reads it; the next card may be sooner
        await tap(sam, "Urgent")
        await tap(sam, "Contacts")
        if "Checked 4 March 2026." in sam.card.text:
            break

    assert "Checked 4 March 2026." not in before.text
    assert "Checked 4 March 2026." in sam.card.text
