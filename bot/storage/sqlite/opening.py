"""The store opened with its keys. The database itself says which of the secrets are its own."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bot.crypto.key_places import KeyPlace
from bot.crypto.keys import load_key_file, load_ring
from bot.storage.sqlite.database.connection import open_database
from bot.storage.sqlite.store import SqliteStore, open_sqlite, prepare


async def open_store(path: Path, keys_at: KeyPlace) -> SqliteStore:
    """The store in this file; it goes on when the keys are rotated meanwhile.

    `KeyFault` when the keys cannot be used or are another database's; `StoreFault` when the database cannot be.
    """
    return await open_sqlite(path, load_key_file(keys_at), reload=partial(load_ring, keys_at))


@contextmanager
def open_for_command(path: Path, keys_at: KeyPlace) -> Iterator[sqlite3.Connection]:
    """The same database for a command while the bot may be running, in a `with`.

    The keys may be rotated meanwhile, so the command looks in each transaction which are the database's own.
    """
    keys = load_key_file(keys_at)
    database = open_database(path)
    try:
        prepare(keys, database, reload=partial(load_ring, keys_at))
        yield database
    finally:
        database.close()
