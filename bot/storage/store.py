"""The contract of every store: people's records and what their chats show, and a named part for everything else.

It refuses to know what a case or a profile says: both are texts to seal.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.storage.everybody import Everybody, See, Seen
from bot.storage.owed_document import OwedDocument
from bot.storage.parts import (
    Audit,
    ChannelNotes,
    ContactChecks,
    Editions,
    EventKeys,
    InvitationCodes,
    MessagesToRemove,
    MonthlyCounts,
    OwedDocuments,
    Passes,
    Reminders,
    Rooms,
    SignIns,
)
from bot.storage.shown import NOTHING_SHOWN, MessageToRemove, Shown
from bot.storage.values import (
    Decide,
    Decision,
    Done,
    Entry,
    Inbound,
    KeyOnly,
    NeedsShared,
    Outcome,
    OutOfStep,
    Record,
    Redemption,
    Refused,
    Reminder,
    Repeated,
    Shared,
    Slice,
    Sorting,
)
from seraf.advice.contacts import Check

Result = TypeVar("Result")

MayForget = Callable[[Record, Shown], bool]
"""Says of a person without a case, by what is kept of them now, whether nobody needs their name any more."""

__all__ = [
    "NOTHING_SHOWN",
    "Check",
    "Decide",
    "Decision",
    "Done",
    "Entry",
    "Inbound",
    "KeyOnly",
    "MessageToRemove",
    "NeedsShared",
    "OutOfStep",
    "Outcome",
    "OwedDocument",
    "Record",
    "Redemption",
    "Refused",
    "Reminder",
    "Repeated",
    "Shared",
    "Shown",
    "Slice",
    "Sorting",
    "Store",
]


class Store(Protocol):
    """Keeps everything durable before it returns; raises `StoreFault` when it cannot, and then has kept nothing."""

    async def turns(self, inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        """Answer a batch in order and in one transaction, each event in a savepoint of its own.

        A person's row is made at their first accepted event. `Refused` keeps the key and the person's own message to be
        removed, nothing else; an event that nobody answers keeps its key alone.
        """
        ...

    async def recall(self, person: str) -> tuple[Record, Shown] | None:
        """The person's record and what their chat shows; None for somebody without a row."""
        ...

    async def everyone(self) -> tuple[tuple[Record, Shown], ...]:
        """Every person's record and what their chat shows, latest active first and the never active last.

        Somebody whose row was changed from outside, or does not open, is left out, and holds up nobody; `verify` says so.
        """
        ...

    async def of_each(self, see: Callable[[Record], Result]) -> tuple[Result, ...]:
        """What is seen of every person's record, of the same people in the same order; each is opened, seen and let go."""
        ...

    async def everybody(self, now: datetime, see: See[Seen]) -> Everybody[Seen]:
        """What is seen of everybody, and the invitations that are open now; nobody waits while they are looked up."""
        ...

    async def active_since(self, since: datetime) -> tuple[str, ...]:
        """People whose last accepted event is not before `since`, latest first."""
        ...

    async def due(self, now: datetime, born_until: datetime, *, most: int) -> tuple[str, ...]:
        """People for whom something is to happen by now, or whose live card was born by then: the longest due."""
        ...

    async def next_due(self, after: datetime, *, card_lasts: timedelta | None) -> datetime | None:
        """When something is due next after a time: for somebody, of a reminder, or since a live card is so old then."""
        ...

    async def changes(self) -> object:
        """What is another thing once anybody, this program or another, has committed something; found without reading a row."""
        ...

    async def with_case(self, order: Sorting, until: datetime, *, after: tuple[int, bytes] | None, most: int) -> Slice:
        """Of the next `most` people in this order, up to a time, those who have a case. `after` is where a slice ended."""
        ...

    async def show(self, person: str, shown: Shown) -> None:
        """Remember what the chat shows; the row is made when there is none. A delivered card is no longer stale."""
        ...

    async def show_many(self, rows: Mapping[str, Shown], *, within: float = 0.0) -> None:
        """The same for many people in one transaction; within so many seconds, so that it may be kept with something else."""
        ...

    async def forget_name(self, person: str, may: MayForget) -> bool:
        """Keep a hash in place of the name of somebody without a case, and nothing of what their chat shows; whether it was done.

        Whoever comes under that name is found by it, and has the same record, in which the person is that hash.
        """
        ...

    async def stale(self, since: datetime) -> tuple[str, ...]:
        """People active since then, or with a card in their chat, whose chat may not show their card; latest first.

        A turn makes a card stale; `show` of a delivered card (a digest, and no intent standing) ends it.
        """
        ...

    @property
    def audit(self) -> Audit:
        """What happened."""
        ...

    @property
    def invitation_codes(self) -> InvitationCodes:
        """One-time codes."""
        ...

    @property
    def reminders(self) -> Reminders:
        """When somebody is to look at a case again."""
        ...

    @property
    def documents(self) -> OwedDocuments:
        """Documents that are not sent yet."""
        ...

    @property
    def contact_checks(self) -> ContactChecks:
        """Whether the pack's telephone numbers were right."""
        ...

    @property
    def monthly_counts(self) -> MonthlyCounts:
        """How many leads, outcomes of calls and answers there were in a month."""
        ...

    @property
    def rooms(self) -> Rooms:
        """What several people share in a rehearsal."""
        ...

    @property
    def sign_ins(self) -> SignIns:
        """Who signed in with which browser."""
        ...

    @property
    def passes(self) -> Passes:
        """Who comes to rooms without an account."""
        ...

    @property
    def editions(self) -> Editions:
        """The instruments that sessions began with."""
        ...

    @property
    def event_keys(self) -> EventKeys:
        """Which events were taken."""
        ...

    @property
    def messages_to_remove(self) -> MessagesToRemove:
        """Messages that are still to be removed from chats."""
        ...

    @property
    def channel(self) -> ChannelNotes:
        """What the channel has to know after a restart."""
        ...

    async def verify(self) -> OutOfStep:
        """Look whether every row is as it was written last. People who have one that is not are refused from then on."""
        ...

    async def is_gone(self, *, seconds: float) -> bool:
        """Whether nothing that was erased is left in any file of the store, waited for at most so long."""
        ...

    async def scrub(self) -> None:
        """Leave no copy of what was erased, wherever the store's own workings may have left one. Nobody waits for it."""
        ...

    async def close(self) -> None:
        """Finish what was begun, then close; closing twice is harmless."""
        ...
