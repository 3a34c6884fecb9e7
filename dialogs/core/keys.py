"""A `Key`, which is a button without its final label, and an `OverlayCard`, which is how the card of an overlay is drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dialogs.core.acts import Act, Close, Go, Kind, Open, Overlay, ToCases
from dialogs.core.page import WholePage
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from seraf.advice.contacts import LocalTime
from state_machines.assessment import Trigger

NARROW = 12  # maximum number of characters of a label that a phone shows in full in a row of three
IN_A_ROW = 3  # maximum number of buttons in a row


class Key(NamedTuple):
    """A button without its final label. `word` names its label in the wording file; `text`, from the pack, is used instead if given."""

    act: Act
    word: str = ""
    text: str = ""
    number: str = ""
    is_chosen: bool = False


Rows = tuple[tuple[Key, ...], ...]


def in_rows(keys: Sequence[Key], width: int = IN_A_ROW) -> Rows:
    """Return the buttons in rows of at most `width`, in order."""
    return tuple([tuple(keys[start : start + width]) for start in range(0, len(keys), width)])


def fitting(keys: Sequence[Key]) -> Rows:
    """Return the buttons in rows of three, or of two if one of the next three labels is too long for a third of a phone's width."""
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
ANOTHER = Key(ToCases(), "another-child")
CLOSE = Key(Close(), "back")
GO_ON = Key(Close(), "go-on")


def turning(page: int, pages: int, turn: Callable[[str], Act]) -> tuple[Key, ...]:
    """Return the buttons for the previous and the next page, if these exist. `turn` returns the act for a page number."""
    numbers = ((page - 1, "earlier"), (page + 1, "later"))
    return tuple(Key(turn(str(number)), word) for number, word in numbers if 1 <= number <= pages)


Paragraphs = tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Everything that an overlay's card is drawn from. `about` is the subject of the overlay."""

    about: str
    session: Session
    script: Script
    now: LocalTime


@dataclass(frozen=True, slots=True)
class OverlayCard:
    """The functions that draw the card of an overlay: its paragraphs, its buttons in rows, and its page, made of the plain one."""

    words: Callable[[View], Paragraphs]
    rows: Callable[[View], Rows]
    page: Callable[[View, WholePage], WholePage] | None = None


def titled(name: str, script: Script, *texts: str) -> Paragraphs:
    """Return the paragraphs of a card: its title, which is `<name>.title` in the wording file, and `texts` below it."""
    title = Paragraph(script.wording.say(f"{name}.title"), is_strong=True)
    return (title, *map(Paragraph, texts))
