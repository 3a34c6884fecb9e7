"""What the channel has to know after a restart, as SQL: a time, which is no secret."""

import sqlite3
from datetime import datetime

from bot.runtime.clock import from_micros, to_micros


def polled_at(database: sqlite3.Connection) -> datetime | None:
    """When the channel was last asked for events."""
    (micros,) = database.execute("SELECT polled FROM meta").fetchone()
    return None if micros is None else from_micros(micros)


def mark_polled(database: sqlite3.Connection, at: datetime) -> None:
    """Remember when the channel was last asked for events."""
    database.execute("UPDATE meta SET polled = ?", (to_micros(at),))
