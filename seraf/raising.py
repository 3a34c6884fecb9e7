"""What could raise a result: how far each higher band is, and the fewest further responses that reach it. Exact; nothing is sampled."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from seraf.category import band_of
from seraf.evidence import response_of, shown
from seraf.instrument import Instrument, Item
from seraf.responses import Case
from seraf.rules import Band
from seraf.scoring import total_of
from seraf.search import Way, fewest
from seraf.upward import further, upward
from seraf.vocabulary import ANSWERS, NOT_KNOWN, Age


@dataclass(frozen=True, slots=True)
class Rise:
    """One higher band: how many points away it is, and the smallest sets of further responses that reach it.

    `ways` are over all items, `unknown_ways` over those alone that are not known; empty where no set is enough.
    """

    band: Band
    points: int
    ways: tuple[Way, ...]
    unknown_ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class First:
    """Items whose option, as the first of its kind, would bring the talk with the team manager about."""

    items: tuple[str, ...]
    option: str


@dataclass(frozen=True, slots=True)
class Supposed:
    """What would be so if an open fact (an age, a board's own question) turned out to be this word."""

    fact: str
    word: str
    total: int
    band: Band
    rises: tuple[Rise, ...]


@dataclass(frozen=True, slots=True)
class Raising:
    """All that could raise one result: the total and band that it has, and what lies above."""

    total: int
    band: Band
    rises: tuple[Rise, ...]
    discussion: tuple[First, ...]
    supposed: tuple[Supposed, ...]


def raising(instrument: Instrument, case: Case) -> Raising:
    """What could raise the case, upward only: nothing shows what would lower it."""
    total, band, rises = _rises(instrument, case)
    supposed = tuple(
        Supposed(fact, word, *_rises(instrument, changed)) for fact, word, changed in _open_facts(instrument, case)
    )
    worth = tuple(each for each in supposed if each.total >= total and (each.total, each.rises) != (total, rises))
    return Raising(total, band, rises, brings_discussion(instrument, case), worth)


def brings_discussion(instrument: Instrument, case: Case) -> tuple[First, ...]:
    """The single responses that would bring the manager's talk about, where it is not called for yet."""
    rule, certain = instrument.manager_discussion, shown(instrument, case)
    if rule.present & certain["present"]:
        return ()
    groups: dict[str, list[str]] = {}
    for item in instrument.items:
        if not rule.present & {item.id, item.section.id}:
            continue
        for option in further(item, response_of(item, case)):
            after = replace(case, responses=case.responses.give(item.id, option.id))
            if band_of(instrument, total_of(instrument, after, shown(instrument, after))).category in rule.categories:
                groups.setdefault(option.id, []).append(item.id)
    return tuple(First(tuple(items), option) for option, items in groups.items())


def unknown_items(instrument: Instrument, case: Case) -> tuple[Item, ...]:
    """The items that are not known, or not answered, which comes to the same; in the order of the form."""
    return tuple(item for item in instrument.items if response_of(item, case) is None)


def _rises(instrument: Instrument, case: Case) -> tuple[int, Band, tuple[Rise, ...]]:
    total = total_of(instrument, case, shown(instrument, case))
    everything = upward(instrument, case)
    unknown = upward(instrument, case, unknown_items(instrument, case))
    rises = tuple(
        Rise(band, band.lowest - total, fewest(everything, band.lowest - total), fewest(unknown, band.lowest - total))
        for band in instrument.bands
        if band.lowest > total
    )
    return total, band_of(instrument, total), rises


def _open_facts(instrument: Instrument, case: Case) -> Iterator[tuple[str, str, Case]]:
    """Each fact that an addition asks for and nobody knows, with the case as it would be."""
    asked = {(key, word) for each in instrument.additions for key, words in each.when.asks for word in words}
    if case.age is Age.NOT_KNOWN:
        for age in Age:
            if ("age", age) in asked and age is not Age.NOT_KNOWN:
                yield "age", age, replace(case, age=age)
    for question in instrument.questions:
        if case.answers.get(question.id, NOT_KNOWN) == NOT_KNOWN:
            for word in ANSWERS[:2]:
                if (question.id, word) in asked:
                    yield question.id, word, replace(case, answers={**case.answers, question.id: word})
