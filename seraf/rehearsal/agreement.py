"""How far people who rated the same case agree: shares, coefficients and intervals, as exact fractions."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cache
from statistics import variance

from seraf.cases.vignette import FirstCall
from seraf.rehearsal.critical_actions import PROTECTING, ActionOutcome, Critical, CriticalAction, outcomes_counted

COVERED = 0.95
"""The confidence level of every interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval of a coefficient. Its upper end is at most 1."""

    low: Fraction
    high: Fraction


def interval(value: Fraction, parts: Sequence[Fraction]) -> Interval | None:
    """Return the confidence interval of a mean, given each item's contribution; None with fewer than two items."""
    if len(parts) < 2:
        return None
    error = math.sqrt(variance(parts) / len(parts))
    reach = Fraction(student(len(parts) - 1) * error)
    return Interval(value - reach, min(value + reach, Fraction(1)))


@cache
def student(freedom: int) -> float:
    """Return the two-sided 95 % quantile of Student's distribution with this many degrees of freedom."""
    # By halving, since the standard library has no such distribution and a library that has it brings numpy (ADR 0035).
    # Sixty halvings are more than a float can tell apart.
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _covered(middle, freedom) < COVERED else (low, middle)
    return math.tan(low) * math.sqrt(freedom)


def _covered(angle: float, freedom: int) -> float:
    """Return the share of Student's distribution within tan(angle) · √freedom of 0 (Abramowitz, Stegun 1964, 26.7)."""
    is_odd = bool(freedom % 2)
    term = math.cos(angle) if is_odd else 1.0
    total = term if freedom > 1 else 0.0
    for step in range(2 if is_odd else 1, freedom - 1, 2):
        term *= math.cos(angle) ** 2 * step / (step + 1)
        total += term
    return (angle + math.sin(angle) * total) * 2 / math.pi if is_odd else math.sin(angle) * total


Counts = tuple[int, ...]
"""For one item, how many people gave each of its options, zeros included."""

Scale = tuple[Counts, ...]
"""The counts of several items that have the same options in the same order."""


class Why(StrEnum):
    """The reason why a coefficient is undefined."""

    NOBODY_TO_COMPARE = "nobody-to-compare"
    """No item was answered by two people."""
    NOTHING_VARIED = "nothing-varied"
    """Every response was the same, so that no disagreement is expected by chance."""


@dataclass(frozen=True, slots=True)
class Undefined:
    """A coefficient that has no value, and the reason."""

    why: Why


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient of at most 1, where 0 means agreement by chance, and its 95 % interval (None for one item)."""

    value: Fraction
    interval: Interval | None


Coefficient = Estimate | Undefined
"""A coefficient, or the reason why it is undefined."""


@dataclass(frozen=True, slots=True)
class ScaleNumbers:
    """Krippendorff's alpha and Gwet's AC1 over items with `options` options. They differ in how they model chance.

    `items` counts the items that at least two people answered.
    """

    options: int
    items: int
    alpha: Coefficient
    ac1: Coefficient


def percent_agreement(counts: Counts) -> Fraction | None:
    """Return the share of pairs of people who gave one item the same response; None if there is no pair."""
    people = sum(counts)
    if people < 2:
        return None
    return Fraction(sum(count * (count - 1) for count in counts), people * (people - 1))


def mean_agreement(items: tuple[Counts, ...]) -> Fraction | None:
    """Return the unweighted mean of the items' percent agreement (Gwet 2014); None if no item has two answers.

    It does not depend on which response was given, so it does not reveal a unanimous one.
    """
    shares = [share for counts in items if (share := percent_agreement(counts)) is not None]
    return _mean(shares) if shares else None


def scale_numbers(scale: Scale) -> ScaleNumbers:
    """Return alpha and AC1 of a scale. Both are undefined if no item was answered by two people."""
    options, paired = max(map(len, scale), default=0), tuple(counts for counts in scale if sum(counts) >= 2)
    if not paired:
        none = Undefined(Why.NOBODY_TO_COMPARE)
        return ScaleNumbers(options, 0, none, none)
    return ScaleNumbers(options, len(paired), _alpha(paired), _ac1(tuple(counts for counts in scale if sum(counts))))


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def _alpha(paired: Scale) -> Coefficient:
    """Return Krippendorff's alpha for nominal values, missing ones allowed (Krippendorff 2011; interval: Gwet 2014).

    The weight of an item is its number of responses relative to `usual`, the mean number per item.
    """
    totals = [sum(column) for column in zip(*paired, strict=True)]
    responses = sum(totals)
    usual, shares = Fraction(responses, len(paired)), [Fraction(total, responses) for total in totals]
    by_chance = sum((share * share for share in shares), Fraction())
    if by_chance == 1:
        return Undefined(Why.NOTHING_VARIED)
    alike = [Fraction(sum(count * (count - 1) for count in counts), sum(counts) - 1) / usual for counts in paired]
    # Without the correction for small samples that `observed` has: only the interval uses it (Gwet 2014).
    uncorrected = (_mean(alike) - by_chance) / (1 - by_chance)
    observed = _mean(alike) + (1 - _mean(alike)) / responses
    parts = []
    for same, counts in zip(alike, paired, strict=True):
        excess, weighted = sum(counts) / usual - 1, _weighted(counts, shares) / usual
        agreement = same - observed * excess - by_chance
        correction = 2 * (1 - uncorrected) * (weighted - by_chance * (1 + excess))
        parts.append((agreement - correction) / (1 - by_chance))
    value = (observed - by_chance) / (1 - by_chance)
    return Estimate(value, interval(value, parts))


def _ac1(answered: Scale) -> Estimate:
    """Return Gwet's AC1 over the items with at least one answer (Gwet 2008; missing values and interval: 2014)."""
    rows = [[Fraction(count, sum(counts)) for count in counts] for counts in answered]
    shares = [_mean(list(column)) for column in zip(*rows, strict=True)]
    others = max(len(shares) - 1, 1)
    # At most 1 over the number of options, so nothing below is divided by zero; alpha's chance can be 1.
    by_chance = sum((share * (1 - share) for share in shares), Fraction()) / others
    agreed = [percent_agreement(counts) for counts in answered]
    paired = [share for share in agreed if share is not None]
    value = (_mean(paired) - by_chance) / (1 - by_chance)
    weight = Fraction(len(answered), len(paired))
    parts = []
    for same, row in zip(agreed, rows, strict=True):
        agreement = 0 if same is None else weight * (same - by_chance)
        weighted = _weighted(row, [1 - share for share in shares]) / others
        parts.append((agreement - 2 * (1 - value) * (weighted - by_chance)) / (1 - by_chance))
    return Estimate(value, interval(value, parts))


