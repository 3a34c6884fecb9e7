"""What the channel has to know after a restart, as SQL: two columns, neither of them secret."""

import sqlite3
from datetime import datetime

from bot.runtime.timestamps import from_micros, to_micros


def polled_at(database: sqlite3.Connection) -> datetime | None:
    """When the channel was last asked for events."""
    (micros,) = database.execute("SELECT polled FROM meta").fetchone()
    return None if micros is None else from_micros(micros)


def mark_polled(database: sqlite3.Connection, at: datetime) -> None:
    """Remember when the channel was last asked for events."""
    database.execute("UPDATE meta SET polled = ?", (to_micros(at),))


def bot_name(database: sqlite3.Connection) -> str:
    """The bot's public name; empty until it has run."""
    (name,) = database.execute("SELECT bot FROM meta").fetchone()
    return name or ""


def keep_bot_name(database: sqlite3.Connection, name: str) -> None:
    """Remember the bot's public name."""
    database.execute("UPDATE meta SET bot = ?", (name,))
