"""The rows of a database as the ledger counts them, found as the bot finds them: by the index of their marks.

So an index that was emptied or put in another order is found too, though every row is there.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any

from bot.storage.sqlite.ledger.bound_tables import BOUND, META, PEOPLE
from bot.storage.sqlite.ledger.sums import SLOTS

Rows = list[tuple[Any, ...]]
Row = tuple[Any, ...]

TABLE = {table.name: table for table in BOUND}
RANK: dict[type, int] = {str: 1, bytes: 2}
"""How SQLite orders values of different types; numbers come first."""

NOTHING: tuple[int, Any] = (-1, None)
"""Before every key."""

ODD = ("a row that no index has",)
"""Counted beside the rows where the index does not have them all, or not in order; so that the sum is wrong."""


def rows_of(database: sqlite3.Connection, table: str) -> Iterator[Row]:
    """Every row of a table, one at a time."""
    bound = TABLE[table]
    if bound is META:
        yield from database.execute(f"SELECT {bound.row('')} FROM meta")
        return
    key, index = bound.columns[0], f"sqlite_autoindex_{table}_1"
    found, is_ordered, before = 0, True, NOTHING
    for row in database.execute(f"SELECT {bound.row('')} FROM {table} INDEXED BY {index} ORDER BY {key}"):
        here = (RANK.get(type(row[0]), 0), row[0])
        found, is_ordered, before = found + 1, is_ordered and before < here, here
        yield row
    (count,) = database.execute(f"SELECT count(*) FROM {table} NOT INDEXED").fetchone()
    if count != found or not is_ordered:
        yield ODD


def people_in_slot(database: sqlite3.Connection, slot: int) -> Rows:
    """Every row of the people whose mark begins as this slot says."""
    first, last = slot * 256 // SLOTS, (slot + 1) * 256 // SLOTS
    end = bytes([last]) if last < 256 else b"\xff" * 33
    query = f"SELECT {PEOPLE.row('')} FROM people WHERE mark >= ? AND mark < ? ORDER BY mark"
    return database.execute(query, (bytes([first]), end)).fetchall()
