"""Reminders as SQL, apart from every assessment: a person, a reference and a time, and nothing else."""

import json
import sqlite3
from datetime import datetime

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.clock import from_micros, to_micros
from bot.storage.values import Reminder

KEEP = """INSERT INTO reminders (mark, body, due) VALUES (?, ?, ?)
    ON CONFLICT (mark) DO UPDATE SET body = excluded.body, due = excluded.due"""


class ReminderRows:
    """Keeps, lists and forgets reminders under one key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._sealer = Sealer(keys.seal)

    def keep(self, database: sqlite3.Connection, reminder: Reminder) -> None:
        """Keep a reminder; a later one of the same person and reference takes its place."""
        mark = self._mark(reminder)
        written = json.dumps([reminder.person, reminder.reference]).encode()
        sealed = self._sealer.seal(written, place("reminders", "body", row=mark))
        database.execute(KEEP, (mark, sealed, to_micros(reminder.due)))

    def due(self, database: sqlite3.Connection, until: datetime) -> tuple[Reminder, ...]:
        """Reminders that are due by then, longest due first."""
        statement = "SELECT mark, body, due FROM reminders WHERE due <= ? ORDER BY due, mark"
        return tuple(self._opened(*row) for row in database.execute(statement, (to_micros(until),)).fetchall())

    def forget(self, database: sqlite3.Connection, reminder: Reminder) -> None:
        """Forget a reminder."""
        database.execute("DELETE FROM reminders WHERE mark = ?", (self._mark(reminder),))

    def forget_of(self, database: sqlite3.Connection, person: str) -> None:
        """Forget every reminder of this person."""
        rows = database.execute("SELECT mark, body, due FROM reminders").fetchall()
        for reminder in (self._opened(*row) for row in rows):
            if reminder.person == person:
                self.forget(database, reminder)

    def _opened(self, mark: bytes, body: bytes, due: int) -> Reminder:
        person, reference = json.loads(self._sealer.unseal(body, place("reminders", "body", row=mark)))
        return Reminder(person, reference, from_micros(due))

    def _mark(self, reminder: Reminder) -> bytes:
        return self._keys.mark("reminder", reminder.person, reminder.reference)
