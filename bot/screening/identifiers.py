"""Patterns of identifiers in a text: personal numbers, places, dates and accounts. The bot's own codes and references are accepted."""

import re
from collections.abc import Iterator

import phonenumbers
from stdnum.gb import nhs, upn

from bot.crypto.at_random import FIRST, SECOND
from bot.crypto.code_cipher import ALPHABET

TEN = re.compile(r"(?<!\d)\d(?:[ .–-]{0,3}\d){9}(?!\d)(?![ .–-]?\d)")
"""Ten digits with any spaces. They are reported as an NHS number even if their checksum is wrong."""

SCATTERED = re.compile(r"\d(?:[^\w\n]{0,3}_?\d){9,12}")
"""Ten to thirteen digits with any separators. They are only reported if ten of them in a row are a valid NHS number."""

PUPIL = re.compile(r"(?<![A-Za-z0-9])[A-Za-z](?:[ -]?\d){11}[ -]?[\dA-Za-z](?![A-Za-z0-9])")
"""A unique pupil number, permanent or temporary: a letter, eleven digits, and a digit or letter."""

INSURANCE = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{2}(?:[ -]?\d){6}[ -]?[A-D]?|[A-Za-z]{2}\d(?:[ -]?\d){5}[ -]?[A-Da-d]?)(?![A-Za-z0-9])"
)
"""A National Insurance number: two letters, six digits, and an optional letter."""

SPELT = re.compile(
    r"(?:\b(?:oh|zero|nought|one|two|three|four|five|six|seven|eight|nine|double|treble|triple|hundred|\d+)\b[\s,–-]*(?:and )?){7,}",
    re.IGNORECASE,
)
"""Seven or more digits in words, as when somebody reads out a number."""

DIALLED = re.compile(r"(?<!\d)(?:\+\d{1,3}|00\d{2}|0)(?:[ .()/–-]{0,3}\d){8,11}(?!\d)")
"""A telephone number: it begins with 0, 00 or +."""

LONG = re.compile(r"(?<!\d)\d{6,}(?!\d)")  # six or more digits without spaces, such as a file number

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
"""A user name such as @name, some_name or name99."""

NAMED_ACCOUNT = re.compile(
    r"\b(?:user ?name|gamer ?tag|handle|(?:snap(?:chat)?|insta(?:gram)?|tik ?tok|discord|xbox|psn|roblox|account)(?: name)?)"
    r"\s*(?:is|:|=|called|under)\s*[\"“'‘]?(?!(?:not|on|in|a|the|her|his|their|used|being|full|how|where|now|private|public|"
    r"blocked|deleted|unknown|another|one|still|open|locked|to)\b)\w+",
    re.IGNORECASE,
)
"""A user name after a word such as “username”."""

NO_HANDLE = re.compile(
    r"\b(?:covid|year|yr|key|stage|section|category|cat|grade|level|room|mp|ks|under|over|age|aged|at|since|from|until|by|for|"
    r"the|in)\d+\w{0,2}\b",
    re.IGNORECASE,
)
"""Words that are often followed by a number without a space, such as “year9”."""

PLATE = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{2}\d{2}[ -]?[A-Z]{3}|[a-z]{2}\d{2}[a-z]{3}|[A-Z]\d{2,3} ?[A-Z]{3}|"
    r"[A-Z]\d[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z])(?![A-Za-z0-9])"
)
"""A vehicle's number plate, of the current or an earlier kind."""

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
"""A house number and a street, a numbered flat, or the street in which somebody lives."""

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
"""A date in figures, such as 12/03/2011, 12.3.11, 2011-03-12 or 12 03 2011."""

WORDS = re.compile(
    rf"\b{_DAY}{_GAP}{_MONTH}\b[\s,.]*(?:in\s+)?{_YEAR}|\b{_MONTH}\b{_GAP}{_DAY}\b[\s,.]*(?:in\s+)?{_YEAR}",
    re.IGNORECASE,
)
"""A date in words, such as 12 March 2011, the twelfth of March two thousand and eleven, or March 12th, 2011."""

BIRTH = re.compile(
    r"\b(?:d\.?\s?o\.?\s?b\b|date of birth|born|birthday|turns \d+|turned \d+)[^.;!?]{0,40}?"
    rf"(?:\b{_MONTH}\b|\b{_DAY}{_GAP}{_MONTH}\b|\d{{1,2}}[/.–-]\d{{1,2}}|\b(?:19|20)\d\d\b)",
    re.IGNORECASE,
)
"""A date of birth after a word such as “born”, even if it has no year."""


def identifiers(text: str) -> Iterator[str]:
    """Yield the kinds of identifier that the text may contain. A long number is only a “number” if it is not of a more specific kind."""
    scattered = ("".join(filter(str.isdigit, match[0])) for match in SCATTERED.finditer(text))
    pupils = ("".join(filter(str.isalnum, match[0])).upper() for match in PUPIL.finditer(text))
    numbers = {
        "nhs": TEN.search(text)
        or any(nhs.is_valid(digits[at : at + 10]) for digits in scattered for at in range(len(digits) - 9)),
        # The first letter is a check letter, which is never I, O or S; a mistyped one still looks like a pupil number.
        "upn": any(upn.is_valid(number) or number[0] not in "IOS" for number in pupils),
        "ni": INSURANCE.search(text),
        "phone": DIALLED.search(text) or any(phonenumbers.PhoneNumberMatcher(text, "GB")),
    }
    kinds = numbers | {
        "number": not any(numbers.values()) and (LONG.search(text) or SPELT.search(text)),
        "date": FIGURES.search(text) or WORDS.search(text) or BIRTH.search(text),
        "postcode": POSTCODE.search(text),
        "email": EMAIL.search(text),
        "web": WEB.search(EMAIL.sub(" ", text)),
        "handle": HANDLE.search(NO_HANDLE.sub(" ", text)) or NAMED_ACCOUNT.search(text),
        "vehicle": PLATE.search(text),
        "address": ADDRESS.search(text),
    }
    yield from (kind for kind, match in kinds.items() if match)


REFERENCE = re.compile(rf"\b(?:{'|'.join(FIRST)})[ -](?:{'|'.join(SECOND)})(?:[ -]\d\d)?\b", re.IGNORECASE)
"""A reference such as BRISK OTTER 41."""

CODE = re.compile(
    "|".join(rf"\b(?:[{ALPHABET}]{{{size}}}[-–]){{3,}}[{ALPHABET}]{{1,{size}}}\b" for size in (7, 6, 5)), re.IGNORECASE
)
"""A review code of any format."""

LETTERS_OF_A_CODE = 4  # the minimum number of letters in a review code; only one code in many millions has fewer
PUBLIC = frozenset({"116000", "116111", "08001111"})  # helplines for missing people and for children
NUMBER = re.compile(r"(?<!\w)\+?\d(?:[\s()./–-]{0,3}\d)*(?!\w)")  # a whole number with any spaces


def without_own(text: str, numbers: frozenset[str]) -> str:
    """Return the text with “…” in place of references, review codes, public helplines and these telephone numbers."""

    def code(match: re.Match[str]) -> str:
        return " … " if sum(char.isalpha() for char in match[0]) >= LETTERS_OF_A_CODE else match[0]

    def number(match: re.Match[str]) -> str:
        digits = "".join(filter(str.isdigit, match[0]))
        national = f"0{digits[2:]}" if match[0].startswith("+44") else digits
        return " … " if national in PUBLIC | numbers else match[0]

    return NUMBER.sub(number, CODE.sub(code, REFERENCE.sub(" … ", text)))
