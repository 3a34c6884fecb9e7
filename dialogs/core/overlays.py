"""What may lie over a card. There is at most one, and under it the card stays where it was."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """What an overlay is."""

    URGENT = "urgent"
    CALL = "call"
    CONTACTS = "contacts"
    WHAT = "what"
    EXPLAIN = "explain"
    TERMS = "terms"
    GUIDE = "guide"
    HELP = "help"
    MORE = "more"
    ERASE = "erase"
    AGAIN = "again"
    FOLLOW_UP = "follow-up"
    STOP = "enough"  # as it is stored: a release before may have to read it
    RAISE = "raise"
    FIND = "find"
    CALLING = "calling"
    TO_RECORD = "to-record"
    CODE = "code"
    REVIEW = "review"
    EARLIER = "earlier"
    NOTES = "notes"
    NOTE = "note"
    MIRROR = "mirror"
    REMIND = "remind"
    SUMMARY = "summary"
    WORDS = "words"
    ACTION = "action"
    OUTCOME = "outcome"
    NEWS = "news"
    CHANGED = "changed"
    REASONS = "reasons"


RESHOWN = frozenset({Kind.STOP, Kind.FOLLOW_UP, Kind.ACTION, Kind.OUTCOME, Kind.REASONS, Kind.MIRROR})
"""What tells somebody how to act, or has to be decided, and is shown again after anything that was opened from it."""

WHOM_TO_CALL = frozenset({Kind.URGENT, Kind.CALL, Kind.CALLING, Kind.CONTACTS})
"""What says whom to call, and nothing else."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay and what it is about: an item, a section, a term, a line, a page or a place in the guide.

    `about` is empty where that goes without saying. `under` is the kept overlay that it was opened from, if any, which
    is shown again when it closes.
    """

    kind: Kind
    about: str = ""
    under: "Overlay | None" = None


def is_stop_within(overlay: Overlay | None) -> bool:
    """Return whether an overlay is the stop card, or lies over it."""
    while overlay is not None and overlay.kind is not Kind.STOP:
        overlay = overlay.under
    return overlay is not None


def laid_over(overlay: Overlay, current: Overlay | None) -> Overlay:
    """The overlay, laid over the current one, which stays under it if it is of a kept kind."""
    if current is None:
        return overlay
    return replace(overlay, under=current if current.kind in RESHOWN else current.under)
