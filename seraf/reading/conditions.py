"""Reading the `if` and `when` tables of a pack, whose words are a closed vocabulary."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from seraf.conditions import ALWAYS, Condition
from seraf.reading.tables import Table
from seraf.vocabulary import ANSWERS, FACT_WORDS

Words = Mapping[str, Sequence[str]]
"""Each key that a condition may have, with the words that it may list."""


def words_for(sections: Sequence[str], items: Sequence[str], questions: Sequence[str]) -> Words:
    """The vocabulary of conditions for an instrument of these ids; a key without words (nothing was read) takes any."""
    named = (*sections, *items)
    mixes = ["+".join(some) for size in range(1, len(sections) + 1) for some in combinations(sections, size)]
    own = dict.fromkeys(questions, ANSWERS)
    return {
        **FACT_WORDS,
        **own,
        "present": named,
        "current": named,
        "not_known": named,
        "mix": ("none", *mixes) if mixes else (),
    }


def read_condition(table: Table | None, words: Words) -> Condition:
    """The condition in a table; an absent table asks for nothing and always holds."""
    if table is None:
        return ALWAYS
    if not table.raw:
        table.fault("", "empty; leave the table out where the rule always holds")
    asks = []
    for key in table.raw:
        given = table.texts(key, at_least=1)
        if key not in words:
            table.fault(key, f"not a fact; known: {', '.join(sorted(words))}")
            continue
        for word in given:
            if words[key] and word not in words[key]:
                table.fault(key, f"{word!r} is not one of: {', '.join(words[key])}")
        asks.append((key, frozenset(given)))
    return Condition(tuple(asks))


def read_any(table: Table, key: str, words: Words) -> tuple[Condition, ...]:
    """A list of conditions any of which is enough; an absent list is empty."""
    return tuple(read_condition(each, words) for each in table.tables(key))
