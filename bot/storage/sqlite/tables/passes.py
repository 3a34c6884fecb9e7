"""Passes to rooms as SQL: sealed, and found by the keyed hash of a name that is kept nowhere in clear."""

import json
import sqlite3
from dataclasses import replace
from datetime import datetime

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.clock import from_micros, to_micros
from bot.storage.passes import Pass, ending

KEEP = """INSERT INTO passes (mark, body, until) VALUES (?, ?, ?)
    ON CONFLICT (mark) DO UPDATE SET body = excluded.body, until = excluded.until"""
FORGET = "DELETE FROM passes WHERE mark = ?"


class PassRows:
    """Keeps, finds and forgets passes under one key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._sealer = Sealer(keys.seal)

    def find(self, database: sqlite3.Connection, name: str, *, now: datetime) -> Pass | None:
        """The pass of this name; None where there is none, or it is over."""
        mark = self._mark(name)
        found = database.execute("SELECT body FROM passes WHERE mark = ?", (mark,)).fetchone()
        kept = None if found is None else self._opened(mark, found[0], name=name)
        return kept if kept is not None and kept.until > now else None

    def keep(self, database: sqlite3.Connection, kept: Pass) -> None:
        """Keep a pass in place of the one before it."""
        self._write(database, self._mark(kept.name), kept=kept)

    def forget(self, database: sqlite3.Connection, name: str) -> None:
        """Forget a pass."""
        database.execute(FORGET, (self._mark(name),))

    def forget_expired(self, database: sqlite3.Connection, now: datetime) -> int:
        """Forget the passes that are over, and say how many."""
        return database.execute("DELETE FROM passes WHERE until <= ?", (to_micros(now),)).rowcount

    def end(self, database: sqlite3.Connection, room: str, *, now: datetime) -> None:
        """Let the passes to this room, which is over, end soon."""
        for mark, body in database.execute("SELECT mark, body FROM passes").fetchall():
            kept = self._opened(mark, body)
            if kept.room == room:
                self._write(database, mark, kept=replace(kept, until=ending(kept, now)))

    def _write(self, database: sqlite3.Connection, mark: bytes, *, kept: Pass) -> None:
        until = to_micros(kept.until)
        written = json.dumps([kept.room, until, kept.card, kept.text, kept.host]).encode()
        database.execute(KEEP, (mark, self._sealer.seal(written, _place(mark)), until))

    def _opened(self, mark: bytes, body: bytes, *, name: str = "") -> Pass:
        room, until, card, text, host = json.loads(self._sealer.unseal(body, _place(mark)))
        return Pass(name, room, from_micros(until), card, text, host)

    def _mark(self, name: str) -> bytes:
        return self._keys.lasting("pass", name)


def _place(mark: bytes) -> bytes:
    return place("passes", "body", row=mark)
