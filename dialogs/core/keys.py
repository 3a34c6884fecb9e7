"""A key (a button without its final label), and an overlay card: the functions that return its paragraphs and keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dialogs.core.acts import Act, Close, Go, Kind, Open, Overlay
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from seraf.advice.contacts import LocalTime
from state_machines.assessment import Trigger

NARROW = 12  # maximum number of characters of a label that a phone shows in full in a row of three
IN_A_ROW = 3  # maximum number of buttons in a row


class Key(NamedTuple):
    """A button without its final label. `word` names the label in the wording; a `text` from the pack replaces it."""

    act: Act
    word: str = ""
    text: str = ""
    number: str = ""
    is_chosen: bool = False


Rows = tuple[tuple[Key, ...], ...]


def in_rows(keys: Sequence[Key], width: int = IN_A_ROW) -> Rows:
    """Return the keys in rows of at most `width`, in order."""
    return tuple([tuple(keys[start : start + width]) for start in range(0, len(keys), width)])


def fitting(keys: Sequence[Key]) -> Rows:
    """Return the keys in rows of three, or of two where one of the next three labels is too long for a phone."""
    rows: list[tuple[Key, ...]] = []
    left = list(keys)
    while left:
        widest = max([len(key.text) + (len(" ✓") if key.is_chosen else 0) for key in left[:IN_A_ROW]])
        size = IN_A_ROW if widest <= NARROW else 2
        rows.append(tuple(left[:size]))
        left = left[size:]
    return tuple(rows)


BACK = Key(Go(Trigger.BACK), "back")
URGENT = Key(Open(Overlay(Kind.URGENT)), "urgent")
CALL = Key(Open(Overlay(Kind.CALL)), "call")
SCRIPT = Key(Open(Overlay(Kind.CALL)), "script")
CONTACTS = Key(Open(Overlay(Kind.CONTACTS)), "contacts")
HELP = Key(Open(Overlay(Kind.HELP)), "help")
MORE = Key(Open(Overlay(Kind.MORE)), "more")
TERMS = Key(Open(Overlay(Kind.TERMS, "1")), "terms")
GUIDE = Key(Open(Overlay(Kind.GUIDE)), "guide")
ERASE = Key(Open(Overlay(Kind.ERASE)), "erase")
CODE = Key(Open(Overlay(Kind.CODE)), "code")
CLOSE = Key(Close(), "back")
GO_ON = Key(Close(), "go-on")


def turning(page: int, pages: int, turn: Callable[[str], Act]) -> tuple[Key, ...]:
    """Return the keys to the previous and the next page, if they exist. `turn` returns the act for a page number."""
    numbers = ((page - 1, "earlier"), (page + 1, "later"))
    return tuple(Key(turn(str(number)), word) for number, word in numbers if 1 <= number <= pages)


Paragraphs = tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class View:
    """The values that an overlay's card is drawn from; `about` is the overlay's subject."""

    about: str
    session: Session
    script: Script
    now: LocalTime


@dataclass(frozen=True, slots=True)
class OverlayCard:
    """The functions that draw an overlay's card: one for its paragraphs, one for the rows of keys under them."""

    words: Callable[[View], Paragraphs]
    rows: Callable[[View], Rows]


def titled(name: str, script: Script, *texts: str) -> Paragraphs:
    """Return the paragraphs of a card: the title `<name>.title` of the wording, and `texts` under it."""
    title = Paragraph(script.wording.say(f"{name}.title"), is_strong=True)
    return (title, *map(Paragraph, texts))
