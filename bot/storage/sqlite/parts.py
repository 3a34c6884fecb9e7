"""Audit, codes, reminders, documents and settings in SQLite: each call one transaction and one hop."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

from bot.crypto.sealing import KeyRing
from bot.runtime.clock import aware
from bot.runtime.errors import StoreFault
from bot.storage.monthly_counts import CountsByMonth
from bot.storage.owed_document import OwedDocument
from bot.storage.shown import MessageToRemove
from bot.storage.sign_in import SignIn, SignOff
from bot.storage.sqlite.keyed_connection import KeyedConnection, KeyedWork, Tables
from bot.storage.sqlite.ledger.bound_tables import MONTHS
from bot.storage.sqlite.tables import channel_notes
from bot.storage.values import Entry, Issued, Reminder
from bot.trail.audit import AuditLook, Head, Linked, Trail, look_at
from seraf.advice.contacts import Check

MARKED_WITHIN = 5.0
"""Seconds within which it is kept when the channel was asked last: with what people did, where they do something."""


class _Part:
    """What every part has: the connection, and nothing of its own."""

    def __init__(self, connection: KeyedConnection) -> None:
        self._connection = connection


class SqliteAudit(_Part):
    """The audit, sealed and chained."""

    async def append(self, entries: Sequence[Entry]) -> None:
        """Append these entries, in order."""
        await self._connection.write(lambda database, tables: tables.audit.append(database, entries))

    async def entries(self) -> tuple[Entry, ...]:
        """Every entry of the months that are kept, oldest first."""
        return await self._connection.read(lambda database, tables: tables.audit.entries(database))

    async def drop_before(self, month: str, *, now: datetime) -> int:
        """Drop the entries of earlier months, and say how many; each such month leaves an entry. The latest month stays."""
        return await self._connection.write(lambda database, tables: tables.audit.drop(database, month, now=now))

    async def trail(self) -> Trail:
        """The audit with its links and months, all of it."""
        return await self._connection.read(lambda database, tables: tables.audit.trail(database))

    async def after(self, number: int | None) -> tuple[Head, tuple[Linked, ...]]:
        """The head, and the entries after that of a number, the oldest of them; of no number (None) the head alone."""
        return await self._connection.read(lambda database, tables: tables.audit.after(database, number))

    async def look(self, keys: KeyRing, *, anchor: Head | None = None) -> AuditLook:
        """Every fault of the audit, and whether months were put back or taken away: what is left may be whole in itself.

        Entries are gone through one at a time, in a copy: who reads for long keeps the log from being emptied, and whoever
        empties it then keeps others waiting.
        """
        with ExitStack() as aside:

            def take(database: sqlite3.Connection, tables: Tables) -> tuple[Trail, tuple[str, ...]]:
                """The entries, and what is wrong with the count of months."""
                trail = aside.enter_context(tables.audit.set_aside(database))
                try:
                    tables.ledger.demand_table(database, MONTHS.name)
                except StoreFault as fault:
                    return trail, (str(fault),)
                return trail, ()

            trail, faults = await self._connection.read(take)
            look = await asyncio.to_thread(look_at, keys, trail, anchor=anchor)
            return replace(look, faults=(*look.faults, *faults))


class SqliteInvitationCodes(_Part):
    """One-time codes, found by their keyed hash."""

    async def issue(self, code: str, text: str, *, until: datetime) -> None:
        """Keep what this code opens, until then."""
        time = aware(until)
        await self._connection.write(
            lambda database, tables: tables.invitation_codes.issue(database, code, text=text, until=time)
        )

    async def issue_all(self, issued: Sequence[Issued], said: Sequence[Entry]) -> None:
        """Keep what each of these codes opens, and append the entries to the audit in the same transaction."""

        def work(database: sqlite3.Connection, tables: Tables) -> None:
            """All, or nothing."""
            for each in issued:
                tables.invitation_codes.issue(database, each.code, text=each.text, until=each.until)
            tables.audit.append(database, said)

        await self._connection.write(work)

    async def valid(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """What each code that is valid now opens, and until when; the first to expire comes first."""
        time = aware(now)
        found = await self._connection.read(lambda database, tables: tables.invitation_codes.valid(database, time))
        return tuple((each.text, each.until) for each in found)

    async def withdraw(self, text: str, said: Entry) -> bool:
        """Use up every valid code that opens this text, and append the entry to the audit; false where there is none."""

        def work(database: sqlite3.Connection, tables: Tables) -> bool:
            """Both, or neither."""
            codes = tables.invitation_codes
            marks = [each.mark for each in codes.valid(database, said.at) if each.text == text]
            codes.withdraw(database, marks)
            tables.audit.append(database, [said] if marks else [])
            return bool(marks)

        return await self._connection.write(work)

    async def forget_expired(self, now: datetime) -> int:
        """Forget the codes that have expired, and say how many."""
        return await self._connection.write(lambda database, tables: tables.invitation_codes.forget(database, now))


class SqliteReminders(_Part):
    """Reminders, sealed."""

    async def due(self, until: datetime) -> tuple[Reminder, ...]:
        """The reminders that are due by then, longest due first."""
        return await self._connection.read(lambda database, tables: tables.reminders.due(database, until))

    async def forget(self, reminder: Reminder) -> None:
        """Forget this reminder."""
        await self._connection.write(lambda database, tables: tables.reminders.forget(database, reminder))


class SqliteOwedDocuments(_Part):
    """Owed documents, sealed."""

    async def owed(self) -> tuple[OwedDocument, ...]:
        """Every document that is not sent yet, those of cases first."""
        return await self._connection.read(lambda database, tables: tables.documents.everything(database))

    async def forget(self, document: OwedDocument) -> None:
        """Forget a document; one asked for later stays."""
        await self._connection.write(lambda database, tables: tables.documents.forget(database, document))


class SqliteContactChecks(_Part):
    """The latest check of each contact, sealed."""

    async def keep(self, check: Check, said: Entry) -> None:
        """Keep a check in place of the contact's last one, and append the entry to the audit."""

        def work(database: sqlite3.Connection, tables: Tables) -> None:
            """Both, or neither."""
            tables.contact_checks.keep(database, check)
            tables.audit.append(database, [said])

        await self._connection.write(work)

    async def latest(self) -> tuple[Check, ...]:
        """The latest check of each contact, by the contact's id."""
        return await self._connection.read(lambda database, tables: tables.contact_checks.everything(database))


