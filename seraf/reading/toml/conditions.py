"""Reading the `if` and `when` tables of a pack, whose words are a closed vocabulary, and groups of words that they may name."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, combinations

from seraf.form.circumstances import ALWAYS, Condition
from seraf.form.instrument import Asking, Item
from seraf.form.vocabulary import (
    ANSWERS,
    CATEGORIES,
    EARLIER_CATEGORY,
    FACT_WORDS,
    LASTING,
    NOT_KNOWN,
    STILL_COUNTS,
    Informant,
)
from seraf.reading.toml.tables import TomlTable, unique


def known_words(table: TomlTable, key: str, *, allowed: Iterable[str], at_least: int = 0) -> tuple[str, ...]:
    """A list of allowed words, which may be absent unless it needs some; those that are not are noted and left out.

    With none that are allowed, any will do.
    """
    given, known = table.texts(key, at_least=at_least), tuple(allowed)
    for each in given:
        if known and each not in known:
            table.fault(key, f"{each!r} is not one of: {', '.join(known)}")
    unique(table, key, ids=given)
    return tuple(each for each in given if each in known or not known)


def read_asking(table: TomlTable, items: Sequence[Item]) -> Asking:
    """Whom not to ask about what, which each item's own list must obey."""
    rule = table.table("asking")
    if rule is None:
        return Asking()
    ids = [item.id for item in items]
    asking = Asking(*(frozenset(known_words(rule, key, allowed=ids)) for key in ("family_harm", "assault")))
    rule.text("source")
    rule.close()
    for item in items:
        if item.id in asking.family_harm and Informant.PARENT in item.ask:
            table.fault("items", f"{item.id!r} is family harm: its `ask` must not have {Informant.PARENT!s}")
        if item.id in asking.assault and Informant.CHILD in item.ask:
            table.fault("items", f"{item.id!r} is about an assault: its `ask` must not have {Informant.CHILD!s}")
    return asking


GROUPED = ("age", "profession")
"""The facts whose words a pack may group."""

Groups = Mapping[str, Mapping[str, tuple[str, ...]]]
"""For each fact, the name of each group with the words that it stands for."""

NO_GROUPS: Groups = {key: {} for key in GROUPED}


def read_groups(
    table: TomlTable, before: Groups = NO_GROUPS, *, words: Mapping[str, Sequence[str]] = FACT_WORDS
) -> Groups:
    """The groups of a file, with those of the files before it. A name stands once, and is no word of its fact."""
    rows = table.table("groups")
    if rows is None:
        return before
    own = {key: _named(rows.table(key), words[key], before=before[key]) for key in GROUPED}
    rows.close()
    return {key: {**before[key], **own[key]} for key in GROUPED}


def judge_groups(table: TomlTable, groups: Groups, *, words: Mapping[str, Sequence[str]] = FACT_WORDS) -> None:
    """Note every word that no group has, of each fact that this file groups: a new one must not pass all rules unseen."""
    for key in _grouped_in(table):
        known = {word for each in groups[key].values() for word in each}
        for word in words[key]:
            if word not in known:
                table.fault(
                    f"groups.{key}", f"{str(word)!r} is in no group: no rule would know it; put it where it belongs"
                )


def _grouped_in(table: TomlTable) -> tuple[str, ...]:
    rows = table.raw.get("groups")
    return tuple(key for key in GROUPED if isinstance(rows, dict) and isinstance(rows.get(key), dict))


def _named(
    table: TomlTable | None, words: Sequence[str], *, before: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    if table is None:
        return {}
    for name in table.raw:
        if name in words:
            table.fault(name, "is a word of this fact; give the group another name")
        if name in before:
            table.fault(name, "is already the name of a group; name each once")
    return {name: known_words(table, name, allowed=words, at_least=1) for name in table.raw}


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
