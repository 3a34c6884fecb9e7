"""What a pack explains: its glossary, what it wants recorded and in which words, and its guide."""

import re
from dataclasses import dataclass, field
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Term:
    """One word or acronym, its other spellings, and its meaning in our words."""

    id: str
    term: str
    also: tuple[str, ...]
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """All terms, in alphabetical order."""

    terms: tuple[Term, ...]
    _named: tuple[tuple[Term, tuple[str, ...]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = ((term, (term.term, *term.also, term.id)) for term in self.terms)
        object.__setattr__(self, "_named", tuple((term, tuple(map(fold, names))) for term, names in named))

    def __getitem__(self, term_id: str) -> Term:
        for term in self.terms:
            if term.id == term_id:
                return term
        raise KeyError(term_id)

    def look_up(self, words: str) -> tuple[Term, ...]:
        """The term that is called just this, in any case; else every term that the words begin, or are within; else none."""
        wanted = fold(words)
        if not wanted:
            return ()
        exact = tuple(term for term, names in self._named if wanted in names)
        begun = tuple(term for term, names in self._named if any(name.startswith(wanted) for name in names))
        within = tuple(term for term, names in self._named if any(f" {wanted} " in f" {name} " for name in names))
        return exact[:1] or begun or within


def fold(words: str) -> str:
    """The words in lower case with dashes, slashes and runs of spaces made one space."""
    return " ".join(
        "".join(char if char.isalnum() else " " for char in words.replace("’", "").replace("'", "")).split()
    ).lower()


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


ENDINGS = ("ings", "ing", "ied", "ies", "ed", "es", "y", "e", "s")
"""What is taken off the end of a word, so that “sharing” finds “share” and “families” finds “family”."""

STEM = 3
"""The fewest letters that a word keeps, and the fewest with which a word is begun rather than named."""

FILLERS = frozenset(
    fold(
        "a about an and any are at be can did do does for from get had has have he her him his how i if in is it its me "
        "my of on or our she should someone that the their them there they this to was we what when where which who why "
        "will with you your"
    ).split()
)
"""Words that say nothing of what somebody looks for."""

MOST_TOPICS = 1_000
"""Cards whose words are kept folded. What was typed to find one is not kept."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One card: its title, a label for its button, its text in our words, and the headings that it rests on.

    `words` are other words by which it is found; `roles` are the professions for which it is written, none for all.
    """

    id: str
    title: str
    short: str
    text: str
    sources: tuple[str, ...]
    words: tuple[str, ...]
    roles: tuple[str, ...]
    called: tuple[str, ...] = field(init=False, repr=False, compare=False)
    other_names: tuple[str, ...] = field(init=False, repr=False, compare=False)
    named: frozenset[str] = field(init=False, repr=False, compare=False)
    """What it is called, folded, how else it is found, and every word of these."""

    def __post_init__(self) -> None:
        called, other_names = self.names(), tuple(map(fold, self.words))
        object.__setattr__(self, "called", called)
        object.__setattr__(self, "other_names", other_names)
        object.__setattr__(self, "named", frozenset(" ".join((*called, *other_names)).split()))

    def names(self) -> tuple[str, ...]:
        """What it is called, folded."""
        return tuple(fold(name) for name in (self.title, self.short, self.id))


@dataclass(frozen=True, slots=True)
class Chapter:
    """Cards that belong together, in the order of the file."""

    id: str
    title: str
    topics: tuple[Topic, ...]

    def for_role(self, role: str | None) -> tuple[Topic, ...]:
        """Its cards, with those that are written for this profession first."""
        return tuple(sorted(self.topics, key=lambda topic: role not in topic.roles))


@dataclass(frozen=True, slots=True)
class Guide:
    """All chapters, in the order of the file."""

    chapters: tuple[Chapter, ...]

    @property
    def topics(self) -> tuple[Topic, ...]:
        """Every card of every chapter, in order."""
        return tuple(topic for chapter in self.chapters for topic in chapter.topics)

    def chapter(self, chapter_id: str) -> Chapter | None:
        """The chapter of that id, if there is one."""
        return next((chapter for chapter in self.chapters if chapter.id == chapter_id), None)

    def chapter_of(self, topic_id: str) -> Chapter | None:
        """The chapter that has the card of that id, if there is one."""
        return next((each for each in self.chapters if any(topic.id == topic_id for topic in each.topics)), None)

    def topic(self, topic_id: str) -> Topic | None:
        """The card of that id, if there is one."""
        return next((topic for topic in self.topics if topic.id == topic_id), None)

    def look_up(self, words: str) -> tuple[Topic, ...]:
        """The card that is called just this; else the cards that have it among their words; else those that fit best.

        These are the ones whose title and words have every word that was typed, as it is or as a beginning; else those
        whose text has; else those that have most of them.
        """
        folded, wanted = fold(words), _stems(words)
        if not folded:
            return ()
        called = tuple(topic for topic in self.topics if folded in topic.called)
        return (
            called[:1]
            or tuple(topic for topic in self.topics if folded in topic.other_names)
            or (
                tuple(topic for topic in self.topics if _has_all(wanted, topic.named))
                or tuple(topic for topic in self.topics if _has_all(wanted, topic.named, _words(topic.text)))
                or self._most(wanted)
            )
        )

    def _most(self, wanted: tuple[str, ...]) -> tuple[Topic, ...]:
        """The cards whose title and words have most of what is wanted, and at least one of it."""
        counted = [(sum(_has(each, topic.named) for each in wanted), topic) for topic in self.topics]
        most = max((count for count, _ in counted), default=0)
        return tuple(topic for count, topic in counted if count == most) if most else ()


def _has_all(wanted: tuple[str, ...], *tokens: frozenset[str]) -> bool:
    return bool(wanted) and all(any(_has(each, some) for some in tokens) for each in wanted)


def _has(wanted: str, tokens: frozenset[str]) -> bool:
    return wanted in (tokens if len(wanted) < STEM else _beginnings(tokens))


@lru_cache(maxsize=MOST_TOPICS)
def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


@lru_cache(maxsize=2 * MOST_TOPICS)
def _beginnings(tokens: frozenset[str]) -> frozenset[str]:
    """Each word with all its beginnings, so that a turn asks once where it would try every word."""
    return frozenset(token[:length] for token in tokens for length in range(STEM, len(token) + 1))


def _stems(words: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in fold(words).split() if word not in FILLERS)


def _stem(word: str) -> str:
    # The first that fits is taken, so that the longer of two stands before the shorter: “ings” before “ing” before “s”.
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STEM:
            return word.removesuffix(ending)
    return word
