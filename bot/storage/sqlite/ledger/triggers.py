"""How every write of a connection comes to the ledger: by triggers of the connection's own, so that no write can forget it."""

import sqlite3
from collections.abc import Callable

from bot.storage.sqlite.database.own_triggers import NAMED
from bot.storage.sqlite.ledger.bound_tables import BOUND, BoundTable

FOLD = "seraf_fold"


def set_triggers(database: sqlite3.Connection, fold: Callable[..., None]) -> None:
    """From now on `fold` is told of each row that a write takes away (-1) and puts there (1): table, sign, row."""
    # A SQL function must not raise: an error would say nothing of what it was.
    database.create_function(FOLD, -1, fold)
    for table in BOUND:
        for kind, changes in _kinds(table):
            calls = " ".join(
                f"SELECT {FOLD}('{table.name}', {sign}, {table.row(row)});"
                for sign, row in ((-1, "OLD."), (1, "NEW."))
                if (kind, sign) not in {("INSERT", -1), ("DELETE", 1)}
            )
            name = f"{NAMED}{table.name}_{kind.lower()}"
            database.execute(
                f"CREATE TEMP TRIGGER IF NOT EXISTS {name} AFTER {changes} ON main.{table.name} BEGIN {calls} END"
            )


def _kinds(table: BoundTable) -> tuple[tuple[str, str], ...]:
    return ("INSERT", "INSERT"), ("DELETE", "DELETE"), ("UPDATE", f"UPDATE OF {table.watched}")
