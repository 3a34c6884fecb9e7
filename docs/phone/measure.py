"""Our model of a phone: how high a card with its buttons is, in px, and which labels do not fit their row.

It is a model, not Telegram: a screen of 390 × 844 px with text of 16 px, checked against the widths of a common phone's
letters. A phone with larger letters shows less.
"""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dialogs.core.replies import Card

SCREEN_WIDTH, SCREEN_HEIGHT = 390, 844
"""A common phone, in px."""

HEADER, COMPOSER = 100, 60
"""What stands above the chat (the clock, the name of the bot) and below it (where one types), in px."""

VISIBLE = SCREEN_HEIGHT - HEADER - COMPOSER
"""What is seen of the chat without scrolling: 684 px."""

BUBBLE = 322
"""The width of a message and of its rows of buttons, in px. A message with buttons is always drawn so wide."""

LINE = 21
"""The height of a line, in px. An empty line between paragraphs is as high as any other."""

CHARACTERS, STRONG_CHARACTERS = 44, 43
"""Characters in a line of plain and of bold text, which is 2 % wider."""

FRAME = 20
"""What a message takes above and below its text together, in px: the bubble's edge and the gap to the next."""

TIME_CHARACTERS, TIME_LINE = 6, 14
"""The time of a message takes the end of the last line, in characters; where that is full, so many px below it."""

BUTTON_ROW, BUTTON_GAP = 39, 4
"""The height of a row of buttons with the gap above it, and that gap, which also parts two in a row, in px."""

ROOM: Mapping[int, int] = {1: 28, 2: 20, 3: 12}
"""Characters of a label that are shown in a row of so many buttons; what is longer is cut."""

CUT = "…"
"""What a cut label ends in."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is shown; without text it is the empty one between two paragraphs."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """A label that does not fit, in a row of so many buttons."""

    label: str
    in_row: int


def lines(card: Card) -> tuple[Line, ...]:
    """The lines of a card's text, words kept whole."""
    return tuple(_lines(card))


def height(card: Card) -> int:
    """The height of a card with its buttons, in px."""
    shown = lines(card)
    time = TIME_LINE if time_is_below(shown) else 0
    return FRAME + LINE * len(shown) + time + BUTTON_ROW * len(card.rows)


def time_is_below(shown: tuple[Line, ...]) -> bool:
    """Whether the last line leaves no room for the time of the message."""
    return bool(shown) and len(shown[-1].text) > _room_of(shown[-1].is_strong) - TIME_CHARACTERS


def room(in_row: int) -> int:
    """How many characters a button shows in a row of so many: of more than three, a share of three dozen."""
    return ROOM.get(in_row, 36 // max(in_row, 1))


def fits(label: str, in_row: int) -> bool:
    """Whether a label is shown whole in a row of so many buttons."""
    return len(label) <= room(in_row)


def as_shown(label: str, in_row: int) -> str:
    """The label as it stands on its button: cut where it does not fit."""
    return label if fits(label, in_row) else f"{label[: room(in_row)].rstrip()}{CUT}"


def cut_labels(card: Card) -> tuple[Cut, ...]:
    """Every label of a card that does not fit its row."""
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
