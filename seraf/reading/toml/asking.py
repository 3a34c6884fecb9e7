"""Reading whom to ask about what is not known, and whom not to ask about what."""

from collections.abc import Iterable, Sequence

from seraf.form.instrument import Asking, Item
from seraf.form.vocabulary import Informant
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
