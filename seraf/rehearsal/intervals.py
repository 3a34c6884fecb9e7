"""The 95 % interval of a coefficient: where it could lie had other items like these been asked of the same people.

The standard error is that of the items' own values, linearised by Gwet; the interval is Student's (Gwet 2014).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from statistics import variance

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
