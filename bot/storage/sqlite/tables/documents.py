"""Documents that are owed, as SQL: a row a person, sealed, in one of two tables. What is in a document is never in it."""

import json
import sqlite3

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.timestamps import from_micros, to_micros
from bot.storage.owed import OwedDocument

OF_CASES = "parcels"
"""The table of what is owed of a case, and goes with it."""

OF_REHEARSALS = "rehearsal_parcels"
"""The table of what is owed of a rehearsal, whatever becomes of a case."""


class OwedDocuments:
    """Keeps, lists and forgets what is owed in one table, under one key ring."""

    def __init__(self, keys: KeyRing, table: str) -> None:
        self._keys = keys
        self._table = table
        self._sealer = Sealer(keys.seal)

    def keep(self, database: sqlite3.Connection, parcel: OwedDocument) -> None:
        """Keep what is owed beside the rest of the same reference; what was owed of another is not any more."""
        owed = self._of(database, parcel.person)
        beside = [each for each in owed if each.reference == parcel.reference and each.kind != parcel.kind]
        self._write(database, parcel.person, (*beside, parcel))

    def everything(self, database: sqlite3.Connection) -> tuple[OwedDocument, ...]:
        """All that is owed to anybody."""
        rows = database.execute(f"SELECT mark, body FROM {self._table} ORDER BY rowid").fetchall()
        return tuple(each for row in rows for each in self._opened(*row))

    def forget(self, database: sqlite3.Connection, parcel: OwedDocument) -> None:
        """Forget what was sent, or is not to be sent."""
        owed = self._of(database, parcel.person)
        self._write(database, parcel.person, tuple(each for each in owed if each != parcel))

    def _of(self, database: sqlite3.Connection, person: str) -> tuple[OwedDocument, ...]:
        mark = self._mark(person)
        found = database.execute(f"SELECT body FROM {self._table} WHERE mark = ?", (mark,)).fetchone()
        return () if found is None else self._opened(mark, found[0])

    def _write(self, database: sqlite3.Connection, person: str, owed: tuple[OwedDocument, ...]) -> None:
        mark = self._mark(person)
        if not owed:
            database.execute(f"DELETE FROM {self._table} WHERE mark = ?", (mark,))
            return
        kinds = [[each.kind, to_micros(each.asked)] for each in owed]
        written = json.dumps([person, owed[0].reference, kinds]).encode()
        keep = f"INSERT INTO {self._table} (mark, body) VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET body = excluded.body"
        database.execute(keep, (mark, self._sealer.seal(written, self._place(mark))))

    def _opened(self, mark: bytes, body: bytes) -> tuple[OwedDocument, ...]:
        person, reference, kinds = json.loads(self._sealer.unseal(body, self._place(mark)))
        return tuple(OwedDocument(person, reference, kind, from_micros(asked)) for kind, asked in kinds)

    def _place(self, mark: bytes) -> bytes:
        return place(self._table, "body", mark)

    def _mark(self, person: str) -> bytes:
        return self._keys.mark("person", person)
