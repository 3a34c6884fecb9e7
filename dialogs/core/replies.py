"""What the conversation gives back: a card to show, laid out on pages, and effects that are no card.

What a card is made of is made by the dozen in a turn: a `NamedTuple` takes half the time of a frozen dataclass.
"""

import textwrap
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from dialogs.core.acts import Act, GateAct, code_of
from dialogs.core.session import Session


class Number(NamedTuple):
    """Where in a paragraph a telephone number stands that may be rung from there, and how it is dialled."""

    start: int
    end: int
    dial: str


class Paragraph(NamedTuple):
    """A paragraph of a card; `is_strong` is for what the eye should find first, and never carries a meaning alone.

    One that `is_close` stands right under the one before it, with no empty line between. One of each card `is_heading`:
    what is read out first where cards are read out. `numbers` are those in it that may be rung.
    """

    text: str
    is_strong: bool = False
    is_close: bool = False
    is_heading: bool = False
    numbers: tuple[Number, ...] = ()

    @property
    def parting(self) -> str:
        """What parts it from the paragraph before."""
        return "\n" if self.is_close else "\n\n"


class Button(NamedTuple):
    """A button: at most 20 characters, the act behind it, and whether it is what was chosen, which its label says too."""

    label: str
    act: Act | GateAct
    is_chosen: bool = False

    @property
    def code(self) -> str:
        """The code of its act."""
        return code_of(self.act)


@dataclass(frozen=True, slots=True)
class Card:
    """All that a person sees at once: at most 1,000 characters and three buttons in a row."""

    token: int
    paragraphs: tuple[Paragraph, ...]
    rows: tuple[tuple[Button, ...], ...]
    takes_words: bool = False
    """Whether what is typed while it is shown is taken as a note."""
    asks_for: str = ""
    """The command whose words the card asks for: a code, or a word to look up; empty where it asks for none."""
    goes_first: bool = False
    """Whether it says whom to call: where not all cards can be sent at once, it goes before the others."""

    @property
    def text(self) -> str:
        """The words of the card, paragraphs parted by an empty line where they are not close."""
        return "".join(f"{each.parting if at else ''}{each.text}" for at, each in enumerate(self.paragraphs))

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Every button, in reading order."""
        return tuple(button for row in self.rows for button in row)


@dataclass(frozen=True, slots=True)
class Toast:
    """A short sentence of the wording file, shown in passing where the channel can (best effort)."""

    key: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wipe:
    """Remove what stands in the chat: the bot's messages and the person's own."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Show the card in a new message, since the person should notice it."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """Remind the person of the reference on a day (local), whatever is kept by then."""

    day: date


@dataclass(frozen=True, slots=True)
class CallDue:
    """Remind the person that a call of this case is due: at this time (aware), 15 minutes later, and the next morning.

    A later one takes its place. It is said with the reference and the time alone, also in a locked chat.
    """

    due: datetime


@dataclass(frozen=True, slots=True)
class CallDone:
    """No call of this case is open any more: no further reminder of one comes."""


@dataclass(frozen=True, slots=True)
class Document:
    """Send a document of this kind about the case, or in a rehearsal about that; it is made when it is sent, and owed until
    it was.
    """

    kind: str


Effect = Toast | Wipe | Ring | Reminded | CallDue | CallDone | Document


@dataclass(frozen=True, slots=True)
class Reply:
    """The session after a turn, and what else is to happen."""

    session: Session
    effects: tuple[Effect, ...] = field(default=())


WIDTH = 43
"""Characters of a line on a phone, where they are strong."""

ROOM = 21
"""Lines of a page without its heading, its notices and its buttons, empty ones counted."""


def paged(paragraphs: tuple[Paragraph, ...]) -> tuple[tuple[Paragraph, ...], ...]:
    """The paragraphs on pages. A heading never stands last on one, and is said again on the next."""
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
    """Lines that a paragraph takes on a phone, with the empty one before it."""
    text, above = paragraph.text, 0 if paragraph.is_close else 1
    # most have no line break, and a card is measured at every turn that comes to it
    return above + (sum(map(lines_on_a_phone, text.split("\n"))) if "\n" in text else lines_on_a_phone(text))


@lru_cache(maxsize=2_000)
def lines_on_a_phone(text: str) -> int:
    """Lines that a text without line breaks takes on a phone."""
    return max(len(textwrap.wrap(text, WIDTH)), 1)
