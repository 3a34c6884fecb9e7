"""The store opened with its keys. The database itself says which of the secrets are its own."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from bot.crypto.keys import KeyPlace, load_key_file, load_ring
from bot.crypto.sealing import KeyRing
from bot.storage.sqlite.connection import open_connection
from bot.storage.sqlite.copying import loaded
from bot.storage.sqlite.database_file import (
    AS_IN_A_FILE,
    BUSY_MILLISECONDS,
    demand_there,
    demand_whole,
    open_database,
    refuse_foreign,
)
from bot.storage.sqlite.migrate import demand_current
from bot.storage.sqlite.preparing import demand_proof, own_key, prepare
from bot.storage.sqlite.session import SqliteSession
from bot.storage.sqlite.transaction import consult
from bot.storage.sqlite.write_ahead import Database
from bot.storage.store import Reload, Store
from bot.storage.tables.tables import Tables


async def open_store(
    path: Path,
    keys_at: KeyPlace,
    *,
    is_looked_through: bool = False,
    upgrades: bool = False,
    busy_milliseconds: int = BUSY_MILLISECONDS,
) -> Store:
    """Return the store in this file; it goes on when the keys are rotated meanwhile.

    Where it `is_looked_through`, every page of it was found whole. One of an earlier release is an `EarlierStore`, but where
    it `upgrades`.

    Raise `KeyFault` if the keys cannot be used or are another database's, and `StoreFault` if the database cannot be.
    """
    keys, reload = load_key_file(keys_at), partial(load_ring, keys_at)
    return await open_sqlite(
        path,
        keys,
        busy_milliseconds=busy_milliseconds,
        reload=reload,
        is_looked_through=is_looked_through,
        upgrades=upgrades,
    )


async def open_to_look(path: Path, keys_at: KeyPlace) -> Store:
    """Return the store in this file for somebody who only looks: it is opened read-only, and nothing of it is changed or made.

    Every page was found whole. An older one is an `EarlierStore`, and what else is wrong a `KeyFault` or a `StoreFault`.
    """

    def ready(database: sqlite3.Connection) -> None:
        """See that it is whole, of this version, and of these keys."""
        demand_whole(database)
        consult(database, refuse_foreign)
        demand_current(database)
        demand_proof(database, load_ring(keys_at, own_key(database)))

    keys, reload = load_key_file(keys_at), partial(load_ring, keys_at)
    return Store(await open_connection(path, ready, reads_only=True), keys, reload)


@contextmanager
def open_for_command(path: Path, keys_at: KeyPlace, *, upgrades: bool = False) -> Iterator[Database]:
    """Yield the same database for a command while the bot may be running, in a `with`.

    One of an earlier release is an `EarlierStore`, but where it `upgrades`; where there is none, none is made.

    The keys may be rotated meanwhile, so the command looks in each transaction which are the database's own.
    """
    keys = load_key_file(keys_at)
    demand_there(path)
    database = open_database(path)
    try:
        prepare(keys, database, reload=partial(load_ring, keys_at), upgrades=upgrades)
        yield database
    finally:
        database.close()


@contextmanager
def open_in_memory(content: bytes, keys_at: KeyPlace) -> Iterator[sqlite3.Connection]:
    """Yield the database of these bytes for a command, in memory and brought up to this version, in a `with`; no file is touched."""
    keys = load_key_file(keys_at)
    with closing(loaded(content)) as database:
        for setting in AS_IN_A_FILE:
            database.execute(f"PRAGMA {setting}").fetchall()
        prepare(keys, database, reload=partial(load_ring, keys_at))
        yield database


def tables_over(database: sqlite3.Connection, keys: KeyRing) -> Tables:
    """Return the tables of a database for whoever has a connection to it and needs no store."""
    return Tables(SqliteSession(database), keys)


@contextmanager
def counted(database: sqlite3.Connection, keys: KeyRing) -> Iterator[Tables]:
    """Yield the tables within a transaction that was begun, in a `with`, at whose end is kept what the rows add up to."""
    tables = tables_over(database, keys)
    tables.ledger.follow()
    yield tables
    tables.ledger.keep()


async def open_sqlite(
    path: Path,
    keys: KeyRing,
    *,
    busy_milliseconds: int = BUSY_MILLISECONDS,
    reload: Reload | None = None,
    is_looked_through: bool = False,
    upgrades: bool = True,
) -> Store:
    """Return the store in this file, made where there is none and brought up to this version.

    With `reload` it goes on when the keys are rotated meanwhile; without, everything is a `StoreFault` from then on.

    Raise `KeyFault` if the file was sealed with other keys, and `StoreFault` if it cannot be used. It reads no person's row, but
    where it `is_looked_through`: then every page is, before anything is written, and damage is a `DamagedStore`.
    """

    def ready(database: sqlite3.Connection) -> None:
        """Look first, then change."""
        if is_looked_through:
            demand_whole(database)
        prepare(keys, database, reload=reload, upgrades=upgrades)

    return Store(await open_connection(path, ready, busy_milliseconds=busy_milliseconds), keys, reload)
