"""The order in which promises are proven: the longest first, two at a time. Those with a time limit run alone."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

LANES = 2
"""The number of promises that are proven at the same time, each on a processor core of its own."""

ALONE = frozenset({"P13", "P15", "P16", "P20", "P41"})
"""Promises with a time limit in seconds, which another promise on the same machine could make them miss."""

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
        **{"P20": 910, "P21": 80, "P22": 430, "P23": 400, "P24": 120, "P30": 25, "P32": 490, "P40": 450, "P41": 230},
        "rest": 1_400,
    }
)
"""The approximate duration of each promise with full counts, in seconds, on a quiet machine with two cores."""


UNKNOWN = 120
"""The assumed duration of a promise that nobody has measured, in seconds."""


def seconds(name: str) -> int:
    """Return the approximate duration of a promise in seconds."""
    return SECONDS.get(name, UNKNOWN)


def ordered(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the promises that may run at the same time, and those that must run alone; in both, the longest first."""
    every = sorted(names, key=seconds, reverse=True)
    return [name for name in every if name not in ALONE], [name for name in every if name in ALONE]
