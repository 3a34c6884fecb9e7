"""The store that lasts: one SQLite file, every value sealed, every batch one transaction and one hop."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TypeVar

from bot.crypto.sealing import KeyRing
from bot.runtime.clock import from_micros, to_micros
from bot.storage.everybody import Everybody, See, Seen
from bot.storage.shown import Shown
from bot.storage.sqlite.binding import binding
from bot.storage.sqlite.database.connection import Connection, open_connection
from bot.storage.sqlite.database.database_file import BUSY_MILLISECONDS
from bot.storage.sqlite.database.making import AsItIs
from bot.storage.sqlite.database.migrate import demand_current, known_migrations, migrate
from bot.storage.sqlite.database.own_triggers import refuse_foreign
from bot.storage.sqlite.database.transaction import commits_seen, consult, transact
from bot.storage.sqlite.database.whole import demand_whole
from bot.storage.sqlite.examining import in_step
from bot.storage.sqlite.keyed_connection import KeyedConnection, Reload, Tables
from bot.storage.sqlite.ledger.sums import SLOTS
from bot.storage.sqlite.own_keys import demand_own_keys, own_key
from bot.storage.sqlite.parts import (
    SqliteAudit,
    SqliteChannelNotes,
    SqliteContactChecks,
    SqliteEditions,
    SqliteEventKeys,
    SqliteInvitationCodes,
    SqliteMessagesToRemove,
    SqliteMonthlyCounts,
    SqliteOwedDocuments,
    SqliteReminders,
    SqliteRestores,
    SqliteRooms,
    SqliteSignIns,
)
from bot.storage.sqlite.passes import SqlitePasses
from bot.storage.sqlite.tables.people import ACTIVE, DUE, NEXT_DUE, STALE, PersonRow
from bot.storage.sqlite.turns import DamageMet, Turns
from bot.storage.sqlite.under_new_keys import UnderNewKeys
from bot.storage.store import MayForget
from bot.storage.turn_rules import latest_first
from bot.storage.values import (
    Inbound,
    Outcome,
    OutOfStep,
    Record,
    Refused,
    Slice,
    Sorting,
)

Result = TypeVar("Result")

AGAIN = 0.1
"""Seconds between two tries to have what was erased out of every file."""


class SqliteStore:
    """A `Store` in one SQLite file; made by `open_sqlite`."""

    def __init__(self, connection: Connection, keys: KeyRing, reload: Reload | None = None) -> None:
        self._connection = KeyedConnection(connection, keys, reload)
        self.audit = SqliteAudit(self._connection)
        self.invitation_codes = SqliteInvitationCodes(self._connection)
        self.reminders = SqliteReminders(self._connection)
        self.documents = SqliteOwedDocuments(self._connection)
        self.contact_checks = SqliteContactChecks(self._connection)
        self.monthly_counts = SqliteMonthlyCounts(self._connection)
        self.rooms = SqliteRooms(self._connection)
        self.sign_ins = SqliteSignIns(self._connection)
        self.passes = SqlitePasses(self._connection)
        self.editions = SqliteEditions(self._connection)
        self.event_keys = SqliteEventKeys(self._connection)
        self.messages_to_remove = SqliteMessagesToRemove(self._connection)
        self.channel = SqliteChannelNotes(self._connection)
        self.restores = SqliteRestores(self._connection)

    async def begin(self) -> None:
        """Let the ledger be told of every write from now on."""
        await self._connection.attach()

    async def verify(self) -> OutOfStep:
        """Look whether every row is as it was written last. People who have one that is not are refused from then on.

        It is looked at aside; only where something is wrong does everybody wait, until it is known who is to be refused.
        """
        if not await self._connection.read_aside(lambda database, tables: tables.ledger.verify(database)):
            return OutOfStep()
        return await self._connection.read(lambda database, tables: tables.ledger.verify(database))

    async def writes(self) -> int:
        """How many writes that matter the store has seen; it never falls but with an older copy of the file."""
        return await self._connection.read(lambda _, tables: tables.ledger.number)

    async def examine(self) -> tuple[str, ...]:
        """What is not as it was written last, in plain sentences: every row is counted and every value opened."""
        return await self._connection.read(lambda database, tables: in_step(database, tables.keys)[1])

    async def turns(self, inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        """Answer a batch in order, all or nothing, each event in a savepoint of its own. One that meets damage is refused alone."""
        damaged: dict[str, Refused] = {}

        def work(database: sqlite3.Connection, tables: Tables) -> tuple[Outcome, ...]:
            """Answer each."""
            turns = Turns(database, tables, damaged)
            return tuple([turns.take(inbound) for inbound in inbounds])

        while inbounds:
            try:
                return await self._connection.write(work)
            except DamageMet as met:
                # All again with this one refused, since SQLite keeps nothing more once it met damage. It ends:
                # each round refuses one more.
                damaged[met.refused.key] = met.refused
        return ()

    async def recall(self, person: str) -> tuple[Record, Shown] | None:
        """The person's record and what their chat shows; None for somebody without a row."""
        row = await self._connection.read(lambda database, tables: tables.people.find(database, person))
        return None if row is None else (row.record, row.shown)

    async def everybody(self, now: datetime, see: See[Seen]) -> Everybody[Seen]:
        """What is seen of everybody, and the invitations that are open now."""

        def look(database: sqlite3.Connection, tables: Tables) -> Everybody[Seen]:
            """Open each person's row, see them, and let it go."""
            is_in_step = not tables.ledger.verify(database)
            records = (row.record for row in tables.people.everyone(database))
            seen = [found for each in records if (found := see(each.person, each.access)) is not None]
            return Everybody(tuple(seen), tables.invitation_codes.valid(database, now), is_in_step=is_in_step)

        for _ in range(SLOTS):  # one at a time, since everybody waits for each
            if not await self._connection.read(lambda database, tables: tables.ledger.look_ahead(database)):
                break
        return await self._connection.read_aside(look)

    async def everyone(self) -> tuple[tuple[Record, Shown], ...]:
        """Every person's record and what their chat shows, latest active first and the never active last."""
        return await self._of_each_row(lambda row: (row.record, row.shown))

    async def of_each(self, see: Callable[[Record], Result]) -> tuple[Result, ...]:
        """What is seen of every person's record, in the same order; each is opened, seen and let go."""
        return await self._of_each_row(lambda row: see(row.record))

    async def _of_each_row(self, see: Callable[[PersonRow], Result]) -> tuple[Result, ...]:
        def look(database: sqlite3.Connection, tables: Tables) -> tuple[Result, ...]:
            """Count all rows once, instead of slot by slot, then open each person's."""
            tables.ledger.verify(database)
            return tuple([see(row) for row in tables.people.everyone(database)])

        return await self._connection.read_aside(look)

    async def active_since(self, since: datetime) -> tuple[str, ...]:
        """People whose last accepted event is not before `since`, latest first."""
        return await self._named(ACTIVE, to_micros(since))

    async def due(self, now: datetime, born_until: datetime, *, most: int) -> tuple[str, ...]:
        """People for whom something is to happen by now, or whose live card was born by then: the longest due."""
        return await self._named(DUE, to_micros(now), to_micros(born_until), most)

    async def next_due(self, after: datetime, *, card_lasts: timedelta | None) -> datetime | None:
        """When something is due next after a time: for somebody, of a reminder, or since a live card is so old then."""
        lasts = None if card_lasts is None else card_lasts // timedelta(microseconds=1)
        values = {"after": to_micros(after), "lasts": lasts}
        (micros,) = await self._connection.read(lambda database, _: database.execute(NEXT_DUE, values).fetchone())
        return None if micros is None else from_micros(micros)

    async def changes(self) -> object:
        """What is another thing once anybody, this program or another, has committed something; found without reading a row."""
        return await self._connection.prepare(commits_seen)

    async def with_case(self, order: Sorting, until: datetime, *, after: tuple[int, bytes] | None, most: int) -> Slice:
        """Of the next `most` people in this order, up to a time, those who have a case. `after` is where a slice ended."""
        return await self._connection.read(
            lambda database, tables: tables.people.with_case(database, order, to_micros(until), after=after, most=most)
        )

    async def show(self, person: str, shown: Shown) -> None:
        """Remember what the chat shows; a delivered card is no longer stale."""
        await self.show_many({person: shown})

    async def show_many(self, rows: Mapping[str, Shown], *, within: float = 0.0) -> None:
        """The same for many people in one transaction; within so many seconds with the next one that writes.

        What was delivered may be outdated where another program changed the file meanwhile; then it stays stale.
        """

        def work(database: sqlite3.Connection, tables: Tables) -> None:
            """Keep each."""
            for person, shown in rows.items():
                tables.people.show(database, person, shown)

        if rows:
            await self._connection.write_along(work, seconds=within)

    async def forget_name(self, person: str, may: MayForget) -> bool:
        """Keep a keyed hash in place of a person's name, where they may still be forgotten; whether it was done."""
        return await self._connection.write(lambda database, tables: tables.people.forget_name(database, person, may))

    async def stale(self, since: datetime) -> tuple[str, ...]:
        """People active since then, or with a card in their chat, whose chat may not show their card; latest first."""
        return await self._named(STALE, to_micros(since))

    async def _named(self, statement: str, *values: int) -> tuple[str, ...]:
        """The people whom a statement finds, by the time that it gives with each, latest first."""
        return await self._connection.read(
            lambda database, tables: latest_first(tables.people.names(database.execute(statement, values).fetchall()))
        )

    async def is_gone(self, *, seconds: float) -> bool:
        """Whether no file holds what was erased, waited for at most so long. Who reads at the desk may hold that up."""
        until = monotonic() + seconds
        while not (is_cleared := await self._connection.is_cleared()) and monotonic() < until:
            await asyncio.sleep(AGAIN)
        return is_cleared

    async def scrub(self) -> None:
        """Write the file anew, since SQLite may leave copies in pages from which it moved rows to others. Nobody waits for it."""
        await self._connection.make_anew(AsItIs())

    async def change_keys(self, old: KeyRing, new: KeyRing) -> None:
        """Seal everything under other keys, which the store can read where it has its own. Nobody waits for it."""
        await self._connection.make_anew(UnderNewKeys(old, new))

    async def own_key(self) -> str:
        """The name of the keys that the database is sealed under."""
        return await self._connection.read(lambda database, _: own_key(database))

    async def close(self) -> None:
        """Finish what was begun, then close; closing twice is harmless."""
        await self._connection.close()


