"""Audit, codes, reminders, documents and settings in SQLite: each call one transaction and one hop."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreFault
from bot.runtime.timestamps import aware
from bot.storage.owed_document import OwedDocument
from bot.storage.shown import MessageToRemove
from bot.storage.sqlite.keyed_connection import KeyedConnection, Tables
from bot.storage.sqlite.ledger.bound_tables import MONTHS
from bot.storage.sqlite.tables import channel_notes
from bot.storage.values import Entry, Issued, Reminder
from bot.trail.audit import Head, Trail, verify_trail
from seraf.advice.contacts import Check


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
        """The audit with its links and months, to be verified."""
        return await self._connection.read(lambda database, tables: tables.audit.trail(database))

    async def faults(self, keys: KeyRing, *, anchor: Head | None = None) -> tuple[str, ...]:
        """Every fault of the audit, and whether months were put back or taken away: what is left may be whole in itself."""

        def look(database: sqlite3.Connection, tables: Tables) -> tuple[str, ...]:
            """At the chain and at the count."""
            found = verify_trail(keys, tables.audit.trail(database), anchor=anchor)
            try:
                tables.ledger.demand_table(database, MONTHS.name)
            except StoreFault as fault:
                return (*found, str(fault))
            return found

        return await self._connection.read(look)


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
        return await self._connection.read(lambda database, tables: tables.invitation_codes.valid(database, time))

    async def withdraw(self, text: str, said: Entry) -> bool:
        """Use up every valid code that opens this text, and append the entry to the audit; false where there is none."""

        def work(database: sqlite3.Connection, tables: Tables) -> bool:
            """Both, or neither."""
            is_withdrawn = tables.invitation_codes.withdraw(database, text, now=said.at)
            tables.audit.append(database, [said] if is_withdrawn else [])
            return is_withdrawn

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


class SqliteRooms(_Part):
    """What is shared, sealed."""

    async def forget_expired(self, now: datetime) -> int:
        """Forget the rooms that have expired, and say how many."""
        return await self._connection.write(lambda database, tables: tables.rooms.forget_expired(database, now))

    async def forget_of(self, person: str, now: datetime) -> None:
        """Forget every room on this person's card; the others whose card shows it are soon due."""
        await self._connection.write(lambda database, tables: tables.forget_rooms_of(database, person, now=now))


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

    async def add(self, person: str, handle: str, *, born: datetime, is_kept: bool = False) -> None:
        """Add a message of the bot's, to be removed at once or in the end; the first word on a message stands."""
        message = MessageToRemove(person, handle, aware(born), is_kept=is_kept)
        await self._connection.write(lambda database, tables: tables.messages_to_remove.keep(database, message))

    async def forget(self, person: str, handles: Sequence[str]) -> None:
        """Forget messages that have been removed, in one transaction."""

        def work(database: sqlite3.Connection, tables: Tables) -> None:
            """Forget each."""
            for handle in handles:
                tables.messages_to_remove.forget(database, person, handle=handle)

        if handles:
            await self._connection.write(work)


class SqliteChannelNotes(_Part):
    """When the channel last asked for events, and the bot's public name."""

    async def polled_at(self) -> datetime | None:
        """When the channel last asked for events; None when it never has."""
        return await self._connection.read(lambda database, _: channel_notes.polled_at(database))

    async def mark_polled(self, at: datetime) -> None:
        """Remember when the channel last asked for events."""
        time = aware(at)
        await self._connection.write(lambda database, _: channel_notes.mark_polled(database, time))

    async def bot_name(self) -> str:
        """The bot's public name; empty until it has run."""
        return await self._connection.read(lambda database, _: channel_notes.bot_name(database))

    async def keep_bot_name(self, name: str) -> None:
        """Remember the bot's public name."""
        await self._connection.write(lambda database, _: channel_notes.keep_bot_name(database, name))
