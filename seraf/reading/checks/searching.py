"""Checks of the words by which people find things: each phrase by itself when a pack is read, and by a search when its author asks."""

from collections.abc import Iterator
from functools import cache

from seraf.pack import Pack
from seraf.reference import fold
from seraf.search.english import BLAMING
from seraf.search.index import FindableKind, findables_of, index_of
from seraf.search.ranking import search
from seraf.search.words import COMMON_STEMS, phrase_stems, stem_of

MAX_PHRASE_WORDS = 8

MAX_SAME = 2
"""The maximum number of entries of one kind that have the same phrase: with more, it says too little about each."""

AMONG = 3
"""What fits a question of the pack's own list must be among this many first ones."""

Fault = tuple[str, str]
"""The path of a fault, and what is wrong there."""


def word_faults(pack: Pack) -> Iterator[Fault]:
    """Yield the faults of the phrases by which things are found, as far as they show without a search."""
    known_stem = cache(stem_of)  # of the pack's words alone, and only while they are checked
    stems_of = cache(lambda phrase: frozenset(phrase_stems(phrase, known_stem)))
    entries = {entry.key: entry for entry in findables_of(pack)}
    same = dict[tuple[FindableKind, frozenset[str]], set[str]]()
    for entry in entries.values():
        for phrase in (*entry.names, *entry.words):
            same.setdefault((entry.kind, stems_of(phrase)), set()).add(entry.id)
    for key, phrases in pack.search.words.items():
        if key not in entries:
            yield _path(key).rpartition(".")[0], f"{key.partition(':')[2]!r} is nothing of this pack"
            continue
        entry = entries[key]
        seen = set(map(stems_of, entry.words[: len(entry.words) - len(phrases)]))  # a topic has words of its own
        for phrase in phrases:
            stems = stems_of(phrase)
            others = sorted(same[entry.kind, stems])
            blaming = [word for word in fold(phrase).split() if word in BLAMING]
            if len(phrase.split()) > MAX_PHRASE_WORDS:
                yield _path(key), f"{phrase!r} has over {MAX_PHRASE_WORDS} words; nobody types so many"
            elif len(stems) == 1 and stems <= COMMON_STEMS:
                yield _path(key), f"{phrase!r} says nothing alone; write another word with it"
            elif stems in seen:
                yield _path(key), f"{phrase!r} says the same as another phrase of it; one is enough"
            elif len(others) > MAX_SAME:
                yield _path(key), f"{phrase!r} finds {', '.join(others)} alike; leave it at {MAX_SAME} of them"
            elif blaming and not pack.recording.mirrored(phrase):
                mirror = "write it into [[mirror]] of recording.toml first, which then explains it"
                yield _path(key), f"{phrase!r} has {blaming[0]!r}, which blames a child; {mirror}"
            seen.add(stems)


def search_faults(pack: Pack) -> Iterator[Fault]:
    """Yield a fault for each phrase that does not find its own entry, and for each question of the pack that finds the wrong ones."""
    index = index_of(pack)
    keys, stem = {entry.key for entry in index.entries}, cache(stem_of)
    for key, phrases in pack.search.words.items():
        for phrase in phrases:
            found = [entry.entry.key for entry in search(index, phrase, stem=stem).found]
            if key not in found:
                yield _path(key), f"{phrase!r} finds {', '.join(found) or 'nothing'}, which hides this"
    for ask in pack.search.asks:
        found = [entry.entry.key for entry in search(index, ask.question, stem=stem).found][:AMONG]
        if unknown := [key for key in ask.fits if key not in keys]:
            yield "search.toml.asks", f"{ask.question!r} names {', '.join(unknown)}, which this pack has not"
        elif not set(ask.fits).intersection(found):
            yield (
                "search.toml.asks",
                f"{ask.question!r} finds {', '.join(found) or 'nothing'} first, and none of {', '.join(ask.fits)}",
            )


def _path(key: str) -> str:
    kind, _, name = key.partition(":")
    return f"search.toml.{kind}s.{name}"
