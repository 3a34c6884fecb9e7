"""What the guidance wants recorded apart from the ticks, and words about a child that are better said otherwise."""

import re
from dataclasses import dataclass, field

from seraf.reference.glossary import fold

QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
"""Somebody's own words within a text."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Something to be recorded in words: its title, a short one for a button, what it asks, and what it rests on."""

    id: str
    title: str
    short: str
    ask: str
    source: str


@dataclass(frozen=True, slots=True)
class Blaming:
    """Words that lay harm at a child's door, why they do, and what to say instead.

    `phrases` are as a pack writes them; in them a word that ends in * stands for every word that begins so.
    """

    id: str
    phrases: tuple[str, ...]
    why: str
    instead: str
    source: str
    _patterns: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_patterns", tuple(re.compile(pattern_of(phrase)) for phrase in self.phrases))

    def in_words(self, text: str) -> str:
        """The first of the phrases that is in a text, as it stands there (in lower case); empty where none is."""
        return self.in_folded(f" {fold(text)} ")

    def in_folded(self, words: str) -> str:
        """The same of a text that is folded, with a space before and after it."""
        found = (pattern.search(words) for pattern in self._patterns)
        return next((each.group().strip() for each in found if each), "")


@dataclass(frozen=True, slots=True)
class Recording:
    """All headings, in the order of the case record, and the words of the language mirror."""

    headings: tuple[Heading, ...]
    mirror: tuple[Blaming, ...] = ()

    def heading(self, heading_id: str) -> Heading | None:
        """The heading of this id, if there is one."""
        return next((each for each in self.headings if each.id == heading_id), None)

    def blaming(self, blaming_id: str) -> Blaming | None:
        """The entry of the mirror of this id, if there is one."""
        return next((each for each in self.mirror if each.id == blaming_id), None)

    def mirrored(self, text: str) -> tuple[tuple[str, Blaming], ...]:
        """Each phrase of the mirror that is in a text, as it stands there, with what the mirror says of it.

        What stands between double quotation marks is somebody's own words, and is left to them.
        """
        # The sign stays between what was folded on either side, so that no phrase is found across a quotation.
        ours = f" {' … '.join(map(fold, QUOTED.split(text)))} "
        return tuple((words, each) for each in self.mirror if (words := each.in_folded(ours)))


def pattern_of(phrase: str) -> str:
    """The pattern that finds a phrase of whole words among folded ones."""
    # `fold` drops the star with all that is no letter or figure, so it is looked for in the word as the pack writes it.
    words = [re.escape(fold(word)) + (r"\w*" if word.endswith("*") else "") for word in phrase.split()]
    return f" {' '.join(words)}(?= )"
