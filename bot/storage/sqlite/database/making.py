"""How a new database file comes to hold what the old one does: filled at one time, and followed row by row since."""

import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import Protocol

from bot.storage.sqlite.database.store_files import unfinished
from bot.storage.sqlite.database.written_meanwhile import WrittenRow, primary_keys

STEPS = 10_000
"""Steps of SQLite between two looks whether somebody stops it."""

Rows = Mapping[WrittenRow, dict[str, object] | None]
"""Rows by their new names, each with its columns; None for one that is no more."""


class Making(Protocol):
    """How a new file comes to hold what the old one does, and what is different in it."""

    def fill(self, old: sqlite3.Connection, store: Path, stops: Event) -> None:
        """Put all that the old one has, at one time of its own, into a new file beside the store; until somebody stops it."""

    def follow(self, old: sqlite3.Connection, new: sqlite3.Connection, rows: Sequence[WrittenRow]) -> None:
        """Put these rows into the new one as they are now in the old one, or are no more."""

    def demand_right(self, old: sqlite3.Connection) -> None:
        """`StoreFault` where something in the old one is not as it was written last, and would be taken for right in the new one."""

    def finish(self, old: sqlite3.Connection, new: sqlite3.Connection) -> None:
        """Do what is different in the new one, once nothing is missing in it."""


class AsItIs:
    """Nothing is different but that no old byte is left."""

    def fill(self, old: sqlite3.Connection, store: Path, _: Event) -> None:
        """Put every row there, packed; SQLite itself looks whether it is stopped."""
        pack(old, unfinished(store))

    def follow(self, old: sqlite3.Connection, new: sqlite3.Connection, rows: Sequence[WrittenRow]) -> None:
        """Put each as it is."""
        put_rows(new, rows_as_they_are(old, rows))

    def demand_right(self, old: sqlite3.Connection) -> None:
        """Demand nothing: what is wrong in the old one is as wrong in the new one, and found there."""

    def finish(self, old: sqlite3.Connection, new: sqlite3.Connection) -> None:
        """Do nothing."""


def pack(database: sqlite3.Connection, place: Path) -> None:
    """Put every row of a database, as it is, into a new file that nobody else can read."""
    os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    database.execute("VACUUM INTO ?", (str(place),))


def rows_as_they_are(database: sqlite3.Connection, rows: Iterable[WrittenRow]) -> Rows:
    """These rows with their columns."""
    columns, found = primary_keys(database), dict[WrittenRow, dict[str, object] | None]()
    for row in rows:
        cursor = database.execute(f'SELECT * FROM "{row.table}" WHERE "{columns[row.table]}" = ?', (row.key,))
        values, names = cursor.fetchone(), [each[0] for each in cursor.description]
        found[row] = None if values is None else dict(zip(names, values, strict=True))
    return found


def put_rows(database: sqlite3.Connection, rows: Rows) -> None:
    """Take out what is there under these names, then put each that is there now."""
    columns = primary_keys(database)
    for row in rows:
        database.execute(f'DELETE FROM "{row.table}" WHERE "{columns[row.table]}" = ?', (row.key,))
    for row, values in rows.items():
        if values is not None:
            places = ", ".join("?" * len(values))
            database.execute(
                f'INSERT INTO "{row.table}" ({", ".join(values)}) VALUES ({places})', tuple(values.values())
            )


def let_stop(database: sqlite3.Connection, stops: Event) -> None:
    """Let what is done over this connection fail once somebody stops it."""
    database.set_progress_handler(stops.is_set, STEPS)
