"""In which order promises are proven: the longest first, two at a time, and alone those that measure seconds."""

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
            "P2": 600,
            "P3": 310,
            "P4": 400,
            "P5": 900,
            "P6": 310,
            "P7": 80,
            "P8": 20,
            "P9": 380,
            "P10": 350,
        },
        **{"P11": 280, "P12": 60, "P13": 330, "P14": 240, "P15": 300, "P16": 90, "P17": 140, "P18": 60, "P19": 390},
        **{"P20": 170, "P21": 150, "P30": 200, "P32": 420, "rest": 1850},
    }
)
"""About how long each takes with its full counts: reckoned from the CPU time of the bounded ones on a busy machine."""


UNKNOWN = 120
"""How long one is taken to take that nobody has measured."""


def seconds(name: str) -> int:
    """About how long a promise takes."""
    return SECONDS.get(name, UNKNOWN)


def ordered(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Those that may have a neighbour, then those that may not, each the longest first."""
    every = sorted(names, key=seconds, reverse=True)
    return [name for name in every if name not in ALONE], [name for name in every if name in ALONE]
