"""The connection to the database file, on its own thread, and the store over it, with the keys that the database names."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from bot.crypto.keys import KeyPlace, load_key_file, load_ring
from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreClosed, StoreFault
from bot.storage.session import DiskFull, SqliteSession
from bot.storage.sqlite.database_file import (
    AS_IN_A_FILE,
    BUSY_MILLISECONDS,
    LOOKING,
    WRITING,
    demand_there,
    demand_whole,
    open_database,
    open_read_only,
    opened,
    refuse_foreign,
)
from bot.storage.sqlite.examining import in_step, loaded
from bot.storage.sqlite.preparing import demand_current, demand_proof, own_key, prepare
from bot.storage.sqlite.resealing import change_keys
from bot.storage.sqlite.transaction import (
    Database,
    Work,
    clear_log,
    commits_seen,
    consult,
    make_room,
    pack,
    read_at_once,
    shorten_log,
    transaction,
)
from bot.storage.store import Reload, Store
from bot.storage.tables import Tables

Result = TypeVar("Result")

InSession = Callable[[SqliteSession], Result]  # work in a session, within a transaction


class Connection:
    """The engine over a file: one transaction at a time, each finished even if its caller is cancelled."""

    is_slow_to_commit = True

    def __init__(self, link: aiosqlite.Connection, database: Database) -> None:
        self._link = link
        self._database = database
        self._session = SqliteSession(database)
        self._reading: set[sqlite3.Connection] = set()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._closing = self._is_closed = False
        # An earlier process may have been killed before its erased rows were gone from every file.
        self._owes_erasure = True
        # A private method, used here alone: each public call of aiosqlite is a hop to its thread, and a turn takes one hop.
        self._hop: Callable[[Callable[[], Any]], Awaitable[Any]] = link._execute  # noqa: SLF001

    async def transact(self, work: InSession[Result], durable: Callable[[], None]) -> Result:
        """Run the work in a transaction, and call `durable` on the same thread once it is.

        When this returns, erased rows are gone from every file, unless somebody is reading: then each write tries again.
        """

        def whole() -> Result:
            """Run everything in one hop, so that nothing runs in between."""
            try:
                with transaction(self._database):
                    result = work(self._session)
            except DiskFull:
                if not make_room(self._database):
                    raise
                with transaction(self._database):
                    result = work(self._session)
            durable()
            self._owes_erasure |= self._session.has_erased
            self._session.has_erased = False
            if self._owes_erasure:
                self._clear()
            else:
                shorten_log(self._database)
            return result

        return await self._whole(whole)

    async def read(self, work: InSession[Result]) -> Result:
        return await self._whole(lambda: read_at_once(self._database, lambda _: work(self._session)))

    async def read_long(self, work: InSession[Result]) -> Result:
        self._demand_open()
        task = asyncio.ensure_future(asyncio.to_thread(self._read_beside, work))
        # Held here, since the loop holds a task only weakly, and so that `close` can wait for it.
        self._under_way.add(task)
        task.add_done_callback(self._over)
        return await asyncio.shield(task)

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # marks it as seen: its caller may be gone

    def _read_beside(self, work: InSession[Result]) -> Result:
        with closing(open_read_only(self._database.path)) as database:
            self._reading.add(database)
            try:
                self._demand_open()
                consult(database, refuse_foreign)
                return read_at_once(database, lambda _: work(SqliteSession(database)))
            except StoreFault:
                self._demand_open()  # else it was interrupted
                raise
            finally:
                self._reading.discard(database)

    async def changes(self) -> object:
        return await self._whole(lambda: consult(self._database, commits_seen))

    async def clear(self) -> bool:
        return not self._owes_erasure or await self._whole(self._clear)

    async def pack(self) -> None:
        def whole() -> None:
            pack(self._database)
            self._owes_erasure = True
            self._clear()

        await self._whole(whole)

    async def change_keys(self, old: KeyRing, new: KeyRing) -> None:
        def whole() -> None:
            with transaction(self._database):
                change_keys(self._session, old=old, new=new)

        await self._whole(whole)

    def examine(self, tables: Tables) -> tuple[str, ...]:
        return in_step(self._database, tables.keys)[1]

    async def close(self) -> None:
        """Finish the work that has begun, interrupt long reads, then close; closing twice is harmless."""

        def clear_and_close() -> None:
            try:
                # So that after a clean stop the file alone is the whole database (ADR 0007).
                self._clear()
            finally:
                self._database.close()
                self._is_closed = True

        self._closing = True
        while under_way := tuple(self._under_way):
            for reader in tuple(self._reading):
                with suppress(sqlite3.ProgrammingError):  # it has just been closed
                    reader.interrupt()
            # Repeated, since an interrupt misses a reader that is between two statements.
            await asyncio.wait(under_way, timeout=0.1)
        try:
            if not self._is_closed:
                await self._hop(clear_and_close)
        finally:
            await self._link.close()

    def _clear(self) -> bool:
        is_clear = clear_log(self._database)
        self._owes_erasure &= not is_clear
        return is_clear

    async def _whole(self, work: Callable[[], Result]) -> Result:
        """Run work after all earlier work, and to its end even if the caller is cancelled: the thread knows no callers."""
        self._demand_open()
        result: Result = await self._hop(work)
        return result

    def _demand_open(self) -> None:
        if self._closing:
            raise StoreClosed("The store is closed, since the bot is stopping. Nothing of this step was saved.")


async def open_connection(
    path: Path, prepare: Work[None], *, busy_milliseconds: int = BUSY_MILLISECONDS, reads_only: bool = False
) -> Connection:
    """Open and prepare the database file (a new one 0600, its folder 0700). If it `reads_only`, nothing is made or written."""
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)  # it prints values at DEBUG
    how = (LOOKING if reads_only else WRITING)._replace(busy_milliseconds=busy_milliseconds)
    # Here and not on the other thread, where aiosqlite would lose track of a failure.
    database = await asyncio.to_thread(opened, path, how)
    link = aiosqlite.Connection(lambda: database, iter_chunk_size=64)
    link._thread.daemon = True  # noqa: SLF001 - else a crash elsewhere leaves a process that neither works nor ends
    connection = Connection(await link, database)
    try:
        await connection._whole(lambda: consult(database, prepare))  # noqa: SLF001 - its own opening
        await connection.clear()
    except BaseException:
        await connection.close()
        raise
    return connection


async def open_sqlite(
    path: Path,
    keys: KeyRing,
    *,
    busy_milliseconds: int = BUSY_MILLISECONDS,
    reload: Reload | None = None,
    is_looked_through: bool = False,
    upgrades: bool = True,
) -> Store:
    """Return the store in this file, created if there is none, and upgraded to this version.

    Without `reload`, everything raises `StoreFault` once the keys were rotated. With `is_looked_through`, every page is
    read before anything is written, and damage is a `DamagedStore`; else no person's row is read. Raise `EarlierStore` for
    a database of an earlier release unless it `upgrades`, `KeyFault` for other keys, and `StoreFault` for an unusable file.
    """

    def ready(database: sqlite3.Connection) -> None:
        if is_looked_through:
            demand_whole(database)
        prepare(keys, database, reload=reload, upgrades=upgrades)

    return Store(await open_connection(path, ready, busy_milliseconds=busy_milliseconds), keys, reload)


async def open_store(
    path: Path,
    keys_at: KeyPlace,
    *,
    is_looked_through: bool = False,
    upgrades: bool = False,
    busy_milliseconds: int = BUSY_MILLISECONDS,
) -> Store:
    """Return the store as `open_sqlite` does, with keys that are loaded again after a rotation."""
    return await open_sqlite(
        path,
        load_key_file(keys_at),
        busy_milliseconds=busy_milliseconds,
        reload=partial(load_ring, keys_at),
        is_looked_through=is_looked_through,
        upgrades=upgrades,
    )


async def open_to_look(path: Path, keys_at: KeyPlace) -> Store:
    """Return the store in this file read-only, after every page was found whole. Raise `EarlierStore` for an earlier release's."""

    def ready(database: sqlite3.Connection) -> None:
        demand_whole(database)
        consult(database, refuse_foreign)
        demand_current(database)
        demand_proof(database, load_ring(keys_at, own_key(database)))

    keys = load_key_file(keys_at)
    return Store(await open_connection(path, ready, reads_only=True), keys, partial(load_ring, keys_at))


