"""How a database is made anew under other keys, while the one with the old keys goes on."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import Event

from bot.crypto.sealing import KeyRing
from bot.storage.sqlite.database.copying import copied_beside
from bot.storage.sqlite.database.making import let_stop, pack, put_rows, rows_as_they_are
from bot.storage.sqlite.database.migrate import known_migrations, migrate
from bot.storage.sqlite.database.own_triggers import refuse_foreign
from bot.storage.sqlite.database.store_files import unfinished
from bot.storage.sqlite.database.transaction import transact
from bot.storage.sqlite.database.written_meanwhile import PrimaryKey, WrittenRow
from bot.storage.sqlite.ledger.ledger import Ledger
from bot.storage.sqlite.resealing import MARKED, reseal

OF_A_PERSON = ("people", "standings", "rehearsals", "cases", "parcels", "rehearsal_parcels")
"""Tables whose rows are sealed to what stands in others of the same person."""

OWN = "ledger"
"""A table that each of the two databases has for itself."""


class UnderNewKeys:
    """A `Making` that seals everything under other keys."""

    def __init__(self, old: KeyRing, new: KeyRing) -> None:
        self._old, self._new = old, new
        self._ledger = Ledger(new)
        self._marks: dict[object, bytes] = {}

    def fill(self, old: sqlite3.Connection, store: Path, stops: Event) -> None:
        """Seal a copy anew, and put what is in it into a file that never had anything under the old keys."""
        with copied_beside(old, store) as copy:
            let_stop(copy.database, stops)
            # What fails is thrown away as a whole; and nothing of it is put on another disk.
            for setting in ("journal_mode = OFF", "temp_store = MEMORY"):
                copy.database.execute(f"PRAGMA {setting}").fetchall()
            transact(copy.database, self._reseal)
            pack(copy.database, unfinished(store))

    def follow(self, old: sqlite3.Connection, new: sqlite3.Connection, rows: Sequence[WrittenRow]) -> None:
        """Seal these rows anew, with all else that is kept of the same people, since the one is sealed to the other."""
        if not rows:
            return
        self._ledger.attach(new)
        self._ledger.follow(new)
        written = rows_as_they_are(old, _with_their_own(old, rows))
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as few:
            migrate(few, known_migrations())
            put_rows(few, written)
            self._marks |= reseal(few, self._old, new=self._new)
            found = rows_as_they_are(few, filter(None, map(self._renamed, written)))
        put_rows(new, found)
        self._ledger.keep(new)

    def demand_right(self, old: sqlite3.Connection) -> None:
        """`StoreFault` for what was put back since the copy was made, which would be right from now on."""
        demand_in_step(old, self._old)

    def finish(self, old: sqlite3.Connection, new: sqlite3.Connection) -> None:
        """Count on where the old one has come to."""
        self._ledger.follow(new)
        (number,) = old.execute("SELECT number FROM ledger").fetchone()
        self._ledger.keep(new, least=number + 1)

    def _reseal(self, copy: sqlite3.Connection) -> None:
        """Under the new keys from now on; `StoreFault` for what was put back, which would be right from now on."""
        refuse_foreign(copy)
        self.demand_right(copy)
        self._marks = reseal(copy, self._old, new=self._new)
        self._ledger.count_anew(copy, 1)

    def _renamed(self, row: WrittenRow) -> WrittenRow | None:
        """The row by its new name; None for one that came and went meanwhile, and so never was in the new file."""
        if row.table not in MARKED:
            return row
        mark = self._marks.get(row.key)
        return None if mark is None else WrittenRow(row.table, mark)


def demand_in_step(database: sqlite3.Connection, keys: KeyRing) -> None:
    """`StoreFault` for what was put back, which would be right from now on."""
    ledger = Ledger(keys)
    ledger.follow(database)
    ledger.demand_all_in_step(database)


def _with_their_own(database: sqlite3.Connection, rows: Sequence[WrittenRow]) -> tuple[WrittenRow, ...]:
    """These rows, and those that belong to the same people."""
    people: set[PrimaryKey] = {row.key for row in rows if row.table in OF_A_PERSON}
    theirs = [WrittenRow(table, mark) for mark in people for table in OF_A_PERSON]
    keys = [
        WrittenRow("case_keys", key)
        for mark in people
        for (key,) in database.execute("SELECT key FROM cases WHERE mark = ?", (mark,))
    ]
    return tuple(dict.fromkeys(row for row in (*rows, *theirs, *keys) if row.table != OWN))
