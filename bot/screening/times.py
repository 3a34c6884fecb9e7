"""Full dates, in figures and in words, and whatever is said to be a birthday."""

import re
from collections.abc import Iterator

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
    """Whether the text could hold a full date."""
    if FIGURES.search(text) or WORDS.search(text) or BIRTH.search(text):
        yield "date"
