"""The half of every store's contract that is about no person's conversation: what lies beside people, or is shared by them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.storage.owed import OwedDocument
from bot.storage.values import Entry, Reminder
from seraf.advice.contacts import Check


class Desk(Protocol):
    """Keeps everything durable before it returns; raises `StoreFault` when it cannot, and then has kept nothing."""

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

    async def forget_shared(self, now: datetime) -> int:
        """Forget what was shared until now or earlier, and say how much it was."""
        ...

    async def forget_shared_by(self, person: str, now: datetime) -> None:
        """Forget all that is shared on this person's card; the others whose card shows it are soon due."""
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

    async def parcels(self) -> tuple[OwedDocument, ...]:
        """Documents that are owed. What is owed of a case goes with it, and a case of another reference takes its place; what
        is owed of a rehearsal does neither.
        """
        ...

    async def forget_parcel(self, parcel: OwedDocument) -> None:
        """Forget a document that was sent, or is not to be sent."""
        ...
