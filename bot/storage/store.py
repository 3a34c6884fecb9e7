"""The contract of every store: what it promises about the values that go in and come out.

It refuses to know what a case or a profile says: both are texts to seal.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.storage.desk_protocol import Desk
from bot.storage.owed import OwedDocument
from bot.storage.shown import NOTHING_SHOWN, MessageToRemove, Shown
from bot.storage.values import (
    Claim,
    Decide,
    Decision,
    Done,
    Entry,
    Inbound,
    KeyOnly,
    NeedsShared,
    Outcome,
    Record,
    Refused,
    Reminder,
    Repeated,
    Shared,
)
from seraf.advice.contacts import Check

__all__ = [
    "NOTHING_SHOWN",
    "Check",
    "Claim",
    "Decide",
    "Decision",
    "Done",
    "Entry",
    "Inbound",
    "KeyOnly",
    "MessageToRemove",
    "NeedsShared",
    "Outcome",
    "OwedDocument",
    "Record",
    "Refused",
    "Reminder",
    "Repeated",
    "Shared",
    "Shown",
    "Store",
]


class Store(Desk, Protocol):
    """Keeps everything durable before it returns; raises `StoreFault` when it cannot, and then has kept nothing."""

    async def turns(self, inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        """Answer a batch in order and in one transaction, each event in a savepoint of its own.

        A person's row is made at their first accepted event. `Refused` keeps the key and the litter, nothing else;
        an event that nobody answers keeps its key alone.
        """
        ...

    async def recall(self, person: str) -> tuple[Record, Shown] | None:
        """The person's record and what their chat shows; None for somebody without a row."""
        ...

    async def show(self, person: str, shown: Shown) -> None:
        """Remember what the chat shows; the row is made when there is none. A delivered card is no longer stale."""
        ...

    async def show_many(self, rows: Mapping[str, Shown]) -> None:
        """The same for many people in one transaction."""
        ...

    async def stale(self, since: datetime) -> tuple[str, ...]:
        """People active since then, or in whose chat a card stands, whose chat may not show their card; latest first.

        A turn makes a card stale; `show` of a delivered card (a digest, and no intent standing) ends it.
        """
        ...

    async def active_since(self, since: datetime) -> tuple[str, ...]:
        """People whose last accepted event is not before `since`, latest first."""
        ...

    async def due(self, now: datetime, born_until: datetime, most: int) -> tuple[str, ...]:
        """People for whom something is to happen by now, or whose live card was born by then: the longest due."""
        ...

    async def everyone(self) -> tuple[tuple[Record, Shown], ...]:
        """Every person's record and what their chat shows, latest active first and the never active last."""
        ...

    async def litter(self) -> tuple[MessageToRemove, ...]:
        """Messages still to be removed, oldest first."""
        ...

    async def discard(self, person: str, handle: str, born: datetime, *, is_kept: bool = False) -> None:
        """Note a message of the bot's to be removed, at once or (`is_kept`) in the end; the first note of a message stands."""
        ...

    async def swept(self, person: str, handles: Sequence[str]) -> None:
        """Forget messages that have been removed."""
        ...

    async def scrub(self) -> None:
        """Leave no copy of what was erased, wherever the store's own workings may have left one."""
        ...

    async def close(self) -> None:
        """Finish what was begun and let go; closing twice is harmless."""
        ...
