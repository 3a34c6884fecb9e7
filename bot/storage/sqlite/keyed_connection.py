"""The connection together with the tables under the keys that the database names as its own, also after a rotation."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple, TypeVar

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import KeyFault, StoreFault
from bot.storage.sqlite.database.connection import Connection
from bot.storage.sqlite.database.making import Making
from bot.storage.sqlite.database.own_triggers import refuse_foreign
from bot.storage.sqlite.database.transaction import Work, fault
from bot.storage.sqlite.erasures import Erasures
from bot.storage.sqlite.ledger.ledger import Ledger
from bot.storage.sqlite.own_keys import own_key
from bot.storage.sqlite.restore_rows import RestoreRows
from bot.storage.sqlite.tables.audit import AuditRows
from bot.storage.sqlite.tables.contact_checks import ContactCheckRows
from bot.storage.sqlite.tables.editions import EditionRows
from bot.storage.sqlite.tables.event_keys import EventKeyRows
from bot.storage.sqlite.tables.invitation_codes import InvitationCodeRows
from bot.storage.sqlite.tables.messages_to_remove import MessageToRemoveRows
from bot.storage.sqlite.tables.monthly_counts import MonthlyCountRows
from bot.storage.sqlite.tables.owed_documents import OwedDocumentRows
from bot.storage.sqlite.tables.passes import PassRows
from bot.storage.sqlite.tables.people import PeopleRows
from bot.storage.sqlite.tables.reminders import ReminderRows
from bot.storage.sqlite.tables.rooms import RoomRows
from bot.storage.sqlite.tables.sign_ins import SignInRows

Result = TypeVar("Result")

Reload = Callable[[str], KeyRing]
"""Reads the secrets of this name, by which a database names its own, again from where they are kept; or `KeyFault`."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Every table, under one key ring, and the ledger over them."""

    keys: KeyRing
    ledger: Ledger
    people: PeopleRows
    audit: AuditRows
    invitation_codes: InvitationCodeRows
    reminders: ReminderRows
    documents: OwedDocumentRows
    contact_checks: ContactCheckRows
    monthly_counts: MonthlyCountRows
    rooms: RoomRows
    sign_ins: SignInRows
    passes: PassRows
    editions: EditionRows
    event_keys: EventKeyRows
    messages_to_remove: MessageToRemoveRows
    restores: RestoreRows

    @classmethod
    def under(cls, keys: KeyRing) -> "Tables":
        """The tables under these keys."""
        ledger = Ledger(keys)
        return cls(
            keys=keys,
            ledger=ledger,
            people=PeopleRows(keys, ledger),
            audit=AuditRows(keys),
            invitation_codes=InvitationCodeRows(keys, ledger),
            reminders=ReminderRows(keys),
            documents=OwedDocumentRows(keys),
            contact_checks=ContactCheckRows(keys),
            monthly_counts=MonthlyCountRows(keys),
            rooms=RoomRows(keys),
            sign_ins=SignInRows(keys, ledger),
            passes=PassRows(keys),
            editions=EditionRows(keys),
            event_keys=EventKeyRows(keys),
            messages_to_remove=MessageToRemoveRows(keys),
            restores=RestoreRows(keys, ledger),
        )

    def forget_rooms_of(self, database: sqlite3.Connection, person: str, *, now: datetime) -> None:
        """Forget every room on this person's card, and let the passes to them end soon."""
        for room in self.rooms.forget_of(database, person, now=now):
            self.passes.end(database, room, now=now)


KeyedWork = Callable[[sqlite3.Connection, Tables], Result]
"""What is done within a transaction, with the tables under the keys of that transaction."""


class Passenger(NamedTuple):
    """Work that goes along with somebody else's transaction, and who waits for it."""

    work: KeyedWork[None]
    kept: asyncio.Future[None]

    def arrive(self, wrong: StoreFault | None = None) -> None:
        """Say, on the thread of the connection, that it is durable, or what was wrong with it."""
        self.kept.get_loop().call_soon_threadsafe(self._say, wrong)

    def _say(self, wrong: StoreFault | None) -> None:
        if self.kept.done():
            return
        if wrong is None:
            self.kept.set_result(None)
        else:
            self.kept.set_exception(wrong)


