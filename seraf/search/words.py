"""The words of a question or of a pack's phrase: folded, stemmed, and placed in their clause.

Nothing here is cached by a typed word: a cache would keep it.
"""

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from snowballstemmer.english_stemmer import EnglishStemmer

from seraf.reference import fold
from seraf.search.english import (
    ALIKE,
    ALWAYS_DROPPED,
    BESIDE,
    BRITISH,
    COMMON,
    ENDS_REFUSAL,
    REFUSING,
    SAYS_UNABLE,
    WEAK,
)

NO = "no"
"""The stem of every word that says no."""

TAKEN_AWAY = 4
"""The maximum number of words that a “no” takes away."""

SECTION = re.compile(r"\bs(?:ec|ect|ection)?\.? ?(\d\d)\b")
"""Matches a section of an Act, such as “s.47”."""

PART = re.compile(r"[,;:()?!…\n]|\.(?!\d)|\b(?:but|although|though|because|except|cause|cos)\b|[–—]| [-/] ")
"""Matches what ends a part of a question. No phrase goes across it."""

CLAUSE = re.compile(r"\b(?:and|then|plus|or)\b|[+/&]")
"""Matches what ends a clause within a part. No “no” goes across it."""

MIN_HALF, MAX_WHOLE = 3, 30
"""The minimum number of letters of each half of a word that is looked up as two, and the maximum of the whole."""

CALLED = 3
"""The number of digits of a number that is called, such as 101. Any other number says nothing alone."""

_stemmer = EnglishStemmer()  # not by `snowballstemmer.stemmer`, whose other implementation would cache words


def _plain_stem(word: str) -> str:
    for pattern, form in BRITISH:
        word = pattern.sub(form, word)
    stem = str(_stemmer.stemWord(word))
    _stemmer.set_current("")  # it would keep the last word
    return stem


_ALIKE = {_plain_stem(other): _plain_stem(word) for word, others in ALIKE.items() for other in others.split()}


def stem_of(word: str) -> str:
    """Return the stem of a folded word. Words with one meaning have the same stem."""
    if word in REFUSING:
        return NO
    plain = _plain_stem(word)
    return _ALIKE.get(plain, plain)


COMMON_STEMS = frozenset(map(_plain_stem, COMMON - REFUSING))
BESIDE_STEMS = frozenset(map(stem_of, BESIDE))
WEAK_STEMS = frozenset(map(stem_of, WEAK)) - COMMON_STEMS


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question: its stem, the numbers of its place, clause and part, and what the search may do with it.

    A denied word stands after a “no”. A corrected one was misspelt.
    """

    stem: str = field(repr=False)
    at: int
    clause: int
    part: int
    is_denied: bool = False
    is_corrected: bool = False

    @property
    def is_common(self) -> bool:
        """True if the word says nothing alone."""
        return self.stem in COMMON_STEMS or self.stem == NO or (self.stem.isdigit() and len(self.stem) != CALLED)


def phrase_stems(phrase: str, stem: Callable[[str], str] = stem_of) -> tuple[str, ...]:
    """Return the different stems of a phrase of a pack, in its order, without the words that never count."""
    words = fold(SECTION.sub(r"s\1", phrase.lower())).split()
    counted = [word for word in words if word not in ALWAYS_DROPPED] or words
    return tuple(dict.fromkeys(map(stem, counted)))


def words_in(question: str, known: Container[str], *, stem: Callable[[str], str] | None = None) -> tuple[Word, ...]:
    """Return the words of a question that count. `known` are the stems of the pack.

    Two words that the pack has as one follow as one as well, and one that it has as two as two. `stem` may be a
    cached `stem_of`, for questions that nobody typed.
    """
    stem = stem or cache(stem_of)  # which ends with the question
    words, at, clause = list[Word](), 0, 0
    for part, text in enumerate(PART.split(SECTION.sub(r"s\1", question.lower().replace("’", "'")))):
        for piece in CLAUSE.split(text):
            clause += 1
            left = 0
            written = fold(piece).split()
            for place, word in enumerate(written):
                at += 1
                if word in REFUSING:
                    left = left if word in SAYS_UNABLE else TAKEN_AWAY + 1
                elif word in ENDS_REFUSAL:
                    left = 0
                if word in ALWAYS_DROPPED:
                    at -= 1
                    continue
                here = Word(stem(word), at, clause, part, is_denied=0 < left <= TAKEN_AWAY)
                words.append(here)
                if left and not (here.is_common and left <= TAKEN_AWAY):
                    left -= 1
                words.extend(replace(here, stem=other) for other in _otherwise(written, place, known, stem=stem))
    return tuple(words)


def _otherwise(written: list[str], place: int, known: Container[str], *, stem: Callable[[str], str]) -> Iterator[str]:
    """Yield the stems of a word together with the one after it, and of its halves, as far as the pack has them."""
    word = written[place]
    if place + 1 < len(written):
        joined = stem(word + written[place + 1])
        if joined in known and (stem(word) in COMMON_STEMS or stem(written[place + 1]) not in known):
            yield joined
    if len(word) <= MAX_WHOLE and stem(word) not in known:
        for size in range(MIN_HALF, len(word) - MIN_HALF + 1):
            first = stem(word[:size])
            if first in known and (second := stem(word[size:])) in known:
                yield from (first, second)
                return
