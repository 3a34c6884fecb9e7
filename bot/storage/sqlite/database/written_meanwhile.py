"""Which rows a connection writes while its file is made anew, by triggers of its own."""

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from bot.runtime.errors import StoreUnavailable
from bot.storage.sqlite.database.own_triggers import NAMED

NOTE = "seraf_written"
TABLES = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"

COMMITTED = "PRAGMA data_version"
"""Asks for a number that is another once somebody else committed something."""

WRITTEN = (
    "Another program wrote to the database meanwhile. The file stays as it is; end that program, then do this again."
)

KINDS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
"""What is done to a row, and as which it is named then."""

PrimaryKey = bytes | str | int


class WrittenRow(NamedTuple):
    """A row that was written or deleted: its table, and the value of its primary key."""

    table: str
    key: PrimaryKey


def primary_keys(database: sqlite3.Connection) -> Mapping[str, str]:
    """The column that is the primary key of each table that has one of one column, as all of ours do."""
    found = {}
    for (table,) in database.execute(TABLES).fetchall():
        columns = database.execute("SELECT name FROM pragma_table_info(?) WHERE pk", (table,)).fetchall()
        if len(columns) == 1:
            ((found[table],),) = columns
    return found


class WrittenMeanwhile:
    """The rows that one connection writes, from the moment it is attached; what was undone too, which does no harm."""

    def __init__(self) -> None:
        self._rows: dict[WrittenRow, None] = {}
        self._seen = 0

    def attach(self, database: sqlite3.Connection) -> None:
        """Be told of every row from now on. No transaction may have begun: it could be undone with it."""
        (self._seen,) = database.execute(COMMITTED).fetchone()
        database.create_function(NOTE, 2, self._note)
        for table, column in primary_keys(database).items():
            for kind, rows in KINDS.items():
                calls = " ".join(f"SELECT {NOTE}('{table}', {row}.\"{column}\");" for row in rows)
                database.execute(
                    f'CREATE TEMP TRIGGER IF NOT EXISTS "{_named(table, kind)}" AFTER {kind} ON main."{table}" BEGIN {calls} END'
                )

    def detach(self, database: sqlite3.Connection) -> None:
        """Be told no more; no transaction may have begun."""
        for table in primary_keys(database):
            for kind in KINDS:
                database.execute(f'DROP TRIGGER IF EXISTS temp."{_named(table, kind)}"')

    def take(self) -> tuple[WrittenRow, ...]:
        """The rows that were written since this was asked last, each once; asked on the connection's own thread."""
        rows, self._rows = tuple(self._rows), {}
        return rows

    def demand_all(self, database: sqlite3.Connection) -> None:
        """`StoreUnavailable` where somebody else wrote something too, and it is not known what."""
        if database.execute(COMMITTED).fetchone() != (self._seen,):
            raise StoreUnavailable(WRITTEN)

    def _note(self, table: str, key: PrimaryKey) -> None:
        self._rows[WrittenRow(table, key)] = None


def _named(table: str, kind: str) -> str:
    return f"{NAMED}written_{table}_{kind.lower()}"
