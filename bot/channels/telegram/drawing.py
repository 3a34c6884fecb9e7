"""A card as Telegram takes it: plain text with entities, never markup, and buttons that carry a token and a code."""

from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from dialogs.replies import Card

PARTING = "\n\n"
MOST_DATA = 64
"""The most bytes that Telegram lets a button carry."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is sent: a text, its bold stretches, and its buttons."""

    text: str
    entities: tuple[MessageEntity, ...]
    keyboard: InlineKeyboardMarkup | None


def draw(card: Card) -> Drawing:
    """The card for Telegram. Offsets of entities count UTF-16 units, as Telegram's do."""
    entities: list[MessageEntity] = []
    offset = 0
    for paragraph in card.paragraphs:
        length = _units(paragraph.text)
        if paragraph.is_strong:
            entities.append(MessageEntity(MessageEntity.BOLD, offset, length))
        offset += length + _units(PARTING)
    rows = [[(button.label, f"{card.token}:{button.code}") for button in row] for row in card.rows]
    assert all(len(data.encode()) <= MOST_DATA for row in rows for _, data in row), "a code is too long for a button"
    keyboard = InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )
    return Drawing(card.text, tuple(entities), keyboard if rows else None)


def read_press(data: str) -> tuple[int, str] | None:
    """The token and code that a button carried, or None where it is none of ours."""
    token, colon, code = data.partition(":")
    if not colon or not (token.isascii() and token.isdecimal()) or len(token) > 18:
        return None
    return int(token), code


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
