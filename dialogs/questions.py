"""The questions around the items: their ids, and what may be answered. How they are put is in the wording file."""

from collections.abc import Mapping

from seraf.instrument import Instrument
from seraf.vocabulary import ANSWERED_FACTS, ANSWERS, FACT_WORDS, NOT_KNOWN, Age

OPENING = ("danger", "told_or_seen", "concern", "age", "how")
"""Asked before item 1, in this order."""

CIRCUMSTANCES = "circumstances"
"""The place of the card that asks all short questions at once."""

CLOSING = ("allocated", "stage", "known", CIRCUMSTANCES, "profession")
"""Asked after the items: they decide who is called, and nobody should wait for them before ringing."""

NEEDED = ("allocated", CIRCUMSTANCES, "profession")
"""What is asked even of somebody who finishes now: without it, some steps would be left out."""

QUICK = "quick"
ORDERS = ("form", "serious", QUICK)
"""How the items are taken: in the order of the form, the significant ones first, or a section on a card."""

ADULT = "adult"
"""Eighteen or over and not entitled to aftercare: this guidance is not for them."""

OUTSIDE: Mapping[str, str] = {"concern": "no", "age": ADULT}
"""The answers that say SERAF is not for this case. They are never stored: the person is told whom to talk to."""

_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "concern": ("yes", "no"),
    "age": (Age.UNDER_13, Age.FROM_13_TO_15, Age.FROM_16_TO_17, Age.FROM_18_TO_25, ADULT, NOT_KNOWN),
    "how": ORDERS,
    "judgement": ("yes", "not-sure", "no"),
    "profession": FACT_WORDS["profession"][:-1],
}


def options(question: str) -> tuple[str, ...]:
    """What the question may be answered with, in the order of the buttons. A pack's own question takes yes, no, not known."""
    fallback = FACT_WORDS[question] if question in ANSWERED_FACTS else ANSWERS
    return _OPTIONS.get(question, fallback)


def closing(instrument: Instrument) -> tuple[str, ...]:
    """The closing questions, with those that the pack adds before the short questions."""
    return (*CLOSING[:-2], *(question.id for question in instrument.questions), *CLOSING[-2:])
