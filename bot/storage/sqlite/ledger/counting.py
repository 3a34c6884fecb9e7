"""The rows of a database as the ledger counts them, found as the bot finds them: by the index of their marks.

So an index that was emptied or put in another order is found too, though every row is there.
"""

import sqlite3
from itertools import pairwise
from typing import Any

from bot.storage.sqlite.ledger.bound_tables import BOUND, META, PEOPLE
from bot.storage.sqlite.ledger.sums import SLOTS

Rows = list[tuple[Any, ...]]

TABLE = {table.name: table for table in BOUND}
RANK: dict[type, int] = {str: 1, bytes: 2}
"""How SQLite orders values of different types; numbers come first."""

ODD = ("a row that no index has",)
"""Counted beside the rows where the index does not have them all, or not in order; so that the sum is wrong."""


def rows_of(database: sqlite3.Connection, table: str) -> Rows:
    """Every row of a table."""
    bound = TABLE[table]
    if bound is META:
        return database.execute(f"SELECT {bound.row('')} FROM meta").fetchall()
    key, index = bound.columns[0], f"sqlite_autoindex_{table}_1"
    rows: Rows = database.execute(f"SELECT {bound.row('')} FROM {table} INDEXED BY {index} ORDER BY {key}").fetchall()
    (count,) = database.execute(f"SELECT count(*) FROM {table} NOT INDEXED").fetchone()
    keys = [(RANK.get(type(row[0]), 0), row[0]) for row in rows]
    is_ordered = all(one < other for one, other in pairwise(keys))
    return rows if count == len(rows) and is_ordered else [*rows, ODD]


def people_in_slot(database: sqlite3.Connection, slot: int) -> Rows:
    """Every row of the people whose mark begins as this slot says."""
    first, last = slot * 256 // SLOTS, (slot + 1) * 256 // SLOTS
    end = bytes([last]) if last < 256 else b"\xff" * 33
    query = f"SELECT {PEOPLE.row('')} FROM people WHERE mark >= ? AND mark < ? ORDER BY mark"
    return database.execute(query, (bytes([first]), end)).fetchall()
