"""Numbers that are somebody's: NHS, pupil, National Insurance and telephone numbers, and long ones of any kind."""

import re
from collections.abc import Iterator

import phonenumbers
from stdnum.gb import nhs, upn

TEN = re.compile(r"(?<!\d)\d(?:[ .–-]{0,3}\d){9}(?!\d)(?![ .–-]?\d)")
"""Ten digits, however they are spaced: whether or not the checksum holds, they look like an NHS number."""

SCATTERED = re.compile(r"\d(?:[^\w\n]{0,3}_?\d){9,12}")
"""Digits parted by anything: refused where the checksum of an NHS number holds."""

PUPIL = re.compile(r"(?<![A-Za-z0-9])[A-Za-z](?:[ -]?\d){11}[ -]?[\dA-Za-z](?![A-Za-z0-9])")
"""A letter, eleven digits, and a digit or letter: a unique pupil number, also a temporary one."""

INSURANCE = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{2}(?:[ -]?\d){6}[ -]?[A-D]?|[A-Za-z]{2}\d(?:[ -]?\d){5}[ -]?[A-Da-d]?)(?![A-Za-z0-9])"
)
"""Two letters, six digits, and a letter that may be left out."""

SPELT = re.compile(
    r"(?:\b(?:oh|zero|nought|one|two|three|four|five|six|seven|eight|nine|double|treble|triple|hundred|\d+)\b[\s,–-]*(?:and )?){7,}",
    re.IGNORECASE,
)
"""Seven figures or more in words: a number as it is read out."""

DIALLED = re.compile(r"(?<!\d)(?:\+\d{1,3}|00\d{2}|0)(?:[ .()/–-]{0,3}\d){8,11}(?!\d)")
"""Written as a number that is rung: it begins with 0, 00 or +."""

LONG = re.compile(r"(?<!\d)\d{6,}(?!\d)")
"""Six digits or more in one: a local telephone number, or the number of a file."""


def personal_numbers(text: str) -> Iterator[str]:
    """The kinds of number that the text could hold; a long one is said only where it could be nothing more exact."""
    found = {
        "nhs": TEN.search(text) is not None or any(_is_nhs(each[0]) for each in SCATTERED.finditer(text)),
        "upn": any(_is_pupil(each[0]) for each in PUPIL.finditer(text)),
        "ni": INSURANCE.search(text) is not None,
        "phone": DIALLED.search(text) is not None or any(phonenumbers.PhoneNumberMatcher(text, "GB")),
    }
    yield from (kind for kind, is_found in found.items() if is_found)
    if not any(found.values()) and (LONG.search(text) or SPELT.search(text)):
        yield "number"


def _is_nhs(written: str) -> bool:
    digits = "".join(filter(str.isdigit, written))
    return any(nhs.is_valid(digits[start : start + 10]) for start in range(len(digits) - 9))


def _is_pupil(written: str) -> bool:
    """Whether it looks like a pupil number, be its check letter right or not; a checksum that holds settles it."""
    plain = "".join(filter(str.isalnum, written)).upper()
    return upn.is_valid(plain) or plain[0] not in "IOS"
