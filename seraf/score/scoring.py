"""What a score is, and how points add up, by “Significant risk indicators” and the readings in docs/scoring.md. It gives no advice."""

from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from seraf.form.circumstances import Facts
from seraf.form.instrument import Band, Instrument, Item
from seraf.form.responses import Marks

LOWEST = attrgetter("lowest")

Points = tuple[tuple[str, int], ...]
"""By the id of what they are given for, in the order of the pack."""


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


class Discussion(StrEnum):
    """Whether the guidance asks for a talk with the team manager although the category is low (“Responding to the SERAF”)."""

    YES = "yes"
    NO = "no"
    POSSIBLE = "possible"


class Caution(StrEnum):
    """What a reader of the number has to be told with it."""

    UNVERIFIED_ITEMS = "unverified-items"
    EDITION_OVERDUE = "edition-overdue"
    MISSING_ITEM_AT_EDGE = "missing-item-at-edge"
    ADDITION_RESTS_ON_RECENT = "addition-rests-on-recent"
    NOT_KNOWN = "not-known"


@dataclass(frozen=True, slots=True)
class Findings:
    """A score with everything that is said with it; `facts` is what the rules of the guidance are judged on."""

    score: Score
    manager_discussion: Discussion
    other_harm: tuple[str, ...]
    cautions: tuple[Caution, ...]
    facts: Facts


def band_of(instrument: Instrument, total: int) -> Band:
    """Return the band that holds the total: the last one whose lowest total it reaches."""
    # The reader makes sure that the first band begins at 0, and points are never negative: there always is one.
    return max([band for band in instrument.bands if band.lowest <= total], key=LOWEST)


def sum_of(points: Points) -> int:
    """Return the points together."""
    return sum([each for _, each in points])


def subtotals_of(instrument: Instrument, marked: Marks) -> Points:
    """Return what the responses come to in each section."""
    points = {section.id: 0 for section in instrument.sections}
    for item, option in marked.given:
        if option and option.points:
            points[item.section.id] += option.points
    return tuple(points.items())


def most_of(unknown: tuple[Item, ...]) -> int:
    """Return the most points that these items could have, were they known."""
    most: dict[str, int] = {}
    for item in unknown:
        if item.section.id not in most:
            most[item.section.id] = max([each.points for each in item.section.options])
    return sum([most[item.section.id] for item in unknown])


def additions_of(instrument: Instrument, facts: Facts) -> Points:
    """Return the points that these facts add to the total."""
    # Once for the case, however many items meet it: “an additional 5 to be added to the total”
    # (“Significant risk indicators”).
    return tuple([(each.id, each.points if each.when.holds(facts) else 0) for each in instrument.additions])
