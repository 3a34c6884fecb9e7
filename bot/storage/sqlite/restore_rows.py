"""That a backup was restored and nobody has confirmed who is in, as SQL: one sealed row, which the ledger counts."""

import sqlite3
from datetime import datetime

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.clock import from_micros, to_micros
from bot.storage.sqlite.ledger.bound_tables import RESTORES
from bot.storage.sqlite.ledger.ledger import Ledger

NOTE = """INSERT INTO restores (mark, body) VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET body = excluded.body"""


class RestoreRows:
    """Notes a restore, finds one that waits to be confirmed, and forgets it, under one key ring."""

    def __init__(self, keys: KeyRing, ledger: Ledger) -> None:
        self._ledger = ledger
        self._sealer, self._mark = Sealer(keys.seal), keys.lasting("restore")

    def note(self, database: sqlite3.Connection, at: datetime) -> None:
        """A backup was put in the place of the store, and waits to be confirmed."""
        database.execute(NOTE, (self._mark, self._sealer.seal(str(to_micros(at)).encode(), _place(self._mark))))

    def waiting(self, database: sqlite3.Connection) -> datetime | None:
        """When the restore was that nobody has confirmed; None where none waits. `StoreFault` where somebody took it away."""
        self._ledger.demand_table(database, RESTORES.name)
        found = database.execute("SELECT body FROM restores WHERE mark = ?", (self._mark,)).fetchone()
        return None if found is None else from_micros(int(self._sealer.unseal(found[0], _place(self._mark))))

    def forget(self, database: sqlite3.Connection) -> bool:
        """It was confirmed; false where none waited."""
        return database.execute("DELETE FROM restores").rowcount > 0


def _place(mark: bytes) -> bytes:
    return place("restores", "body", row=mark)
