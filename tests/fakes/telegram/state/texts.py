"""How Telegram measures, cleans and checks a text and its entities."""

import re
from typing import Any

from tests.fakes.telegram.state.refusals import bad_request

Entities = tuple[dict[str, Any], ...]

LONGEST_TEXT = 4096
ENTITY_TYPES = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic", "underline"}
    | {"strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention"}
    | {"custom_emoji"}
)
RECOGNISED = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
"""Entity types that Telegram ignores in a bot's message, since it recognises them itself."""

PHONE_NUMBER = re.compile(r"(?<![\w+])\+[1-9][0-9]{6,14}(?![\w])")
"""The one notation of telephone numbers that every client is known to make tappable. Others may be recognised too."""


def units(text: str) -> int:
    """Return the length of a text in UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def tidy(text: str, entities: Entities) -> tuple[str, Entities]:
    """Return a text and its entities as Telegram stores them.

    Control characters become spaces, and outer whitespace is cut. Raise a Refusal if an entity lies outside the text,
    or begins or ends within a character.
    """
    for entity in entities:
        _check(entity, text)
    # A carriage return becomes one space, too, so that offsets of entities within the text stay valid.
    clean = "".join(" " if ord(sign) < 32 and sign != "\n" else sign for sign in text)
    skipped = units(clean) - units(clean.lstrip())
    clean = clean.strip()
    moved = (_move(entity, skipped, units(clean)) for entity in entities)
    kept = [entity for entity in moved if entity["length"] > 0]
    return clean, tuple(sorted(kept, key=lambda entity: (entity["offset"], -entity["length"], str(entity["type"]))))


def _move(entity: dict[str, Any], skipped: int, end: int) -> dict[str, Any]:
    first = max(entity["offset"] - skipped, 0)
    last = min(entity["offset"] - skipped + entity["length"], end)
    return {**entity, "offset": first, "length": last - first}


def _check(entity: dict[str, Any], text: str) -> None:
    kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
    if kind not in ENTITY_TYPES:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request("can't parse MessageEntity: Field must be of type Number")
    if offset < 0:
        raise bad_request(f"receive an entity with incorrect offset {offset}")
    if length <= 0:
        raise bad_request(f"receive an entity with incorrect length {length}")
    end, size = offset + length, units(text)
    if offset >= size:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if end > size:
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {end}"
        )
    edges = _character_edges(text)
    if offset not in edges:
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {offset}")
    if end not in edges:
        raise bad_request(f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol")


def _character_edges(text: str) -> frozenset[int]:
    edges, at = {0}, 0
    for sign in text:
        at += 2 if ord(sign) > 0xFFFF else 1
        edges.add(at)
    return frozenset(edges)


def of_a_bot(text: str, entities: Entities) -> Entities:
    """Return the entities of a bot's message: those that a bot may set, and recognised telephone numbers."""
    found = PHONE_NUMBER.finditer(text)
    numbers = [
        {"type": "phone_number", "offset": units(text[: each.start()]), "length": units(each[0])} for each in found
    ]
    kept = [entity for entity in entities if entity["type"] not in RECOGNISED]
    return tuple(sorted((*kept, *numbers), key=lambda entity: (entity["offset"], -entity["length"])))


def command_entities(text: str) -> Entities:
    """Return the entity with which Telegram marks a `/command` at the beginning of a text, or no entity."""
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    if not word.startswith("/") or len(word) < 2 or not text.startswith(word):
        return ()
    return ({"type": "bot_command", "offset": 0, "length": units(word)},)
