"""What a turn returns: a card laid out on pages, and effects that are no card.

The parts of a card are made by the dozen in a turn: a `NamedTuple` takes half the time of a frozen dataclass.
"""

import textwrap
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from dialogs.core.acts import Act, GateAct, code_of
from dialogs.core.session import Session


class Number(NamedTuple):
    """The place of a telephone number in a paragraph from which it may be dialled, and how it is dialled."""

    start: int
    end: int
    dial: str


class Paragraph(NamedTuple):
    """A paragraph of a card. `is_strong` marks what the eye should find first, and never carries a meaning alone.

    A paragraph that `is_close` follows the one before without an empty line. One paragraph of each card `is_heading`: a
    screen reader reads it first. `numbers` are the telephone numbers in it that may be dialled.
    """

    text: str
    is_strong: bool = False
    is_close: bool = False
    is_heading: bool = False
    numbers: tuple[Number, ...] = ()


class Button(NamedTuple):
    """A button: a label of at most 20 characters, its act, and True in `is_chosen` if it is the current choice."""

    label: str
    act: Act | GateAct
    is_chosen: bool = False

    @property
    def code(self) -> str:
        """Return the code of its act."""
        return code_of(self.act)


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that a person sees at once: at most 1,000 characters, and three buttons in a row."""

    token: int
    paragraphs: tuple[Paragraph, ...]
    rows: tuple[tuple[Button, ...], ...]
    takes_words: bool = False  # true if text typed while the card is shown is taken as a note
    asks_for: str = ""
    """The command whose argument can be typed at the card (a code, or a word to look up); empty if there is none."""
    goes_first: bool = False  # true if the card says whom to call: under a rate limit it is sent before other cards

    @property
    def text(self) -> str:
        """Return the words of the card, with empty lines between paragraphs that are not close."""
        text = ""
        for number, paragraph in enumerate(self.paragraphs):
            text += ("\n" if paragraph.is_close else "\n\n") * bool(number) + paragraph.text
        return text

    @property
    def signature(self) -> str:
        """Return a text that two cards share only if they look and act alike."""
        # Each text follows its length, or two cards could have one signature. No code contains a line break.
        parts = [str(self.token), str(len(self.paragraphs))]
        for text, is_strong, is_close, *_ in self.paragraphs:
            parts += (f"{len(text)}{is_strong:d}{is_close:d}", text)
        for row in self.rows:
            parts.append(str(len(row)))
            for label, act, _ in row:
                parts += (str(len(label)), label, code_of(act))
        return "\n".join(parts)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Return every button in reading order."""
        return tuple(button for row in self.rows for button in row)


@dataclass(frozen=True, slots=True)
class Toast:
    """A short sentence of the wording file, shown in passing if the channel can (best effort)."""

    key: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wipe:
    """Remove the messages of the chat: the bot's and the person's own."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Show the card in a new message, so that the person notices it."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """Remind the person of the reference on a day (local), whatever is stored by then."""

    day: date


@dataclass(frozen=True, slots=True)
class CallDue:
    """Remind the person that a call of this case is due: at this time (aware), 15 minutes later, and the next morning.

    A later one replaces it. The reminder says the reference and the time alone, even in a locked chat.
    """

    due: datetime


@dataclass(frozen=True, slots=True)
class CallDone:
    """No call of this case is open any more: cancel its reminders."""


@dataclass(frozen=True, slots=True)
class Document:
    """Send a document of this kind about the case or the rehearsal. It is pending until it is sent."""

    kind: str


Effect = Toast | Wipe | Ring | Reminded | CallDue | CallDone | Document


@dataclass(frozen=True, slots=True)
class Reply:
    """The session after a turn, and its effects."""

    session: Session
    effects: tuple[Effect, ...] = field(default=())


WIDTH = 43  # characters of a bold line on a phone
ROOM = 21  # lines of a page, with empty lines but without its heading, notices and buttons


def paged(paragraphs: tuple[Paragraph, ...]) -> tuple[tuple[Paragraph, ...], ...]:
    """Return the paragraphs on pages. A heading is never last on a page, and is repeated on the next."""
    pages: list[list[Paragraph]] = [[]]
    heading, left = None, ROOM
    for index, paragraph in enumerate(paragraphs):
        following = paragraphs[index + 1] if paragraph.is_strong and index + 1 < len(paragraphs) else None
        height = height_of(paragraph)
        if pages[-1] and height + (height_of(following) if following else 0) > left:
            pages.append([heading] if heading and not paragraph.is_strong else [])
            left = ROOM - sum(map(height_of, pages[-1]))
        heading = paragraph if paragraph.is_strong else heading
        pages[-1].append(paragraph)
        left -= height
    return tuple(tuple(page) for page in pages)


def height_of(paragraph: Paragraph) -> int:
    """Return the number of lines that a paragraph takes on a phone, with the empty line before it."""
    text, above = paragraph.text, 0 if paragraph.is_close else 1
    # Most texts have no line break; the shortcut saves time, since many cards are measured.
    return above + (sum(map(lines_on_a_phone, text.split("\n"))) if "\n" in text else lines_on_a_phone(text))


@lru_cache(maxsize=2_000)
def lines_on_a_phone(text: str) -> int:
    """Return the number of lines that a text without line breaks takes on a phone."""
    return max(len(textwrap.wrap(text, WIDTH)), 1)
