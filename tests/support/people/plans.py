"""A plan for a SERAF: a response for every item, the next button on a card, and the expected result."""

import re
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Protocol

from seraf.case_view import CaseView
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from tests.support.shipped import INSTRUMENT

PREFERRED = (
    *("I called", "Referral taken", "The police have it", "Go on"),
    *("Start", "School", "13–15", "Form order", "Continue", "Not sure", "First", "None of the others"),
)
"""What is pressed wherever it is offered; else an item is answered as planned, and a question with no."""

MILDLY = ("Neither", "No", "It is over", "They were told", "Yes, known", "Not known")
"""The mildest answer to a question."""

TODAY = date(2026, 3, 4)


class Readable(Protocol):
    """A card as a person reads it, in any channel."""

    @property
    def labels(self) -> Sequence[str]: ...

    @property
    def text(self) -> str: ...


class Plan:
    """A person's random answers."""

    def __init__(self, draw: Random) -> None:
        self.draw = draw
        self.plan: dict[str, str] = {}
        self.plan_anew()

    def plan_anew(self) -> None:
        """Draw a response for every item."""
        self.plan = {
            item.id: self.draw.choice([option.id for option in item.section.options]) for item in INSTRUMENT.items
        }

    def next_label(self, card: Readable) -> str:
        """Return the button to press on a card, or nothing on the emergency card without a store."""
        offered = [label for label in PREFERRED if label in card.labels]
        number = item_number(card)
        if is_settled_call(card):
            return "Back"
        if number and "Go on" not in offered:
            item = INSTRUMENT.items[number - 1]
            return item.option(self.plan[item.id]).label
        if offered or "A thought is enough" in card.text:
            return offered[0] if offered else "Yes"
        return next((label for label in MILDLY if label in card.labels), "")

    def next_label_round(self, card: Readable) -> str:
        """Return the same, and lead from a result through More to the erasure."""
        ending = next(
            (label for label in ("Erase now", "Erase") if label in card.labels), "More" if is_result(card) else ""
        )
        return ending or self.next_label(card)

    def planned(self, count: int) -> Responses:
        """Return the stored responses after so many items."""
        return Responses.of({item.id: self.plan[item.id] for item in INSTRUMENT.items[:count]})

    def total_line(self) -> str:
        """Return the line of the result with the total."""
        score = CaseView(INSTRUMENT, Case(Age.FROM_13_TO_15, self.planned(len(self.plan)))).find(today=TODAY).score
        so_far = " so far" if score.unknown else ""
        return f"total {score.total}{so_far} · {score.answered} of {score.of}"


def item_number(card: Readable) -> int:
    """Return the number of the item that a card asks about, from 1; 0 on another card."""
    found = re.search(r"· item (\d+) of \d+\n", card.text)
    return int(found[1]) if found else 0


def is_result(card: Readable) -> bool:
    """True on the first page of a result."""
    return "· what to do" in card.text and "Something changed" in card.labels


def is_settled_call(card: Readable) -> bool:
    """True on a call line with a recorded outcome."""
    return "Tapped by mistake" in card.labels and not {"I called", "Referral taken", "The police have it"} & set(
        card.labels
    )
