"""What could raise a result: what is not known first, then how far each higher band is. Exact; nothing is sampled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from seraf.case_view import CaseView
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import Case
from seraf.form.rules import Band
from seraf.form.vocabulary import ANSWERS, NOT_KNOWN, Age
from seraf.score.scoring import band_of
from seraf.what_if.possible_additions import bonuses_of, brought, moves_of


@dataclass(frozen=True, slots=True)
class Rise:
    """One higher band: how many points away it is, and whether what is not known could reach it."""

    band: Band
    points: int
    is_open: bool


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


@dataclass(frozen=True, slots=True)
class Raising:
    """All that could raise one result.

    `serious` are the items that are not known and need a call or a talk by themselves, `harm` those that point to harm
    of its own, `others` the rest that is not known; each in the order of the form.
    """

    total: int
    band: Band
    rises: tuple[Rise, ...]
    serious: tuple[Item, ...]
    harm: tuple[Item, ...]
    others: tuple[Item, ...]
    supposed: tuple[Supposed, ...]


def raising(view: CaseView) -> Raising:
    """What could raise the case, upward only: nothing shows what would lower it."""
    found, unknown, instrument = view.score, view.marks.unknown, view.instrument
    serious = tuple(item for item in unknown if item in instrument.signs)
    harm = tuple(item for item in unknown if item.id in instrument.other_harm and item not in serious)
    return Raising(
        total=found.total,
        band=band_of(instrument, found.total),
        rises=tuple(
            Rise(band, band.lowest - found.total, found.highest.total >= band.lowest)
            for band in instrument.bands
            if band.lowest > found.total
        ),
        serious=serious,
        harm=harm,
        others=tuple(item for item in unknown if item not in (*serious, *harm)),
        supposed=tuple(each for each in _supposed(view) if each.total > found.total),
    )


def has_open_facts(view: CaseView) -> bool:
    """Whether a fact that nobody knows, or a question of the board's, could change how high the score may come."""
    turns = (each.values() for _, each in _open_facts(view.instrument, view.case))
    return any(len({CaseView(view.instrument, each).highest_total for each in some}) > 1 for some in turns)


def brings_discussion(view: CaseView) -> tuple[First, ...]:
    """The single responses that would bring the manager's talk about, where it is not called for yet."""
    instrument, total = view.instrument, view.total
    rule = instrument.manager_discussion
    if rule.present & view.marks.present:
        return ()
    bonuses = bonuses_of(instrument, view.certain)
    groups: dict[str, list[str]] = {}
    for item in instrument.signs:
        for move in moves_of(instrument, item, bonuses=bonuses):
            # The tick may lift the case out of the low categories, where more than a talk is asked for.
            if band_of(instrument, total + move.points + brought(bonuses, move.meets)).category in rule.categories:
                groups.setdefault(move.option, []).append(item.id)
    return tuple(First(tuple(items), option) for option, items in groups.items())


def _supposed(view: CaseView) -> Iterator[Supposed]:
    instrument = view.instrument
    for fact, turns in _open_facts(instrument, view.case):
        for word, changed in turns.items():
            total = CaseView(instrument, changed).total
            yield Supposed(fact, word, total, band_of(instrument, total))


def _open_facts(instrument: Instrument, case: Case) -> Iterator[tuple[str, Mapping[str, Case]]]:
    """Each fact that nobody knows, with the case as each of its words would have it."""
    if case.age is Age.NOT_KNOWN:
        yield "age", {age: replace(case, age=age) for age in Age if age is not Age.NOT_KNOWN}
    for question in instrument.questions:
        if case.answers.get(question.id, NOT_KNOWN) == NOT_KNOWN:
            # Yes and No alone: what stays not known changes nothing.
            yield (
                question.id,
                {word: replace(case, answers={**case.answers, question.id: word}) for word in ANSWERS[:2]},
            )
