"""Everything that a pack can show somebody, piece by piece: on which card, in which part of it, in which words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time

from seraf.advice.action_plan import Urgency
from seraf.form.circumstances import Condition
from seraf.pack import Pack

CARDS = {
    "instrument": "Form",
    "guidance": "Guidance",
    "contacts": "Contacts",
    "glossary": "Glossary",
    "recording": "Record",
    "guide": "Guide",
    "calling": "Call",
}
"""The files of a pack that somebody sees, each with the word for it. Made-up cases have papers of their own."""

UNSEEN = frozenset({"places", "id", "section", "is_signed", "signatures", "digest"})
NAMED_BY = ("id", "category", "title", "part", "line", "name")


@dataclass(frozen=True, slots=True)
class Statement:
    """One text: the card that it is on, by kind and id, which part of that it is, and what it says."""

    card: str
    part: str
    text: str


def pack_statements(pack: Pack) -> Iterator[Statement]:
    """Every text, number, date and condition, in the order of the pack."""
    for key, name in pack.names.items():
        if not key.endswith("_name") and key[:1].islower():
            yield Statement("Names", key.replace("_", " "), name)
    for file, word in CARDS.items():
        yield from _of(getattr(pack, file), word, "")


def _of(value: object, card: str, part: str) -> Iterator[Statement]:
    """What is said within a value; a table with an id is a card of its own."""
    match value:
        case Condition():
            if value.asks:
                yield Statement(card, part if "when" in part else _when(part), _in_words(value))
        case _ if is_dataclass(value):
            for each in fields(value):
                if each.init and each.name not in UNSEEN:  # what is worked out of the others says nothing of its own
                    yield from _of(getattr(value, each.name), card, f"{part} {each.name}".strip().replace("_", " "))
        case Mapping():
            for key, each in value.items():
                yield from _of(each, card, f"{part} {key}".strip())
        case tuple() | frozenset() | list():
            yield from _rows(value, card, part)
        case Urgency():
            yield Statement(card, part, value.word)
        case None | "" | False:
            return
        case _:
            yield Statement(card, part, _said(value))


def _rows(rows: tuple[object, ...] | frozenset[object] | list[object], card: str, part: str) -> Iterator[Statement]:
    if rows and not any(is_dataclass(each) for each in rows):
        said = rows if isinstance(rows, tuple | list) else sorted(map(str, rows))
        yield Statement(card, part, " · ".join(_said(each) for each in said))
        return
    seen: dict[str, int] = {}
    for at, each in enumerate(rows, 1):
        name = "" if isinstance(each, Condition) else _name_of(each)
        seen[name] = seen.get(name, 0) + 1
        number = f" ({seen[name]})" if name and seen[name] > 1 else "" if name else f" {at}"
        if isinstance(each, Condition):
            yield from _of(each, card, f"{_when(part)}, or {at}" if at > 1 else _when(part))
        else:
            yield from _of(each, f"{card}: {part} {name}{number}".strip(), "")


def _when(part: str) -> str:
    """What a condition is called: “when”, after what it decides where that is not the whole."""
    return f"{re.sub(r'(conditions?|when)$', '', part).strip()} when".strip()


def _name_of(value: object) -> str:
    """What a table is told from others by; empty where it has nothing of the kind."""
    return next((str(found) for key in NAMED_BY if (found := getattr(value, key, ""))), "")


def _in_words(condition: Condition) -> str:
    """A condition, as somebody reads it: each key with its words."""
    return "; ".join(f"{key}: {', '.join(sorted(words))}" for key, words in condition.asks)


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, date | time) else "yes" if value is True else str(value)
