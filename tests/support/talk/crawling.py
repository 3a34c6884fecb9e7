"""Every overlay of a card, opened by its buttons and by theirs, until nothing new appears."""

from collections.abc import Iterator
from dataclasses import replace

from dialogs.cards.show import show
from dialogs.core.acts import Close, Kind, Open, Overlay, laid_over
from dialogs.core.replies import Card
from dialogs.core.script import Script
from dialogs.core.session import Session
from seraf.advice.contacts import LocalTime

SAME_FOR_ALL = (Kind.EXPLAIN, Kind.TERMS, Kind.GUIDE)
"""Overlays that no case changes: it is enough to have met each of them once."""


DAYS = 8
"""Days of a reminder that are looked at; a year of them is one card with another date."""


def over(session: Session, script: Script, now: LocalTime, met: set[Overlay]) -> Iterator[tuple[Overlay | None, Card]]:
    """The card of a session and each one that can be laid over it, with what lies over it.

    `met` are the overlays that are the same for all and were met before; those that are met here are added.
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
    """Return the overlay after such a button was pressed."""
    return laid_over(act.overlay, overlay) if isinstance(act, Open) else overlay and overlay.under


def _is_day(overlay: Overlay) -> bool:
    """True on the card of one day for a reminder."""
    return overlay.kind is Kind.REMIND and bool(overlay.about)
