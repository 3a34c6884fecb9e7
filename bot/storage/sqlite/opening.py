"""Opens the store in a database file, with the keys that the database names, and opens the database alone for a single command."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import aiosqlite

from bot.crypto.keys import KeyPlace, load_key_file, load_ring
from bot.crypto.sealing import KeyRing
from bot.storage.session import SqliteSession
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
from bot.storage.sqlite.transaction import Database, Work, consult
from bot.storage.store import Reload, Store
from bot.storage.tables import Tables


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


async def open_to_look(path: Path, keys_at: KeyPlace) -> Store:
    """Return the store in this file, opened read-only after a check of every page. Raise `EarlierStore` for an earlier release's file."""

    def ready(database: sqlite3.Connection) -> None:
        demand_whole(database)
        consult(database, refuse_foreign)
        demand_current(database)
        demand_proof(database, load_ring(keys_at, own_key(database)))

    keys = load_key_file(keys_at)
    return Store(await open_connection(path, ready, reads_only=True), keys, partial(load_ring, keys_at))


@contextmanager
def open_for_command(path: Path, keys_at: KeyPlace, *, upgrades: bool = False) -> Iterator[Database]:
    """Yield the database for a command, which may run at the same time as the bot. No database file is created.

    Raise `EarlierStore` for an earlier release's database unless `upgrades` is True. The keys may be rotated
    meanwhile, so the command reads in each transaction which keys the database names.
    """
    keys = load_key_file(keys_at)
    demand_there(path)
    with closing(open_database(path)) as database:
        prepare(keys, database, reload=partial(load_ring, keys_at), upgrades=upgrades)
        yield database


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


@contextmanager
def counted(database: sqlite3.Connection, keys: KeyRing) -> Iterator[Tables]:
    """Yield the tables within a transaction that has begun, and write the ledger at the end."""
    tables = tables_over(database, keys)
    tables.ledger.follow()
    yield tables
    tables.ledger.keep()
