"""Reading the groups of ages and professions: named once in a pack, and used in any condition on that fact."""

from collections.abc import Mapping, Sequence

from seraf.form.vocabulary import FACT_WORDS
from seraf.reading.toml.asking import known_words
from seraf.reading.toml.tables import TomlTable

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
