"""How far people agree, as exact fractions of plain counts: percent agreement, Krippendorff's alpha, Gwet's AC1.

It knows no item and no person. The formulas and their sources are in docs/rehearsal-statistics.md.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

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


Coefficient = Fraction | Undefined
"""A number, at most 1, or the reason why there is none. Zero is a number: it stands for agreement as by chance."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Percent agreement (0 to 1), alpha and AC1 over the same items, which are told apart by what is taken for chance."""

    percent: Coefficient
    alpha: Coefficient
    ac1: Coefficient


def percent_agreement(counts: Counts) -> Fraction | None:
    """The share of pairs of people who gave one item the same response, or None where there is no pair."""
    people = sum(counts)
    if people < 2:
        return None
    return Fraction(sum(count * (count - 1) for count in counts), people * (people - 1))


def group_numbers(scales: tuple[Scale, ...]) -> Numbers:
    """All three over these items.

    Within a scale they are the published ones. Where scales differ, what is observed and what is expected are added up
    over the scales before they are compared, since a response of one scale can never be given on another.
    """
    paired = tuple(pairs for scale in scales if (pairs := _paired(scale)))
    if not paired:
        none = Undefined(Why.NOBODY_TO_COMPARE)
        return Numbers(none, none, none)
    percent = _percent(paired)
    by_chance = _expected_agreement(tuple(scale for scale in scales if _paired(scale)))
    return Numbers(percent, _alpha(paired), (percent - by_chance) / (1 - by_chance))


def _paired(scale: Scale) -> Scale:
    """The items that at least two people answered."""
    return tuple(counts for counts in scale if sum(counts) >= 2)


def _percent(paired: tuple[Scale, ...]) -> Fraction:
    """The mean of the items' shares, each item counting alike (Gwet 2014)."""
    shares = [share for scale in paired for counts in scale if (share := percent_agreement(counts)) is not None]
    return sum(shares, Fraction()) / len(shares)


def _alpha(paired: tuple[Scale, ...]) -> Coefficient:
    """Krippendorff's alpha for nominal values, missing ones allowed (Krippendorff 2011)."""
    expected = sum((_expected_disagreement(scale) for scale in paired), Fraction())
    if not expected:
        return Undefined(Why.NOTHING_VARIED)
    observed = sum((_disagreement(counts) for scale in paired for counts in scale), Fraction())
    return 1 - observed / expected


def _disagreement(counts: Counts) -> Fraction:
    """What the unlike pairs of one item weigh: the off-diagonal of the coincidences that it adds."""
    people = sum(counts)
    return Fraction(people * people - sum(count * count for count in counts), people - 1)


def _expected_disagreement(paired: Scale) -> Fraction:
    """What the unlike pairs would weigh were all the responses of a scale dealt out at random."""
    totals = [sum(column) for column in zip(*paired, strict=True)]
    responses = sum(totals)
    return Fraction(responses * responses - sum(total * total for total in totals), responses - 1)


def _expected_agreement(scales: tuple[Scale, ...]) -> Fraction:
    """Gwet's chance agreement, each scale weighing as many items as two people answered."""
    weights = [len(_paired(scale)) for scale in scales]
    parts = (weight * _by_chance(scale) for weight, scale in zip(weights, scales, strict=True))
    return sum(parts, Fraction()) / sum(weights)


def _by_chance(scale: Scale) -> Fraction:
    """Gwet's chance agreement of one scale: every item that anybody answered counts alike (Gwet 2008, 2014)."""
    answered = [counts for counts in scale if sum(counts)]
    shares = [
        sum((Fraction(counts[option], sum(counts)) for counts in answered), Fraction()) / len(answered)
        for option in range(len(answered[0]))
    ]
    return sum((share * (1 - share) for share in shares), Fraction()) / max(len(shares) - 1, 1)
