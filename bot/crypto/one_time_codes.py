"""One-time codes, by which somebody comes in: how they are written, and how one is drawn. It refuses to know what they open."""

import hashlib
import secrets

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What codes are written in: no letter that looks like a digit."""

CODE_LENGTH = 14
"""Letters of a code: 68 bits, which nobody guesses in the tries that they get."""

RANDOM_BYTES = 16
"""So many random bytes are enough for one."""


PAIRS = tuple([one + other for one in LETTERS for other in LETTERS])
"""Two letters at a time, since every event draws a code, whether or not it comes to be used."""

POWERS = tuple([len(PAIRS) ** place for place in range(CODE_LENGTH // 2)])


def make_code() -> str:
    """A new one-time code, drawn at random."""
    return _spelled(secrets.token_bytes(RANDOM_BYTES))


def code_drawn_from(random_bytes: bytes) -> str:
    """The one-time code of these random bytes, so that a turn that is taken again makes the same."""
    return _spelled(hashlib.sha256(b"invitation" + random_bytes).digest())


def _spelled(drawn: bytes) -> str:
    """Random bytes as letters. They are many more than the letters need, so that no letter comes oftener than another."""
    number, count = int.from_bytes(drawn), len(PAIRS)
    return "".join([PAIRS[number // power % count] for power in POWERS])
