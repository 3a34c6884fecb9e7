"""Parsers of the conditions of a pack (`if`, `when`), and of named groups of values that conditions can use."""

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
    """Return a list of allowed values. Others are recorded as faults and left out. With no `allowed`, any is allowed.

    The list may be absent unless `at_least` is more than 0.
    """
    given, known = table.texts(key, at_least=at_least), tuple(allowed)
    for word in given:
        if known and word not in known:
            table.fault(key, f"{word!r} is not one of: {', '.join(known)}")
    unique(table, key, ids=given)
    return tuple(word for word in given if word in known or not known)


def read_asking(table: TomlTable, items: Sequence[Item]) -> Asking:
    """Return the items about which certain people must not be asked. An item whose `ask` names them is a fault."""
    rule = table.table("asking")
    if rule is None:
        return Asking()
    ids = [item.id for item in items]
    asking = Asking(*(frozenset(known_words(rule, key, allowed=ids)) for key in ("family_harm", "assault")))
    rule.text("source")
    rule.close()
    for item in items:
        if item.id in asking.family_harm and Informant.PARENT in item.inquiry.ask:
            table.fault("items", f"{item.id!r} is family harm: its `ask` must not have {Informant.PARENT!s}")
        if item.id in asking.assault and Informant.CHILD in item.inquiry.ask:
            table.fault("items", f"{item.id!r} is about an assault: its `ask` must not have {Informant.CHILD!s}")
    return asking


GROUPED = ("age", "profession")
"""The facts whose values a pack can group."""

Groups = Mapping[str, Mapping[str, tuple[str, ...]]]
"""For each fact, a mapping from the name of a group to the values in it."""

NO_GROUPS: Groups = {key: {} for key in GROUPED}


def read_groups(
    table: TomlTable, before: Groups = NO_GROUPS, *, words: Mapping[str, Sequence[str]] = FACT_WORDS
) -> Groups:
    """Return the groups of a file with those in `before`. A name that is a value, or that is used twice, is a fault."""
    rows = table.table("groups")
    if rows is None:
        return before
    groups = dict(before)
    for key in GROUPED:
        if (group := rows.table(key)) is None:
            continue
        for name in group.raw:
            if name in words[key]:
                group.fault(name, "is a word of this fact; give the group another name")
            if name in before[key]:
                group.fault(name, "is already the name of a group; name each once")
        named = {name: known_words(group, name, allowed=words[key], at_least=1) for name in group.raw}
        groups[key] = {**before[key], **named}
    return rows.closed(groups)


def judge_groups(table: TomlTable, groups: Groups, *, words: Mapping[str, Sequence[str]] = FACT_WORDS) -> None:
    """Record a fault for each value without a group, of the facts that this file groups. No rule would apply to it."""
    rows = table.raw.get("groups")
    for key in GROUPED:
        if not isinstance(rows, dict) or not isinstance(rows.get(key), dict):
            continue
        known = {word for group in groups[key].values() for word in group}
        for word in words[key]:
            if word not in known:
                table.fault(
                    f"groups.{key}", f"{str(word)!r} is in no group: no rule would know it; put it where it belongs"
                )


Words = Mapping[str, Sequence[str] | Mapping[str, tuple[str, ...]]]
"""The possible values of each fact in a condition. A mapping also has the names of groups; each maps to its values."""


def words_for(
    sections: Sequence[str], items: Sequence[str], *, questions: Sequence[str], groups: Groups = NO_GROUPS
) -> Words:
    """Return what conditions can test for an instrument. A fact without values (in a faulty pack) may have any."""
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
    """Return the condition in a table, with groups replaced by their values. Without a table, it always holds.

    If a fact has a list of lists, each of them has to be met: the fact then occurs once for each list.
    """
    if table is None:
        return ALWAYS
    # An empty table would always hold, which nobody who left it half-written meant.
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
    """Return the alternative conditions under a key, written as a list or a single table; none if the key is absent."""
    if isinstance(table.raw.get(key), dict):
        return (read_condition(table.table(key), words),)
    return tuple(read_condition(row, words) for row in table.tables(key, at_least=1 if key in table.raw else 0))
