"""A session of a database: it executes statements, and reports every row that it writes or deletes to the ledger.

Statements are written in the SQL that SQLite and PostgreSQL have in common, with placeholders as SQLite has them.

The ledger adds the values that are passed in here, and never values that the database returns: anybody who controls the
database could alter a value in between, and the ledger would accept it.
"""

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.errors import DamagedStore, StoreFault, StoreUnavailable, UnusableStore
from bot.storage.ledger import META, Head, Ledger, Row, StoredTable


class DiskFull(StoreUnavailable):
    """The fault of a write for which the disk has no room."""


class Moved(UnusableStore):
    """The store was moved to another place, or has not arrived whole at this one."""


FAULTS = {
    sqlite3.SQLITE_BUSY: "Another program held the database for too long. End it, or let it finish; the bot goes on.",
    sqlite3.SQLITE_LOCKED: "Another program held the database for too long. End it, or let it finish.",
    sqlite3.SQLITE_FULL: "The disk under the database is full. Make room on it; the bot goes on by itself.",
    sqlite3.SQLITE_IOERR: "The disk under the database is full or failing. Make room on it; the bot goes on by itself.",
    sqlite3.SQLITE_READONLY: "The database may not be written. Give the bot's account the file and its folder.",
    sqlite3.SQLITE_CANTOPEN: "The database could not be opened. Give the bot's account the file and its folder.",
    sqlite3.SQLITE_CORRUPT: "The database is damaged. Stop the bot, and restore the latest backup.",
    sqlite3.SQLITE_NOTADB: "The file is not a database. Set the place of the bot's database, or restore a backup.",
}
KINDS: dict[int, type[StoreFault]] = {
    sqlite3.SQLITE_BUSY: StoreUnavailable,
    sqlite3.SQLITE_LOCKED: StoreUnavailable,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_IOERR: StoreUnavailable,
    sqlite3.SQLITE_CORRUPT: DamagedStore,
    sqlite3.SQLITE_NOTADB: DamagedStore,
}


HEAD = "SELECT (SELECT key FROM meta WHERE moved IS NULL), (SELECT number FROM ledger), (SELECT sums FROM ledger)"


