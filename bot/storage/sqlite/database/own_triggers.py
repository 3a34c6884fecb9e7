"""Triggers of a connection's own, which do not lie in the file; and that nobody else's run.

A trigger or a view that lies in the file would write with the bot's own hand.
"""

import secrets
import sqlite3

from bot.runtime.errors import StoreFault

NAMED = f"seraf_{secrets.token_hex(8)}_"
"""How the names of our triggers begin in this process: nobody who writes the file can give one of theirs such a name."""

FOREIGN = "SELECT type, name FROM main.sqlite_schema WHERE type IN ('trigger', 'view')"


def refuse_foreign(database: sqlite3.Connection) -> None:
    """`StoreFault` where the file has triggers or views, since the bot makes none; one that comes later never runs."""
    database.set_authorizer(_authorised)
    foreign = database.execute(FOREIGN).fetchone()
    if foreign is not None:
        raise StoreFault(
            f"The database was changed from outside: it has the {foreign[0]} “{foreign[1]}”, and the bot makes none."
            " Keep a copy of the file as it is, and restore the latest backup."
        )


def _authorised(_: int, __: str | None, ___: str | None, ____: str | None, within: str | None) -> int:
    """Refuse whatever a trigger or a view asks for that is not one of these. It runs when a statement is read, not each time.

    What a statement names by WITH is a view to SQLite as well, and so is refused: none of the bot's has one.
    """
    return sqlite3.SQLITE_OK if within is None or within.startswith(NAMED) else sqlite3.SQLITE_DENY
