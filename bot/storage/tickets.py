"""One-time codes as SQL: a code is found by its keyed hash and kept nowhere, and what it opens is sealed."""

import sqlite3
from datetime import datetime

from bot.sealing import KeyRing, Sealer, place
from bot.storage.moments import to_micros

ISSUE = "INSERT INTO tickets (mark, body, until) VALUES (?, ?, ?)"


class Tickets:
    """Issues, opens and spends codes under one key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._sealer = Sealer(keys.seal)

    def issue(self, database: sqlite3.Connection, code: str, text: str, until: datetime) -> None:
        """Keep what a code opens, until then."""
        mark = self._mark(code)
        sealed = self._sealer.seal(text.encode(), place("tickets", "body", mark))
        database.execute(ISSUE, (mark, sealed, to_micros(until)))

    def opened(self, database: sqlite3.Connection, code: str, now: datetime) -> str | None:
        """What the code opens now; None for one that was never issued, was spent, or whose time is over."""
        mark = self._mark(code)
        found = database.execute("SELECT body, until FROM tickets WHERE mark = ?", (mark,)).fetchone()
        if found is None or found[1] <= to_micros(now):
            return None
        return self._sealer.unseal(found[0], place("tickets", "body", mark)).decode()

    def spend(self, database: sqlite3.Connection, code: str) -> None:
        """Use a code up."""
        database.execute("DELETE FROM tickets WHERE mark = ?", (self._mark(code),))

    def forget(self, database: sqlite3.Connection, now: datetime) -> int:
        """Forget the codes whose time is over, and say how many."""
        return database.execute("DELETE FROM tickets WHERE until <= ?", (to_micros(now),)).rowcount

    def _mark(self, code: str) -> bytes:
        return self._keys.lasting("ticket", code)