def primary_code(error: sqlite3.Error) -> int:
    """Return the primary result code of an SQLite error, which leaves out the details of the extended code."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def fault(error: sqlite3.Error, outcome: str = "Nothing of this step was saved.") -> StoreFault:
    """Return the fault for an SQLite error. Its message advises the operator, and ends with `outcome`: what was saved."""
    code = primary_code(error)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    advice = FAULTS.get(code, "The database did not do what it should; this is the bot's own fault. Please report it.")
    return KINDS.get(code, StoreFault)(f"{advice} {outcome} ({name})")


class StoreSession(ABC):
    """Statements within a transaction that has begun. `errors` are the exceptions of the database."""

    errors: type[Exception]

    def __init__(self) -> None:
        self.ledger: Ledger
        self.erased = set[
            str
        ]()  # tables of which a row was deleted that must be gone from every file, even if rolled back
        self.execute: Callable[..., Any]

    @abstractmethod
    def fault(self, error: Exception) -> StoreFault:
        """Return the fault for an error of the database."""

    def head(self) -> Head:
        head: Head = self.execute(HEAD).fetchone()
        return head

    @abstractmethod
    def position(self, table: str) -> str:
        """Return the column that orders all rows of a table, also those that were not written by the bot."""

    @abstractmethod
    def defer_references(self) -> None:
        """Check at the end of the transaction, and not before, that rows refer to rows that exist."""

    @abstractmethod
    def fill(self, table: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
        """Insert many rows at once. The ledger does not count them."""

    @abstractmethod
    def replace(self, table: str, column: str, values: Sequence[tuple[Any, bytes]], *, by: str = "") -> None:
        """Replace a column in many rows, each named by its position, or by the column `by`. The ledger does not count it."""

    @abstractmethod
    def every_row(self, table: StoredTable) -> Iterator[Row]:
        """Yield the counted values of every row of a table, as the ledger needs them."""

    def demand_one(self, answer: Any, missing: Callable[[], StoreFault]) -> None:
        """Raise a fault unless a statement wrote exactly one row: now, or at the latest before the commit."""
        if answer.rowcount != 1:
            raise missing()

    def ask_ahead(self, statement: str, values: tuple[object, ...]) -> None:
        """Let the database answer early what is asked next, where each answer is far away. Nothing may change it until then."""
        return

    def each(self, statement: str, every: Iterable[tuple[object, ...]]) -> Iterator[Any]:
        """Yield the answer to a reading statement for each of these values."""
        return (self.execute(statement, values) for values in every)

    def add(self, table: StoredTable, **row: Any) -> bool:
        """Insert a row unless its key exists. Return True if it was inserted."""
        is_new: bool = self.execute(_insert(table, tuple(row)), tuple(row.values())).rowcount == 1
        if is_new and table.holds:
            self.ledger.fold(table, None, table.row(row))
        return is_new

    def put(self, table: StoredTable, *, stays: tuple[str, ...] = (), **row: Any) -> None:
        """Insert a row, or if its key exists, update that row except for the columns in `stays`."""
        before = self.counted_of(table, row[table.key]) if table.holds else None
        self.execute(_upsert(table, tuple(row), stays), tuple(row.values()))
        if table.holds:
            sent = row if before is None else {name: row[name] for name in row if name not in stays}
            self.ledger.fold(table, before, table.row(sent, before or ()))

    def change(self, table: StoredTable, key: object, *, known: Row | None = None, **columns: Any) -> None:
        """Update these columns of the row with this key. `known` are its counted values, if they were read in this transaction."""
        before = known or (None if columns.keys().isdisjoint(table.watched) else self.counted_of(table, key))
        changed = " = ?, ".join(columns)
        self.execute(f"UPDATE {table.name} SET {changed} = ? WHERE {table.key} = ?", (*columns.values(), key))
        if before is not None:
            self.ledger.fold(table, before, table.row(columns, before))

    def remove(self, table: StoredTable, key: object) -> bool:
        """Delete the row with this key. Return True if it existed."""
        return self.remove_where(table, f"{table.key} = ?", key) > 0

    def remove_where(self, table: StoredTable, condition: str, *values: object) -> int:
        """Delete the rows that match an SQL condition, which has placeholders for the values, and return their number."""
        rows: list[Row] = []
        if table.holds:
            rows = self.execute(f"SELECT {table.counted} FROM {table.name} WHERE {condition}", values).fetchall()
        count: int = self.execute(f"DELETE FROM {table.name} WHERE {condition}", values).rowcount
        for row in rows:
            self.ledger.fold(table, row, None)
        if table.is_erased and count:
            self.erased.add(table.name)
        return count

    @contextmanager
    def savepoint(self) -> Iterator[Callable[[], None]]:
        """Yield a function that rolls back everything written since the `with` began."""
        self.execute("SAVEPOINT turn")
        position = self.ledger.position()

        def undo() -> None:
            self.execute("ROLLBACK TO turn")
            self.ledger.rewind(position)

        yield undo
        self.execute("RELEASE turn")

    def counted_of(self, table: StoredTable, key: object) -> Row | None:
        """Return the counted values of a row as the file has them. After a change from outside, the sums thus stay wrong for ever."""
        statement = f"SELECT {table.counted} FROM {table.name} WHERE {table.key} = ?"
        row: Row | None = self.execute(statement, (key,)).fetchone()
        return row


class SqliteSession(StoreSession):
    """A session on one SQLite connection."""

    errors = sqlite3.Error

    def __init__(self, database: sqlite3.Connection) -> None:
        super().__init__()
        self.database = database
        self.execute = database.execute

    def fault(self, error: Exception) -> StoreFault:
        assert isinstance(error, sqlite3.Error)
        return fault(error)

    def position(self, table: str) -> str:
        return "rowid"

    def defer_references(self) -> None:
        self.execute("PRAGMA defer_foreign_keys = ON")

    def fill(self, table: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
        places = ", ".join("?" * len(columns))
        self.database.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)

    def replace(self, table: str, column: str, values: Sequence[tuple[Any, bytes]], *, by: str = "") -> None:
        statement = f"UPDATE {table} SET {column} = ? WHERE {by or self.position(table)} = ?"
        self.database.executemany(statement, [(value, row) for row, value in values])

    def every_row(self, table: StoredTable) -> Iterator[Row]:
        """Yield the counted values of every row, read through the index of the key column, so that a wrong or emptied index is noticed."""
        if table is META:  # its key is the rowid, which has no index
            yield from self.execute(f"SELECT {table.counted} FROM meta")
            return
        index = f"sqlite_autoindex_{table.name}_1"
        number, is_ordered = 0, True
        before: tuple[int, object] = (-1, None)
        for row in self.execute(f"SELECT {table.counted} FROM {table.name} INDEXED BY {index} ORDER BY {table.key}"):
            # SQLite orders numbers before texts, and texts before bytes.
            key = (isinstance(row[0], str) + 2 * isinstance(row[0], bytes), row[0])
            number, is_ordered, before = number + 1, is_ordered and before < key, key
            yield row
        (count,) = self.execute(f"SELECT count(*) FROM {table.name} NOT INDEXED").fetchone()
        if count != number or not is_ordered:
            yield ("a row that no index has",)  # makes the sum wrong


TO, FROM = "to ", "from "
"""How the note of a store begins that was moved to another place, and of one that is being copied from another place."""


def demand_here(session: StoreSession | sqlite3.Connection) -> None:
    """Raise `Moved` if the store was moved to another place, or has not arrived whole at this one."""
    moved: str = (session.execute("SELECT moved FROM meta").fetchone() or ("",))[0] or ""
    if moved.startswith(FROM):
        raise Moved(
            f"The store here was copied from {moved.removeprefix(FROM)}, and the copying was cut short. Finish it, with"
            " SERAF_STORE as it was, by the same command: seraf-bot store copy --to"
        )
    if moved:
        raise Moved(
            f"The store here was moved to {moved.removeprefix(TO)}, and opens for nobody, so that nothing is kept in two places."
            " Set SERAF_STORE to that place. To come back with all that was kept there since, copy it from there to a new place:"
            " seraf-bot store copy --to. Only if it is lost: seraf-bot store reopen"
        )


class Rows:
    """The base class of the tables. It has the session, and the keys under which the values of the rows are sealed."""

    def __init__(self, session: StoreSession, keys: KeyRing) -> None:
        self._session, self._keys, self._sealer = session, keys, Sealer(keys.seal)

    def _seal(self, table: StoredTable, row: bytes, value: object) -> bytes:
        return self._sealer.seal(json.dumps(value).encode(), place(table.name, table.sealed[0], row=row))

    def _unseal(self, table: StoredTable, row: bytes, sealed: bytes) -> Any:
        return json.loads(self._sealer.unseal(sealed, place(table.name, table.sealed[0], row=row)))


@cache
def _insert(table: StoredTable, columns: tuple[str, ...]) -> str:
    places = ", ".join("?" * len(columns))
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({places}) ON CONFLICT DO NOTHING"


@cache
def _upsert(table: StoredTable, columns: tuple[str, ...], stays: tuple[str, ...]) -> str:
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in (table.key, *stays))
    return _insert(table, columns).replace("DO NOTHING", f"({table.key}) DO UPDATE SET {changed}")
