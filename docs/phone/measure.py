"""A model of a phone: the height of a card with its buttons (px), and the labels that do not fit in their row.

It is a model, not Telegram: a screen of 390 × 844 px with text of 16 px, checked against the letter widths of a common
phone. A phone with larger text shows less.
"""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil

from dialogs.core.replies import Card
from docs.phone.widths import width

SCREEN_WIDTH, SCREEN_HEIGHT = 390, 844
"""The screen of a common phone (px)."""

HEADER, COMPOSER = 100, 60
"""The heights of what is above the chat (the clock and the bot's name) and below it (the field for typing), in px."""

VISIBLE = SCREEN_HEIGHT - HEADER - COMPOSER
"""The height of the chat that is visible without scrolling: 684 px."""

BUBBLE = 322
"""The width of a message and of its rows of buttons (px). A message with buttons always has this width."""

LINE = 21
"""The height of a line (px). An empty line between paragraphs is as high as any other."""

CHARACTERS, STRONG_CHARACTERS = 44, 43
"""The maximum number of characters in a line of plain text, and of bold text, which is 2 % wider."""

TEXT, TEXT_ROOM = 16.0, BUBBLE - 2 * 9
"""The size of text, and the width that a message has for it between its two edges of 9 px (px)."""

LARGER = 1.25
"""How much larger letters are that are a quarter larger. Telegram enlarges the text of messages, and not its buttons."""

FRAME = 20
"""The sum of the spaces above and below the text of a message (px): the edge of the bubble and the gap to the next."""

TIME_CHARACTERS, TIME_LINE = 6, 14
"""The space that the time of a message needs at the end of the last line (characters), and the height that it adds if
that line has no room for it (px).
"""

BUTTON_ROW, BUTTON_GAP = 39, 4
"""The height of a row of buttons with the gap above it, and that gap, which also separates two buttons (px)."""

ROOM: Mapping[int, int] = {1: 28, 2: 20, 3: 12}
"""How many characters of a label are shown, by the number of buttons in the row. A longer label is cut."""

CUT = "…"
"""The sign at the end of a label that was cut."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is shown. Without text, it is the empty line between two paragraphs."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """A label that does not fit in its row, and the number of buttons in that row."""

    label: str
    in_row: int


def lines(card: Card) -> tuple[Line, ...]:
    """Return the lines of a card's text, without breaking words."""
    return tuple(_lines(card))


def height(card: Card) -> int:
    """Return the height of a card with its buttons (px)."""
    shown = lines(card)
    time = TIME_LINE if time_is_below(shown) else 0
    return FRAME + LINE * len(shown) + time + BUTTON_ROW * len(card.rows)


def height_by_letters(card: Card, scale: float = 1) -> int:
    """Return the height of a card (px) if its lines break by the widths of their letters, which are `scale` times as large."""
    shown = [line for text, is_strong in _texts(card) for line in _broken(text, scale, is_strong=is_strong)]
    is_below = bool(shown) and shown[-1] > TEXT_ROOM - width("0" * TIME_CHARACTERS, TEXT * scale)
    return ceil(FRAME + scale * (LINE * len(shown) + TIME_LINE * is_below)) + BUTTON_ROW * len(card.rows)


def _texts(card: Card) -> Iterator[tuple[str, bool]]:
    for place, paragraph in enumerate(card.paragraphs):
        if place and not paragraph.is_close:
            yield "", False
        yield from ((text, paragraph.is_strong) for text in paragraph.text.split("\n"))


def _broken(text: str, scale: float, *, is_strong: bool) -> Iterator[float]:
    """Yield the width of each line of a text."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width(longer, TEXT * scale, is_strong=is_strong) > TEXT_ROOM:
            yield width(line, TEXT * scale, is_strong=is_strong)
            line = word
        else:
            line = longer
    yield width(line, TEXT * scale, is_strong=is_strong)


def foot(card: Card, paragraphs: int, scale: float = 1) -> int:
    """Return the distance (px) from the top of a card to the end of so many of its paragraphs."""
    head = replace(card, paragraphs=card.paragraphs[:paragraphs], rows=())
    return height_by_letters(head, scale)


def time_is_below(shown: tuple[Line, ...]) -> bool:
    """Return True if the last line has no room for the time of the message."""
    return bool(shown) and len(shown[-1].text) > _room_of(shown[-1].is_strong) - TIME_CHARACTERS


def room(in_row: int) -> int:
    """Return how many characters of a label a button shows if its row has `in_row` buttons."""
    return ROOM.get(in_row, 36 // max(in_row, 1))


def fits(label: str, in_row: int) -> bool:
    """Return True if a label is shown whole in a row of this many buttons."""
    return len(label) <= room(in_row)


def as_shown(label: str, in_row: int) -> str:
    """Return the label as its button shows it. A label that does not fit is cut."""
    return label if fits(label, in_row) else f"{label[: room(in_row)].rstrip()}{CUT}"


def cut_labels(card: Card) -> tuple[Cut, ...]:
    """Return every label of a card that does not fit in its row."""
    return tuple(Cut(button.label, len(row)) for row in card.rows for button in row if not fits(button.label, len(row)))


def _lines(card: Card) -> Iterator[Line]:
    for place, paragraph in enumerate(card.paragraphs):
        if place and not paragraph.is_close:
            yield Line("")
        for text in paragraph.text.split("\n"):
            wrapped = textwrap.wrap(text, _room_of(paragraph.is_strong)) or [""]
            yield from (Line(each, paragraph.is_strong) for each in wrapped)


def _room_of(is_strong: bool) -> int:
    return STRONG_CHARACTERS if is_strong else CHARACTERS
