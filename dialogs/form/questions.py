"""The questions around the items: their ids, and what may be answered. How they are put is in the wording file."""

from collections.abc import Mapping

from seraf.form.instrument import Instrument
from seraf.form.vocabulary import ANSWERED_FACTS, ANSWERS, FACT_WORDS, NOT_KNOWN, Age

OPENING = ("profession", "danger", "told_or_seen", "concern", "age", "how")
"""Asked before item 1, in this order; the role once a person, and first, so that a duty can be said when it arises."""

CARDS = ("circumstances", "circumstances-2")
"""The places of the cards of short questions that are ticked: all on the first while they fit, else two."""

CLOSING = ("allocated", "stage", "known")
"""Asked after the items, before the short questions: they decide who is called, and nobody should wait for them."""

PREPARE = "prepare"
"""How the items are taken once a call is due: the serious ones first, the others a section on a card. Nobody chooses it as an answer."""

QUICK = "quick"
ORDERS = ("form", "serious", QUICK)
"""How the items are taken: in the order of the form, the significant ones first, or a section on a card."""

ADULT = "adult"
"""Eighteen or over and not entitled to aftercare: this guidance is not for them."""

OUTSIDE: Mapping[str, str] = {"concern": "no", "age": ADULT}
"""The answers that say SERAF is not for this case. They are never stored: the person is told whom to talk to."""

_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "danger": ("yes", "missing", "no", NOT_KNOWN),
    "told_or_seen": ANSWERS,
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
    """The questions after the items that every case may have, with those that the pack scores by."""
    return (*CLOSING, *(question.id for question in instrument.questions))