class SqliteMonthlyCounts(_Part):
    """Counts by month, sealed."""

    async def by_month(self) -> CountsByMonth:
        """Everything that is counted, however small."""
        return await self._connection.read(lambda database, tables: tables.monthly_counts.everything(database))

    async def forget_before(self, month: str) -> int:
        """Forget the counts of earlier months, and say of how many months."""
        return await self._connection.write(
            lambda database, tables: tables.monthly_counts.forget_before(database, month)
        )


class SqliteRooms(_Part):
    """What is shared, sealed."""

    async def forget_expired(self, now: datetime) -> int:
        """Forget the rooms that have expired, and say how many."""
        return await self._connection.write(lambda database, tables: tables.rooms.forget_expired(database, now))

    async def forget_of(self, person: str, now: datetime) -> None:
        """Forget every room on this person's card; the others whose card shows it are soon due."""
        await self._connection.write(lambda database, tables: tables.forget_rooms_of(database, person, now=now))


class SqliteSignIns(_Part):
    """Sign-ins, found by the keyed hash of a secret."""

    async def keep(self, sign_in: SignIn) -> None:
        """Keep a sign-in; the first to end goes for one too many."""
        await self._connection.write(lambda database, tables: tables.sign_ins.keep(database, sign_in))

    async def find(self, secret: str, now: datetime) -> SignIn | None:
        """The sign-in of this secret; None where there is none, or its time is over."""
        time = aware(now)
        return await self._connection.read(lambda database, tables: tables.sign_ins.find(database, secret, now=time))

    async def sign_off(self, said: SignOff) -> bool:
        """End what a sign-off ends, and keep its key; false where the key was seen before."""

        def work(database: sqlite3.Connection, tables: Tables) -> bool:
            """Both, or neither."""
            is_new = tables.event_keys.add(database, said.key, at=said.at)
            if is_new:
                tables.sign_ins.sign_off(database, said)
            return is_new

        return await self._connection.write(work)

    async def forget_expired(self, now: datetime) -> int:
        """Forget the sign-ins whose time is over, and say how many."""
        return await self._connection.write(lambda database, tables: tables.sign_ins.forget_expired(database, now))


