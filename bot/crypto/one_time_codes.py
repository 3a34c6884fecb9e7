"""One-time codes, by which somebody comes in: how they are written, and how one is drawn. It refuses to know what they open."""

import hashlib
import secrets

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What codes are written in: no letter that looks like a digit."""

CODE_LENGTH = 14
"""Letters of a code: 68 bits, which nobody guesses in the tries that they get."""

RANDOM_BYTES = 16
"""So many random bytes are enough for one."""


def make_code() -> str:
    """A new one-time code, drawn at random."""
    return code_drawn_from(secrets.token_bytes(RANDOM_BYTES))


def code_drawn_from(random_bytes: bytes) -> str:
    """The one-time code of these random bytes, so that a turn that is taken again makes the same."""
    number, letters = int.from_bytes(hashlib.sha256(b"invitation" + random_bytes).digest()), []
    for _ in range(CODE_LENGTH):
        number, at = divmod(number, len(LETTERS))
        letters.append(LETTERS[at])
    return "".join(letters)
