"""The keys of what may be opened from a result: what could raise it, what to find out, and what to say on the telephone."""

from dialogs.acts import Open, Page
from dialogs.keys import CLOSE, URGENT, Key, Rows, in_rows
from dialogs.overlays import Kind, Overlay
from dialogs.raise_screens import raise_pages
from dialogs.session import Session
from seraf.instrument import Instrument
from seraf.raising import raising

RAISE = Key(Open(Overlay(Kind.RAISE, "1")), "raise")


def raise_rows(overlay: Overlay, session: Session, instrument: Instrument, pages: tuple[str, ...]) -> Rows:
    """From card to card, to the next steps of the result, and out."""
    turning = turned(overlay, len(raise_pages(raising(instrument, session.case()), instrument)))
    return (*in_rows(turning), (*to_steps(pages), CLOSE, URGENT))


def turned(overlay: Overlay, pages: int) -> tuple[Key, ...]:
    """The ways to the card before and after, where there are any."""
    number = min(int(overlay.about), pages)
    earlier = (_at(overlay.kind, number - 1, "earlier"),) if number > 1 else ()
    later = (_at(overlay.kind, number + 1, "later"),) if number < pages else ()
    return (*earlier, *later)


def to_steps(pages: tuple[str, ...]) -> tuple[Key, ...]:
    """The way to the page of the result with the next steps."""
    return (Key(Page(pages.index("steps") + 1), "page.steps"),) if "steps" in pages else ()


def _at(kind: Kind, number: int, word: str) -> Key:
    return Key(Open(Overlay(kind, str(number))), word)
