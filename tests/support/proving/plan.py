"""The order in which promises are proven: the longest first, two at a time, and those that measure seconds alone."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

LANES = 2
"""So many promises are proven at a time, one a core."""

ALONE = frozenset({"P13", "P15", "P16", "P20"})
"""Promises with a limit in seconds, which a neighbour could make it miss."""

SECONDS: Mapping[str, int] = MappingProxyType(
    {
        **{
            "P1": 440,
            "P2": 580,
            "P3": 310,
            "P4": 390,
            "P5": 1_200,
            "P6": 145,
            "P7": 60,
            "P8": 5,
            "P9": 110,
            "P10": 600,
        },
        **{"P11": 270, "P12": 150, "P13": 325, "P14": 120, "P15": 760, "P16": 30, "P17": 180, "P18": 30, "P19": 450},
        **{"P20": 910, "P21": 80, "P22": 430, "P23": 400, "P24": 120, "P30": 25, "P32": 490, "rest": 1_400},
    }
)
"""About how long each takes with its full counts, beside another, on a quiet machine with two cores."""


UNKNOWN = 120
"""How long one is taken to take that nobody has measured."""


def seconds(name: str) -> int:
    """Return the approximate seconds of a promise."""
    return SECONDS.get(name, UNKNOWN)


def ordered(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return those that may run side by side, then the others, each the longest first."""
    every = sorted(names, key=seconds, reverse=True)
    return [name for name in every if name not in ALONE], [name for name in every if name in ALONE]