def _weighted(counts: Sequence[Fraction | int], shares: list[Fraction]) -> Fraction:
    """Return the sum of an item's counts, each weighted by the overall share of its option."""
    return sum((count * share for count, share in zip(counts, shares, strict=True)), Fraction())


SMALLEST_GROUP = 5
"""The minimum size of a group about which more than its size is shown."""

OPEN_GROUP = 10
"""The minimum number of people for whom a unanimous answer is shown: it reveals the answer of each person. It is also
the minimum for any result of a group that one person could have joined several times.
"""

HUNDREDTH = 100
"""Results over all items are rounded to 1/100: more digits would reveal more about single people."""

Row = Mapping[str, str]
"""The answers of one person, by the id of the item or question. Unanswered ones are missing."""


@dataclass(frozen=True, slots=True)
class ComparedPlace:
    """An item or question to compare, its options in order, and the options that match the agreed answers."""

    place: str
    options: tuple[str, ...]
    agreed: frozenset[str]


@dataclass(frozen=True, slots=True)
class TooFew:
    """The result for a group that is too small to show more than its size. At least `fewest` people are needed."""

    people: int
    fewest: int = SMALLEST_GROUP


@dataclass(frozen=True, slots=True)
class Hidden:
    """An item or question that too few people answered. Only their number is shown."""

    place: str
    people: int


@dataclass(frozen=True, slots=True)
class Unanimous:
    """An item or question to which all people gave the same answer, and whether that answer is a miss.

    It reveals the answer of every single person. `given` is therefore empty unless the answer is a miss and `people` is
    at least `OPEN_GROUP`.
    """

    place: str
    people: int
    is_missed: bool
    given: str = ""

    @property
    def missed(self) -> int:
        """The number of people who did not give the agreed answer."""
        return self.people if self.is_missed else 0


@dataclass(frozen=True, slots=True)
class Spread:
    """An item or question with different answers: how many people gave each option, and how many missed it."""

    place: str
    counts: tuple[tuple[str, int], ...]
    missed: int

    @property
    def people(self) -> int:
        """The number of people who answered."""
        return sum(count for _, count in self.counts)

    @property
    def agreed(self) -> Fraction:
        """The share of pairs of people with the same response, from 0 to below 1."""
        return percent_agreement(tuple(count for _, count in self.counts)) or Fraction()


PlaceOutcome = Spread | Unanimous | Hidden
"""The answers to an item or question, as far as they may be shown."""


