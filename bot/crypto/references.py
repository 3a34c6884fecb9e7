"""References for assessments: two common words, none of them a name, and two digits. They say nothing about a child."""

import secrets
from collections.abc import Callable

_FIRST_WORDS = """
AMBER BRIGHT BRISK CALM CLEAR COPPER COSY CRISP DAPPLED EARLY FOLDED GENTLE GOLDEN HOLLOW INDIGO LEVEL LOFTY MELLOW MISTY
MOSSY NIMBLE OPEN PAINTED PATIENT PEBBLED PLAIN POLISHED QUIET RIPPLED ROUND SANDY SILVER SMOOTH SNOWY SPARE STEADY STILL
STRIPED SUNNY TIDY VELVET WINDING
"""
_SECOND_WORDS = """
ACORN ANCHOR BADGER BASKET BEACON BOULDER BRACKEN BRIDGE BUTTON CANDLE CEDAR COMPASS CURLEW DOLPHIN FALCON FERN GANNET
HARBOUR HEDGEHOG HERON KESTREL KETTLE LANTERN LOBSTER MAGPIE MEADOW OTTER PADDLE PEBBLE PELICAN PLOVER PUFFIN QUARRY RIVER
SADDLE SPARROW SQUIRREL TEAPOT THIMBLE THISTLE TURTLE WALNUT
"""
FIRST = tuple(_FIRST_WORDS.split())
SECOND = tuple(_SECOND_WORDS.split())

LOWEST, NUMBERS = 10, 90
"""The number of a reference: two digits, and the first of them no zero."""

References = Callable[[], str]
"""Makes a reference."""


def make_reference() -> str:
    """A reference such as “BRISK OTTER 41”, drawn at random from 158,760."""
    words, number = divmod(secrets.randbelow(len(FIRST) * len(SECOND) * NUMBERS), NUMBERS)
    first, second = divmod(words, len(SECOND))
    return f"{FIRST[first]} {SECOND[second]} {number + LOWEST}"
