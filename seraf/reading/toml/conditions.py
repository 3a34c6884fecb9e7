"""Reading the `if` and `when` tables of a pack, whose words are a closed vocabulary."""

from collections.abc import Mapping, Sequence
from itertools import chain, combinations

from seraf.form.circumstances import ALWAYS, Condition
from seraf.form.vocabulary import ANSWERS, CATEGORIES, EARLIER_CATEGORY, FACT_WORDS, LASTING, NOT_KNOWN, STILL_COUNTS
from seraf.reading.toml.groups import NO_GROUPS, Groups
from seraf.reading.toml.tables import TomlTable

Words = Mapping[str, Sequence[str] | Mapping[str, tuple[str, ...]]]
"""Each key that a condition may have, with the words that it may list; where some are groups, each with what it stands for."""


def words_for(
    sections: Sequence[str], items: Sequence[str], *, questions: Sequence[str], groups: Groups = NO_GROUPS
) -> Words:
    """The vocabulary of conditions for an instrument of these ids; a key without words (nothing was read) takes any."""
    named = (*sections, *items)
    mixes = ["+".join(some) for size in range(1, len(sections) + 1) for some in combinations(sections, size)]
    own = dict.fromkeys(questions, ANSWERS)
    return {
        **FACT_WORDS,
        **{key: {**{word: (word,) for word in FACT_WORDS[key]}, **named} for key, named in groups.items() if named},
        **own,
        "present": named,
        "current": named,
        "earlier": named,
        "not_known": named,
        EARLIER_CATEGORY: (*CATEGORIES, NOT_KNOWN),
        STILL_COUNTS: (*named, *LASTING) if named else (),
        "mix": ("none", *mixes) if mixes else (),
    }


def read_condition(table: TomlTable | None, words: Words) -> Condition:
    """Return the condition in a table, its groups as their words; an absent table asks for nothing and always holds.

    A key with a list of lists is met where each of them is: it is asked for once for each.
    """
    if table is None:
        return ALWAYS
    # An empty table would hold always, which somebody who left it half-written never meant.
    if not table.raw:
        table.fault("", "empty; leave the table out where the rule always holds")
    asks = []
    for key in table.raw:
        lists = table.lists(key)
        if key not in words:
            table.fault(key, f"not a fact; known: {', '.join(sorted(words))}")
            continue
        allowed = words[key]
        for given in lists:
            for word in given:
                if allowed and word not in allowed:
                    table.fault(key, f"{word!r} is not one of: {', '.join(allowed)}")
            meant = [allowed.get(word, (word,)) if isinstance(allowed, Mapping) else (word,) for word in given]
            asks.append((key, frozenset(chain.from_iterable(meant))))
    return Condition(tuple(asks))


def read_any(table: TomlTable, key: str, *, words: Words) -> tuple[Condition, ...]:
    """A list of conditions any of which is enough, or one alone; where the key is absent it is empty."""
    if isinstance(table.raw.get(key), dict):
        return (read_condition(table.table(key), words),)
    return tuple(read_condition(each, words) for each in table.tables(key, at_least=1 if key in table.raw else 0))
