"""Documents that are owed, as SQL: a row a person, sealed, that goes with their case. What is in a document is never in it."""

import json
import sqlite3

from bot.sealing import KeyRing, Sealer, place
from bot.storage.moments import from_micros, to_micros
from bot.storage.values import Parcel

EVERYTHING = "SELECT mark, body FROM parcels ORDER BY rowid"
KEEP = "INSERT INTO parcels (mark, body) VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET body = excluded.body"


class Parcels:
    """Keeps, lists and forgets what is owed, under one key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._sealer = Sealer(keys.seal)

    def keep(self, database: sqlite3.Connection, parcel: Parcel) -> None:
        """Keep what is owed beside the rest of the same reference; what was owed of another is not any more."""
        owed = self._of(database, parcel.person)
        beside = [each for each in owed if each.reference == parcel.reference and each.kind != parcel.kind]
        self._write(database, parcel.person, (*beside, parcel))

    def everything(self, database: sqlite3.Connection) -> tuple[Parcel, ...]:
        """All that is owed to anybody."""
        return tuple(each for row in database.execute(EVERYTHING).fetchall() for each in self._opened(*row))

    def forget(self, database: sqlite3.Connection, parcel: Parcel) -> None:
        """Forget what was sent, or is not to be sent."""
        owed = self._of(database, parcel.person)
        self._write(database, parcel.person, tuple(each for each in owed if each != parcel))

    def _of(self, database: sqlite3.Connection, person: str) -> tuple[Parcel, ...]:
        mark = self._mark(person)
        found = database.execute("SELECT body FROM parcels WHERE mark = ?", (mark,)).fetchone()
        return () if found is None else self._opened(mark, found[0])

    def _write(self, database: sqlite3.Connection, person: str, owed: tuple[Parcel, ...]) -> None:
        mark = self._mark(person)
        if not owed:
            database.execute("DELETE FROM parcels WHERE mark = ?", (mark,))
            return
        kinds = [[each.kind, to_micros(each.asked)] for each in owed]
        written = json.dumps([person, owed[0].reference, kinds]).encode()
        database.execute(KEEP, (mark, self._sealer.seal(written, place("parcels", "body", mark))))

    def _opened(self, mark: bytes, body: bytes) -> tuple[Parcel, ...]:
        person, reference, kinds = json.loads(self._sealer.unseal(body, place("parcels", "body", mark)))
        return tuple(Parcel(person, reference, kind, from_micros(asked)) for kind, asked in kinds)

    def _mark(self, person: str) -> bytes:
        return self._keys.mark("person", person)