async def open_sqlite(
    path: Path,
    keys: KeyRing,
    *,
    busy_milliseconds: int = BUSY_MILLISECONDS,
    reload: Reload | None = None,
    is_looked_through: bool = False,
    upgrades: bool = True,
) -> SqliteStore:
    """The store in this file, made where there is none and brought up to this version.

    With `reload` it goes on when the keys are rotated meanwhile; without, everything is a `StoreFault` from then on.

    `KeyFault` when the file was sealed with other keys; `StoreFault` when it cannot be used. It reads no person's row, but
    where it `is_looked_through`: then every page is, before anything is written, and damage is a `DamagedStore`.
    """

    def ready(database: sqlite3.Connection) -> None:
        """Look first, then change."""
        if is_looked_through:
            demand_whole(database)
        prepare(keys, database, reload=reload, upgrades=upgrades)

    return await taken_up(await open_connection(path, ready, busy_milliseconds=busy_milliseconds), keys, reload)


async def taken_up(connection: Connection, keys: KeyRing, reload: Reload | None) -> SqliteStore:
    """The store over a connection, which is closed where it cannot begin."""
    store = SqliteStore(connection, keys, reload)
    try:
        await store.begin()
    except BaseException:
        await store.close()
        raise
    return store


def prepare(
    keys: KeyRing, database: sqlite3.Connection, *, reload: Reload | None = None, upgrades: bool = True
) -> None:
    """Bring a database up to this version, and make sure that it and the keys belong together.

    Where it `upgrades` nothing, one of an earlier release is an `EarlierStore` instead.
    """

    def own(begun: sqlite3.Connection) -> KeyRing:
        """Where the keys can be read again, those that the database names; `KeyFault` where they are not its own."""
        name = own_key(begun)
        found = keys if reload is None or name in ("", keys.id) else reload(name)
        demand_own_keys(begun, found)
        return found

    consult(database, refuse_foreign)
    if not upgrades:
        demand_current(database)
    migrate(database, known_migrations(), keyed=binding(own))
    transact(database, own)
