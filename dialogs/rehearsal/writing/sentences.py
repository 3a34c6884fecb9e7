"""The sentences of a story by number, so that an answer can cite one without anybody copying it; and lists of numbers, read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

SENTENCE = re.compile(r"\S.*?(?:[.!?]+[”’\"')\]]*(?=\s|$)|$)", re.DOTALL)
"""One sentence, with the quotation mark that closes after it."""

SPAN = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")
"""A number, or from one to another."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: the part it stands in (counted from 0), and from where to where in the part's text."""

    part: int
    begins: int
    ends: int


def sentences_of(texts: Sequence[str]) -> tuple[Sentence, ...]:
    """Every sentence of the parts, in order."""
    return tuple(
        Sentence(part, found.start(), found.end())
        for part, text in enumerate(texts)
        for found in SENTENCE.finditer(text)
    )


def numbered(texts: Sequence[str]) -> tuple[str, ...]:
    """The sentences, each with its number in front, counted from 1 over all parts."""
    return tuple(
        f"{number}. {texts[each.part][each.begins : each.ends]}" for number, each in enumerate(sentences_of(texts), 1)
    )


def numbers_in(text: str) -> tuple[int, ...] | None:
    """The numbers in a list such as `5-8, 13`, in order; None where it is no such list."""
    found: list[int] = []
    for piece in re.split(r"[,;]|(?<=\d)\s+(?=\d)", text):
        span = SPAN.fullmatch(piece.strip())
        if span is None:
            return None
        first, last = int(span[1]), int(span[2] or span[1])
        # A slip such as 1-99999999 is not counted out; it has a number that is too high all the same,
        # and is said to be wrong.
        found += range(first, min(last, first + 99) + 1)
    return tuple(found)


def cited_by(text: str, texts: Sequence[str]) -> str | None:
    """The words that a number cites, or several in a row of one part; None where there are no such sentences."""
    numbers, every = numbers_in(text), sentences_of(texts)
    if not numbers or list(numbers) != list(range(numbers[0], numbers[-1] + 1)) or not numbers[0] >= 1:
        return None
    if numbers[-1] > len(every):
        return None
    first, last = every[numbers[0] - 1], every[numbers[-1] - 1]
    return _closed(texts[first.part][first.begins : last.ends]) if first.part == last.part else None


def _closed(text: str) -> str:
    """The text without a quotation mark at its edge whose other half lies outside."""
    extra = text.count("“") - text.count("”")
    if extra > 0 and text.startswith("“"):
        return text[1:]
    return text[:-1] if extra < 0 and text.endswith("”") else text
