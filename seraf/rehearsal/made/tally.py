"""What a set of answers comes to before it is known which items get them: enough to see whether an edge is hit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from seraf.cases.fragments import Fragments
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument, Option, Section
from seraf.form.vocabulary import Age, Meaning


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """Answers that count alike: an option of a section, and the items of which it can be told."""

    section: Section
    option: Option
    items: tuple[str, ...]
    is_sign: bool = field(init=False, compare=False)
    """Whether it is a present indicator of a section with two windows."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_sign", self.option.is_present and has_two_windows(self.section))


Counted = Iterable[tuple[AnswerKind, int]]
"""How many answers of each kind there are."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a set of answers comes to: points, categories, and counts of items.

    `added` is the part of `total` that additions make, `highest` the category that the unknown allow; `starts` is where
    each category begins. `signs` are those present of a section with two windows, `current` and `wide` (both windows)
    those among them. `opening` is what the statement that was fixed beforehand is worth, `sign` what a current sign is.
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
        """Whether so many points fewer would be another category."""
        return self._category(self.total - points) < self.category

    def rises_by(self, points: int) -> bool:
        """Whether so many points more would be another category."""
        return self._category(self.total + points) > self.category

    def _category(self, total: int) -> int:
        return category_at(self.starts, total)


def has_two_windows(section: Section) -> bool:
    """Whether it tells the current window from an earlier one."""
    return any(option.means is Meaning.EARLIER for option in section.options)


def is_wide(section: Section, option: Option) -> bool:
    """Whether the option says both windows: the greater of those that are current, in a section that has two."""
    current = [each for each in section.options if each.means is Meaning.CURRENT]
    return len(current) > 1 and has_two_windows(section) and option is max(current, key=lambda each: each.points)


def category_at(starts: Mapping[int, int], total: int) -> int:
    """The category that a total falls in, by where each begins."""
    return max((category for category, lowest in starts.items() if lowest <= total), default=min(starts))


def kinds_of(fragments: Fragments, instrument: Instrument, *, age: Age) -> tuple[AnswerKind, ...]:
    """Every answer other than absent that can be told plainly of a child of that age, in the order of the form."""
    found = []
    for section in instrument.sections:
        for option in (each for each in section.options if each.means is not Meaning.ABSENT):
            items = tuple(
                item.id
                for item in instrument.of_section(section.id)
                if (said := fragments.plain(item.id, option.id)) and said.is_of(age)
            )
            found.append(AnswerKind(section, option, items))
    return tuple(kind for kind in found if kind.items)


def outlook(instrument: Instrument, age: Age, *, counted: Counted, opening: int, sign: int) -> Outlook:
    """What so many answers of each kind come to."""
    given = tuple((kind, count) for kind, count in counted if count)
    points = sum(kind.option.points * count for kind, count in given)
    unknown = tuple((kind, count) for kind, count in given if not kind.option.is_known)
    added = _added(instrument, age, kinds=[kind for kind, _ in given if kind.option.is_present])
    # As `scoring.score` counts it, and before it is known which items these are: the finished case
    # is scored by that again.
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
    """The additions. One that asks for single items is left out here, and counted in the score of the finished case."""
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
    """What one current sign counts, where no other window counts with it."""
    two = [section for section in instrument.sections if has_two_windows(section)]
    points = [option.points for section in two for option in section.options if option.means is Meaning.CURRENT]
    return min(points, default=0)
