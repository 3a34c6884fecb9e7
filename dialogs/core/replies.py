"""The results of a turn: cards with their parts, their division into pages, and effects (anything besides the card).

A turn creates dozens of parts of cards; a `NamedTuple` takes half the time of a frozen dataclass.
"""

import textwrap
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from dialogs.core.acts import code_of
from dialogs.core.page import Button, Number, WholePage
from dialogs.core.session import Session


class Paragraph(NamedTuple):
    """A paragraph of a card. `is_strong` marks what the eye should find first; no meaning depends on it.

    There is no empty line before a paragraph that `is_close`. One paragraph of each card `is_heading`: a screen reader
    reads it first. `numbers` are the telephone numbers in it that can be dialled.
    """

    text: str
    is_strong: bool = False
    is_close: bool = False
    is_heading: bool = False
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """What a person sees at one time: at most 1,000 characters of text, and rows of at most three buttons."""

    token: int
    paragraphs: tuple[Paragraph, ...]
    rows: tuple[tuple[Button, ...], ...]
    takes_words: bool = False  # True if text typed while the card is shown is taken as a note
    asks_for: str = ""
    """The command whose argument can be typed while the card is shown, such as a code or a word to look up, or empty."""
    goes_first: bool = False  # True if the card says whom to call: under a rate limit it is sent before other cards
    page: WholePage | None = None  # what a page in a browser shows in place of the paragraphs and rows

    @property
    def text(self) -> str:
        """Return the text of the card, with an empty line before each paragraph unless that `is_close`."""
        text = ""
        for number, paragraph in enumerate(self.paragraphs):
            text += ("\n" if paragraph.is_close else "\n\n") * bool(number) + paragraph.text
        return text

    @property
    def signature(self) -> str:
        """Return a text that is the same for two cards only if they look the same and have the same buttons."""
        # Each text follows its length, or two cards could have one signature. No code contains a line break.
        parts = [str(self.token), str(len(self.paragraphs))]
        for text, is_strong, is_close, *_ in self.paragraphs:
            parts += (f"{len(text)}{is_strong:d}{is_close:d}", text)
        for row in self.rows:
            parts.append(str(len(row)))
            for label, act, *_ in row:
                parts += (str(len(label)), label, code_of(act))
        return "\n".join(parts)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Return all buttons in reading order."""
        return tuple([button for row in self.rows for button in row])


@dataclass(frozen=True, slots=True)
class Toast:
    """The effect that shows a sentence of the wording file for a moment, if the channel can do that."""

    key: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wipe:
    """The effect that removes all messages in the chat, both the bot's and the person's."""


@dataclass(frozen=True, slots=True)
class Ring:
    """The effect that sends the card as a new message, so that the person notices it."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """The effect that will remind the person of the case's reference on this day, even if the case is erased by then."""

    day: date


@dataclass(frozen=True, slots=True)
class CallDue:
    """The effect that will remind the person of a call at `due` (with time zone), 15 minutes later, and the next morning.

    A later `CallDue` replaces it. The reminder names only the reference and the time, even in a locked chat.
    """

    due: datetime


@dataclass(frozen=True, slots=True)
class CallDone:
    """The effect that cancels the call reminder, because no call of the case is open any more."""


@dataclass(frozen=True, slots=True)
class Document:
    """The effect that sends a document of this kind about the case or the rehearsal. The store has the request until it is sent."""

    kind: str


Effect = Toast | Wipe | Ring | Reminded | CallDue | CallDone | Document


@dataclass(frozen=True, slots=True)
class Reply:
    """The result of a turn: the session after the turn, and the effects of the turn."""

    session: Session
    effects: tuple[Effect, ...] = field(default=())


WIDTH = 43  # number of characters of a bold line on a phone
ROOM = 21  # maximum number of lines of a page, without its heading, notices and buttons


def paged(paragraphs: tuple[Paragraph, ...], *, room: int = ROOM) -> tuple[tuple[Paragraph, ...], ...]:
    """Return the paragraphs divided into pages of so many lines.

    A heading never ends a page; if its text goes on, the next page repeats it.
    """
    pages: list[list[Paragraph]] = [[]]
    heading, left = None, room
    for index, paragraph in enumerate(paragraphs):
        following = paragraphs[index + 1] if paragraph.is_strong and index + 1 < len(paragraphs) else None
        height = height_of(paragraph)
        if pages[-1] and height + (height_of(following) if following else 0) > left:
            pages.append([heading] if heading and not paragraph.is_strong else [])
            left = room - sum(map(height_of, pages[-1]))
        heading = paragraph if paragraph.is_strong else heading
        pages[-1].append(paragraph)
        left -= height
    return tuple(tuple(page) for page in pages)


A_LINE, A_ROW, A_SCREEN, WIDE = 21, 39, 650, 41
"""The heights (px) of a line, of a row of buttons, and of all of them that a phone shows, and the characters of a line of wide letters."""


def closed_up(paragraphs: tuple[Paragraph, ...], rows: int) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a card with so many rows of buttons without as many empty lines, from the last up, as a phone has no
    room for.
    """
    said = list(paragraphs)
    for at in range(len(said) - 1, 0, -1):
        if A_LINE * (sum([height_of(each, WIDE) for each in said]) - 1) + A_ROW * rows <= A_SCREEN:
            break
        said[at] = said[at]._replace(is_close=True)
    return tuple(said)


def height_of(paragraph: Paragraph, width: int = WIDTH) -> int:
    """Return how many lines a paragraph takes on a phone, including the empty line before it."""
    text, above = paragraph.text, 0 if paragraph.is_close else 1
    # Most texts have no line break; the shortcut saves time, since many cards are measured.
    if "\n" not in text:
        return above + lines_on_a_phone(text, width)
    return above + sum([lines_on_a_phone(line, width) for line in text.split("\n")])


@lru_cache(maxsize=2_000)
def lines_on_a_phone(text: str, width: int = WIDTH) -> int:
    """Return how many lines a text without line breaks takes on a phone."""
    return max(len(textwrap.wrap(text, width)), 1)
