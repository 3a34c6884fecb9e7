"""Somebody who goes straight through a SERAF with their thumb: which button comes next, and what must come of it."""

import re
from dataclasses import dataclass, field
from datetime import date
from random import Random

from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.score.findings import find
from tests.fakes.telegram import Message, Person
from tests.support.people.admitting import PIN
from tests.support.shipped import INSTRUMENT

PREFERRED = ("Go on", "Start", "School", "13–15", "Form order", "Continue", "Not sure", "First", "None of the others")
"""What is pressed wherever it is offered; else an item is answered as planned, and a question with no."""

TODAY = date(2026, 3, 4)


@dataclass(slots=True)
class Walker:
    """A person with a plan: a response for every item."""

    person: Person
    draw: Random
    plan: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.plan_anew()

    def plan_anew(self) -> None:
        """Draw a response for every item."""
        self.plan = {
            item.id: self.draw.choice([option.id for option in item.section.options]) for item in INSTRUMENT.items
        }

    def next_label(self, card: Message) -> str:
        """The button to press on a card."""
        offered = [label for label in PREFERRED if label in card.labels]
        number = item_number(card)
        if number and "Go on" not in offered:
            item = INSTRUMENT.items[number - 1]
            return item.option(self.plan[item.id]).label
        if offered or "A thought is enough" in card.text:
            return offered[0] if offered else "Yes"
        return next(label for label in ("No", "Not known") if label in card.labels)

    def planned(self, count: int) -> Responses:
        """What must be stored once so many items are answered."""
        return Responses.of({item.id: self.plan[item.id] for item in INSTRUMENT.items[:count]})

    async def walk(self, *, until_item: int = 0) -> None:
        """Press on to the result, or to the card of an item."""
        while not is_result(self.person.card) and not (until_item and item_number(self.person.card) == until_item):
            await self.person.press(self.next_label(self.person.card))

    async def begin(self, *, until_item: int = 1) -> None:
        """Begin a SERAF and go on to the card of an item."""
        await self.person.send("/start")
        await self.person.sees("SERAF consultation")
        await self.walk(until_item=until_item)

    async def begin_again(self) -> None:
        """Erase, begin again with another plan, and show the welcome."""
        await self.person.send("/erase")
        await self.person.sees("cannot be undone")
        await self.person.press("Erase now")
        await self.person.until(lambda: not self.person.chat, what="the chat was not emptied")
        self.plan_anew()
        await self.person.send("/start")
        await self.person.sees("SERAF consultation")

    async def finish(self) -> None:
        """Go on to the result, and see that it is the one that the plan must have."""
        await self.walk()
        await self.person.sees(self.total_line())

    def total_line(self) -> str:
        """The line of the result that gives the total."""
        score = find(INSTRUMENT, Case(Age.FROM_13_TO_15, self.planned(len(self.plan))), today=TODAY).score
        so_far = " so far" if score.unknown else ""
        return f"total {score.total}{so_far} · {score.answered} of {score.of} answered"


async def tap_pin(person: Person, pin: str = PIN) -> None:
    """Tap a PIN on the keypad, wherever its keys are."""
    for digit in pin:
        await person.press(digit)


def item_number(card: Message) -> int:
    """Which item a card asks about, counted from 1; 0 where it is another card."""
    found = re.search(r"· item (\d+) of \d+\n", card.text)
    return int(found[1]) if found else 0


def is_result(card: Message) -> bool:
    """Whether the card is the first page of a result."""
    return "· what to do" in card.text


async def press_on(sam: Person, label: str) -> None:
    """Press a button, and wait for the card that it leads to."""
    shown = sam.card.text
    await sam.press(label)
    await sam.until(lambda: not sam.chat or sam.card.text != shown, what="the card did not change")
    await sam.settled()
