"""The score and how its points add up (“Significant risk indicators”, docs/scoring.md). It gives no advice."""

from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from seraf.form.circumstances import Facts
from seraf.form.instrument import Band, Instrument, Item
from seraf.form.responses import Marks

Points = tuple[tuple[str, int], ...]
"""Ids, such as those of sections, each with its points, in pack order."""


@dataclass(frozen=True, slots=True)
class Extent:
    """A total (points), and the category that it reaches (1 to 4)."""

    total: int
    category: int


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a case. `unknown` are the items that are not known or unanswered; neither counts as zero.

    `subtotals` and `additions` are points in pack order. `lowest` and `highest` are the results that are still
    possible.
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
        """The category of the total, 1 to 4. Neither a judgement nor an unknown item changes it."""
        return self.band.category

    @property
    def is_range(self) -> bool:
        """True if the unknown items could change the category."""
        return self.lowest.category != self.highest.category


class Discussion(StrEnum):
    """Whether a case in a low category still needs a talk with the team manager (“Responding to the SERAF”)."""

    YES = "yes"
    NO = "no"
    POSSIBLE = "possible"


class Caution(StrEnum):
    """A caution that must be shown with the score."""

    UNVERIFIED_ITEMS = "unverified-items"
    EDITION_OVERDUE = "edition-overdue"
    MISSING_ITEM_AT_EDGE = "missing-item-at-edge"
    ADDITION_RESTS_ON_RECENT = "addition-rests-on-recent"
    NOT_KNOWN = "not-known"


@dataclass(frozen=True, slots=True)
class Findings:
    """A score and everything that is shown with it. The conditions of a guidance test its `facts`."""

    score: Score
    manager_discussion: Discussion
    other_harm: tuple[str, ...]
    cautions: tuple[Caution, ...]
    facts: Facts


def band_of(instrument: Instrument, total: int) -> Band:
    """Return the band of a total: the highest band that the total reaches."""
    # The reader ensures that the first band begins at 0, and points are never negative, so there is always one.
    return max([band for band in instrument.bands if band.lowest <= total], key=attrgetter("lowest"))


def sum_of(points: Points) -> int:
    """Return the sum of the points."""
    return sum([number for _, number in points])


def subtotals_of(instrument: Instrument, marked: Marks) -> Points:
    """Return the points of each section."""
    points = {section.id: 0 for section in instrument.sections}
    for item, option in marked.given:
        if option and option.points:
            points[item.section.id] += option.points
    return tuple(points.items())


def most_of(unknown: tuple[Item, ...]) -> int:
    """Return the maximum number of points that these unknown items could add."""
    most: dict[str, int] = {}
    for item in unknown:
        if item.section.id not in most:
            most[item.section.id] = max([option.points for option in item.section.options])
    return sum([most[item.section.id] for item in unknown])


def additions_of(instrument: Instrument, facts: Facts) -> Points:
    """Return the points of each addition, which are 0 if its condition does not hold."""
    # Once for the case: “an additional 5 to be added to the total” (“Significant risk indicators”).
    return tuple(
        [(addition.id, addition.points if addition.when.holds(facts) else 0) for addition in instrument.additions]
    )
