"""PINs of six digits: their Argon2id hashes (with the pepper of the key file), the test for weak PINs, and keypads to enter them."""

import base64
import hmac
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from bot.crypto.sealing import KeyRing

ITERATIONS, LANES, MEMORY_KIB, LENGTH = 2, 1, 19 * 1024, 32  # an attempt costs 19 MiB and two passes
FEWEST = 3  # the minimum number of different digits in a PIN
RUNS = "01234567890", "09876543210"
LINES = "147", "258", "369", "159", "357"  # the columns and diagonals of a telephone's keypad; its rows are in `RUNS`

THREES = frozenset(
    three
    for line in (*LINES, *(RUNS[0][at : at + 3] for at in range(9)), *(digit * 3 for digit in "0123456789"))
    for three in (line, line[::-1])
)
"""All groups of three digits that are easy to tap or remember: runs, lines on the keypad, and one digit three times."""

BESIDE = {
    **{"1": "24", "2": "135", "3": "26", "4": "157", "5": "2468"},
    **{"6": "359", "7": "48", "8": "5790", "9": "68", "0": "8"},
}
"""For each digit, its neighbours on a telephone's keypad."""

COMMON = frozenset(Path(__file__).with_name("common_pins.txt").read_text(encoding="ascii").split())
"""Common PINs that `is_weak` finds by no rule: numbers such as pi, and the most frequent ones of two public lists (see NOTICE)."""


@dataclass(frozen=True, slots=True)
class Pins:
    """Hashes of PINs with one pepper: making them, and testing a PIN against one."""

    pepper: bytes = field(repr=False)

    def hashed(self, pin: str, salt: bytes) -> str:
        """Return the salt and the hash of a PIN, in base 64. This is slow, so it is never called within a transaction of the store."""
        argon = Argon2id(
            salt=salt, length=LENGTH, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB, secret=self.pepper
        )
        return base64.b64encode(salt + argon.derive(pin.encode())).decode()

    def matches(self, pin: str, kept: str) -> bool:
        """Return True if `kept` is the result of `hashed` for this PIN. This is as slow."""
        return is_same(self.hashed(pin, salt_of(kept)), kept)


def salt_of(kept: str) -> bytes:
    """Return the salt in a result of `hashed`."""
    return base64.b64decode(kept)[:-LENGTH]


def is_same(hashed: str, kept: str) -> bool:
    """Return True if two results of `hashed` are equal."""
    # In constant time, so that the duration reveals nothing about the hash.
    return hmac.compare_digest(hashed, kept)


# Published studies of PINs say which kinds people choose. Each kind is a rule, so that the neighbours of the commonest PINs are
# refused with them; the lists add the others. About one PIN in twenty is refused.
def is_weak(pin: str) -> bool:
    """Return True if the PIN is easy to guess: a common one, a repetition, a run, a pattern on the keypad or a date."""
    first, second = pin[:3], pin[3:]
    one, two, three = int(pin[:2]), int(pin[2:4]), int(pin[4:])
    months, years = range(1, 13), range(1940, 2030)
    return (
        pin in COMMON
        or len(set(pin)) < FEWEST
        or first == second
        or pin == pin[::-1]
        or pin[::2] == pin[1::2]
        or {first, second} <= THREES
        or {pin[::2], pin[1::2]} <= THREES
        or all(after in BESIDE[before] for before, after in pairwise(pin))
        or sorted(pin) == list("123456")
        # Counting by pairs of digits: 12 13 14, 20 30 40.
        or (two - one == three - two and abs(two - one) in (1, 2, 10, 11))
        # A run of five is enough: 123455, 012346.
        or any(pin[at : at + 5] in run for at in (0, 1) for run in RUNS)
        or len({(int(digit) - int(other)) % 10 for digit, other in pairwise(pin)}) == 1
        # A day, a month and two digits of a year; a month and a year, in either order; a year and 00.
        or (one in range(1, 32) and two in months)
        or (one in months and int(pin[2:]) in years)
        or (int(pin[:4]) in years and three in (0, *months))
    )


@dataclass(frozen=True, slots=True)
class Keypads:
    """The keypads of cards: the order of their keys, and the digits that were tapped on one of them.

    The taps are a text, which the caller keeps: the card, a colon, and for each accepted tap in order how many digits
    were shown as entered, and the digit. A new card begins without digits.
    """

    keys: KeyRing

    def layout(self, person: str, card: int) -> tuple[int, ...]:
        """Return the ten digits in the order of the keys. It is shuffled for each card, and the same whenever that card is drawn."""
        # Computed from the card and not drawn at random: whenever it is drawn, the card must look the same.
        shuffle = self.keys.lasting("keypad", person, str(card))
        return tuple(sorted(range(10), key=lambda digit: shuffle[3 * digit : 3 * digit + 3]))

    @staticmethod
    def tap(taps: str, card: int, *, place: int, digit: int) -> str:
        """Return the taps on this card with one more. `place` is the number of digits that the keypad showed as entered.

        A repeated tap with the same `place` counts once: a phone with a bad connection sends it again under
        another id. A tap with a `place` beyond the digits that were tapped does not count.
        """
        pairs = _pairs(taps, card)
        if 0 <= place <= len(pairs) and f"{place}{digit}" not in pairs:
            pairs = (*pairs, f"{place}{digit}")
        return f"{card}:{''.join(pairs)}" if pairs else ""

    @staticmethod
    def digits(taps: str, card: int) -> str:
        """Return the digits that were tapped on this card."""
        return "".join(pair[1] for pair in _pairs(taps, card))


def _pairs(taps: str, card: int) -> tuple[str, ...]:
    of, _, tapped = taps.partition(":")
    return tuple(tapped[at : at + 2] for at in range(0, len(tapped), 2)) if of == str(card) else ()
