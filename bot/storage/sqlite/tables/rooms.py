"""What people share, as SQL: sealed, and found by the keyed hash of its name."""

import json
import sqlite3
from datetime import datetime

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.clock import from_micros, to_micros
from bot.storage.turn_rules import FOLLOW_AFTER
from bot.storage.values import Shared

EVERYTHING = "SELECT mark, body, until FROM rooms ORDER BY mark"
KEEP = """INSERT INTO rooms (mark, body, until) VALUES (?, ?, ?)
    ON CONFLICT (mark) DO UPDATE SET body = excluded.body, until = excluded.until"""
DUE = "UPDATE people SET due = ? WHERE mark = ? AND (due IS NULL OR due > ?)"
FORGET = "DELETE FROM rooms WHERE mark = ?"


class RoomRows:
    """Keeps, finds and forgets what is shared, under one key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._sealer = Sealer(keys.seal)

    def find(self, database: sqlite3.Connection, name: str, *, now: datetime) -> Shared | None:
        """What is shared under this name; None where nothing is, or it has expired."""
        mark = self._mark(name)
        found = database.execute("SELECT mark, body, until FROM rooms WHERE mark = ?", (mark,)).fetchone()
        shared = None if found is None else self._opened(*found)
        return shared if shared is not None and shared.until > now else None

    def keep(self, database: sqlite3.Connection, shared: Shared, *, actor: str, now: datetime) -> None:
        """Keep what is shared; the others whose card shows it are soon due."""
        mark = self._mark(shared.name)
        written = json.dumps([shared.name, shared.text, shared.people]).encode()
        sealed = self._sealer.seal(written, place("rooms", "body", row=mark))
        database.execute(KEEP, (mark, sealed, to_micros(shared.until)))
        self._make_others_due(database, shared, actor=actor, now=now)

    def end(self, database: sqlite3.Connection, name: str) -> None:
        """Forget what is shared under this name."""
        database.execute(FORGET, (self._mark(name),))

    def forget_expired(self, database: sqlite3.Connection, now: datetime) -> int:
        """Forget the rooms that have expired, and say how many."""
        return database.execute("DELETE FROM rooms WHERE until <= ?", (to_micros(now),)).rowcount

    def forget_of(self, database: sqlite3.Connection, person: str, *, now: datetime) -> tuple[str, ...]:
        """Forget every room on this person's card, and say which; the others whose card shows it are soon due."""
        found = [(row[0], self._opened(*row)) for row in database.execute(EVERYTHING).fetchall()]
        left = [(mark, shared) for mark, shared in found if person in shared.people]
        for mark, shared in left:
            database.execute(FORGET, (mark,))
            self._make_others_due(database, shared, actor=person, now=now)
        return tuple(shared.name for _, shared in left)

    def _make_others_due(self, database: sqlite3.Connection, shared: Shared, *, actor: str, now: datetime) -> None:
        soon = to_micros(now + FOLLOW_AFTER)
        others = [self._keys.mark("person", each) for each in shared.people if each != actor]
        database.executemany(DUE, [(soon, each, soon) for each in others])

    def _opened(self, mark: bytes, body: bytes, until: int) -> Shared:
        name, text, people = json.loads(self._sealer.unseal(body, place("rooms", "body", row=mark)))
        return Shared(name, text, from_micros(until), tuple(people))

    def _mark(self, name: str) -> bytes:
        return self._keys.mark("room", name)
