"""The keys of events as SQL, so that an event that comes twice counts once: keyed hashes that outlast a rotation."""

import sqlite3
from datetime import datetime

from bot.crypto.sealing import KeyRing
from bot.runtime.clock import to_micros

# The table has the name of the first release; another name would be a migration of every database.
ADD = "INSERT INTO inbound (mark, at) VALUES (?, ?) ON CONFLICT (mark) DO NOTHING"


class EventKeyRows:
    """Adds each key once."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def add(self, database: sqlite3.Connection, key: str, *, at: datetime) -> bool:
        """Whether the key is new; it is kept either way."""
        return database.execute(ADD, (self._keys.lasting("inbound", key), to_micros(at))).rowcount == 1

    def refuse(self, database: sqlite3.Connection, key: str, *, error: str) -> None:
        """Keep with the key which error its event met."""
        database.execute("UPDATE inbound SET refused = ? WHERE mark = ?", (error, self._keys.lasting("inbound", key)))

    def forget(self, database: sqlite3.Connection, before: datetime) -> int:
        """Forget the keys of earlier events, and say how many."""
        return database.execute("DELETE FROM inbound WHERE at < ?", (to_micros(before),)).rowcount
