"""How responses become a score, by “Significant risk indicators” and the readings in docs/scoring.md. It decides nothing else."""

from dataclasses import dataclass
from operator import attrgetter

from seraf.form.conditions import Facts
from seraf.form.evidence import Marks, marks, possible, shown
from seraf.form.instrument import Instrument, Item
from seraf.form.remembered import remembered
from seraf.form.responses import Case
from seraf.form.rules import Band

LOWEST = attrgetter("lowest")

Points = tuple[tuple[str, int], ...]
"""By the id of what they are given for, in the order of the pack."""


def band_of(instrument: Instrument, total: int) -> Band:
    """The band that holds the total: the last one whose lowest total it reaches."""
    # The reader makes sure that the first band begins at 0, and points are never negative: there always is one.
    return max([band for band in instrument.bands if band.lowest <= total], key=LOWEST)


@dataclass(frozen=True, slots=True)
class Extent:
    """A total (points) with the category that it falls in (1 to 4)."""

    total: int
    category: int


@dataclass(frozen=True, slots=True)
class Score:
    """What the responses come to. `unknown` counts both “not known” and not answered; neither is ever taken for zero.

    `subtotals` and `additions` are in points, in the order of the pack; `lowest` and `highest` are what the unknown
    could still make of it.
    """

    total: int
    band: Band
    subtotals: Points
    additions: Points
    answered: int
    of: int
    unknown: tuple[str, ...]
    lowest: Extent
    highest: Extent

    @property
    def category(self) -> int:
        """The category of the total, 1 to 4. It never moves for a judgement or for what is unknown."""
        return self.band.category

    @property
    def is_range(self) -> bool:
        """Whether what is unknown could change the category."""
        return self.lowest.category != self.highest.category


@remembered()
def score(instrument: Instrument, case: Case) -> Score:
    """The score of a case by the instrument's own points, additions and bands."""
    marked = marks(instrument, case.responses)
    subtotals, additions = _subtotals(instrument, marked), _additions(instrument, shown(instrument, case))
    total = _sum_of((*subtotals, *additions))
    highest = _sum_of(subtotals) + _most(marked.unknown) + _possible_additions(instrument, case)
    band, unknown = band_of(instrument, total), marked.unknown
    # The lowest is the total itself: what is unknown can only add. The highest takes each unknown item at its most, six
    # for a significant one, and lets it bring the points for age as well (reading 7, “Silence is never zero”).
    return Score(
        total=total,
        band=band,
        subtotals=subtotals,
        additions=additions,
        answered=len(instrument.items) - len(unknown),
        of=len(instrument.items),
        unknown=tuple([item.id for item in unknown]),
        lowest=Extent(total, band.category),
        highest=Extent(highest, band_of(instrument, highest).category),
    )


def highest_total(instrument: Instrument, case: Case) -> int:
    """The most (points) that what is unknown could still make of it."""
    marked = marks(instrument, case.responses)
    return _sum_of(_subtotals(instrument, marked)) + _most(marked.unknown) + _possible_additions(instrument, case)


def _possible_additions(instrument: Instrument, case: Case) -> int:
    """The points that could be added, were everything known."""
    return _sum_of(_additions(instrument, possible(instrument, case)))


def total_of(instrument: Instrument, case: Case, *, certain: Facts) -> int:
    """The total alone (points), for the facts that are certain of the case; the same as `score` gives."""
    subtotals = _subtotals(instrument, marks(instrument, case.responses))
    return _sum_of((*subtotals, *_additions(instrument, certain)))


def _sum_of(points: Points) -> int:
    return sum([each for _, each in points])


def _subtotals(instrument: Instrument, marked: Marks) -> Points:
    """What the responses come to in each section."""
    points = {section.id: 0 for section in instrument.sections}
    for item, option in marked.given:
        if option and option.points:
            points[item.section.id] += option.points
    return tuple(points.items())


def _most(unknown: tuple[Item, ...]) -> int:
    """The most points that these could have, were they known."""
    most: dict[str, int] = {}
    for item in unknown:
        if item.section.id not in most:
            most[item.section.id] = max([each.points for each in item.section.options])
    return sum([most[item.section.id] for item in unknown])


def _additions(instrument: Instrument, facts: Facts) -> Points:
    # Once for the case, however many items meet it: “an additional 5 to be added to the total”
    # (“Significant risk indicators”).
    return tuple([(each.id, each.points if each.when.holds(facts) else 0) for each in instrument.additions])
