"""The result of a set of answers before they are given to items: enough to test whether a target is hit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from seraf.cases.fragments import Fragments
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument, Option, Section
from seraf.form.vocabulary import Age, Meaning


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """Answers that count alike: an option of a section, and the items that can be told with it."""

    section: Section
    option: Option
    items: tuple[str, ...]
    is_sign: bool = field(init=False, compare=False)
    """True for a present indicator of a section with two windows."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_sign", self.option.is_present and has_two_windows(self.section))


Counted = Iterable[tuple[AnswerKind, int]]
"""The number of answers of each kind."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The result of a set of answers: points, categories, and counts of items.

    `added` is the part of `total` that additions make, `highest` the category that the unknown allow; `starts` maps each category
    to its lowest total. `told` counts all answers. `signs` are present in a section with two windows, `current` and `wide` (both
    windows) are among them. `opening` is the points of the opening statement, `sign` those of a current sign.
    """

    total: int
    added: int
    category: int
    highest: int
    told: int
    signs: int
    current: int
    wide: int
    unknown: int
    opening: int
    sign: int
    is_low: bool
    starts: Mapping[int, int]

    def falls_by(self, points: int) -> bool:
        """Return True if this many points fewer would be a lower category."""
        return category_at(self.starts, self.total - points) < self.category

    def rises_by(self, points: int) -> bool:
        """Return True if this many points more would be a higher category."""
        return category_at(self.starts, self.total + points) > self.category


def has_two_windows(section: Section) -> bool:
    """Return True if the section distinguishes the current window from an earlier one."""
    return any(option.means is Meaning.EARLIER for option in section.options)


def is_wide(section: Section, option: Option) -> bool:
    """Return True if the option means both windows: the one with more points of the current options in a section with two windows."""
    current = [each for each in section.options if each.means is Meaning.CURRENT]
    return len(current) > 1 and has_two_windows(section) and option is max(current, key=lambda each: each.points)


def category_at(starts: Mapping[int, int], total: int) -> int:
    """Return the category of a total, by the lowest total of each category."""
    return max((category for category, lowest in starts.items() if lowest <= total), default=min(starts))


def kinds_of(fragments: Fragments, instrument: Instrument, *, age: Age) -> tuple[AnswerKind, ...]:
    """Return every answer but absent that can be told plainly of a child of that age, in the order of the form."""
    kinds = []
    for section in instrument.sections:
        for option in (option for option in section.options if option.means is not Meaning.ABSENT):
            items = tuple(
                item.id
                for item in instrument.of_section(section.id)
                if (said := fragments.plain(item.id, option.id)) and said.is_of(age)
            )
            kinds.append(AnswerKind(section, option, items))
    return tuple(kind for kind in kinds if kind.items)


def outlook(instrument: Instrument, age: Age, *, counted: Counted, opening: int, sign: int) -> Outlook:
    """Return the result of this many answers of each kind."""
    given = tuple((kind, count) for kind, count in counted if count)
    points = sum(kind.option.points * count for kind, count in given)
    unknown = tuple((kind, count) for kind, count in given if not kind.option.is_known)
    added = _added(instrument, age, kinds=[kind for kind, _ in given if kind.option.is_present])
    # As `scoring.score` counts it, though the items are still open; the finished case is scored again.
    most = sum(max(option.points for option in kind.section.options) * count for kind, count in unknown)
    most += _added(instrument, age, kinds=[kind for kind, _ in given], could_be=True)
    starts = {band.category: band.lowest for band in instrument.bands}
    category = category_at(starts, points + added)
    signs = tuple((kind, count) for kind, count in given if kind.is_sign)
    current = tuple((kind, count) for kind, count in signs if kind.option.means is Meaning.CURRENT)
    return Outlook(
        total=points + added,
        added=added,
        category=category,
        highest=category_at(starts, points + most),
        told=sum(count for _, count in given),
        signs=sum(count for _, count in signs),
        current=sum(count for _, count in current),
        wide=sum(count for kind, count in current if is_wide(kind.section, kind.option)),
        unknown=sum(count for _, count in unknown),
        opening=opening,
        sign=sign,
        is_low=category in instrument.manager_discussion.categories,
        starts=starts,
    )


def _added(instrument: Instrument, age: Age, *, kinds: list[AnswerKind], could_be: bool = False) -> int:
    """Return the points of the additions. One that asks for single items counts only in the score of the finished case."""
    current = [
        kind for kind in kinds if kind.option.means is Meaning.CURRENT or (could_be and not kind.option.is_known)
    ]
    facts: Facts = {
        "age": frozenset({age}),
        "present": frozenset(kind.section.id for kind in kinds),
        "current": frozenset(kind.section.id for kind in current),
    }
    return sum(each.points for each in instrument.additions if each.when.holds(facts))


def worth_of_a_sign(instrument: Instrument) -> int:
    """Return the points of one current sign, without any other window."""
    two = [section for section in instrument.sections if has_two_windows(section)]
    points = [option.points for section in two for option in section.options if option.means is Meaning.CURRENT]
    return min(points, default=0)
