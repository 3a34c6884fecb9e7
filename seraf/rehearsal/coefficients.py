"""How far people agree, from plain counts: percent agreement, Krippendorff's alpha and Gwet's AC1, each with its interval.

It knows no item and no person. The formulas and their sources are in docs/rehearsal-statistics.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from seraf.rehearsal.intervals import Interval, interval

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
