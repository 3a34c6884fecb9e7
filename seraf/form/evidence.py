"""What the responses show, and what they could still show, as facts that conditions are judged on."""

from collections.abc import Iterable

from seraf.form.conditions import Facts
from seraf.form.instrument import Instrument, Item, Option
from seraf.form.remembered import remembered
from seraf.form.responses import Case
from seraf.form.vocabulary import ANSWERED_FACTS, ANSWERS, NOT_ASKED, NOT_KNOWN, Age, Meaning

# “Not known” would claim that somebody was asked: a result may have to say that these three never were (ADR 0038).
UNASKED = {"danger": NOT_ASKED, "told_or_seen": NOT_ASKED, "judgement": NOT_ASKED}
"""What stands for an answered fact that was never asked, where that is not “not known”."""


def response_of(item: Item, case: Case) -> Option | None:
    """The option given for the item, or None where it is unanswered or not known: the two count the same."""
    given = case.responses.get(item.id)
    option = item.option(given) if given is not None else None
    return option if option is not None and option.is_known else None


@remembered(Case)
def given_to(instrument: Instrument, case: Case) -> tuple[tuple[Item, Option | None], ...]:
    """Every item with the option that was given for it, as `response_of` says, in the order of the form."""
    return tuple((item, response_of(item, case)) for item in instrument.items)


@remembered(Case)
def shown(instrument: Instrument, case: Case) -> Facts:
    """The facts that are certain: age, answers, and the items and sections ticked at all or in the current window.

    Whatever else was answered, such as a circumstance of the guidance, is a fact under its own name.
    """
    given = given_to(instrument, case)
    present = tuple(item for item, option in given if option and option.is_present)
    current = tuple(item for item, option in given if option and option.means is Meaning.CURRENT)
    return {
        **case.earlier,
        **{key: frozenset({answer}) for key, answer in case.answers.items()},
        "age": frozenset({case.age}),
        "present": named_items(present),
        "current": named_items(current),
        **{key: frozenset({case.answers.get(key, UNASKED.get(key, NOT_KNOWN))}) for key in _asked(instrument)},
    }


def possible(instrument: Instrument, case: Case) -> Facts:
    """The facts that could be so: what is certain, and what each unknown item, age and answer could turn out to be."""
    certain = shown(instrument, case)
    unknown = tuple(item for item, option in given_to(instrument, case) if option is None)
    open_answers = {
        question.id: frozenset(ANSWERS)
        for question in instrument.questions
        if case.answers.get(question.id, NOT_KNOWN) == NOT_KNOWN
    }
    # A disputed age could be under 13: the five points count in the highest total, and not in the total (reading 4).
    age = frozenset(Age) if case.age is Age.NOT_KNOWN else certain["age"]
    could_be = named_items(unknown)  # a section always has an option for the current window, or its pack does not start
    ticked = {"present": certain["present"] | could_be, "current": certain["current"] | could_be}
    return {**certain, **open_answers, "age": age, **ticked}


def _asked(instrument: Instrument) -> tuple[str, ...]:
    return (*ANSWERED_FACTS, *(question.id for question in instrument.questions))


def named_items(items: Iterable[Item]) -> frozenset[str]:
    """The ids of the items and of their sections, as conditions name them."""
    return frozenset(name for item in items for name in (item.id, item.section.id))
