"""Audit, codes, reminders, documents and settings: what a store keeps apart from people's records, one contract a part.

Each part keeps everything durable before it returns; it raises `StoreFault` when it cannot, and then has kept nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.storage.monthly_counts import CountsByMonth
from bot.storage.owed_document import OwedDocument
from bot.storage.passes import PassOutcome, PassTurn, PassView
from bot.storage.shown import MessageToRemove
from bot.storage.sign_in import SignIn, SignOff
from bot.storage.values import Entry, Issued, Reminder, Shared
from seraf.advice.contacts import Check


class Audit(Protocol):
    """What happened, in order. A turn appends its own entries; here is what happens without one."""

    async def append(self, entries: Sequence[Entry]) -> None:
        """Append these entries, in order."""
        ...

    async def entries(self) -> tuple[Entry, ...]:
        """Every entry of the months that are kept, oldest first."""
        ...

    async def drop_before(self, month: str, *, now: datetime) -> int:
        """Drop the entries of months earlier than this one ("2026-11"), and say how many; each such month leaves an entry.

        The latest month stays, whatever is asked for.
        """
        ...


class InvitationCodes(Protocol):
    """One-time codes, each with the text that it opens. The codes themselves are not kept."""

    async def issue(self, code: str, text: str, *, until: datetime) -> None:
        """Keep what this code opens, until then."""
        ...

    async def issue_all(self, issued: Sequence[Issued], said: Sequence[Entry]) -> None:
        """Keep what each of these codes opens, and append the entries to the audit in the same transaction."""
        ...

    async def valid(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """What each code that is valid now opens, and until when; the first to expire comes first."""
        ...

    async def withdraw(self, text: str, said: Entry) -> bool:
        """Use up every valid code that opens this text, and append the entry to the audit in the same transaction.

        False where there is none; then nothing is appended.
        """
        ...

    async def forget_expired(self, now: datetime) -> int:
        """Forget the codes that have expired, and say how many."""
        ...


class Reminders(Protocol):
    """When somebody is to look at a case again. A turn adds them; they outlast the case."""

    async def due(self, until: datetime) -> tuple[Reminder, ...]:
        """The reminders that are due by then, longest due first."""
        ...

    async def forget(self, reminder: Reminder) -> None:
        """Forget this reminder; harmless where it is not there."""
        ...


class OwedDocuments(Protocol):
    """Documents that people asked for and that are not sent yet. A turn adds them.

    Those of a case go with it, and a case of another reference takes their place; those of a rehearsal do neither.
    """

    async def owed(self) -> tuple[OwedDocument, ...]:
        """Every document that is not sent yet, those of cases first."""
        ...

    async def forget(self, document: OwedDocument) -> None:
        """Forget a document that was sent, or is not to be sent; one asked for later stays."""
        ...


class ContactChecks(Protocol):
    """What people found when they tried a telephone number of the pack."""

    async def keep(self, check: Check, said: Entry) -> None:
        """Keep a check in place of the contact's last one, and append the entry to the audit in the same transaction."""
        ...

    async def latest(self) -> tuple[Check, ...]:
        """The latest check of each contact, by the contact's id."""
        ...


class MonthlyCounts(Protocol):
    """Numbers by month, of no person, case or day. A turn adds them."""

    async def by_month(self) -> CountsByMonth:
        """Everything that is counted, however small: whoever shows it leaves out what is too small to be shown."""
        ...

    async def forget_before(self, month: str) -> int:
        """Forget the counts of months earlier than this one ("2026-11"), and say of how many months."""
        ...


class Rooms(Protocol):
    """What several people share in a rehearsal. A turn looks at it, changes it and ends it."""

    async def forget_expired(self, now: datetime) -> int:
        """Forget the rooms that have expired, and say how many."""
        ...

    async def forget_of(self, person: str, now: datetime) -> None:
        """Forget every room on this person's card; the others whose card shows it are soon due."""
        ...


class SignIns(Protocol):
    """Who signed in with which browser. A turn adds those of people who were admitted, and ends all of a removed person's."""

    async def keep(self, sign_in: SignIn) -> None:
        """Keep a sign-in; of one person so many at a time, and the first to end goes for one more."""
        ...

    async def find(self, secret: str, now: datetime) -> SignIn | None:
        """The sign-in of this secret; None where there is none, or its time is over."""
        ...

    async def sign_off(self, said: SignOff) -> bool:
        """End what a sign-off ends, and keep its key in the same transaction; false where the key was seen before."""
        ...

    async def forget_expired(self, now: datetime) -> int:
        """Forget the sign-ins whose time is over, and say how many."""
        ...


class Passes(Protocol):
    """Passes to rooms, for browsers without an account. A turn that ends a room lets its passes end soon."""

    async def turns(self, turns: Sequence[PassTurn]) -> tuple[PassOutcome, ...]:
        """Answer a batch in order and in one transaction, each in a savepoint of its own. Of people it changes nothing."""
        ...

    async def view(self, name: str, now: datetime) -> PassView | None:
        """A pass, and at a screen what its room is and what its host rehearses; None where there is none, or it is over."""
        ...

    async def room(self, code: str, now: datetime) -> Shared | None:
        """The room of this code, for somebody who has no pass yet; None where there is none."""
        ...

    async def forget_expired(self, now: datetime) -> int:
        """Forget the passes that are over, and say how many."""
        ...


class Editions(Protocol):
    """Every instrument that a session began with, for as long as the store lasts."""

    async def keep(self, fingerprint: str, instrument: bytes) -> None:
        """Keep an instrument; the first bytes under a fingerprint stand."""
        ...

    async def by_fingerprint(self) -> Mapping[str, bytes]:
        """Every instrument kept."""
        ...


class EventKeys(Protocol):
    """The keys of the events that were taken, so that one that comes twice counts once. A turn adds them."""

    async def forget_before(self, time: datetime) -> int:
        """Forget the keys of earlier events, and say how many."""
        ...


class MessagesToRemove(Protocol):
    """Messages that are still to be removed from chats. A turn adds the person's own."""

    async def oldest_first(self) -> tuple[MessageToRemove, ...]:
        """Every message still to be removed."""
        ...

    async def of(self, person: str) -> tuple[MessageToRemove, ...]:
        """Those that are to be removed from this person's chat, oldest first."""
        ...

    async def add(self, person: str, handle: str, *, born: datetime, is_kept: bool = False) -> None:
        """Add a message of the bot's, to be removed at once or (`is_kept`) in the end; the first word on a message stands."""
        ...

    async def forget(self, person: str, handles: Sequence[str]) -> None:
        """Forget messages that have been removed."""
        ...


class ChannelNotes(Protocol):
    """What the channel has to know after a restart."""

    async def polled_at(self) -> datetime | None:
        """When the channel last asked for events; None when it never has."""
        ...

    async def mark_polled(self, at: datetime) -> None:
        """Remember when the channel last asked for events."""
        ...
