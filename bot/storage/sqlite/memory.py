"""The store in memory, for the terminal and for tests: the same tables, and no file."""

import sqlite3

from bot.crypto.sealing import KeyRing
from bot.storage.sqlite.connection import Connection
from bot.storage.sqlite.database_file import AS_IN_A_FILE
from bot.storage.sqlite.preparing import prepare
from bot.storage.sqlite.transaction import Database
from bot.storage.store import Store


def in_memory(keys: KeyRing | None = None) -> Store:
    """Return an empty store in memory, under these keys or new ones."""
    own = keys or KeyRing.fresh()
    database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False, factory=Database)
    for setting in AS_IN_A_FILE:
        database.execute(f"PRAGMA {setting}").fetchall()
    prepare(own, database)
    return Store(Connection(database), own)
