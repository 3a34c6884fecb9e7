"""Counts of a month as SQL: one sealed row a month, changed in the transaction of the turn that is counted."""

import json
import sqlite3
from collections.abc import Iterable

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.storage.monthly_counts import CountsByMonth, MonthCounts, MonthlyCount, with_counts

FIND = "SELECT body FROM monthly_counts WHERE month = ?"
KEEP = "INSERT INTO monthly_counts VALUES (?, ?) ON CONFLICT (month) DO UPDATE SET body = excluded.body"
EVERYTHING = "SELECT month, body FROM monthly_counts ORDER BY month"
FORGET = "DELETE FROM monthly_counts WHERE month < ?"


class MonthlyCountRows:
    """Adds to and lists the counts under one key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._sealer = Sealer(keys.seal)

    def add(self, database: sqlite3.Connection, counts: Iterable[MonthlyCount]) -> None:
        """Add what a turn counted to its month."""
        by_month: dict[str, list[MonthlyCount]] = {}
        for each in counts:
            by_month.setdefault(each.month, []).append(each)
        for month, added in by_month.items():
            row = database.execute(FIND, (month,)).fetchone()
            after = with_counts({} if row is None else self._opened(month, row[0]), added)
            database.execute(KEEP, (month, self._sealer.seal(json.dumps(after).encode(), _place(month))))

    def everything(self, database: sqlite3.Connection) -> CountsByMonth:
        """All that is counted, by month."""
        return {month: self._opened(month, body) for month, body in database.execute(EVERYTHING).fetchall()}

    def forget_before(self, database: sqlite3.Connection, month: str) -> int:
        """Forget earlier months, and say how many."""
        return database.execute(FORGET, (month,)).rowcount

    def _opened(self, month: str, body: bytes) -> MonthCounts:
        counts: MonthCounts = json.loads(self._sealer.unseal(body, _place(month)))
        return counts


def _place(month: str) -> bytes:
    return place("monthly_counts", "body", row=month.encode())
