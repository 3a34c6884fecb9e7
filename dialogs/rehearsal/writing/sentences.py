"""The numbered sentences of a story, which answers cite without copying; and lists of numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

SENTENCE = re.compile(r"\S.*?(?:[.!?]+[”’\"')\]]*(?=\s|$)|$)", re.DOTALL)
"""One sentence, with its closing quotation mark."""

SPAN = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")
"""A number, or a range of numbers."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: the index of its part, and its slice of the part's text."""

    part: int
    begins: int
    ends: int


def sentences_of(texts: Sequence[str]) -> tuple[Sentence, ...]:
    """Return every sentence of the parts, in order."""
    return tuple(
        Sentence(part, found.start(), found.end())
        for part, text in enumerate(texts)
        for found in SENTENCE.finditer(text)
    )


def numbered(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the sentences with their numbers, counted from 1 over all parts."""
    return tuple(
        f"{number}. {texts[each.part][each.begins : each.ends]}" for number, each in enumerate(sentences_of(texts), 1)
    )


def numbers_in(text: str) -> tuple[int, ...] | None:
    """Return the numbers in a list such as `5-8, 13`, in order; None if the text is no such list."""
    found: list[int] = []
    for piece in re.split(r"[,;]|(?<=\d)\s+(?=\d)", text):
        span = SPAN.fullmatch(piece.strip())
        if span is None:
            return None
        first, last = int(span[1]), int(span[2] or span[1])
        # A slip such as 1-99999999 is cut short: it still has a number that is too high, and is refused.
        found += range(first, min(last, first + 99) + 1)
    return tuple(found)


def cited_by(text: str, texts: Sequence[str]) -> str | None:
    """Return the text of one sentence, or of several consecutive ones of one part; None if the numbers are invalid."""
    numbers, sentences = numbers_in(text), sentences_of(texts)
    if not numbers or list(numbers) != list(range(numbers[0], numbers[-1] + 1)) or not numbers[0] >= 1:
        return None
    if numbers[-1] > len(sentences):
        return None
    first, last = sentences[numbers[0] - 1], sentences[numbers[-1] - 1]
    if first.part != last.part:
        return None
    cited = texts[first.part][first.begins : last.ends]
    # A quotation mark at the edge whose other half lies outside is dropped.
    extra = cited.count("“") - cited.count("”")
    if extra > 0 and cited.startswith("“"):
        return cited[1:]
    return cited[:-1] if extra < 0 and cited.endswith("”") else cited
