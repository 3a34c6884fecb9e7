"""One connection to a database as the tables see it: statements, and rows that are written and told to the ledger.

What a row adds to the ledger is worked out from what is sent here, and never from what the database says that it keeps: whoever
has the database could change a value on the way, and it would be counted as right. It refuses to know which database it is.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from bot.crypto.sealing import KeyRing, Sealer
from bot.runtime.errors import StoreFault
from bot.storage.counted_tables import Row, StoredTable
from bot.storage.ledger import Ledger


class StoreSession(ABC):
    """Statements on one connection, within a transaction that was begun."""

    errors: tuple[type[Exception], ...]
    """What a statement raises that fails."""

    def __init__(self, execute: Callable[..., Any]) -> None:
        self.execute = execute
        """Run a statement, with its values; returns its rows, and how many it changed."""
        self.ledger: Ledger
        self.has_erased = False
        """Whether something was removed that must be out of every file; what was undone meanwhile counts too, and does no harm."""

    @abstractmethod
    def fault(self, error: Exception) -> StoreFault:
        """Return what went wrong, as it is said to the operator."""

    @abstractmethod
    def every_row(self, table: StoredTable) -> Iterator[Row]:
        """Yield what is counted of every row of a table, found as the tables find a row, so that a wrong index is noticed."""

    def add(self, table: StoredTable, **row: Any) -> bool:
        """Write a row, unless there is one under its key. Returns whether it was written."""
        is_new: bool = self.execute(_insert(table, tuple(row)), tuple(row.values())).rowcount == 1
        if is_new and table.holds:
            self.ledger.fold(table, None, table.row(row))
        return is_new

    def put(self, table: StoredTable, *, stays: tuple[str, ...] = (), **row: Any) -> None:
        """Write a row in place of the one under its key, of which the columns stay that are named in `stays`."""
        before = self._before(table, row[table.key]) if table.holds else None
        self.execute(_upsert(table, tuple(row), stays), tuple(row.values()))
        if table.holds:
            sent = row if before is None else {each: row[each] for each in row if each not in stays}
            self.ledger.fold(table, before, table.row(sent, before or ()))

    def change(self, table: StoredTable, key: object, **columns: Any) -> None:
        """Change columns of the row under a key."""
        is_counted = not columns.keys().isdisjoint(table.watched)
        before = self._before(table, key) if is_counted else None
        self.execute(_update(table, tuple(columns)), (*columns.values(), key))
        if before is not None:
            self.ledger.fold(table, before, table.row(columns, before))

    def remove(self, table: StoredTable, key: object) -> bool:
        """Delete the row under a key. Returns whether there was one."""
        return self.remove_where(table, f"{table.key} = ?", key) > 0

    def remove_where(self, table: StoredTable, condition: str, *values: object) -> int:
        """Delete the rows for which a condition holds. Returns how many there were."""
        found = "" if not table.holds else f"SELECT {table.counted} FROM {table.name} WHERE {condition}"
        rows = self.execute(found, values).fetchall() if found else ()
        count: int = self.execute(f"DELETE FROM {table.name} WHERE {condition}", values).rowcount
        for row in rows:
            self.ledger.fold(table, row, None)
        self.has_erased |= table.is_erased and count > 0
        return count

    @contextmanager
    def savepoint(self) -> Iterator[Callable[[], None]]:
        """Yield what undoes everything that was written since the `with` began, and nothing before."""
        self.execute("SAVEPOINT turn")
        position = self.ledger.position()

        def undo() -> None:
            self.execute("ROLLBACK TO turn")
            self.ledger.rewind(position)

        yield undo
        self.execute("RELEASE turn")

    def _before(self, table: StoredTable, key: object) -> Row | None:
        """Return what is counted of the row as it lies there: whatever somebody made of it stays a difference for ever."""
        row: Row | None = self.execute(_counted(table), (key,)).fetchone()
        return row


class Rows:
    """What every class of a table has: the session, and the keys under which its rows are sealed."""

    def __init__(self, session: StoreSession, keys: KeyRing) -> None:
        self._session = session
        self._keys = keys
        self._sealer = Sealer(keys.seal)


@cache
def _insert(table: StoredTable, columns: tuple[str, ...]) -> str:
    places = ", ".join("?" * len(columns))
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({places}) ON CONFLICT DO NOTHING"


@cache
def _upsert(table: StoredTable, columns: tuple[str, ...], stays: tuple[str, ...]) -> str:
    changed = ", ".join(f"{each} = excluded.{each}" for each in columns if each not in (table.key, *stays))
    return _insert(table, columns).replace("DO NOTHING", f"({table.key}) DO UPDATE SET {changed}")


@cache
def _update(table: StoredTable, columns: tuple[str, ...]) -> str:
    return f"UPDATE {table.name} SET {', '.join(f'{each} = ?' for each in columns)} WHERE {table.key} = ?"


@cache
def _counted(table: StoredTable) -> str:
    return f"SELECT {table.counted} FROM {table.name} WHERE {table.key} = ?"