@contextmanager
def open_for_command(path: Path, keys_at: KeyPlace, *, upgrades: bool = False) -> Iterator[Database]:
    """Yield the database for a command while the bot may be running; no file is made.

    Raise `EarlierStore` for a database of an earlier release unless it `upgrades`. The keys may be rotated meanwhile, so
    the command reads in each transaction which keys the database names.
    """
    keys = load_key_file(keys_at)
    demand_there(path)
    with closing(open_database(path)) as database:
        prepare(keys, database, reload=partial(load_ring, keys_at), upgrades=upgrades)
        yield database


@contextmanager
def open_in_memory(content: bytes, keys_at: KeyPlace) -> Iterator[sqlite3.Connection]:
    """Yield the database of these bytes in memory, upgraded to this version; no file is touched."""
    keys = load_key_file(keys_at)
    with closing(loaded(content)) as database:
        for setting in AS_IN_A_FILE:
            database.execute(f"PRAGMA {setting}").fetchall()
        prepare(keys, database, reload=partial(load_ring, keys_at))
        yield database


def tables_over(database: sqlite3.Connection, keys: KeyRing) -> Tables:
    """Return the tables of a database, for a caller with a connection and no store."""
    return Tables(SqliteSession(database), keys)


@contextmanager
def counted(database: sqlite3.Connection, keys: KeyRing) -> Iterator[Tables]:
    """Yield the tables within a transaction that has begun, and write the ledger at the end."""
    tables = tables_over(database, keys)
    tables.ledger.follow()
    yield tables
    tables.ledger.keep()
