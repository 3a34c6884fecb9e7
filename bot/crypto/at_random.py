"""Random references of cases, and random one-time codes."""

import hashlib
import secrets
from collections.abc import Callable

from dialogs.core import spoken

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
FIRST, SECOND = tuple(_FIRST_WORDS.split()), tuple(_SECOND_WORDS.split())

LOWEST, NUMBERS = 10, 90  # the lowest number at the end of a reference, and how many such numbers there are (10 to 99)
ALL = len(FIRST) * len(SECOND) * NUMBERS
References = Callable[[], str]  # draws a new reference, or another text


def make_reference() -> str:
    """Return a reference such as “BRISK OTTER 41”, drawn at random from 158,760 possible ones."""
    return numbered_reference(secrets.randbelow(ALL))


def reference_in_place_of(taken: str, tries: int) -> str:
    """Return another reference in place of a random one that is taken, so that a repeated turn makes the same one."""
    return numbered_reference(int.from_bytes(hashlib.sha256(f"{taken} {tries}".encode()).digest()) % ALL)


def numbered_reference(number: int) -> str:
    """Return the reference with this number, from 0 to `ALL` - 1."""
    words, number = divmod(number, NUMBERS)
    first, second = divmod(words, len(SECOND))
    return f"{FIRST[first]} {SECOND[second]} {number + LOWEST}"


LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # the characters of codes, without letters that look like digits
CODE_LENGTH = 14  # characters of a code: 68 bits, which nobody guesses in the permitted attempts
RANDOM_BYTES = 16
PAIRS = tuple([one + other for one in LETTERS for other in LETTERS])  # for speed: every event draws a code
POWERS = tuple([len(PAIRS) ** place for place in range(CODE_LENGTH // 2)])


def make_code() -> str:
    """Return a new one-time code."""
    return _spelled(secrets.token_bytes(RANDOM_BYTES))


def code_drawn_from(random_bytes: bytes) -> str:
    """Return the one-time code that follows from these random bytes, so that a repeated turn makes the same code."""
    return _spelled(hashlib.sha256(b"invitation" + random_bytes).digest())


def spoken_code_drawn_from(random_bytes: bytes) -> str:
    """Return the code for the telephone that follows from these random bytes, with its check sign."""
    return spoken.spoken_code(int.from_bytes(hashlib.sha256(b"look" + random_bytes).digest()))


def _spelled(drawn: bytes) -> str:
    """Return a code made from random bytes. There are many more bytes than needed, so that all characters are nearly equally frequent."""
    number, count = int.from_bytes(drawn), len(PAIRS)
    return "".join([PAIRS[number // power % count] for power in POWERS])
