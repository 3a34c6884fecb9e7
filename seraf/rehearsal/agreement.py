"""How far people who rated the same case agree: shares, coefficients and their intervals, in exact fractions."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from statistics import variance

from seraf.cases.vignette import FirstCall
from seraf.rehearsal.critical_actions import PROTECTING, ActionOutcome, Critical, CriticalAction, outcomes_counted

COVERED = 0.95
"""The share of such intervals that hold the number sought."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From where to where, at most 1."""

    low: Fraction
    high: Fraction


def interval(value: Fraction, parts: Sequence[Fraction]) -> Interval | None:
    """The interval around a value that is the mean of one part an item; None where there are fewer than two items."""
    if len(parts) < 2:
        return None
    error = math.sqrt(variance(parts) / len(parts))
    reach = Fraction(student(len(parts) - 1) * error)
    return Interval(value - reach, min(value + reach, Fraction(1)))


@cache
def student(freedom: int) -> float:
    """How many standard errors to each side hold 95 % of Student's distribution of so many degrees of freedom."""
    # By halving, since the standard library has no such distribution and a library that has it brings numpy (ADR 0035).
    # Sixty halvings are more than a float can tell apart.
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _held(middle, freedom) < COVERED else (low, middle)
    return math.tan(low) * math.sqrt(freedom)


def _held(angle: float, freedom: int) -> float:
    """The share of Student's distribution within tan(angle) · √freedom of 0 (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4)."""
    is_odd = bool(freedom % 2)
    term = math.cos(angle) if is_odd else 1.0
    total = term if freedom > 1 else 0.0
    for step in range(2 if is_odd else 1, freedom - 1, 2):
        term *= math.cos(angle) ** 2 * step / (step + 1)
        total += term
    return (angle + math.sin(angle) * total) * 2 / math.pi if is_odd else math.sin(angle) * total


Counts = tuple[int, ...]
"""How many people gave each option of one item, an option that nobody gave among them."""

Scale = tuple[Counts, ...]
"""Items that offer the same options, in the same order."""


class Why(StrEnum):
    """Why there is no number."""

    NOBODY_TO_COMPARE = "nobody-to-compare"
    """No item was answered by two people."""
    NOTHING_VARIED = "nothing-varied"
    """One and the same response everywhere, so that chance could not have made anybody disagree."""


@dataclass(frozen=True, slots=True)
class Undefined:
    """A coefficient that has no value, and why."""

    why: Why


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number, at most 1, and its 95 % interval, which needs two items. Zero stands for agreement as by chance."""

    value: Fraction
    interval: Interval | None


Coefficient = Estimate | Undefined
"""A number with its interval, or the reason why there is none."""


@dataclass(frozen=True, slots=True)
class ScaleNumbers:
    """Alpha and AC1 over the items that offer the same options, which are told apart by what is taken for chance.

    `items` of them were answered by two people, `options` are offered.
    """

    options: int
    items: int
    alpha: Coefficient
    ac1: Coefficient


def percent_agreement(counts: Counts) -> Fraction | None:
    """The share of pairs of people who gave one item the same response, or None where there is no pair."""
    people = sum(counts)
    if people < 2:
        return None
    return Fraction(sum(count * (count - 1) for count in counts), people * (people - 1))


def mean_agreement(items: tuple[Counts, ...]) -> Fraction | None:
    """The mean of the items' percent agreement, each item counting alike (Gwet 2014); None where there is no pair.

    It does not depend on which response was given, so that it tells nothing of what all answered alike.
    """
    shares = [share for counts in items if (share := percent_agreement(counts)) is not None]
    return _mean(shares) if shares else None


def scale_numbers(scale: Scale) -> ScaleNumbers:
    """Alpha and AC1 of one scale."""
    options, paired = max(map(len, scale), default=0), _paired(scale)
    if not paired:
        none = Undefined(Why.NOBODY_TO_COMPARE)
        return ScaleNumbers(options, 0, none, none)
    return ScaleNumbers(options, len(paired), _alpha(paired), _ac1(tuple(counts for counts in scale if sum(counts))))


def _paired(scale: Scale) -> Scale:
    """The items that at least two people answered."""
    return tuple(counts for counts in scale if sum(counts) >= 2)


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def _alpha(paired: Scale) -> Coefficient:
    """Krippendorff's alpha for nominal values, missing ones allowed (Krippendorff 2011; its interval, Gwet 2014).

    With `usual` responses an item on average, an item weighs as many as it has.
    """
    totals = [sum(column) for column in zip(*paired, strict=True)]
    responses = sum(totals)
    usual, shares = Fraction(responses, len(paired)), [Fraction(total, responses) for total in totals]
    by_chance = sum((share * share for share in shares), Fraction())
    if by_chance == 1:
        return Undefined(Why.NOTHING_VARIED)
    alike = [Fraction(sum(each * (each - 1) for each in counts), sum(counts) - 1) / usual for counts in paired]
    # Without the correction for small samples that `observed` has: only the interval is made of it (Gwet 2014).
    unmended = (_mean(alike) - by_chance) / (1 - by_chance)
    observed = _mean(alike) + (1 - _mean(alike)) / responses
    parts = [
        ((same - observed * more - by_chance) - 2 * (1 - unmended) * (dealt - by_chance * (1 + more))) / (1 - by_chance)
        for same, more, dealt in (
            (same, sum(counts) / usual - 1, _dealt(counts, shares) / usual)
            for same, counts in zip(alike, paired, strict=True)
        )
    ]
    value = (observed - by_chance) / (1 - by_chance)
    return Estimate(value, interval(value, parts))


def _ac1(answered: Scale) -> Estimate:
    """Gwet's AC1 (Gwet 2008; with missing values and its interval, 2014), over the items that anybody answered."""
    rows = [[Fraction(count, sum(counts)) for count in counts] for counts in answered]
    shares = [_mean(list(column)) for column in zip(*rows, strict=True)]
    others = max(len(shares) - 1, 1)
    # At most 1 over the number of options, so nothing below is divided by zero; alpha's chance can be
    # 1, and is looked at there.
    by_chance = sum((share * (1 - share) for share in shares), Fraction()) / others
    agreed = [percent_agreement(counts) for counts in answered]
    paired = [each for each in agreed if each is not None]
    value = (_mean(paired) - by_chance) / (1 - by_chance)
    weight = Fraction(len(answered), len(paired))
    parts = [
        (
            (0 if same is None else weight * (same - by_chance))
            - 2 * (1 - value) * (_dealt(row, [1 - share for share in shares]) / others - by_chance)
        )
        / (1 - by_chance)
        for same, row in zip(agreed, rows, strict=True)
    ]
    return Estimate(value, interval(value, parts))


def _dealt(counts: Sequence[Fraction | int], shares: list[Fraction]) -> Fraction:
    """What an item's responses weigh by the shares of all."""
    return sum((count * share for count, share in zip(counts, shares, strict=True)), Fraction())


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
