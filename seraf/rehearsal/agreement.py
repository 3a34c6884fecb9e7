"""What a group may be shown of its members' responses: how many gave each, never who, and nothing of a small group."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from seraf.cases.vignette import FirstCall
from seraf.rehearsal.coefficients import (
    Coefficient,
    Counts,
    Estimate,
    ScaleNumbers,
    Undefined,
    mean_agreement,
    percent_agreement,
    scale_numbers,
)
from seraf.rehearsal.critical_actions import PROTECTING, ActionOutcome, Critical, CriticalAction, outcomes_counted
from seraf.rehearsal.intervals import Interval

SMALLEST_GROUP = 5
"""The fewest people of whom a spread is shown; below it there is a count and nothing else."""

OPEN_GROUP = 10
"""The fewest people of whom it is shown what all of them answered, which is the response of each; and of whom a spread is shown
where anybody could have taken several seats, so that a group may be smaller than it looks.
"""

HUNDREDTH = 100
"""A number over all items is given in hundredths: finer ones would say more of single people, and no more of the group."""

Row = Mapping[str, str]
"""What one person answered: place to option. A place that is not in it was not answered, which is never an answer."""


@dataclass(frozen=True, slots=True)
class ComparedPlace:
    """An item or a question, the options that it offers in order, and those that are the key's."""

    place: str
    options: tuple[str, ...]
    agreed: frozenset[str]


@dataclass(frozen=True, slots=True)
class TooFew:
    """A group that is too small to be shown anything but how many they are; `fewest` would have been enough."""

    people: int
    fewest: int = SMALLEST_GROUP


@dataclass(frozen=True, slots=True)
class Hidden:
    """A place that too few people answered: how many, and nothing of what."""

    place: str
    people: int


@dataclass(frozen=True, slots=True)
class Unanimous:
    """A place that everybody answered alike, and whether that misses the key.

    How they answered is the response of each of them: `given` has it only where it misses the key and the group is open
    (`OPEN_GROUP`), and is else empty.
    """

    place: str
    people: int
    is_missed: bool
    given: str = ""

    @property
    def missed(self) -> int:
        """How many gave another answer than the key."""
        return self.people if self.is_missed else 0


@dataclass(frozen=True, slots=True)
class Spread:
    """A place at which people differ: how many gave each option, in the order offered, and how many missed the key."""

    place: str
    counts: tuple[tuple[str, int], ...]
    missed: int

    @property
    def people(self) -> int:
        """How many answered here."""
        return sum(count for _, count in self.counts)

    @property
    def agreed(self) -> Fraction:
        """The share of pairs of people who gave the same response, from 0 to below 1."""
        return percent_agreement(tuple(count for _, count in self.counts)) or Fraction()


PlaceOutcome = Spread | Unanimous | Hidden
"""What there is to show of one place."""