class SqliteEditions(_Part):
    """Instruments by fingerprint, sealed."""

    async def keep(self, fingerprint: str, instrument: bytes) -> None:
        """Keep an instrument; the first bytes under a fingerprint stand."""
        await self._connection.write(
            lambda database, tables: tables.editions.keep(database, fingerprint, instrument=instrument)
        )

    async def by_fingerprint(self) -> Mapping[str, bytes]:
        """Every instrument kept."""
        return await self._connection.read(lambda database, tables: tables.editions.everything(database))


class SqliteEventKeys(_Part):
    """The keys of events, as keyed hashes."""

    async def forget_before(self, time: datetime) -> int:
        """Forget the keys of earlier events, and say how many."""
        before = aware(time)
        return await self._connection.write(lambda database, tables: tables.event_keys.forget(database, before))


class SqliteMessagesToRemove(_Part):
    """Messages still to be removed, sealed."""

    async def oldest_first(self) -> tuple[MessageToRemove, ...]:
        """Every message still to be removed."""
        return await self._connection.read(lambda database, tables: tables.messages_to_remove.everything(database))

    async def of(self, person: str) -> tuple[MessageToRemove, ...]:
        """Every message still to be removed from this person's chat, oldest first."""
        return await self._connection.read(lambda database, tables: tables.messages_to_remove.of(database, person))

    async def add(self, person: str, handle: str, *, born: datetime, is_kept: bool = False) -> None:
        """Add a message of the bot's, to be removed at once or in the end; the first word on a message stands."""
        message = MessageToRemove(person, handle, aware(born), is_kept=is_kept)
        await self._connection.write(lambda database, tables: tables.messages_to_remove.keep(database, message))

    async def forget(self, person: str, handles: Sequence[str]) -> None:
        """Forget messages that have been removed, in one transaction."""

        def work(database: sqlite3.Connection, tables: Tables) -> None:
            for handle in handles:
                tables.messages_to_remove.forget(database, person, handle=handle)

        if handles:
            await self._connection.write(work)


class SqliteRestores(_Part):
    """Whether a backup was put in the place of the store, and nobody has confirmed yet who is in."""

    async def waiting(self) -> datetime | None:
        """When the restore was that nobody has confirmed; None where none waits."""
        return await self._connection.read(lambda database, tables: tables.restores.waiting(database))

    async def confirm(self, said: Entry) -> bool:
        """Somebody has confirmed who is in, which the audit has in the same transaction; false where nothing waited."""

        def work(database: sqlite3.Connection, tables: Tables) -> bool:
            is_waiting = tables.restores.forget(database)
            tables.audit.append(database, (said,) if is_waiting else ())
            return is_waiting

        return await self._connection.write(work)


class SqliteChannelNotes(_Part):
    """When the channel last asked for events."""

    async def polled_at(self) -> datetime | None:
        """When the channel last asked for events; None when it never has."""
        return await self._connection.read(lambda database, _: channel_notes.polled_at(database))

    async def mark_polled(self, at: datetime) -> None:
        """Remember when the channel last asked for events."""
        work: KeyedWork[None] = lambda database, _: channel_notes.mark_polled(database, aware(at))  # noqa: E731
        await self._connection.write_along(work, seconds=MARKED_WITHIN)
