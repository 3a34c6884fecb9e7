"""Identifiers by their form: numbers, places, dates and accounts that are somebody's; and what looks like one and is none."""

import re
from collections.abc import Iterator

import phonenumbers
from stdnum.gb import nhs, upn

from bot.crypto.at_random import FIRST, SECOND
from bot.crypto.code_cipher import ALPHABET

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
    """Yield the kinds of number that the text could hold; a long one is said only where it could be nothing more exact."""
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
    """Return True if it looks like a pupil number, be its check letter right or not; a checksum that holds settles it."""
    plain = "".join(filter(str.isalnum, written)).upper()
    return upn.is_valid(plain) or plain[0] not in "IOS"


POSTCODE = re.compile(
    r"(?<![A-Z0-9])[A-Z]{1,2}\d[A-Z\d]?[ -]{0,2}\d(?!(?:st|nd|rd|th)\b)[ABD-HJLNP-UW-Z]{2}(?![A-Z0-9])", re.IGNORECASE
)

EMAIL = re.compile(
    r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]+)+|[\w.+-]+@[\w-]+", re.IGNORECASE
)

WEB = re.compile(
    r"\b(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|co\.uk|org|org\.uk|net|uk|me|io|gg|tv|app|ly|info|link)\b(?:/\S*)?|"
    r"\bdot (?:com|co|org|net|uk)\b",
    re.IGNORECASE,
)

HANDLE = re.compile(
    r"(?<![\w.])@\s?\w[\w.]+|\b[A-Za-z]\w*_\w+\b|\b\w+_\w*[A-Za-z]\b|"
    r"\b[A-Za-z]{3,}\d{2,}\b|\b[A-Za-z]+\d+[A-Za-z]{2,}\w*\b"
)
"""@name, some_name, name99."""

NAMED_ACCOUNT = re.compile(
    r"\b(?:user ?name|gamer ?tag|handle|(?:snap(?:chat)?|insta(?:gram)?|tik ?tok|discord|xbox|psn|roblox|account)(?: name)?)"
    r"\s*(?:is|:|=|called|under)\s*[\"“'‘]?(?!(?:not|on|in|a|the|her|his|their|used|being|full|how|where|now|private|public|"
    r"blocked|deleted|unknown|another|one|still|open|locked|to)\b)\w+",
    re.IGNORECASE,
)
"""A user name that is said to be one."""

NO_HANDLE = re.compile(
    r"\b(?:covid|year|yr|key|stage|section|category|cat|grade|level|room|mp|ks|under|over|age|aged|at|since|from|until|by|for|"
    r"the|in)\d+\w{0,2}\b",
    re.IGNORECASE,
)
"""Words that people write together with a number."""

PLATE = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{2}\d{2}[ -]?[A-Z]{3}|[a-z]{2}\d{2}[a-z]{3}|[A-Z]\d{2,3} ?[A-Z]{3}|"
    r"[A-Z]\d[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z])(?![A-Za-z0-9])"
)
"""A number plate as it is written now, and as older ones are."""

_STREETS = (
    "road|rd|street|st|avenue|ave|close|lane|drive|way|court|crescent|gardens|grove|place|terrace|hill|square|walk|row|"
    "mews|green|rise|parade|view|heights|house|park|wharf|quay|broadway"
)
_NO_STREET = "the|a|of|on|in|main|busy|same|side|other|next|near|minor|major|quiet|year|years|week|weeks"
ADDRESS = re.compile(
    rf"\b\d{{1,4}}[A-Za-z]?,?\s+(?:[A-Z][\w'’-]*\.?\s+){{1,3}}(?i:{_STREETS})\b|"
    rf"\b\d{{1,4}}[a-z]?,?\s+(?!(?:{_NO_STREET})\b)[a-z'’]+\s+(?:road|street|avenue|crescent|terrace|mews|lane|gardens)\b|"
    r"\b(?i:flat|apartment|apt|unit|plot|caravan)\s+(?i:no\.?\s*)?\d{1,4}[a-z]?\b|"
    r"\b(?i:lives|lived|living|stays|staying|house|address)\s+(?:at|is|on)\s+(?:number|no\.?)\s*\d+|"
    rf"\b(?i:lives|lived|living|stays|staying|stayed)\s+(?:at|on|in)\s+(?:[A-Z][\w'’-]+\s+){{1,3}}(?i:{_STREETS})\b"
)
"""A house number with a street, a flat with its number, the street in which somebody lives."""


def whereabouts(text: str) -> Iterator[str]:
    """Yield the kinds of place that the text could hold."""
    if POSTCODE.search(text):
        yield "postcode"
    if EMAIL.search(text):
        yield "email"
    if WEB.search(EMAIL.sub(" ", text)):
        yield "web"
    if HANDLE.search(NO_HANDLE.sub(" ", text)) or NAMED_ACCOUNT.search(text):
        yield "handle"
    if PLATE.search(text):
        yield "vehicle"
    if ADDRESS.search(text):
        yield "address"


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_UNITS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
_TEENS = "tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth"
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|(?:twenty|thirty)[ -](?:{_UNITS})|{_UNITS}|{_TEENS}|twentieth|thirtieth)"
_YEAR = r"(?:(?:19|20)\d\d|['’]\d\d|\d\d(?!\d)|two thousand\b[\w -]*|twenty[ -](?:\w+)|nineteen[ -]\w+)"
_GAP = r"[\s,.]*(?:of\s+)?(?:the\s+)?"

FIGURES = re.compile(
    r"(?<![\d/.-])(?:\d{1,2}\s?[/.–-]\s?\d{1,2}\s?[/.–-]\s?(?:\d{4}|\d{2})|(?:19|20)\d\d\s?[/.–-]\s?\d{1,2}\s?[/.–-]\s?\d{1,2}|"
    r"\d{1,2}\s\d{1,2}\s(?:19|20)\d\d)(?![\d/])"
)
"""12/03/2011, 12.3.11, 2011-03-12, 12 03 2011."""

WORDS = re.compile(
    rf"\b{_DAY}{_GAP}{_MONTH}\b[\s,.]*(?:in\s+)?{_YEAR}|\b{_MONTH}\b{_GAP}{_DAY}\b[\s,.]*(?:in\s+)?{_YEAR}",
    re.IGNORECASE,
)
"""12 March 2011, the twelfth of March two thousand and eleven, March 12th, 2011."""

BIRTH = re.compile(
    r"\b(?:d\.?\s?o\.?\s?b\b|date of birth|born|birthday|turns \d+|turned \d+)[^.;!?]{0,40}?"
    rf"(?:\b{_MONTH}\b|\b{_DAY}{_GAP}{_MONTH}\b|\d{{1,2}}[/.–-]\d{{1,2}}|\b(?:19|20)\d\d\b)",
    re.IGNORECASE,
)
"""A birthday, also one without its year."""


def dates(text: str) -> Iterator[str]:
    """Yield whether the text could hold a full date."""
    if FIGURES.search(text) or WORDS.search(text) or BIRTH.search(text):
        yield "date"


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
    """Return the text with a blank in the place of each of them."""
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
