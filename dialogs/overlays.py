"""What may lie over a card. There is at most one, and under it the card stays where it was."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an overlay is."""

    URGENT = "urgent"
    CALL = "call"
    CONTACTS = "contacts"
    WHAT = "what"
    EXPLAIN = "explain"
    TERMS = "terms"
    HELP = "help"
    MORE = "more"
    ERASE = "erase"
    AGAIN = "again"
    DANGER = "danger"
    TOLD = "told"
    ALERT = "alert"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay and what it is about: an item, a term, an alert or a page; empty where there is nothing to say of it."""

    kind: Kind
    about: str = ""
