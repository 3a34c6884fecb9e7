"""What could still raise a result: the effect of further responses, and the points missing for higher categories."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from seraf.case_view import CaseView
from seraf.form.circumstances import Facts
from seraf.form.instrument import Band, Instrument, Item
from seraf.form.responses import Case
from seraf.form.vocabulary import ANSWERS, NOT_KNOWN, Age, Meaning
from seraf.score.scoring import band_of

Asked = frozenset[tuple[int, int]]
"""Requirements of additions, each as two indices: of the addition in the pack, and of the fact in the condition."""


@dataclass(frozen=True, slots=True)
class Move:
    """A possible response: its option, the points that it adds, and the requirements of additions that it meets."""

    option: str
    points: int
    meets: Asked


@dataclass(frozen=True, slots=True)
class AlikeItems:
    """Items for which the same responses would have the same effect."""

    items: tuple[str, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Bonus:
    """An addition that does not apply yet: its points, and the requirements that are still missing."""

    points: int
    wants: Asked


@dataclass(frozen=True, slots=True)
class Upward:
    """Everything that could be added to a case: items grouped by effect, and the additions that these could cause."""

    kinds: tuple[AlikeItems, ...]
    bonuses: tuple[Bonus, ...]

    def brought(self, met: Asked) -> int:
        """Return the points of the additions that apply once these requirements are met."""
        return brought(self.bonuses, met)


def upward(view: CaseView, items: Iterable[Item]) -> Upward:
    """Return what these items could still add to the case. None of them may be ticked."""
    instrument, bonuses = view.instrument, bonuses_of(view.instrument, view.certain)
    groups: dict[tuple[Move, ...], list[str]] = {}
    for item in items:
        moves = moves_of(instrument, item, bonuses=bonuses)
        if any(move.points or move.meets for move in moves):
            groups.setdefault(moves, []).append(item.id)
    return Upward(tuple(AlikeItems(tuple(ids), moves) for moves, ids in groups.items()), bonuses)


def moves_of(instrument: Instrument, item: Item, *, bonuses: tuple[Bonus, ...]) -> tuple[Move, ...]:
    """Return the possible ticks of an item that is not ticked, given the additions that do not apply yet."""
    wanted = frozenset(ask for bonus in bonuses for ask in bonus.wants)
    names = {item.id, item.section.id}
    moves = []
    # Only ticks: nobody is to be shown which answer would bring a number down (ADR 0025).
    for option in item.section.options:
        if not option.is_present:
            continue
        shows = ("present", "current") if option.means is Meaning.CURRENT else ("present",)
        asks = {(i, j): instrument.additions[i].when.asks[j] for i, j in wanted}
        met = frozenset(at for at, (key, words) in asks.items() if key in shows and words & names)
        moves.append(Move(option.id, option.points, met))
    return tuple(moves)


def brought(bonuses: tuple[Bonus, ...], met: Asked) -> int:
    """Return the points of the additions whose requirements are all in `met`."""
    return sum([bonus.points for bonus in bonuses if bonus.wants <= met])


def bonuses_of(instrument: Instrument, facts: Facts) -> tuple[Bonus, ...]:
    """Return the additions that do not apply yet and that further responses could cause."""
    bonuses = []
    for i, addition in enumerate(instrument.additions):
        wants = frozenset((i, j) for j, (key, words) in enumerate(addition.when.asks) if not words & facts[key])
        # An age or a board's own question is not a response; `Supposed` covers these.
        keys = {addition.when.asks[j][0] for _, j in wants}
        if wants and keys <= {"present", "current"}:
            bonuses.append(Bonus(addition.points, wants))
    return tuple(bonuses)


def can_cross(up: Upward, kind: AlikeItems, *, edges: tuple[int, ...]) -> bool:
    """Return True if some set of other items reaches one of the `edges` (missing points) only with such an item."""
    for points, met in _sums_without(up, kind, top=max(edges, default=0)):
        before = points + up.brought(met)
        for move in kind.moves:
            after = points + move.points + up.brought(met | move.meets)
            if any(before < edge <= after for edge in edges):
                return True
    return False


def _sums_without(up: Upward, kind: AlikeItems, *, top: int) -> set[tuple[int, Asked]]:
    """Return points and met requirements of each set of other items. Sets with `top` points or more are left out."""
    reached: set[tuple[int, Asked]] = {(0, frozenset())}
    for group in up.kinds:
        # True counts as 1: one item of that kind is left out, since it is the item in question.
        for _ in range(len(group.items) - (group is kind)):
            more = {(points + move.points, met | move.meets) for points, met in reached for move in group.moves}
            before, reached = reached, reached | {pair for pair in more if pair[0] < top}
            if len(reached) == len(before):
                break
    return reached


@dataclass(frozen=True, slots=True)
class Rise:
    """A higher category: how many points are missing for it, and whether the unknown items could reach it."""

    band: Band
    points: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class First:
    """Items of which one alone, with this option, would call for the talk with the team manager."""

    items: tuple[str, ...]
    option: str


@dataclass(frozen=True, slots=True)
class Supposed:
    """The result if a fact that is not known (the age, or a board's own question) had this value."""

    fact: str
    word: str
    total: int
    band: Band


@dataclass(frozen=True, slots=True)
class Raising:
    """Everything that could raise a result.

    `serious` are unknown items that need a call or talk by themselves, `harm` those that point to other harm, `others`
    all other unknown items, each in the order of the instrument.
    """

    total: int
    band: Band
    rises: tuple[Rise, ...]
    serious: tuple[Item, ...]
    harm: tuple[Item, ...]
    others: tuple[Item, ...]
    supposed: tuple[Supposed, ...]


def raising(view: CaseView) -> Raising:
    """Return what could raise the result of a case. What could lower it is never shown."""
    score, unknown, instrument = view.score, view.marks.unknown, view.instrument
    serious = tuple(item for item in unknown if item in instrument.signs)
    harm = tuple(item for item in unknown if item.id in instrument.other_harm and item not in serious)
    return Raising(
        total=score.total,
        band=band_of(instrument, score.total),
        rises=tuple(
            Rise(band, band.lowest - score.total, score.highest.total >= band.lowest)
            for band in instrument.bands
            if band.lowest > score.total
        ),
        serious=serious,
        harm=harm,
        others=tuple(item for item in unknown if item not in (*serious, *harm)),
        supposed=tuple(
            supposed
            for fact, turns in _open_facts(instrument, view.case)
            for word, changed in turns.items()
            if (supposed := _supposed(instrument, changed, fact=fact, word=word)).total > score.total
        ),
    )


def has_open_facts(view: CaseView) -> bool:
    """Return True if an age or board's question that is not known could change the highest possible total."""
    turns = (cases.values() for _, cases in _open_facts(view.instrument, view.case))
    return any(len({CaseView(view.instrument, changed).highest_total for changed in some}) > 1 for some in turns)


def brings_discussion(view: CaseView) -> tuple[First, ...]:
    """Return the items that alone could call for the talk with the manager; empty if it is called for already."""
    instrument, total = view.instrument, view.total
    rule = instrument.manager_discussion
    if rule.present & view.marks.present:
        return ()
    bonuses = bonuses_of(instrument, view.certain)
    groups: dict[str, list[str]] = {}
    for item in instrument.signs:
        for move in moves_of(instrument, item, bonuses=bonuses):
            # A tick may lift the case out of the low categories, where more than a talk is needed.
            if band_of(instrument, total + move.points + brought(bonuses, move.meets)).category in rule.categories:
                groups.setdefault(move.option, []).append(item.id)
    return tuple(First(tuple(items), option) for option, items in groups.items())


def _supposed(instrument: Instrument, case: Case, *, fact: str, word: str) -> Supposed:
    total = CaseView(instrument, case).total
    return Supposed(fact, word, total, band_of(instrument, total))


def _open_facts(instrument: Instrument, case: Case) -> Iterator[tuple[str, Mapping[str, Case]]]:
    """Yield each fact that is not known, with a mapping from each possible value to the case with this value."""
    if case.age is Age.NOT_KNOWN:
        yield "age", {age: replace(case, age=age) for age in Age if age is not Age.NOT_KNOWN}
    for question in instrument.questions:
        if case.answers.get(question.id, NOT_KNOWN) == NOT_KNOWN:
            # Only Yes and No: “not known” changes nothing.
            yield (
                question.id,
                {word: replace(case, answers={**case.answers, question.id: word}) for word in ANSWERS[:2]},
            )
