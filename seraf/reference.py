"""The reference parts of a pack: glossary, guide, headings of the case record, and phrases that blame a child."""

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Term:
    """A word or acronym in the glossary, with other names for it (`also`) and its explanation (`text`)."""

    id: str
    term: str
    also: tuple[str, ...]
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """The terms of a pack, in alphabetical order."""

    terms: tuple[Term, ...]

    def __getitem__(self, term_id: str) -> Term:
        for term in self.terms:
            if term.id == term_id:
                return term
        raise KeyError(term_id)


def fold(words: str) -> str:
    """Return the text in lower case without apostrophes. Other punctuation and spaces in a row become one space."""
    return " ".join(
        "".join(char if char.isalnum() else " " for char in words.replace("’", "").replace("'", "")).split()
    ).lower()


QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
"""Matches a quotation in curly or straight double quotes."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the case record: its title, button label (`short`), what to write under it (`ask`), and source."""

    id: str
    title: str
    short: str
    ask: str
    source: str


@dataclass(frozen=True, slots=True)
class Blaming:
    """A group of phrases that blame a child, why they do so, and what to write instead.

    In `phrases`, a word that ends in * matches every word that begins with it.
    """

    id: str
    phrases: tuple[str, ...]
    why: str
    instead: str
    source: str
    _patterns: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # `fold` drops the star with every other sign, so it is looked for in the word as the pack writes it.
        patterns = [
            " ".join(re.escape(fold(word)) + (r"\w*" if word.endswith("*") else "") for word in phrase.split())
            for phrase in self.phrases
        ]
        object.__setattr__(self, "_patterns", tuple(re.compile(f" {pattern}(?= )") for pattern in patterns))

    def in_words(self, text: str) -> str:
        """Return the first of the phrases that occurs in a text, in folded form; an empty string if none occurs."""
        return self.in_folded(f" {fold(text)} ")

    def in_folded(self, words: str) -> str:
        """Return the first phrase in a folded text with a space at each end; an empty string if none occurs."""
        matches = (pattern.search(words) for pattern in self._patterns)
        return next((match.group().strip() for match in matches if match), "")


@dataclass(frozen=True, slots=True)
class Recording:
    """The headings of the case record, in order, and the language mirror: the phrases that blame a child."""

    headings: tuple[Heading, ...]
    mirror: tuple[Blaming, ...] = ()

    def heading(self, heading_id: str) -> Heading | None:
        """Return the heading with this id, or None."""
        return next((heading for heading in self.headings if heading.id == heading_id), None)

    def blaming(self, blaming_id: str) -> Blaming | None:
        """Return the group of blaming phrases with this id, or None."""
        return next((entry for entry in self.mirror if entry.id == blaming_id), None)

    def mirrored(self, text: str) -> tuple[tuple[str, Blaming], ...]:
        """Return each blaming phrase that a text contains outside quotations, with its group; one for each group."""
        # The sign “…” replaces each quotation, so that no phrase is found across one.
        ours = f" {' … '.join(map(fold, QUOTED.split(text)))} "
        return tuple((words, row) for row in self.mirror if (words := row.in_folded(ours)))


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the guide: its title, button label (`short`), text, and the headings of the guidance that it draws on.

    `words` are further search terms. `roles` are the professions for which it is written; empty means all.
    """

    id: str
    title: str
    short: str
    text: str
    sources: tuple[str, ...]
    words: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the guide with its topics, in file order."""

    id: str
    title: str
    topics: tuple[Topic, ...]

    def for_role(self, role: str | None) -> tuple[Topic, ...]:
        """Return the topics of the chapter. Those written for this profession come first."""
        return tuple(sorted(self.topics, key=lambda topic: role not in topic.roles))


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide of a pack: its chapters, in file order."""

    chapters: tuple[Chapter, ...]

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of all chapters, in file order."""
        return tuple(topic for chapter in self.chapters for topic in chapter.topics)

    def chapter(self, chapter_id: str) -> Chapter | None:
        """Return the chapter with this id, or None."""
        return next((chapter for chapter in self.chapters if chapter.id == chapter_id), None)

    def chapter_of(self, topic_id: str) -> Chapter | None:
        """Return the chapter that contains the topic with this id, or None."""
        return next(
            (chapter for chapter in self.chapters if any(topic.id == topic_id for topic in chapter.topics)), None
        )

    def topic(self, topic_id: str) -> Topic | None:
        """Return the topic with this id, or None."""
        return next((topic for topic in self.topics if topic.id == topic_id), None)
