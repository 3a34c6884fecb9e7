"""A card and a chat in Telegram's own terms: plain text with entities, never markup, and buttons that carry a token and a code."""

from typing import Any

from bot.runtime.person_id import TELEGRAM, PersonId
from dialogs.core.acts import Copy
from dialogs.core.replies import Button, Card


def person_of(chat: int) -> str:
    """The person of a private chat, as the store names them."""
    return str(PersonId.on_telegram(chat))


def chat_of(person: str) -> int:
    """The private chat of a person. `ValueError` for somebody of another channel."""
    who = PersonId.read(person)
    if who.channel != TELEGRAM:
        raise ValueError("this person has no chat here: they use another channel")
    return int(who.name)


MOST_DATA = 64
"""The most bytes that Telegram lets a button carry."""
MOST_COPIED = 256
"""The most characters that Telegram lets a button copy."""


NO_PREVIEW = {"is_disabled": True}

Drawn = dict[str, Any]
"""A part of a message as the Bot API has it."""


def draw(card: Card) -> Drawn:
    """Return the fields of a call that shows a card; without buttons it has none, and takes away those that were there.

    Offsets of entities count UTF-16 units, as Telegram's do.
    """
    entities: list[Drawn] = []
    offset = 0
    for at, paragraph in enumerate(card.paragraphs):
        length = len(paragraph.text.encode("utf-16-le")) // 2
        offset += len(paragraph.parting) if at else 0
        if paragraph.is_strong:
            entities.append({"type": "bold", "offset": offset, "length": length})
        offset += length
    fields: Drawn = {"text": card.text, "entities": entities, "link_preview_options": NO_PREVIEW}
    if card.rows:
        rows = [[_button(button, card.token) for button in row] for row in card.rows]
        fields["reply_markup"] = {"inline_keyboard": rows}
    return fields


def told_by(button: Button, token: int) -> str | None:
    """Return what a tap tells the bot: the card that the button stands on, and what it does there; None where it only copies."""
    return None if isinstance(button.act, Copy) else f"{token}:{button.code}"


def _button(button: Button, token: int) -> Drawn:
    if isinstance(button.act, Copy):
        assert 1 <= len(button.act.text) <= MOST_COPIED, "a text is too long to be copied"
        return {"text": button.label, "copy_text": {"text": button.act.text}}
    told = f"{token}:{button.code}"
    assert len(told.encode()) <= MOST_DATA, "a code is too long for a button"
    return {"text": button.label, "callback_data": told}


def read_press(data: str) -> tuple[int, str] | None:
    """The token and code that a button carried, or None where it is none of ours."""
    token, colon, code = data.partition(":")
    if not colon or not (token.isascii() and token.isdecimal()) or len(token) > 18:
        return None
    return int(token), code
