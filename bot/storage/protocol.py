"""The contract of every store: what it promises about the values that go in and come out.

It refuses to know what a case or a profile says: both are texts to seal.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.storage.owed import Parcel
from bot.storage.values import (
    NOTHING_SHOWN,
    Claim,
    Decide,
    Decision,
    Done,
    Entry,
    Inbound,
    Litter,
    Noted,
    Outcome,
    Record,
    Refused,
    Reminder,
    Repeated,
    Shown,
)
from seraf.contacts import Check

__all__ = [
    "NOTHING_SHOWN",
    "Check",
    "Claim",
    "Decide",
    "Decision",
    "Done",
    "Entry",
    "Inbound",
    "Litter",
    "Noted",
    "Outcome",
    "Parcel",
    "Record",
    "Refused",
    "Reminder",
    "Repeated",
    "Shown",
    "Store",
]


class Store(Protocol):
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

    async def litter(self) -> tuple[Litter, ...]:
        """Messages still to be removed, oldest first."""
        ...

    async def discard(self, person: str, handle: str, born: datetime, *, is_kept: bool = False) -> None:
        """Note a message of the bot's to be removed, at once or (`is_kept`) in the end; the first note of a message stands."""
        ...

    async def swept(self, person: str, handles: Sequence[str]) -> None:
        """Forget messages that have been removed."""
        ...

    async def keep_edition(self, fingerprint: str, instrument: bytes) -> None:
        """Keep an instrument for as long as the store; the first bytes under a fingerprint stand."""
        ...

    async def editions(self) -> Mapping[str, bytes]:
        """Every instrument kept, by fingerprint."""
        ...

    async def polled_at(self) -> datetime | None:
        """When the channel was last asked for events; None when never."""
        ...

    async def mark_polled(self, at: datetime) -> None:
        """Remember when the channel was last asked for events."""
        ...

    async def bot_name(self) -> str:
        """The bot's public name, for links in invitations; empty until it has run."""
        ...

    async def keep_bot_name(self, name: str) -> None:
        """Remember the bot's public name."""
        ...

    async def forget_keys(self, before: datetime) -> int:
        """Forget the keys of events earlier than `before`, and say how many."""
        ...

    async def issue(self, code: str, text: str, until: datetime) -> None:
        """Keep what a one-time code opens, until then. The code itself is not kept."""
        ...

    async def good_codes(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """What the codes open that are good now, and until when; first what is over first."""
        ...

    async def withdraw(self, text: str, said: Entry) -> bool:
        """Use up every code that is good and opens this, and append this entry with it; false, and neither, where there is none."""
        ...

    async def forget_tickets(self, now: datetime) -> int:
        """Forget the codes whose time is over, and say how many."""
        ...

    async def enter(self, entries: Sequence[Entry]) -> None:
        """Append to the audit what did not come about by a turn."""
        ...

    async def entries(self) -> tuple[Entry, ...]:
        """The audit, oldest first, of the months that are kept."""
        ...

    async def drop_audit(self, before_month: str, now: datetime) -> int:
        """Drop the entries of months earlier than this one ("2026-11"), and say how many."""
        ...

    async def check_contact(self, check: Check, said: Entry) -> None:
        """Keep what somebody found of a contact, and append this entry with it; a later one of that contact takes its place."""
        ...

    async def contact_checks(self) -> tuple[Check, ...]:
        """The latest check of each contact, by its id."""
        ...

    async def reminders(self, until: datetime) -> tuple[Reminder, ...]:
        """Reminders that are due by then, longest due first."""
        ...

    async def forget_reminder(self, reminder: Reminder) -> None:
        """Forget a reminder."""
        ...

    async def parcels(self) -> tuple[Parcel, ...]:
        """Documents that are owed. What is owed of a case goes with it, and a case of another reference takes its place; what
        is owed of a rehearsal does neither.
        """
        ...

    async def forget_parcel(self, parcel: Parcel) -> None:
        """Forget a document that was sent, or is not to be sent."""
        ...

    async def scrub(self) -> None:
        """Leave no copy of what was erased, wherever the store's own workings may have left one."""
        ...

    async def close(self) -> None:
        """Finish what was begun and let go; closing twice is harmless."""
        ...
