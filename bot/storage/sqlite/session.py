"""A session on a connection to SQLite."""

import sqlite3
from collections.abc import Iterator

from bot.runtime.errors import StoreFault
from bot.storage.counted_tables import META, Row, StoredTable
from bot.storage.session import StoreSession
from bot.storage.sqlite.transaction import fault

RANK: dict[type, int] = {str: 1, bytes: 2}
"""How SQLite orders values of different types; numbers come first."""

NOTHING: tuple[int, object] = (-1, None)
"""Before every key."""

ODD = ("a row that no index has",)
"""Counted beside the rows where the index does not have them all, or not in order; so that the sum is wrong."""


class SqliteSession(StoreSession):
    """Statements on one connection to SQLite."""

    errors = (sqlite3.Error,)

    def __init__(self, database: sqlite3.Connection) -> None:
        super().__init__(database.execute)
        self.database = database

    def fault(self, error: Exception) -> StoreFault:
        """Return what went wrong, as it is said to the operator."""
        assert isinstance(error, sqlite3.Error)
        return fault(error)

    def every_row(self, table: StoredTable) -> Iterator[Row]:
        """Yield what is counted of every row, found by the index of the keys: so one that was emptied, or leads elsewhere, is noticed."""
        if table is META:  # its key is the rowid, which has no index
            yield from self.execute(f"SELECT {table.counted} FROM meta")
            return
        index = f"sqlite_autoindex_{table.name}_1"
        found, is_ordered, before = 0, True, NOTHING
        for row in self.execute(f"SELECT {table.counted} FROM {table.name} INDEXED BY {index} ORDER BY {table.key}"):
            here = (RANK.get(type(row[0]), 0), row[0])
            found, is_ordered, before = found + 1, is_ordered and before < here, here
            yield row
        (count,) = self.execute(f"SELECT count(*) FROM {table.name} NOT INDEXED").fetchone()
        if count != found or not is_ordered:
            yield ODD
