"""How every write of a connection comes to the ledger: triggers of the connection's own, which do not lie in the file.

And that nobody else's run: a trigger or a view that lies in the file would write with the bot's own hand.
"""

import secrets
import sqlite3
from collections.abc import Callable

from bot.runtime.errors import StoreFault
from bot.storage.sqlite.ledger.bound_tables import BOUND, BoundTable

FOLD = "seraf_fold"
NAMED = f"seraf_{secrets.token_hex(8)}_"
"""How the names of our triggers begin in this process: nobody who writes the file can give one of theirs such a name."""

FOREIGN = "SELECT type, name FROM main.sqlite_schema WHERE type IN ('trigger', 'view')"


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


def refuse_foreign(database: sqlite3.Connection) -> None:
    """`StoreFault` where the file has triggers or views, since the bot makes none; one that comes later never runs."""
    database.set_authorizer(_authorised)
    foreign = database.execute(FOREIGN).fetchone()
    if foreign is not None:
        raise StoreFault(
            f"The database was changed from outside: it has the {foreign[0]} “{foreign[1]}”, and the bot makes none."
            " Keep a copy of the file as it is, and restore the latest backup."
        )


def _kinds(table: BoundTable) -> tuple[tuple[str, str], ...]:
    return ("INSERT", "INSERT"), ("DELETE", "DELETE"), ("UPDATE", f"UPDATE OF {table.watched}")


def _authorised(_: int, __: str | None, ___: str | None, ____: str | None, within: str | None) -> int:
    """Refuse whatever a trigger or a view asks for that is not one of these. It runs when a statement is read, not each time."""
    return sqlite3.SQLITE_OK if within is None or within.startswith(NAMED) else sqlite3.SQLITE_DENY
