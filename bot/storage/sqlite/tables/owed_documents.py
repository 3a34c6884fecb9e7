"""Documents that are owed, as SQL: one sealed row for each person in either of two tables. What is in a document is never there."""

import json
import sqlite3

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.clock import from_micros, to_micros
from bot.storage.owed_document import OwedDocument

# The tables have the names of the first release; another name would be a migration of every database.
OF_CASES = "parcels"
"""The table of documents of cases: a row goes with its case."""

OF_REHEARSALS = "rehearsal_parcels"
"""The table of documents of rehearsals, whatever becomes of a case."""


class OwedDocumentRows:
    """Keeps, lists and forgets owed documents under one key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._sealer = Sealer(keys.seal)

    def keep(self, database: sqlite3.Connection, document: OwedDocument) -> None:
        """Keep a document beside others of the same reference; those of another reference go."""
        owed = self._owed_like(database, document)
        alike = [each for each in owed if each.reference == document.reference and each.kind != document.kind]
        self._write(database, document, owed=(*alike, document))

    def everything(self, database: sqlite3.Connection) -> tuple[OwedDocument, ...]:
        """Every document that is owed, those of cases first, and of whoever asked first."""
        return tuple(
            each
            for table in (OF_CASES, OF_REHEARSALS)
            for theirs in sorted(
                (
                    self._opened(table, mark, body=body)
                    for mark, body in database.execute(f"SELECT mark, body FROM {table}")
                ),
                key=lambda one: (one[0].asked, one[0].person),
            )
            for each in theirs
        )

    def forget(self, database: sqlite3.Connection, document: OwedDocument) -> None:
        """Forget a document that was sent, or is not to be sent; one asked for later stays."""
        owed = self._owed_like(database, document)
        self._write(database, document, owed=tuple(each for each in owed if each != document))

    def _owed_like(self, database: sqlite3.Connection, document: OwedDocument) -> tuple[OwedDocument, ...]:
        """What is owed to the same person in the same table."""
        table, mark = _table(document), self._mark(document.person)
        found = database.execute(f"SELECT body FROM {table} WHERE mark = ?", (mark,)).fetchone()
        return () if found is None else self._opened(table, mark, body=found[0])

    def _write(self, database: sqlite3.Connection, document: OwedDocument, *, owed: tuple[OwedDocument, ...]) -> None:
        """Replace the person's row in the document's table."""
        table, mark = _table(document), self._mark(document.person)
        if not owed:
            database.execute(f"DELETE FROM {table} WHERE mark = ?", (mark,))
            return
        kinds = [[each.kind, to_micros(each.asked)] for each in owed]
        written = json.dumps([document.person, owed[0].reference, kinds]).encode()
        keep = f"INSERT INTO {table} (mark, body) VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET body = excluded.body"
        database.execute(keep, (mark, self._sealer.seal(written, place(table, "body", row=mark))))

    def _opened(self, table: str, mark: bytes, *, body: bytes) -> tuple[OwedDocument, ...]:
        person, reference, kinds = json.loads(self._sealer.unseal(body, place(table, "body", row=mark)))
        return tuple(OwedDocument(person, reference, kind, from_micros(asked)) for kind, asked in kinds)

    def _mark(self, person: str) -> bytes:
        return self._keys.mark("person", person)


def _table(document: OwedDocument) -> str:
    return OF_REHEARSALS if document.is_of_rehearsal else OF_CASES
