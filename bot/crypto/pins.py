"""PINs: six digits, kept only as an Argon2id hash that also needs the pepper of the key file; and which are too easy to guess."""

import base64
import hmac
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from bot.crypto.sealing import KeyRing

ITERATIONS, LANES, MEMORY_KIB, LENGTH = 2, 1, 19 * 1024, 32
"""What one try costs: 19 MiB and two passes."""

FEWEST = 3
"""Different digits that a PIN must have."""

RUNS = "01234567890", "09876543210"
NEARLY = 5
"""Digits of a run that make a run of six: 123455 and 012346 too."""

LINES = "147", "258", "369", "159", "357"
"""Columns and diagonals of a telephone's keys; its rows are runs."""

THREES = frozenset(
    three
    for line in (*LINES, *(RUNS[0][at : at + 3] for at in range(9)), *(digit * 3 for digit in "0123456789"))
    for three in (line, line[::-1])
)
"""Three digits that a finger or a memory takes as one: a run, a line on the keys, the same digit."""

BESIDE = {
    **{"1": "24", "2": "135", "3": "26", "4": "157", "5": "2468"},
    **{"6": "359", "7": "48", "8": "5790", "9": "68", "0": "8"},
}
"""The keys above, below and to the sides of each on a telephone."""

STEPS = 1, 2, 10, 11
"""What two digits are more or less than the two before, where people count by twos: 12 13 14, 20 30 40."""

COMMON = frozenset(Path(__file__).with_name("common_pins.txt").read_text(encoding="ascii").split())
"""What no rule finds and many people use: pi, e, Fibonacci, zigzags on the keys; and what else is among the first 1,000 numbers of
six digits of two public lists of passwords (NOTICE names them).
"""

DAYS, MONTHS, YEARS = range(1, 32), range(1, 13), range(1940, 2030)


@dataclass(frozen=True, slots=True)
class Pins:
    """Hashes PINs under one pepper."""

    pepper: bytes = field(repr=False)

    def hashed(self, pin: str, salt: bytes) -> str:
        """Return the PIN as it may be kept: the salt and the hash, in base 64."""
        return base64.b64encode(salt + self._derive(pin, salt)).decode()

    def matches(self, pin: str, kept: str) -> bool:
        """Return True if a PIN is the one that was kept."""
        known = base64.b64decode(kept)
        salt, found = known[:-LENGTH], known[-LENGTH:]
        # Compared in constant time, so that how long it takes says nothing about the hash.
        return hmac.compare_digest(found, self._derive(pin, salt))

    def _derive(self, pin: str, salt: bytes) -> bytes:
        argon = Argon2id(
            salt=salt, length=LENGTH, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB, secret=self.pepper
        )
        return argon.derive(pin.encode())


# How this was made: published studies of PINs say which kinds people choose. Each kind is a rule, so that the neighbours of the
# commonest are refused with them; the lists add what the rules leave. About one PIN in twenty is refused.
def is_weak(pin: str) -> bool:
    """Return True if somebody at the phone would try this PIN (six digits) first: it is of a kind that people choose, or common."""
    return pin in COMMON or is_of_a_kind(pin)


def is_of_a_kind(pin: str) -> bool:
    """Return True if a PIN (six digits) is a repeat, a run, a pattern on the keys or a date."""
    first, second = pin[:3], pin[3:]
    return (
        len(set(pin)) < FEWEST
        or first == second
        or pin == pin[::-1]
        or pin[::2] == pin[1::2]
        or {first, second} <= THREES
        or {pin[::2], pin[1::2]} <= THREES
        or all(after in BESIDE[before] for before, after in pairwise(pin))
        or sorted(pin) == list("123456")
        or _is_counting(pin)
        or any(pin[at : at + NEARLY] in run for at in (0, 1) for run in RUNS)
        or len({(int(one) - int(other)) % 10 for one, other in pairwise(pin)}) == 1
        or _is_date(pin)
    )


def _is_counting(pin: str) -> bool:
    """Three numbers of two digits, each as much more or less than the one before."""
    one, two, three = int(pin[:2]), int(pin[2:4]), int(pin[4:])
    return two - one == three - two and abs(two - one) in STEPS


def _is_date(pin: str) -> bool:
    """Return a day, a month and two digits of a year; or a month with a year, in either order; or a year with two noughts."""
    one, two, three = int(pin[:2]), int(pin[2:4]), int(pin[4:])
    is_day = one in DAYS and two in MONTHS
    return is_day or (one in MONTHS and int(pin[2:]) in YEARS) or (int(pin[:4]) in YEARS and three in (0, *MONTHS))


MOST = 10_000
"""How many chats may have digits in memory. When there are more, the oldest starts again."""

Keys = tuple[tuple[int, int], ...]
"""The keys that counted, in the order in which they were tapped: how many digits showed as tapped, and the digit."""


class Keypads:
    """Digits by person, for the card on which they were tapped; a new card begins again."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._tapped: OrderedDict[str, tuple[int, Keys]] = OrderedDict()

    def layout(self, person: str, card: int) -> tuple[int, ...]:
        """Return the order of the ten keys on this card: shuffled for each card, and the same whenever that card is drawn."""
        # Computed from the card, not drawn at random: a card can be drawn again after a restart and must look the same.
        shuffle = self._keys.lasting("keypad", person, str(card))
        return tuple(sorted(range(10), key=lambda digit: shuffle[3 * digit : 3 * digit + 3]))

    def tap(self, person: str, card: int, *, place: int, digit: int) -> str:
        """Return the digits of this card with one more: that of a key drawn when `place` digits showed as tapped.

        The same key of the same drawing counts once: a phone with a bad line sends a tap again, under another id. A key
        that shows more digits than are known here was drawn before they were forgotten, and does not count.
        """
        tapped = self._of(person, card)
        if (place, digit) not in tapped and 0 <= place <= len(tapped):
            tapped = (*tapped, (place, digit))
        self._tapped[person] = (card, tapped)
        self._tapped.move_to_end(person)
        while len(self._tapped) > MOST:
            self._tapped.popitem(last=False)
        return self.digits(person, card)

    def digits(self, person: str, card: int) -> str:
        """Return what was tapped on this card."""
        return "".join(str(digit) for _, digit in self._of(person, card))

    def clear(self, person: str) -> None:
        """Forget what was tapped."""
        self._tapped.pop(person, None)

    def _of(self, person: str, card: int) -> Keys:
        of, tapped = self._tapped.get(person, (card, ()))
        return tapped if of == card else ()
