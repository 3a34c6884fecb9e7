"""The store opened with its keys. The database itself says which of the secrets are its own."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.crypto.keys import KeyPlace, load_key_file, load_ring
from bot.crypto.sealing import KeyRing
from bot.storage.sqlite.database.connection import open_connection
from bot.storage.sqlite.database.copying import loaded
from bot.storage.sqlite.database.database_file import BUSY_MILLISECONDS, open_database
from bot.storage.sqlite.database.migrate import demand_current
from bot.storage.sqlite.database.own_triggers import refuse_foreign
from bot.storage.sqlite.database.transaction import Work, consult
from bot.storage.sqlite.database.whole import demand_there, demand_whole
from bot.storage.sqlite.database.write_ahead import Database
from bot.storage.sqlite.ledger.ledger import Ledger
from bot.storage.sqlite.own_keys import demand_proof, own_key
from bot.storage.sqlite.store import SqliteStore, open_sqlite, prepare, taken_up

Result = TypeVar("Result")

AS_IN_A_FILE = ("secure_delete = ON", "foreign_keys = ON", "temp_store = MEMORY")
"""What counts of a file's settings in memory too, so that bytes that are put in place later are what they would be there."""


async def open_store(
    path: Path,
    keys_at: KeyPlace,
    *,
    is_looked_through: bool = False,
    upgrades: bool = False,
    busy_milliseconds: int = BUSY_MILLISECONDS,
) -> SqliteStore:
    """The store in this file; it goes on when the keys are rotated meanwhile.

    Where it `is_looked_through`, every page of it was found whole. One of an earlier release is an `EarlierStore`, but where
    it `upgrades`.

    `KeyFault` when the keys cannot be used or are another database's; `StoreFault` when the database cannot be.
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


async def open_to_look(path: Path, keys_at: KeyPlace) -> SqliteStore:
    """The store in this file for somebody who only looks: it is opened read-only, and nothing of it is changed or made.

    Every page was found whole. An older one is an `EarlierStore`, and what else is wrong a `KeyFault` or a `StoreFault`.
    """

    def ready(database: sqlite3.Connection) -> None:
        """See that it is whole, of this version, and of these keys."""
        demand_whole(database)
        consult(database, refuse_foreign)
        demand_current(database)
        demand_proof(database, load_ring(keys_at, own_key(database)))

    keys, reload = load_key_file(keys_at), partial(load_ring, keys_at)
    return await taken_up(await open_connection(path, ready, reads_only=True), keys, reload)


@contextmanager
def open_for_command(path: Path, keys_at: KeyPlace, *, upgrades: bool = False) -> Iterator[Database]:
    """The same database for a command while the bot may be running, in a `with`.

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
    """The database of these bytes for a command, in memory and brought up to this version, in a `with`; no file is touched."""
    keys = load_key_file(keys_at)
    with closing(loaded(content)) as database:
        for setting in AS_IN_A_FILE:
            database.execute(f"PRAGMA {setting}").fetchall()
        prepare(keys, database, reload=partial(load_ring, keys_at))
        yield database


def counted(database: sqlite3.Connection, keys: KeyRing, work: Work[Result]) -> Result:
    """Do work of a command within a transaction, and keep what the rows add up to after it."""
    ledger = Ledger(keys)
    ledger.attach(database)
    ledger.follow(database)
    result = work(database)
    ledger.keep(database)
    return result