class KeyedConnection:
    """Runs work in one transaction and one hop, under the keys that the database names as its own at that time."""

    def __init__(self, connection: Connection, keys: KeyRing, reload: Reload | None = None) -> None:
        self._connection = connection
        self._tables = Tables.under(keys)
        self._reload = reload
        self._erasures = Erasures()
        self._waiting: dict[Passenger, None] = {}
        self._aboard: tuple[Passenger, ...] = ()
        connection.begin_with(self._keep_up)

    async def write(self, work: KeyedWork[Result]) -> Result:
        """Run the work, and return once it is durable; `StoreFault` when nothing was kept."""
        return await self._connection.write(partial(self._kept, work), durable=self._durable)

    async def write_along(self, work: KeyedWork[None], *, seconds: float) -> None:
        """Run the work before that of the next transaction that writes, in the same one; by itself where none comes so soon.

        Returns once it is durable; `StoreFault` when nothing was kept.
        """
        if not seconds:
            await self.write(work)
            return
        passenger = Passenger(work, asyncio.get_running_loop().create_future())
        self._waiting[passenger] = None
        try:
            await asyncio.wait({passenger.kept}, timeout=seconds)
            if not passenger.kept.done():
                try:
                    # A transaction with no work of its own, which takes along all that wait.
                    await self.write(lambda *_: None)
                except StoreFault:
                    if not passenger.kept.done():  # else it was aboard the one before, which says what came of it
                        raise
            await passenger.kept
        finally:
            self._waiting.pop(passenger, None)

    async def read(self, work: KeyedWork[Result]) -> Result:
        """Run what only reads, all of it at one time."""
        return await self._connection.read(partial(self._with_tables, work))

    async def read_aside(self, work: KeyedWork[Result]) -> Result:
        """Read for long, all of it at one time, while others go on; with a ledger that has counted nothing yet."""
        return await self._connection.read_aside(partial(self._aside, work))

    def _aside(self, work: KeyedWork[Result], database: sqlite3.Connection) -> Result:
        """Do it under the keys that the database names, with a ledger of its own."""
        refuse_foreign(database)
        name, keys = own_key(database), self._tables.keys
        if name != keys.id and self._reload is not None:
            keys = self._reload(name)
        tables = Tables.under(keys)
        tables.ledger.follow(database)
        return work(database, tables)

    async def prepare(self, work: Work[Result]) -> Result:
        """Run what has to run outside of a transaction."""
        return await self._connection.prepare(work)

    async def attach(self) -> None:
        """Let the ledger be told of every write, and what is erased be noted; before the first transaction."""
        await self._connection.set_up(self._attach)

    def _attach(self, database: sqlite3.Connection) -> None:
        refuse_foreign(database)
        self._tables.ledger.attach(database)
        self._erasures.attach(database)

    async def is_cleared(self) -> bool:
        """Whether no file holds what was erased."""
        return await self._connection.is_cleared()

    async def make_anew(self, making: Making) -> None:
        """Make the file anew, and go on with the new one, under its keys; everybody goes on meanwhile."""
        await self._connection.make_anew(making)

    async def close(self) -> None:
        """Let what was begun finish, then close."""
        await self._connection.close()

    def _with_tables(self, work: KeyedWork[Result], database: sqlite3.Connection) -> Result:
        return work(database, self._tables)

    def _kept(self, work: KeyedWork[Result], database: sqlite3.Connection) -> Result:
        """Do the work, and keep in the same transaction what the rows add up to now."""
        self._aboard = tuple(self._waiting)
        # Before the work itself: what waited is older, and what is kept later is to stand (ADR 0064).
        for passenger in self._aboard:
            self._take_along(passenger, database)
        result = work(database, self._tables)
        self._tables.ledger.keep(database)
        return result

    def _take_along(self, passenger: Passenger, database: sqlite3.Connection) -> None:
        """Do somebody else's work first. Where it fails, so does the transaction, once: it does not come along again."""
        try:
            passenger.work(database, self._tables)
        except (sqlite3.Error, StoreFault) as error:
            self._waiting.pop(passenger, None)
            passenger.arrive(fault(error) if isinstance(error, sqlite3.Error) else error)
            raise

    def _durable(self) -> bool:
        self._tables.ledger.confirm()
        for passenger in self._aboard:
            # Here and not by who waits: the next transaction may begin before that one is told, and would do it again.
            self._waiting.pop(passenger, None)
            passenger.arrive()
        return self._erasures.took_place()

    def _keep_up(self, database: sqlite3.Connection) -> None:
        """Begin a transaction: see which keys and which rows are there now, whatever other programs did meanwhile."""
        self._follow_keys(database)
        self._tables.ledger.follow(database)

    def _follow_keys(self, database: sqlite3.Connection) -> None:
        """When the keys were rotated while this program was running, go on with those that the database names."""
        name = own_key(database)
        if name != self._tables.keys.id:
            if self._reload is None:
                raise StoreFault(
                    "The keys were rotated while this program was running. Start it again; nothing was saved."
                )
            try:
                self._tables = Tables.under(self._reload(name))
                self._tables.ledger.attach(database)
            except KeyFault as fault:
                raise StoreFault(str(fault)) from None
