"""Finds every overlay of a card by pressing all buttons of the card and of its overlays."""

from collections.abc import Iterator
from dataclasses import replace

from dialogs.cards.show import show
from dialogs.core.acts import Close, Kind, Open, Overlay, laid_over
from dialogs.core.replies import Card
from dialogs.core.script import Script
from dialogs.core.session import Session
from seraf.advice.contacts import LocalTime

SAME_FOR_ALL = (Kind.EXPLAIN, Kind.TERMS, Kind.GUIDE)
"""Overlays that are the same in every case, so that it is enough to visit each of them once."""


DAYS = 8
"""The number of days for a reminder that are visited. The cards of all other days only differ in the date."""


def over(session: Session, script: Script, now: LocalTime, met: set[Overlay]) -> Iterator[tuple[Overlay | None, Card]]:
    """Yield the card of a session, and the card of each overlay that can be opened, each with its overlay.

    Overlays in `met` that are the same in every case are skipped. Those that are found here are added to `met`.
    """
    seen, new = set[Overlay | None](), [session.overlay]
    while new:
        overlay = new.pop()
        if overlay in seen or (overlay and overlay.kind in SAME_FOR_ALL and overlay in met):
            continue
        if overlay and _is_day(overlay) and sum(_is_day(each) for each in seen if each) >= DAYS:
            continue
        seen.add(overlay)
        if overlay and overlay.kind in SAME_FOR_ALL:
            met.add(overlay)
        card = show(replace(session, overlay=overlay), script, now)
        yield overlay, card
        new += [_after(button.act, overlay) for button in card.buttons if isinstance(button.act, Open | Close)]


def _after(act: Open | Close, overlay: Overlay | None) -> Overlay | None:
    """Return the overlay on the card after a button that opens or closes one was pressed, or None if no overlay is left."""
    return laid_over(act.overlay, overlay) if isinstance(act, Open) else overlay and overlay.under


def _is_day(overlay: Overlay) -> bool:
    """Return True if the overlay is the card for one day of a reminder."""
    return overlay.kind is Kind.REMIND and bool(overlay.about)