@dataclass(frozen=True, slots=True)
class ComparedAction:
    """A critical action of a group: the answers, and how many people agreed, protected less, or protected more.

    All three counts are 0 if the answers are hidden.
    """

    critical: Critical
    done: PlaceOutcome
    agreed: int = 0
    missed: int = 0
    over: int = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """Results over all items: percent agreement, the share of answers that match the agreed ones, and alpha and AC1.

    `percent` and `keyed` are None if there is nothing to compare. Alpha and AC1 depend on unanimous answers: `scales`
    cover only items that at least `OPEN_GROUP` people answered.
    """

    percent: Fraction | None
    keyed: Fraction | None
    scales: tuple[ScaleNumbers, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The results of a group that nobody can join any more: critical actions, items in the order asked, and `numbers`.

    `fewest` is the number of people who were required.
    """

    people: int
    actions: tuple[ComparedAction, ...]
    items: tuple[PlaceOutcome, ...]
    numbers: Numbers
    fewest: int = SMALLEST_GROUP


def fewest_answers(fewest: int) -> int:
    """Return the minimum number of answers to an item or question at which they are shown.

    It is one below the group's minimum: one person who stops early must not hide the others' results.
    """
    return fewest - 1


def compare_group(
    rows: tuple[Row, ...],
    items: tuple[ComparedPlace, ...],
    *,
    actions: tuple[tuple[CriticalAction, ...], ...],
    fewest: int,
) -> TooFew | Compared:
    """Return what may be shown of a group of at least `fewest` people, each with one of `rows` and one of `actions`.

    Callers close the room before they call this, and call it once: the difference between two results for nearly the
    same people would reveal one person's answers. Raise `ValueError` if an answer is not among the options.
    """
    if len(rows) < fewest:
        return TooFew(len(rows), fewest)
    counts = {place: _counts(place, rows) for place in items}
    shown = {place: count for place, count in counts.items() if sum(count) >= fewest_answers(fewest)}
    outcomes = outcomes_counted(actions)
    of_each = {kind: [action for row in actions for action in row if action.critical is kind] for kind in Critical}
    return Compared(
        people=len(rows),
        actions=tuple(_action(kind, of_each[kind], outcomes=outcomes[kind], fewest=fewest) for kind in Critical),
        items=tuple(
            _outcome(place, count, missed=_missed(place, count)) if place in shown else Hidden(place.place, sum(count))
            for place, count in counts.items()
        ),
        numbers=_numbers(shown),
        fewest=fewest,
    )


def most_missed(compared: Compared) -> tuple[Spread | Unanimous, ...]:
    """Return the items that more than half of the people missed, the greatest share first."""
    missed = [item for item in compared.items if not isinstance(item, Hidden) and 2 * item.missed > item.people]
    return tuple(sorted(missed, key=lambda item: -Fraction(item.missed, item.people)))


def differing(compared: Compared) -> tuple[Spread, ...]:
    """Return the other items with differing answers, least agreement first. Ties are in the order asked."""
    missed = most_missed(compared)
    spreads = [item for item in compared.items if isinstance(item, Spread) and item not in missed]
    return tuple(sorted(spreads, key=lambda spread: spread.agreed))


def _action(
    critical: Critical, rows: list[CriticalAction], *, outcomes: Mapping[ActionOutcome, int], fewest: int
) -> ComparedAction:
    """Return the results of a group for one critical action. People who were not asked about it do not count."""
    done = [row.done for row in rows if row.is_asked and row.done is not None]
    if len(done) < fewest_answers(fewest):
        return ComparedAction(critical, Hidden(critical, len(done)))
    if critical in PROTECTING:
        options = tuple(reversed(PROTECTING[critical]))
    elif critical is Critical.FIRST_CALL:
        options = tuple(FirstCall)
    else:
        options = tuple(sorted({answer for answer in done if answer}))
    place, missed = ComparedPlace(critical, options, frozenset()), outcomes[ActionOutcome.MISSED]
    outcome = _outcome(place, tuple(done.count(option) for option in options), missed=missed)
    over = outcomes[ActionOutcome.OVER_PROTECTIVE]
    return ComparedAction(critical, outcome, outcomes[ActionOutcome.AGREED], missed, over)


def _counts(asked: ComparedPlace, rows: tuple[Row, ...]) -> Counts:
    given = [answer for row in rows if (answer := row.get(asked.place)) is not None]
    # An unknown answer would not be counted, and a place where people differ could look unanimous.
    if not set(given) <= set(asked.options):
        raise ValueError(f"{asked.place}: an answer that is none of its options")
    return tuple(given.count(option) for option in asked.options)


def _missed(asked: ComparedPlace, counts: Counts) -> int:
    """Return how many people missed the agreed answer; 0 if there is none for this item or question."""
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
    """Return the results over the shown items only. If hidden items were included, their answers could be worked out."""
    scales: dict[tuple[str, ...], list[Counts]] = {}
    for place, counts in shown.items():
        if sum(counts) >= OPEN_GROUP:
            scales.setdefault(place.options, []).append(counts)
    answers = sum(map(sum, shown.values()))
    missed = sum(_missed(place, counts) for place, counts in shown.items())
    percent = mean_agreement(tuple(shown.values()))
    exact = [scale_numbers(tuple(scale)) for scale in scales.values()]
    return Numbers(
        percent=None if percent is None else _in_hundredths(percent),
        keyed=_in_hundredths(1 - Fraction(missed, answers)) if answers else None,
        scales=tuple(replace(scale, alpha=_rounded(scale.alpha), ac1=_rounded(scale.ac1)) for scale in exact),
    )


def _rounded(number: Coefficient) -> Coefficient:
    if isinstance(number, Undefined):
        return number
    around = number.interval
    ends = around and Interval(_in_hundredths(around.low), _in_hundredths(around.high))
    return Estimate(_in_hundredths(number.value), ends)


def _in_hundredths(value: Fraction) -> Fraction:
    """Return the value in whole hundredths, but never rounded up to 1, which means complete agreement."""
    highest = HUNDREDTH if value == 1 else HUNDREDTH - 1
    return Fraction(min(round(value * HUNDREDTH), highest), HUNDREDTH)
