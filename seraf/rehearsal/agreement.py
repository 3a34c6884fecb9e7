"""What a group may be shown of its members' responses: how many gave each, never who, and nothing of a small group."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from seraf.rehearsal.coefficients import (
    Coefficient,
    Counts,
    Numbers,
    Scale,
    Undefined,
    group_numbers,
    percent_agreement,
)

SMALLEST_GROUP = 5
"""The fewest people of whom a spread is shown; below it there is a count and nothing else."""

HUNDREDTH = 100
"""A number over all items is given in hundredths: finer ones would say more of single people, and no more of the group."""

Row = Mapping[str, str]
"""What one person answered: place to option. A place that is not in it was not answered, which is never an answer."""


@dataclass(frozen=True, slots=True)
class ComparedPlace:
    """An item or a question, and the options that it offers in order."""

    place: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TooFew:
    """A group that is too small to be shown anything but how many they are."""

    people: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """A place that too few people answered: how many, and nothing of what."""

    place: str
    people: int


@dataclass(frozen=True, slots=True)
class Unanimous:
    """A place that everybody answered alike. It does not hold how, which would be the response of each of them."""

    place: str
    people: int


@dataclass(frozen=True, slots=True)
class Spread:
    """A place at which people differ: how many gave each option, in the order in which they are offered."""

    place: str
    counts: tuple[tuple[str, int], ...]

    @property
    def people(self) -> int:
        """How many answered here."""
        return sum(count for _, count in self.counts)

    @property
    def agreed(self) -> Fraction:
        """The share of pairs of people who gave the same response, from 0 to below 1."""
        return percent_agreement(tuple(count for _, count in self.counts)) or Fraction()


Outcome = Spread | Unanimous | Hidden
"""What there is to show of one place."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A closed room of enough people. `items` and `beside` are in the order asked; `group_numbers` are over the items.

    `beside` are questions such as the judgement and the first call: they have a spread and are in no number.
    """

    people: int
    items: tuple[Outcome, ...]
    beside: tuple[Outcome, ...]
    numbers: Numbers


def compare_group(
    rows: tuple[Row, ...], items: tuple[ComparedPlace, ...], *, beside: tuple[ComparedPlace, ...]
) -> TooFew | Compared:
    """What a group may be shown, one row a person who finished.

    It is to be asked once, when nobody can join or answer any more: two spreads of nearly the same people would give
    away by their difference what one of them answered. `ValueError` where somebody gave what was not offered.
    """
    if len(rows) < SMALLEST_GROUP:
        return TooFew(len(rows))
    counted = {asked: _counts(asked, rows) for asked in items}
    return Compared(
        people=len(rows),
        items=tuple(_outcome(asked, counts) for asked, counts in counted.items()),
        beside=tuple(_outcome(asked, _counts(asked, rows)) for asked in beside),
        numbers=_rounded(group_numbers(_scales(counted))),
    )


def differing(compared: Compared) -> tuple[Spread, ...]:
    """The items at which people differ, those at which they differ most first; alike ones stay in the order asked."""
    spreads = [outcome for outcome in compared.items if isinstance(outcome, Spread)]
    return tuple(sorted(spreads, key=lambda spread: spread.agreed))


def _counts(asked: ComparedPlace, rows: tuple[Row, ...]) -> Counts:
    given = [answer for row in rows if (answer := row.get(asked.place)) is not None]
    if not set(given) <= set(asked.options):
        raise ValueError(f"{asked.place}: an answer that is none of its options")
    return tuple(given.count(option) for option in asked.options)


def _outcome(asked: ComparedPlace, counts: Counts) -> Outcome:
    people = sum(counts)
    if people < SMALLEST_GROUP:
        return Hidden(asked.place, people)
    if people in counts:
        return Unanimous(asked.place, people)
    return Spread(asked.place, tuple(zip(asked.options, counts, strict=True)))


def _scales(counted: Mapping[ComparedPlace, Counts]) -> tuple[Scale, ...]:
    """The items by the options they offer. What is hidden is left out, or the numbers would speak of it."""
    scales: dict[tuple[str, ...], list[Counts]] = {}
    for asked, counts in counted.items():
        if sum(counts) >= SMALLEST_GROUP:
            scales.setdefault(asked.options, []).append(counts)
    return tuple(map(tuple, scales.values()))


def _rounded(exact: Numbers) -> Numbers:
    return Numbers(_in_hundredths(exact.percent), _in_hundredths(exact.alpha), _in_hundredths(exact.ac1))


def _in_hundredths(value: Coefficient) -> Coefficient:
    """Rounded, but never up to 1, which stands for no difference at all."""
    if isinstance(value, Undefined):
        return value
    highest = HUNDREDTH if value == 1 else HUNDREDTH - 1
    return Fraction(min(round(value * HUNDREDTH), highest), HUNDREDTH)
