"""What could still raise a result: what further responses would add, how far each higher band is. Exact; it never looks downward."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from seraf.case_view import CaseView
from seraf.form.circumstances import Facts
from seraf.form.instrument import Band, Instrument, Item, Option
from seraf.form.responses import Case
from seraf.form.vocabulary import ANSWERS, NOT_KNOWN, Age, Meaning
from seraf.score.scoring import band_of

Asked = frozenset[tuple[int, int]]
"""What conditions ask for: the place of an addition among those of the pack, and of one of its asks."""


@dataclass(frozen=True, slots=True)
class Move:
    """One further response: the option, the points that it adds of its own, and what additions ask for and it meets."""

    option: str
    points: int
    meets: Asked


@dataclass(frozen=True, slots=True)
class AlikeItems:
    """Items that are alike: the same further responses are open to each, and come to the same."""

    items: tuple[str, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Bonus:
    """An addition that has not been made: its points, and what is still wanting."""

    points: int
    wants: Asked


@dataclass(frozen=True, slots=True)
class Upward:
    """All that could come on top of a case: items by what they could add, and additions that these could bring."""

    kinds: tuple[AlikeItems, ...]
    bonuses: tuple[Bonus, ...]

    def brought(self, met: Asked) -> int:
        """The points of the additions that come about once these asks are met."""
        return brought(self.bonuses, met)


def upward(view: CaseView, items: Iterable[Item]) -> Upward:
    """What these items, none of which is ticked, could still add to the case."""
    instrument, bonuses = view.instrument, bonuses_of(view.instrument, view.certain)
    groups: dict[tuple[Move, ...], list[str]] = {}
    for item in items:
        moves = moves_of(instrument, item, bonuses=bonuses)
        if any(move.points or move.meets for move in moves):
            groups.setdefault(moves, []).append(item.id)
    return Upward(tuple(AlikeItems(tuple(ids), moves) for moves, ids in groups.items()), bonuses)


def moves_of(instrument: Instrument, item: Item, *, bonuses: tuple[Bonus, ...]) -> tuple[Move, ...]:
    """The ticks that are open to an item without one, next to additions that have not been made."""
    wanted = frozenset(each for bonus in bonuses for each in bonus.wants)
    # Upward alone: nobody is to be shown which answer would bring a number down (ADR 0025).
    ticks = [option for option in item.section.options if option.is_present]
    return tuple([_move(instrument, item, option=each, wanted=wanted) for each in ticks])


def brought(bonuses: tuple[Bonus, ...], met: Asked) -> int:
    """The points of the additions that come about once these asks are met."""
    return sum([bonus.points for bonus in bonuses if bonus.wants <= met])


def _move(instrument: Instrument, item: Item, *, option: Option, wanted: Asked) -> Move:
    names = {item.id, item.section.id}
    shows = ("present", "current") if option.means is Meaning.CURRENT else ("present",)
    met = frozenset((i, j) for i, j in wanted if _meets(*instrument.additions[i].when.asks[j], names, shows))
    return Move(option.id, option.points, met)


def _meets(key: str, words: frozenset[str], names: set[str], shows: tuple[str, ...]) -> bool:
    return key in shows and bool(words & names)


def bonuses_of(instrument: Instrument, facts: Facts) -> tuple[Bonus, ...]:
    """The additions that are not made, save those that no further response can bring."""
    return tuple(_bonuses(instrument, facts))


def _bonuses(instrument: Instrument, facts: Facts) -> Iterable[Bonus]:
    for i, addition in enumerate(instrument.additions):
        wants = frozenset((i, j) for j, (key, words) in enumerate(addition.when.asks) if not words & facts[key])
        # An age or a board's own question is no response to an item: what these would bring is said
        # apart (`ways_up.Supposed`).
        keys = {addition.when.asks[j][0] for _, j in wants}
        if wants and keys <= {"present", "current"}:
            yield Bonus(addition.points, wants)


def can_cross(up: Upward, kind: AlikeItems, *, edges: tuple[int, ...]) -> bool:
    """Whether one item of that kind, with some set of the others, comes over an edge (points) that the others do not."""
    for points, met in _sums_without(up, kind, top=max(edges, default=0)):
        before = points + up.brought(met)
        for move in kind.moves:
            after = points + move.points + up.brought(met | move.meets)
            if any(before < edge <= after for edge in edges):
                return True
    return False


def _sums_without(up: Upward, kind: AlikeItems, *, top: int) -> set[tuple[int, Asked]]:
    """The points and asks that any set of the others, one of that kind left out, can come to below the highest edge."""
    reached: set[tuple[int, Asked]] = {(0, frozenset())}
    for each in up.kinds:
        # True counts as 1: one item of the kind that is looked at is left out, since that one is the item in question.
        for _ in range(len(each.items) - (each is kind)):
            more = {(points + move.points, met | move.meets) for points, met in reached for move in each.moves}
            before, reached = reached, reached | {each for each in more if each[0] < top}
            if len(reached) == len(before):
                break
    return reached


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
