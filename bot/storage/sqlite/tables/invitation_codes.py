"""One-time codes as SQL: found by their keyed hash and kept nowhere in clear; what they open is sealed."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.clock import from_micros, to_micros
from bot.storage.sqlite.ledger.bound_tables import CODES
from bot.storage.sqlite.ledger.ledger import Ledger
from bot.storage.values import OpenInvitation

# The table has the name of the first release; another name would be a migration of every database.
VALID = "SELECT mark, body, until FROM tickets WHERE until > ? ORDER BY until, mark"
ISSUE = "INSERT INTO tickets (mark, body, until) VALUES (?, ?, ?)"
ONE = "SELECT mark, body, until FROM tickets WHERE mark = ? AND until > ?"
SPEND = "DELETE FROM tickets WHERE mark = ?"


class InvitationCodeRows:
    """Issues, opens and spends codes under one key ring."""

    def __init__(self, keys: KeyRing, ledger: Ledger) -> None:
        self._keys = keys
        self._ledger = ledger
        self._sealer = Sealer(keys.seal)

    def issue(self, database: sqlite3.Connection, code: str, *, text: str, until: datetime) -> None:
        """Keep what a code opens, until then."""
        mark = self._mark(code)
        end = to_micros(until)
        database.execute(ISSUE, (mark, self._sealer.seal(text.encode(), _place(mark, end)), end))

    def opened(self, database: sqlite3.Connection, code: str, *, now: datetime) -> str | None:
        """What the code opens now; None for one that was never issued, was spent, or has expired.

        `StoreFault` where any code was put back or taken away: none is taken then.
        """
        self._ledger.demand_table(database, CODES.name)
        mark = self._mark(code)
        found = database.execute("SELECT body, until FROM tickets WHERE mark = ?", (mark,)).fetchone()
        if found is None or found[1] <= to_micros(now):
            return None
        return self._unsealed(mark, found[0], until=found[1])

    def valid(self, database: sqlite3.Connection, now: datetime) -> tuple[OpenInvitation, ...]:
        """The invitations that are open now; the first to expire comes first."""
        return self._open(database.execute(VALID, (to_micros(now),)))

    def some(
        self, database: sqlite3.Connection, marks: Sequence[bytes], *, now: datetime
    ) -> tuple[OpenInvitation, ...]:
        """Of the invitations with these marks, those that are open now."""
        found = [row for mark in marks for row in database.execute(ONE, (mark, to_micros(now)))]
        return self._open(found)

    def withdraw(self, database: sqlite3.Connection, marks: Iterable[bytes]) -> None:
        """Use up the codes of these invitations."""
        database.executemany(SPEND, [(mark,) for mark in marks])

    def spend(self, database: sqlite3.Connection, code: str) -> None:
        """Use a code up."""
        database.execute(SPEND, (self._mark(code),))

    def forget(self, database: sqlite3.Connection, now: datetime) -> int:
        """Forget the codes that have expired, and say how many."""
        return database.execute("DELETE FROM tickets WHERE until <= ?", (to_micros(now),)).rowcount

    def _open(self, found: Iterable[tuple[bytes, bytes, int]]) -> tuple[OpenInvitation, ...]:
        return tuple(
            OpenInvitation(mark, self._unsealed(mark, body, until=until), from_micros(until))
            for mark, body, until in found
        )

    def _unsealed(self, mark: bytes, body: bytes, *, until: int) -> str:
        return self._sealer.unseal(body, _place(mark, until)).decode()

    def _mark(self, code: str) -> bytes:
        # Lasting, since the code itself is not kept: a rotation of the keys could not hash it anew.
        return self._keys.lasting("ticket", code)


def _place(mark: bytes, until: int) -> bytes:
    """Where a code is sealed to; its term is in the seal."""
    return place("tickets", "body", row=mark, beside=(until,))
