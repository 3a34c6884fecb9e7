"""Simulated people in Telegram who rehearse together in a room."""

import re

from tests.fakes.telegram import Message, Person
from tests.support.talk.gathering import Reader, next_label


def card_of(person: Person) -> Message:
    """Return the latest message with buttons in a person's chat. Files may follow it."""
    return next(message for message in reversed(person.chat) if message.buttons)


async def tap(person: Person, label: str) -> Message:
    """Press a button, and wait up to 60 s, since many may wait, for a different card. Return the card."""
    before = card_of(person).text
    await person.click(label)
    await person.until(lambda: card_of(person).text != before, timeout=60, what=f"[{label}]")
    return card_of(person)


async def opened(trainer: Person, case: str = "Case 2") -> str:
    """Let a trainer open a rehearsal room, and return its code."""
    await trainer.ask("/start")
    await trainer.ask("/room")
    await tap(trainer, case)
    return code_on(await tap(trainer, "Open the room"))


def code_on(card: Message) -> str:
    """Return the code of a room that a card shows."""
    found = re.search(r"/join (\S+)", card.text)
    assert found is not None, card.text
    return found[1]


async def finish(person: Person, reads: Reader, until: str = "My answers") -> None:
    """Press buttons as `reads` decides, up to the result or to a card with the button `until`."""
    while until not in card_of(person).labels and (
        label := next_label(card_of(person).text, card_of(person).labels, reads)
    ):
        await tap(person, label)


async def take_part(person: Person, code: str, number: int, *, to_the_end: bool = True) -> None:
    """Join the room by its link or by command; then rehearse to the end, unless `to_the_end` is False."""
    if number % 2:
        await person.start(f"room-{code.replace('-', '')}")
    else:
        await person.send(f"/join {code}")
    asked = await person.sees("You can leave at any time.", timeout=60)
    await tap(person, next(label for label in ("Join", "I agree") if label in asked.labels))
    if to_the_end:
        await finish(person, Reader(number))
