"""The card of an overlay as one value: its words and its buttons stand side by side, where the capability is."""

from collections.abc import Callable
from dataclasses import dataclass

from dialogs.core.keys import Rows
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from seraf.advice.contacts import LocalTime

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
