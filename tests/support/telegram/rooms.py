"""People with phones who rehearse together, each by the buttons of their own card."""

import re

from tests.fakes.telegram import Message, Person
from tests.support.talk.gathering import Reader, next_label


def card_of(person: Person) -> Message:
    """Return the card in somebody's chat, whatever files are below it."""
    return next(message for message in reversed(person.chat) if message.buttons)


async def tap(person: Person, label: str) -> Message:
    """Press a button, and wait for another card, for long if many wait."""
    before = card_of(person).text
    await person.click(label)
    await person.until(lambda: card_of(person).text != before, timeout=60, what=f"[{label}]")
    return card_of(person)


async def opened(trainer: Person, case: str = "Case 2") -> str:
    """Open a room, and return its code."""
    await trainer.ask("/start")
    await trainer.ask("/room")
    await tap(trainer, case)
    return code_on(await tap(trainer, "Open the room"))


def code_on(card: Message) -> str:
    """Return the code on a card."""
    found = re.search(r"/join (\S+)", card.text)
    assert found is not None, card.text
    return found[1]


async def finish(person: Person, reads: Reader, until: str = "My answers") -> None:
    """Continue to the result, or to a card with this button."""
    while until not in card_of(person).labels and (
        label := next_label(card_of(person).text, card_of(person).labels, reads)
    ):
        await tap(person, label)


async def take_part(person: Person, code: str, number: int, *, to_the_end: bool = True) -> None:
    """Join by the code or the link, and complete it."""
    if number % 2:
        await person.start(f"room-{code.replace('-', '')}")
    else:
        await person.send(f"/join {code}")
    asked = await person.sees("You can leave at any time.", timeout=60)
    await tap(person, next(label for label in ("Join", "I agree") if label in asked.labels))
    if to_the_end:
        await finish(person, Reader(number))
