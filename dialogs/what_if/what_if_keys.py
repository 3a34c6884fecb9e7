"""The keys of what lies beyond a result: what could raise it, what to find out, and what to say on the telephone."""

from dialogs.call.call_keys import call_rows
from dialogs.core.acts import Go, Open, Page
from dialogs.core.keys import CLOSE, URGENT, Key, Rows, in_rows
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.session import Session
from dialogs.what_if.find_cards import find_pages
from dialogs.what_if.raise_cards import raise_pages
from seraf.form.instrument import Instrument
from seraf.what_if.ways_up import raising, unknown_items
from state_machines.assessment import Trigger

RAISE = Key(Open(Overlay(Kind.RAISE, "1")), "raise")
FIND = Key(Open(Overlay(Kind.FIND, "1")), "find")
ANSWER_THESE = Key(Go(Trigger.REOPEN), "answer-these")


def beyond(session: Session, instrument: Instrument) -> tuple[Key, ...]:
    """The ways from a result to what lies beyond it; what to find out only where something is not known."""
    return (RAISE, FIND) if unknown_items(instrument, session.case()) else (RAISE,)


def beyond_rows(overlay: Overlay, session: Session, instrument: Instrument) -> Rows:
    """From card to card, onward to the next steps or to the items that are not known, and out."""
    if overlay.kind in (Kind.CALL, Kind.CALLING):
        return call_rows(overlay, session)
    if overlay.kind is Kind.RAISE:
        count, onward = len(raise_pages(raising(instrument, session.case()))), TO_STEPS
    else:
        count, onward = len(find_pages(session, instrument)), (ANSWER_THESE,)
    return (*in_rows(_turned(overlay, count)), (*onward, CLOSE, URGENT))


def _turned(overlay: Overlay, pages: int) -> tuple[Key, ...]:
    """The ways to the card before and after, where there are any."""
    number = min(int(overlay.about), pages)
    earlier = (_at(overlay.kind, number - 1, "earlier"),) if number > 1 else ()
    later = (_at(overlay.kind, number + 1, "later"),) if number < pages else ()
    return (*earlier, *later)


TO_STEPS = (Key(Page(1), "what-to-do"),)
"""The way back to the action card."""


def _at(kind: Kind, number: int, word: str) -> Key:
    return Key(Open(Overlay(kind, str(number))), word)
