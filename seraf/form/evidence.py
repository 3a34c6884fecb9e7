"""What the responses show, and what they could still show, as facts that conditions are judged on."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import getitem

from seraf.form.conditions import Facts
from seraf.form.instrument import Instrument, Item, Option
from seraf.form.remembered import remembered
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import ANSWERED_FACTS, ANSWERS, NOT_ASKED, NOT_KNOWN, PRESENT, Age, Meaning

# “Not known” would claim that somebody was asked: a result may have to say that these three never were (ADR 0038).
UNASKED = {"danger": NOT_ASKED, "told_or_seen": NOT_ASKED, "judgement": NOT_ASKED}
"""What stands for an answered fact that was never asked, where that is not “not known”."""

SAID_UNKNOWN = frozenset({NOT_KNOWN})
UNSAID = {key: frozenset({UNASKED.get(key, NOT_KNOWN)}) for key in ANSWERED_FACTS}
"""What is so of the answered facts before anything was said."""


def response_of(item: Item, case: Case) -> Option | None:
    """The option given for the item, or None where it is unanswered or not known: the two count the same."""
    return option_given(item, case.responses)


def option_given(item: Item, responses: Responses) -> Option | None:
    """The same of the responses alone."""
    given = responses.get(item.id)
    option = item.option(given) if given is not None else None
    return option if option is not None and option.is_known else None


Given = tuple[tuple[Item, Option | None], ...]
"""Every item with the option that was given for it, None where it is not known."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What hangs on the responses alone: each item with its option, and which are ticked or not known, in the order of the form.

    `present`, `current`, `earlier` (not within the current window) and `not_known` are the same as conditions name them.
    """

    given: Given
    ticked: tuple[Item, ...]
    unknown: tuple[Item, ...]
    present: frozenset[str]
    current: frozenset[str]
    earlier: frozenset[str]
    not_known: frozenset[str]


@remembered(Responses)
def marks(instrument: Instrument, responses: Responses) -> Marks:
    """What these responses mark on the form."""
    options = map(getitem, instrument.known, map(responses.by_item.get, instrument.order))
    given = tuple(zip(instrument.items, options, strict=True))
    there = [(item, option.means) for item, option in given if option and option.means in PRESENT]
    ticked = tuple([item for item, _ in there])
    unknown = tuple([item for item, option in given if option is None])
    current = [item for item, means in there if means is Meaning.CURRENT]
    earlier = [item for item, means in there if means is Meaning.EARLIER]
    named = [named_items(items) for items in (ticked, current, earlier, unknown)]
    return Marks(given, ticked, unknown, *named)


def given_to(instrument: Instrument, case: Case) -> Given:
    """Every item with the option that was given for it, as `response_of` says, in the order of the form."""
    return marks(instrument, case.responses).given


def unknown_items(instrument: Instrument, case: Case) -> tuple[Item, ...]:
    """The items that are not known, or not answered, which comes to the same; in the order of the form."""
    return marks(instrument, case.responses).unknown


def ticked(instrument: Instrument, case: Case) -> tuple[Item, ...]:
    """The items that are ticked, in the order of the form."""
    return marks(instrument, case.responses).ticked


@remembered()
def shown(instrument: Instrument, case: Case) -> Facts:
    """The facts that are certain: age, answers, and the items and sections ticked at all or in the current window.

    Whatever else was answered, such as a circumstance of the guidance, is a fact under its own name.
    """
    marked = marks(instrument, case.responses)
    return {
        **case.earlier,
        **UNSAID,
        **{question.id: SAID_UNKNOWN for question in instrument.questions},
        **{key: frozenset((answer,)) for key, answer in case.answers.items()},
        "age": frozenset((case.age,)),
        "present": marked.present,
        "current": marked.current,
        "earlier": marked.earlier,
    }


def possible(instrument: Instrument, case: Case) -> Facts:
    """The facts that could be so: what is certain, and what each unknown item, age and answer could turn out to be."""
    certain = shown(instrument, case)
    open_answers = {
        question.id: frozenset(ANSWERS)
        for question in instrument.questions
        if case.answers.get(question.id, NOT_KNOWN) == NOT_KNOWN
    }
    # A disputed age could be under 13: the five points count in the highest total, and not in the total (reading 4).
    age = frozenset(Age) if case.age is Age.NOT_KNOWN else certain["age"]
    # a section always has an option for the current window, or its pack does not start
    could_be = marks(instrument, case.responses).not_known
    ticked = {"present": certain["present"] | could_be, "current": certain["current"] | could_be}
    return {**certain, **open_answers, "age": age, **ticked}


def named_items(items: Sequence[Item]) -> frozenset[str]:
    """The ids of the items and of their sections, as conditions name them."""
    return frozenset([each for item in items for each in (item.id, item.section.id)])
