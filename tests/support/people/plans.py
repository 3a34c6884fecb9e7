"""A plan for a SERAF: a response for every item, which button to press on a card, and the expected total."""

import re
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Protocol

from seraf.case_view import CaseView
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.score.scoring import Score
from tests.support.shipped import INSTRUMENT

PREFERRED = (
    *("I called", "Referral taken", "The police have it", "Go on"),
    *("None of the others", "None of the others applies"),
    *("Start", "School", "13–15", "Form order", "Not sure", "First", "Continue"),
)
"""Labels that are pressed wherever they are offered. Otherwise an item gets its planned response, a question “No”."""

MILDLY = ("Neither", "No", "It is over", "They were told", "Yes, known", "Not known")
"""The labels of the mildest answers to questions."""

TODAY = date(2026, 3, 4)


class Readable(Protocol):
    """A card as a person reads it in any channel."""

    @property
    def labels(self) -> Sequence[str]: ...

    @property
    def text(self) -> str: ...


class Plan:
    """The random responses that a person is going to give."""

    def __init__(self, draw: Random) -> None:
        self.draw = draw
        self.plan: dict[str, str] = {}
        self.plan_anew()

    def plan_anew(self) -> None:
        """Draw a new response for every item."""
        self.plan = {
            item.id: self.draw.choice([option.id for option in item.section.options]) for item in INSTRUMENT.items
        }

    def next_label(self, card: Readable) -> str:
        """Return the label of the button to press on a card, or an empty text if no button fits."""
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
        """Return the label as `next_label` does, but from a result go through “More” to the erasure."""
        ending = next(
            (label for label in ("Erase now", "Erase") if label in card.labels), "More" if is_result(card) else ""
        )
        return ending or self.next_label(card)

    def planned(self, count: int) -> Responses:
        """Return the responses that must be stored after this many items."""
        return Responses.of({item.id: self.plan[item.id] for item in INSTRUMENT.items[:count]})

    @property
    def score(self) -> Score:
        """The score that the result must show."""
        return CaseView(INSTRUMENT, Case(Age.FROM_13_TO_15, self.planned(len(self.plan)))).find(today=TODAY).score

    def total_line(self) -> str:
        """Return the line with the total that a card of the result must show."""
        score = self.score
        if score.unknown:
            return f"total {score.total} so far, {len(score.unknown)} not known"
        return f"total {score.total} · {score.answered} of {score.of}"


def item_number(card: Readable) -> int:
    """Return the number of the item that a card asks about, from 1. Return 0 if the card asks about no item."""
    found = re.search(r"· item (\d+) of \d+\n", card.text)
    return int(found[1]) if found else 0


def is_result(card: Readable) -> bool:
    """Return True if the card is the first page of a result."""
    return "what to do" in card.text.lower() and "Something changed" in card.labels


def is_settled_call(card: Readable) -> bool:
    """Return True if the card is about a call whose outcome has been recorded."""
    return "Tapped by mistake" in card.labels and not {"I called", "Referral taken", "The police have it"} & set(
        card.labels
    )
