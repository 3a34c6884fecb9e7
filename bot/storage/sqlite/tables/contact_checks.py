"""Checks of contacts as SQL: the latest of each, sealed, with the number that was tried."""

import json
import sqlite3
from datetime import date

from bot.crypto.sealing import KeyRing, Sealer, place
from seraf.advice.contacts import Check

KEEP = "INSERT INTO contacts VALUES (?, ?) ON CONFLICT (contact) DO UPDATE SET body = excluded.body"
EVERYTHING = "SELECT contact, body FROM contacts ORDER BY contact"


class ContactCheckRows:
    """Keeps and lists checks under one key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._sealer = Sealer(keys.seal)

    def keep(self, database: sqlite3.Connection, check: Check) -> None:
        """Keep a check; a later one of the same contact takes its place."""
        body = json.dumps([check.value, check.on.isoformat(), check.is_right]).encode()
        database.execute(KEEP, (check.contact, self._sealer.seal(body, _place(check.contact))))

    def everything(self, database: sqlite3.Connection) -> tuple[Check, ...]:
        """Every check that is kept, by the contact's id."""
        return tuple(self._opened(*row) for row in database.execute(EVERYTHING).fetchall())

    def _opened(self, contact: str, body: bytes) -> Check:
        value, on, is_right = json.loads(self._sealer.unseal(body, _place(contact)))
        return Check(contact, value, date.fromisoformat(on), is_right=is_right)


def _place(contact: str) -> bytes:
    return place("contacts", "body", row=contact.encode())
