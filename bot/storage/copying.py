"""Copies every row of a store into another database as it is, with the ledger, and compares the two."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreFault
from bot.storage.ledger import KEYS, Row
from bot.storage.session import StoreSession
from bot.storage.sqlite.resealing import demand_in_step, open_everything

BATCH = 500  # rows that are read at once, since one database may hold more than memory


def copy_rows(source: StoreSession, target: StoreSession, *, tables: Iterable[str] = tuple(KEYS)) -> None:
    """Insert every row of the source into the target, whose tables are of the same version and empty. The ledger's row is copied too."""
    target.defer_references()
    for table in tables:
        names = columns(source, table)
        target.fill(table, names, rows_of(source, table, names))


def demand_same(source: StoreSession, target: StoreSession, keys: KeyRing) -> None:
    """Raise `StoreFault` unless the target has exactly the rows of the source, its ledger fits to them, and every value opens."""
    for table in KEYS:
        names = columns(source, table)
        pairs = zip_longest(rows_of(source, table, names), rows_of(target, table, names))
        if any(one is None or other is None or tuple(one) != tuple(other) for one, other in pairs):
            raise StoreFault(f"The rows of {table} did not arrive as they were. Nothing was changed. Please report it.")
    demand_in_step(target, keys)
    if closed := open_everything(target, keys).closed:
        found = ", ".join(f"{count} of {name}" for name, count in closed.items())
        raise StoreFault(f"Values do not open: {found}. Nothing was changed. Look with `seraf-bot check`.")


def columns(session: StoreSession, table: str) -> tuple[str, ...]:
    """Return the names of the columns of a table."""
    return tuple(column[0] for column in session.execute(f"SELECT * FROM {table} LIMIT 0").description)


def rows_of(session: StoreSession, table: str, names: tuple[str, ...]) -> Iterator[Row]:
    """Yield these columns of every row, in the order of their keys."""
    key, read = KEYS[table], f"SELECT {', '.join(names)} FROM {table}"
    batch = session.execute(f"{read} ORDER BY {key} LIMIT {BATCH}").fetchall()
    while batch:
        yield from batch
        after = (batch[-1][names.index(key)],)
        batch = session.execute(f"{read} WHERE {key} > ? ORDER BY {key} LIMIT {BATCH}", after).fetchall()