@dataclass(frozen=True, slots=True)
class ComparedAction:
    """A critical action of a room: what was done, and how many did as the key, less or more. What is hidden has no counts."""

    critical: Critical
    done: PlaceOutcome
    agreed: int = 0
    missed: int = 0
    over: int = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """Over all items: percent agreement, the share of answers that are the key's, and alpha and AC1 of each kind of items.

    The first two are None where there is nothing to compare. Alpha and AC1 depend on what all answered alike, so that
    `scales` are over the items that an open group answered.
    """

    percent: Fraction | None
    keyed: Fraction | None
    scales: tuple[ScaleNumbers, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A closed room of enough people: the critical actions, the items in the order asked, and the numbers over the items.

    `fewest` people would have been enough.
    """

    people: int
    actions: tuple[ComparedAction, ...]
    items: tuple[PlaceOutcome, ...]
    numbers: Numbers
    fewest: int = SMALLEST_GROUP

    @property
    def fewest_answers(self) -> int:
        """The fewest answers of which a spread is shown."""
        return fewest_answers(self.fewest)


def fewest_answers(fewest: int) -> int:
    """The fewest answers of which a spread is shown: one person of a small group who ends early hides nothing from the others."""
    return fewest - 1


def compare_group(
    rows: tuple[Row, ...],
    items: tuple[ComparedPlace, ...],
    *,
    actions: tuple[tuple[CriticalAction, ...], ...],
    fewest: int,
) -> TooFew | Compared:
    """What a group of at least so many (`fewest`) may be shown, one row and its critical actions a person who finished.

    It is to be asked once, when nobody can join or answer any more: two spreads of nearly the same people would give
    away by their difference what one of them answered. `ValueError` where somebody gave what was not offered.
    """
    if len(rows) < fewest:
        return TooFew(len(rows), fewest)
    counts = {asked: _counts(asked, rows) for asked in items}
    shown = {asked: each for asked, each in counts.items() if sum(each) >= fewest_answers(fewest)}
    return Compared(
        people=len(rows),
        actions=_actions(actions, fewest=fewest),
        items=tuple(
            _outcome(asked, each, missed=_missed(asked, each)) if asked in shown else Hidden(asked.place, sum(each))
            for asked, each in counts.items()
        ),
        numbers=_numbers(shown),
        fewest=fewest,
    )


def most_missed(compared: Compared) -> tuple[Spread | Unanimous, ...]:
    """The items at which more than half missed the key, also where everybody agrees; the most missed first."""
    missed = [each for each in compared.items if not isinstance(each, Hidden) and 2 * each.missed > each.people]
    return tuple(sorted(missed, key=lambda each: -Fraction(each.missed, each.people)))


def differing(compared: Compared) -> tuple[Spread, ...]:
    """The other items at which people differ, those at which they differ most first; alike ones stay in the order asked."""
    missed = most_missed(compared)
    spreads = [each for each in compared.items if isinstance(each, Spread) and each not in missed]
    return tuple(sorted(spreads, key=lambda spread: spread.agreed))


def _actions(rows: tuple[tuple[CriticalAction, ...], ...], *, fewest: int) -> tuple[ComparedAction, ...]:
    """What was done at each critical action. What was not asked of somebody is no difference, and in no count."""
    outcomes = outcomes_counted(rows)
    asked = {each: [action for row in rows for action in row if action.critical is each] for each in Critical}
    return tuple(_action(each, asked[each], outcomes=outcomes[each], fewest=fewest) for each in Critical)


def _action(
    critical: Critical, rows: list[CriticalAction], *, outcomes: Mapping[ActionOutcome, int], fewest: int
) -> ComparedAction:
    asked = [each for each in rows if each.is_asked]
    done = [each.done for each in asked if each.done is not None]
    if len(done) < fewest_answers(fewest):
        return ComparedAction(critical, Hidden(critical, len(done)))
    place = ComparedPlace(critical, _offered(critical, asked), frozenset())
    missed = outcomes[ActionOutcome.MISSED]
    found = _outcome(place, tuple(done.count(option) for option in place.options), missed=missed)
    return ComparedAction(
        critical, found, outcomes[ActionOutcome.AGREED], missed, outcomes[ActionOutcome.OVER_PROTECTIVE]
    )


def _offered(critical: Critical, asked: list[CriticalAction]) -> tuple[str, ...]:
    """What can be done: the answer that protects most first; of categories, those that somebody came to."""
    if critical in PROTECTING:
        return tuple(reversed(PROTECTING[critical]))
    if critical is Critical.FIRST_CALL:
        return tuple(FirstCall)
    return tuple(sorted({each.done for each in asked if each.done}))


def _counts(asked: ComparedPlace, rows: tuple[Row, ...]) -> Counts:
    given = [answer for row in rows if (answer := row.get(asked.place)) is not None]
    # An answer that is none of them would be counted nowhere, and a place where people differ could look unanimous.
    if not set(given) <= set(asked.options):
        raise ValueError(f"{asked.place}: an answer that is none of its options")
    return tuple(given.count(option) for option in asked.options)


def _missed(asked: ComparedPlace, counts: Counts) -> int:
    """How many gave another answer than the key; nobody where it says nothing."""
    counted_by = zip(asked.options, counts, strict=True)
    return sum(count for option, count in counted_by if asked.agreed and option not in asked.agreed)


def _outcome(asked: ComparedPlace, counts: Counts, *, missed: int) -> Spread | Unanimous:
    people = sum(counts)
    if people in counts:
        is_missed = 2 * missed > people
        is_told = is_missed and people >= OPEN_GROUP
        return Unanimous(asked.place, people, is_missed, asked.options[counts.index(people)] if is_told else "")
    return Spread(asked.place, tuple(zip(asked.options, counts, strict=True)), missed)


def _numbers(shown: Mapping[ComparedPlace, Counts]) -> Numbers:
    """The numbers over the items that are shown: what is hidden is left out, or they would speak of it."""
    scales: dict[tuple[str, ...], list[Counts]] = {}
    for asked, counts in shown.items():
        if sum(counts) >= OPEN_GROUP:
            scales.setdefault(asked.options, []).append(counts)
    answers = sum(map(sum, shown.values()))
    missed = sum(_missed(asked, counts) for asked, counts in shown.items())
    percent = mean_agreement(tuple(shown.values()))
    return Numbers(
        percent=None if percent is None else _in_hundredths(percent),
        keyed=_in_hundredths(1 - Fraction(missed, answers)) if answers else None,
        scales=tuple(_rounded(scale_numbers(tuple(scale))) for scale in scales.values()),
    )


def _rounded(exact: ScaleNumbers) -> ScaleNumbers:
    return ScaleNumbers(exact.options, exact.items, _rounded_number(exact.alpha), _rounded_number(exact.ac1))


def _rounded_number(number: Coefficient) -> Coefficient:
    if isinstance(number, Undefined):
        return number
    around = number.interval
    ends = around and Interval(_in_hundredths(around.low), _in_hundredths(around.high))
    return Estimate(_in_hundredths(number.value), ends)


def _in_hundredths(value: Fraction) -> Fraction:
    """Rounded, but never up to 1, which stands for no difference at all."""
    highest = HUNDREDTH if value == 1 else HUNDREDTH - 1
    return Fraction(min(round(value * HUNDREDTH), highest), HUNDREDTH)
