"""The store opened with a key file: which of the secrets in it are the database's, the database says itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bot.crypto.keys import load_key_file, load_ring
from bot.storage.sqlite.database.connection import open_database
from bot.storage.sqlite.store import SqliteStore, open_sqlite, prepare


async def open_store(path: Path, key_file: Path) -> SqliteStore:
    """The store in this file; it goes on when the keys are rotated beside it.

    `KeyFault` when the key file cannot be used or is another database's; `StoreFault` when the database cannot be.
    """
    return await open_sqlite(path, load_key_file(key_file), reload=partial(load_ring, key_file))


@contextmanager
def open_beside(path: Path, key_file: Path) -> Iterator[sqlite3.Connection]:
    """The same database for an errand beside the bot, in a `with`; the errand asks anew in each transaction whose it is."""
    keys = load_key_file(key_file)
    database = open_database(path)
    try:
        prepare(keys, database, reload=partial(load_ring, key_file))
        yield database
    finally:
        database.close()
