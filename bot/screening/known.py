"""What looks like an identifier and is none: the bot's own references and codes, and numbers that everybody knows."""

import re

from bot.crypto.code_cipher import ALPHABET
from bot.crypto.references import FIRST, SECOND

REFERENCE = re.compile(rf"\b(?:{'|'.join(FIRST)})[ -](?:{'|'.join(SECOND)})(?:[ -]\d\d)?\b", re.IGNORECASE)
"""A reference such as BRISK OTTER 41."""

CODE = re.compile(
    "|".join(rf"\b(?:[{ALPHABET}]{{{size}}}[-–]){{3,}}[{ALPHABET}]{{1,{size}}}\b" for size in (7, 6, 5)), re.IGNORECASE
)
"""A carry-over code, of any format."""

LETTERS_OF_A_CODE = 4
"""Letters that a code has at least; one in many millions has fewer, and is then taken for a number."""

PUBLIC = frozenset({"116000", "116111", "08001111"})
"""Helplines that everybody may ring: missing people, and children. Shorter ones are too short to be anybody's."""

NUMBER = re.compile(r"(?<!\w)\+?\d(?:[\s()./–-]{0,3}\d)*(?!\w)")
"""A whole number, however it is spaced."""


def without_own(text: str, numbers: frozenset[str]) -> str:
    """The text with a blank in the place of each of them."""
    text = REFERENCE.sub(" … ", text)
    text = CODE.sub(_code, text)
    return NUMBER.sub(lambda found: _number(found[0], numbers), text)


def _code(found: re.Match[str]) -> str:
    is_code = sum(char.isalpha() for char in found[0]) >= LETTERS_OF_A_CODE
    return " … " if is_code else found[0]


def _number(written: str, numbers: frozenset[str]) -> str:
    digits = "".join(filter(str.isdigit, written))
    national = f"0{digits[2:]}" if written.startswith("+44") else digits
    return " … " if national in PUBLIC | numbers else written
