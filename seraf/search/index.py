"""What can be found in a pack, and the index of its words. It is built once, and holds no word that anybody typed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, partial
from math import log

from seraf.pack import Pack
from seraf.search.words import phrase_stems, stem_of


class FindableKind(StrEnum):
    """What an entry is: an item of the form, a card of the guide, a word of the glossary, a contact or a command."""

    ITEM = "item"
    TOPIC = "topic"
    TERM = "term"
    CONTACT = "contact"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Findable:
    """Something that can be found: its kind, id and title, and the phrases and texts by which it is found."""

    kind: FindableKind
    id: str
    title: str
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The kind and the id, such as `item:S2`."""
        return f"{self.kind}:{self.id}"


class FoundIn(StrEnum):
    """Where a word of a question stands in an entry. Earlier ones weigh more."""

    NAME = "name"
    WORDS = "words"
    TEXT = "text"


SOURCES = tuple(FoundIn)

MIN_SPELLING = 4
"""The minimum number of letters of a stem that a misspelt word may be taken for."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of an entry, given by its position: its stems, and True if it is a name."""

    entry: int
    stems: tuple[str, ...]
    is_name: bool


Place = tuple[int, FoundIn]
"""The position of an entry, and where a word stands in it."""


@dataclass(frozen=True, slots=True)
class Index:
    """The entries of a pack, and where each stem stands in them."""

    entries: tuple[Findable, ...]
    phrases: Mapping[str, tuple[Phrase, ...]] = field(repr=False)
    """The phrases, each at the rarest of its stems."""
    places: Mapping[str, tuple[Place, ...]] = field(repr=False)
    """For a stem, the entries that have it, each with the best source."""
    rarity: Mapping[str, float] = field(repr=False)
    """How much a stem weighs: more, the fewer entries have it among their names and words."""
    spellings: Mapping[str, tuple[str, ...]] = field(repr=False)
    """The stems that a misspelt word may be taken for, by first letter."""


MOST_RARE, COMMONEST, BY_RARITY = 1.6, 0.45, 0.30
"""The maximum rarity, the rarity of a stem that every entry has, and how fast it grows."""

PIECE = re.compile(r"[(),]| or ")
"""Matches what separates the names within the label of an item."""


def findables_of(pack: Pack) -> Iterator[Findable]:
    """Yield everything that can be found in a pack, in the order in which equals are shown."""

    def entry(
        kind: FindableKind, name: str, called: Iterable[str], *, texts: Iterable[str] = (), words: Iterable[str] = ()
    ) -> Findable:
        title, *_ = names = tuple(called)
        words = (*words, *pack.search.words.get(f"{kind}:{name}", ()))
        return Findable(kind, name, title, names, words, tuple(texts))

    for item in pack.instrument.items:
        pieces = (piece.strip() for piece in PIECE.split(item.label) if piece.strip())
        texts = (item.consider, item.explanation, *item.counts)  # what does not count would find the wrong item
        yield entry(FindableKind.ITEM, item.id, dict.fromkeys((item.short, item.label, *pieces)), texts=texts)
    for topic in pack.guide.topics:
        names = dict.fromkeys((topic.short, topic.title))
        yield entry(FindableKind.TOPIC, topic.id, names, texts=(topic.text,), words=topic.words)
    for term in pack.glossary.terms:
        yield entry(FindableKind.TERM, term.id, dict.fromkeys((term.term, *term.also)), texts=(term.text,))
    for contact in pack.contacts.all:
        yield entry(FindableKind.CONTACT, contact.id, (contact.name,), texts=(contact.when, contact.note))
    for command in pack.search.commands:
        yield entry(FindableKind.COMMAND, command, (command,))


def index_of(pack: Pack) -> Index:
    """Return the index of a pack."""
    entries = tuple(findables_of(pack))
    # Of the pack's words alone, and only while they are indexed. Equal values are one, since there are thousands of them.
    same_word = cache(str)
    known_stem = cache(lambda word: same_word(stem_of(word)))
    stems_of = cache(partial(phrase_stems, stem=known_stem))
    same_stems, same_place = cache(lambda *stems: stems), cache(lambda *place: place)
    phrases, places = list[Phrase](), dict[str, dict[int, FoundIn]]()
    for at, entry in enumerate(entries):
        named = dict.fromkeys(map(stems_of, entry.names))
        listed = dict.fromkeys(map(stems_of, entry.words))
        phrases.extend(Phrase(at, same_stems(*stems), stems in named) for stems in named | listed)
        for source, texts in zip(SOURCES, (entry.names, entry.words, entry.texts), strict=True):
            for text in texts:
                for stem in stems_of(text):
                    places.setdefault(stem, {}).setdefault(at, source)
    listed_in = {
        stem: sum(source is not FoundIn.TEXT for source in found.values()) or 1 for stem, found in places.items()
    }
    rarity_of = cache(lambda count: min(MOST_RARE, COMMONEST + BY_RARITY * log(len(entries) / count)))
    rarity = {stem: rarity_of(count) for stem, count in listed_in.items()}
    at_rarest = dict[str, list[Phrase]]()
    for phrase in phrases:
        at_rarest.setdefault(max(phrase.stems, key=lambda stem: (rarity[stem], stem)), []).append(phrase)
    spellings = dict[str, list[str]]()
    for stem in sorted(places):
        if len(stem) >= MIN_SPELLING and stem.isalpha():
            spellings.setdefault(stem[0], []).append(stem)
    return Index(
        entries,
        {stem: tuple(found) for stem, found in at_rarest.items()},
        {stem: tuple(same_place(*place) for place in found.items()) for stem, found in places.items()},
        rarity,
        {letter: tuple(stems) for letter, stems in spellings.items()},
    )
