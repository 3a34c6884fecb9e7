"""A key of a card before it has words, and the card of an overlay: its words and its buttons side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dialogs.core.acts import Act, Close, Go, Kind, Open, Overlay, Rehearse
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from seraf.advice.contacts import LocalTime
from state_machines.assessment import Trigger
from state_machines.rehearsal import Turn

NARROW = 12
"""Characters of a label that is not cut in a row of three."""

IN_A_ROW = 3
"""The most buttons in a row."""


class Key(NamedTuple):
    """A button to be: `word` is its key in the wording file, `text` a label of the pack's that stands instead."""

    act: Act
    word: str = ""
    text: str = ""
    number: str = ""
    is_chosen: bool = False


Rows = tuple[tuple[Key, ...], ...]


def in_rows(keys: Sequence[Key], width: int = IN_A_ROW) -> Rows:
    """The keys in rows of at most `width`, in order."""
    return tuple([tuple(keys[start : start + width]) for start in range(0, len(keys), width)])


def _length(key: Key) -> int:
    """Characters of the key's own words, with the mark of what was chosen."""
    return len(key.text) + (len(" ✓") if key.is_chosen else 0)


def fitting(keys: Sequence[Key]) -> Rows:
    """The keys in rows of three while their own words fit next to each other on a phone; where one is too long, two stand alone."""
    rows: list[tuple[Key, ...]] = []
    left = list(keys)
    while left:
        size = IN_A_ROW if all(_length(key) <= NARROW for key in left[:IN_A_ROW]) else 2
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
PAUSE = Key(Go(Trigger.PAUSE), "pause")
ERASE = Key(Open(Overlay(Kind.ERASE)), "erase")
ERASE_NOW = Key(Go(Trigger.ERASE), "erase-now")
CODE = Key(Open(Overlay(Kind.CODE)), "code")
REMIND = Key(Open(Overlay(Kind.REMIND)), "remind")
REHEARSE = Key(Rehearse(Turn.OPEN), "rehearse")
CHANGED = Key(Open(Overlay(Kind.CHANGED, "1")), "changed")
REVIEW = Key(Open(Overlay(Kind.REVIEW)), "review")
CLOSE = Key(Close(), "back")
GO_ON = Key(Close(), "go-on")


def turning(kind: Kind, page: int, *, pages: int) -> tuple[Key, ...]:
    """The ways to the page before and after of an overlay that has pages, where there are any."""
    earlier = (Key(Open(Overlay(kind, str(page - 1))), "earlier"),) if page > 1 else ()
    later = (Key(Open(Overlay(kind, str(page + 1))), "later"),) if page < pages else ()
    return (*earlier, *later)


Paragraphs = tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What the card of an overlay is drawn from; `about` is what the overlay is about."""

    about: str
    session: Session
    script: Script
    now: LocalTime


@dataclass(frozen=True, slots=True)
class OverlayCard:
    """How an overlay is drawn: its words, and the buttons under them."""

    words: Callable[[View], Paragraphs]
    rows: Callable[[View], Rows]


def titled(name: str, script: Script, *texts: str) -> Paragraphs:
    """The title of that name in the wording, and these texts under it."""
    title = Paragraph(script.wording.say(f"{name}.title"), is_strong=True)
    return (title, *map(Paragraph, texts))
