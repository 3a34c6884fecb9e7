"""Opens the store in a database file, with the keys that the database names, and opens the database alone for a single command."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import aiosqlite

from bot.crypto.keys import KeyPlace, load_key_file, load_ring
from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreUnavailable
from bot.storage.session import SqliteSession, demand_here
from bot.storage.sqlite.connection import Connection
from bot.storage.sqlite.database_file import (
    AS_IN_A_FILE,
    BUSY_MILLISECONDS,
    LOOKING,
    WRITING,
    demand_there,
    demand_whole,
    open_database,
    opened,
    refuse_foreign,
)
from bot.storage.sqlite.examining import loaded
from bot.storage.sqlite.preparing import demand_current, demand_proof, own_key, prepare
from bot.storage.sqlite.transaction import HELD_UP, Database, Work, clear_log, consult, pack, read_at_once, transact
from bot.storage.store import Reload, Store
from bot.storage.tables import Tables

Result = TypeVar("Result")
InSession = Callable[[SqliteSession], Result]


async def open_connection(
    path: Path, prepare: Work[None], *, busy_milliseconds: int = BUSY_MILLISECONDS, reads_only: bool = False
) -> Connection:
    """Open the database file, and run `prepare` on it. A new file gets mode 0600, its folder 0700. `reads_only` prevents every write."""
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)  # it prints values at DEBUG
    how = (LOOKING if reads_only else WRITING)._replace(busy_milliseconds=busy_milliseconds)
    # Here and not on the other thread, where aiosqlite would lose track of a failure.
    database = await asyncio.to_thread(opened, path, how)
    link = aiosqlite.Connection(lambda: database, iter_chunk_size=64)
    link._thread.daemon = True  # noqa: SLF001 - else a crash elsewhere leaves a process that neither works nor ends
    connection = Connection(database, await link)
    try:
        await connection.whole(lambda: consult(database, prepare))
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
    """Return the store in this file, which is created if there is none, and with `upgrades` upgraded to this version.

    Without `reload`, the store raises `StoreFault` once the keys were rotated. With `is_looked_through`, every page is
    read before anything is written, and damage raises `DamagedStore`. Raise `EarlierStore` for an earlier release's
    database without `upgrades`, `KeyFault` if it belongs to other keys, and `StoreFault` if the file cannot be used.
    """

    def ready(database: sqlite3.Connection) -> None:
        if is_looked_through:
            demand_whole(database)
        prepare(keys, database, reload=reload, upgrades=upgrades)

    return Store(await open_connection(path, ready, busy_milliseconds=busy_milliseconds), keys, reload)


async def open_file_to_look(path: Path, keys_at: KeyPlace) -> Store:
    """Return the store in this file, opened read-only after a check of every page. Raise `EarlierStore` for an earlier release's file."""

    def ready(database: sqlite3.Connection) -> None:
        demand_whole(database)
        consult(database, refuse_foreign)
        demand_current(database)
        demand_proof(database, load_ring(keys_at, own_key(database)))
        consult(database, demand_here)

    keys = load_key_file(keys_at)
    return Store(await open_connection(path, ready, reads_only=True), keys, partial(load_ring, keys_at))


class SqliteDesk:
    """The `Desk` of a command at a database file, which is not created."""

    def __init__(self, path: Path, keys: KeyRing, *, reload: Reload, upgrades: bool, is_moved: bool) -> None:
        demand_there(path)
        self._database: Database = open_database(path)
        try:
            prepare(keys, self._database, reload=reload, upgrades=upgrades, is_moved=is_moved)
        except BaseException:
            self.close()
            raise

    def transact(self, work: InSession[Result]) -> Result:
        return transact(self._database, lambda begun: work(SqliteSession(begun)))

    def read(self, work: InSession[Result]) -> Result:
        return read_at_once(self._database, lambda begun: work(SqliteSession(begun)))

    def rewrite(self, seconds: float) -> None:
        pack(self._database)
        until = time.monotonic() + seconds
        while not clear_log(self._database):
            if time.monotonic() > until:
                raise StoreUnavailable(HELD_UP)

    def close(self) -> None:
        self._database.close()


@contextmanager
def open_in_memory(content: bytes, keys_at: KeyPlace) -> Iterator[sqlite3.Connection]:
    """Yield a database in memory with this content, upgraded to this version. No database file is used."""
    keys = load_key_file(keys_at)
    with closing(loaded(content)) as database:
        for setting in AS_IN_A_FILE:
            database.execute(f"PRAGMA {setting}").fetchall()
        prepare(keys, database, reload=partial(load_ring, keys_at))
        yield database


def tables_over(database: sqlite3.Connection, keys: KeyRing) -> Tables:
    """Return the tables of a database, for a caller with a connection and no store."""
    return Tables(SqliteSession(database), keys)
