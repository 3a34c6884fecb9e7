"""What lies beside people in the SQLite file: keys of events, codes, the audit, reminders, documents, contacts, editions, polls."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import KeyFault, StoreFault
from bot.runtime.timestamps import aware
from bot.storage.owed import OwedDocument
from bot.storage.sqlite import meta
from bot.storage.sqlite.database.connection import Connection
from bot.storage.sqlite.resealing import own_key
from bot.storage.sqlite.tables.audit import AuditRows
from bot.storage.sqlite.tables.contact_checks import ContactChecks
from bot.storage.sqlite.tables.documents import OF_CASES, OF_REHEARSALS, OwedDocuments
from bot.storage.sqlite.tables.inbound import InboundKeys
from bot.storage.sqlite.tables.invitation_codes import InvitationCodes
from bot.storage.sqlite.tables.reminders import Reminders
from bot.storage.sqlite.tables.rooms import Rooms
from bot.storage.values import Decide, Decision, Entry, Inbound, Reminder
from bot.trail.audit import Trail
from seraf.advice.contacts import Check

Reload = Callable[[str], KeyRing]
"""Reads the secrets of this name, by which a database names its own, again from where they are kept; or `KeyFault`."""


class SqliteDesk:
    """The half of a `Store` in SQLite that is about no person's conversation."""

    def __init__(self, connection: Connection, keys: KeyRing, reload: Reload | None = None) -> None:
        self._connection = connection
        self._take(keys)
        connection.begin_with(partial(self._keep_up, reload))

    def _take(self, keys: KeyRing) -> None:
        """Use these keys from now on; whatever is done with a database asks for its rows anew, within its transaction."""
        self._ring = keys
        self._keys = InboundKeys(keys)
        self._tickets = InvitationCodes(keys)
        self._audit = AuditRows(keys)
        self._reminders = Reminders(keys)
        self._parcels = OwedDocuments(keys, OF_CASES)
        self._rehearsal_parcels = OwedDocuments(keys, OF_REHEARSALS)
        self._rooms = Rooms(keys)
        self._checks = ContactChecks(keys)
        self._editions = meta.Editions(keys)

    def _keep_up(self, reload: Reload | None, database: sqlite3.Connection) -> None:
        """When the keys were changed beside this programme, go on with those that the database names as its own."""
        name = own_key(database)
        if name != self._ring.id:
            if reload is None:
                raise StoreFault("The keys were changed beside this programme. Start it again; nothing was saved.")
            try:
                self._take(reload(name))
            except KeyFault as fault:
                raise StoreFault(str(fault)) from None

    def _deciding(self, database: sqlite3.Connection, inbound: Inbound) -> Decide | None:
        """The decision of an event, or what its code gives instead."""
        if inbound.claim is None:
            return inbound.decide
        return inbound.claim.redeem(self._tickets.opened(database, inbound.claim.code, inbound.at))

    def _keep_beside(self, database: sqlite3.Connection, decision: Decision, inbound: Inbound) -> None:
        """Keep what a decision brought beside its record."""
        self._audit.append(database, decision.entries)
        if decision.spends and inbound.claim is not None:
            self._tickets.spend(database, inbound.claim.code)
        if decision.reminder is not None:
            self._reminders.keep(database, decision.reminder)
        if decision.parcel is not None:
            self._parcels_beside(decision.parcel).keep(database, decision.parcel)
        if decision.shares is not None:
            self._rooms.keep(database, decision.shares, decision.record.person, inbound.at)
        if decision.ends:
            self._rooms.end(database, decision.ends)

    async def keep_edition(self, fingerprint: str, instrument: bytes) -> None:
        """Keep an instrument; the first bytes under a fingerprint stand."""
        await self._connection.write(lambda database: self._editions.keep(database, fingerprint, instrument))

    async def editions(self) -> Mapping[str, bytes]:
        """Every instrument kept, by fingerprint."""
        return await self._connection.read(lambda database: self._editions.everything(database))

    async def polled_at(self) -> datetime | None:
        """When the channel was last asked for events; None when never."""
        return await self._connection.read(meta.polled_at)

    async def mark_polled(self, at: datetime) -> None:
        """Remember when the channel was last asked for events."""
        moment = aware(at)
        await self._connection.write(lambda database: meta.mark_polled(database, moment))

    async def bot_name(self) -> str:
        """The bot's public name; empty until it has run."""
        return await self._connection.read(meta.bot_name)

    async def keep_bot_name(self, name: str) -> None:
        """Remember the bot's public name."""
        await self._connection.write(lambda database: meta.keep_bot_name(database, name))

    async def forget_keys(self, before: datetime) -> int:
        """Forget the keys of events earlier than `before`, and say how many."""
        cut = aware(before)
        return await self._connection.write(lambda database: self._keys.forget(database, cut))

    async def issue(self, code: str, text: str, until: datetime) -> None:
        """Keep what a one-time code opens, until then. The code itself is not kept."""
        await self._connection.write(lambda database: self._tickets.issue(database, code, text, aware(until)))

    async def good_codes(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """What the codes open that are good now, and until when; first what is over first."""
        moment = aware(now)
        return await self._connection.read(lambda database: self._tickets.good(database, moment))

    async def withdraw(self, text: str, said: Entry) -> bool:
        """Use up every code that is good and opens this, and append this entry with it; false, and neither, where there is none."""

        def work(database: sqlite3.Connection) -> bool:
            """Both, or neither."""
            is_good = self._tickets.withdraw(database, text, said.at)
            self._audit.append(database, [said] if is_good else [])
            return is_good

        return await self._connection.write(work)

    async def forget_tickets(self, now: datetime) -> int:
        """Forget the codes whose time is over, and say how many."""
        return await self._connection.write(lambda database: self._tickets.forget(database, now))

    async def forget_shared(self, now: datetime) -> int:
        """Forget what was shared until now or earlier, and say how much it was."""
        return await self._connection.write(lambda database: self._rooms.forget(database, now))

    async def forget_shared_by(self, person: str, now: datetime) -> None:
        """Forget all that is shared on this person's card; the others whose card shows it are soon due."""
        await self._connection.write(lambda database: self._rooms.leave(database, person, now))

    async def enter(self, entries: Sequence[Entry]) -> None:
        """Append to the audit what did not come about by a turn."""
        await self._connection.write(lambda database: self._audit.append(database, entries))

    async def entries(self) -> tuple[Entry, ...]:
        """The audit, oldest first, of the months that are kept."""
        return await self._connection.read(lambda database: self._audit.entries(database))

    async def trail(self) -> Trail:
        """The audit with its links and segments, to be verified."""
        return await self._connection.read(lambda database: self._audit.trail(database))

    async def drop_audit(self, before_month: str, now: datetime) -> int:
        """Drop the entries of months earlier than this one ("2026-11"), and say how many; that they were is kept."""
        return await self._connection.write(lambda database: self._audit.drop(database, before_month, now))

    async def check_contact(self, check: Check, said: Entry) -> None:
        """Keep what somebody found of a contact, and append this entry with it; a later one of that contact takes its place."""

        def work(database: sqlite3.Connection) -> None:
            """Both, or neither."""
            self._checks.keep(database, check)
            self._audit.append(database, [said])

        await self._connection.write(work)

    async def contact_checks(self) -> tuple[Check, ...]:
        """The latest check of each contact, by its id."""
        return await self._connection.read(lambda database: self._checks.everything(database))

    async def reminders(self, until: datetime) -> tuple[Reminder, ...]:
        """Reminders that are due by then, longest due first."""
        return await self._connection.read(lambda database: self._reminders.until(database, until))

    async def forget_reminder(self, reminder: Reminder) -> None:
        """Forget a reminder."""
        await self._connection.write(lambda database: self._reminders.forget(database, reminder))

    async def parcels(self) -> tuple[OwedDocument, ...]:
        """Documents that are owed, those of cases first."""
        return await self._connection.read(
            lambda database: (*self._parcels.everything(database), *self._rehearsal_parcels.everything(database))
        )

    async def forget_parcel(self, parcel: OwedDocument) -> None:
        """Forget a document that was sent, or is not to be sent."""
        await self._connection.write(lambda database: self._parcels_beside(parcel).forget(database, parcel))

    def _parcels_beside(self, parcel: OwedDocument) -> OwedDocuments:
        """Where a document like this is kept."""
        return self._rehearsal_parcels if parcel.is_of_rehearsal else self._parcels
