"""The audit as SQL: entries are sealed; their links and the seals of months are keyed hashes, in clear.

It refuses to know transactions; its caller has begun one.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import overload

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.clock import from_micros, to_micros
from bot.runtime.errors import StoreFault
from bot.storage.sqlite.database.copying import set_aside
from bot.storage.values import Entry
from bot.trail.audit import BOT, What, month_name
from bot.trail.chain import Head, Linked, Segment, Trail, audit_month, entry_bytes, follow, head_of, is_genuine, sealed

LINK_BYTES = 32
MOST = 500
"""Entries that are read at once when the audit is followed."""

LATEST_MICROS = 253_402_300_799_000_000
"""The end of the year 9999."""

SEGMENTS = "SELECT month, first, count, start, head, dropped FROM audit_segments"
LATEST = SEGMENTS + " ORDER BY month DESC"
PAST = SEGMENTS + " WHERE month < ? AND dropped IS NULL ORDER BY month"
MONTH = re.compile("[0-9]{4}-[01][0-9]")
LINES = "SELECT number, month, entry, link FROM audit ORDER BY number"
AFTER = "SELECT number, month, entry, link FROM audit WHERE number > ? ORDER BY number LIMIT ?"
ENTRIES = "SELECT number, entry FROM audit ORDER BY number"
COPY = "CREATE TABLE audit (number INTEGER PRIMARY KEY, month, entry, link)"
COPIED = "INSERT INTO audit VALUES (?, ?, ?, ?)"
KEEP = """INSERT INTO audit_segments (month, first, count, start, head) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (month) DO UPDATE SET count = excluded.count, head = excluded.head"""
APPEND = "INSERT INTO audit (number, month, entry, link) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
EMPTY = "DELETE FROM audit WHERE month = ?"
DROP = "UPDATE audit_segments SET dropped = ?, head = ? WHERE month = ?"


class Lines(Sequence[Linked]):
    """The entries of the audit by number, each read when it is asked for."""

    def __init__(
        self, database: sqlite3.Connection, linked: Callable[[tuple[int, bytes, bytes, bytes]], Linked]
    ) -> None:
        self._database, self._linked = database, linked

    def __iter__(self) -> Iterator[Linked]:
        return map(self._linked, self._database.execute(LINES))

    def __len__(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM audit").fetchone()[0])

    @overload
    def __getitem__(self, at: int) -> Linked: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Linked, ...]: ...

    def __getitem__(self, at: int | slice) -> Linked | tuple[Linked, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        row = self._database.execute(f"{LINES} LIMIT 1 OFFSET ?", (range(len(self))[at],)).fetchone()
        return self._linked(row)


class AuditRows:
    """Appends, reads and drops entries under one key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._sealer = Sealer(keys.seal)

    def append(self, database: sqlite3.Connection, entries: Iterable[Entry]) -> None:
        """Add entries to the end. A later month (UTC) begins a segment, an earlier one never does.

        What was changed from outside stays as it is, so that it is found; `StoreFault` where it leaves no place for an entry.
        """
        latest = _latest(database)
        for entry in entries:
            over, latest, line = follow(self._keys, latest, entry=entry)
            for segment in (over, latest):
                if segment is not None:
                    _keep(database, segment)
            body = self._sealer.seal(entry_bytes(entry), _place(line.number))
            _add(database, (line.number, line.month, body, line.link))

    def trail(self, database: sqlite3.Connection) -> Trail:
        """All of it as it is kept; an entry that does not open is None."""
        trail = self.unread(database)
        return Trail(trail.segments, tuple(trail.lines))

    def unread(self, database: sqlite3.Connection) -> Trail:
        """The same, however long it is, in little memory.

        Entries are read as they are used, so within the transaction that was begun.
        """
        segments = sorted(map(_segment, database.execute(SEGMENTS).fetchall()), key=lambda each: each.month)
        return Trail(tuple(segments), Lines(database, self._linked))

    @contextmanager
    def set_aside(self, database: sqlite3.Connection) -> Iterator[Trail]:
        """The same, from a copy that is still sealed: to be gone through once the transaction has ended."""
        trail = self.unread(database)
        with set_aside(database) as aside:
            aside.execute("BEGIN")
            aside.execute(COPY)
            aside.executemany(COPIED, database.execute(LINES))
            aside.execute("COMMIT")
            yield Trail(trail.segments, Lines(aside, self._linked))

    def _linked(self, row: tuple[int, bytes, bytes, bytes]) -> Linked:
        number, month, body, link = row
        return Linked(number, _text(month), self._found(number, _bytes(body)), _bytes(link))

    def after(self, database: sqlite3.Connection, number: int | None) -> tuple[Head, tuple[Linked, ...]]:
        """The head, and the entries after that of a number, the oldest of them; of no number (None) the head alone."""
        latest = _latest(database)
        head = head_of(Trail((() if latest is None else (latest,)), ()))
        rows = () if number is None else database.execute(AFTER, (number, MOST)).fetchall()
        return head, tuple(map(self._linked, rows))

    def entries(self, database: sqlite3.Connection) -> tuple[Entry, ...]:
        """The entries that are kept, in order; `StoreFault` where one does not open."""
        return tuple([self._opened(number, body) for number, body in database.execute(ENTRIES).fetchall()])

    def drop(self, database: sqlite3.Connection, before_month: str, *, now: datetime) -> int:
        """Delete the entries of earlier months, and say how many; each such month leaves its row and a new entry.

        The latest month stays. A row that was changed from outside is not sealed again, so that the change is still found.
        """
        before = min(before_month, audit_month(now))
        past = tuple(map(_segment, database.execute(PAST, (before,)).fetchall()))
        self.append(database, [Entry(now, BOT, What.AUDIT_DROPPED, month_name(each.month)) for each in past])
        return sum(self._drop(database, _segment(row), now=now) for row in database.execute(PAST, (before,)).fetchall())

    def _drop(self, database: sqlite3.Connection, segment: Segment, *, now: datetime) -> int:
        dropped = replace(segment, dropped=now, seal=b"")
        if is_genuine(self._keys, segment, is_open=False):
            dropped = sealed(self._keys, dropped, is_open=False)
        database.execute(DROP, (to_micros(now), dropped.head + dropped.seal, segment.month))
        return database.execute(EMPTY, (segment.month,)).rowcount

    def _opened(self, number: int, body: bytes) -> Entry:
        at, *said = json.loads(self._sealer.unseal(body, _place(number)))
        return Entry(from_micros(at), *said)

    def _found(self, number: int, body: bytes) -> Entry | None:
        try:
            return self._opened(number, body)
        except StoreFault:
            return None


def _latest(database: sqlite3.Connection) -> Segment | None:
    """The latest month; what somebody else put there under another name is none."""
    rows = database.execute(LATEST)
    return next((_segment(row) for row in rows if MONTH.fullmatch(_text(row[0]))), None)


def _segment(row: tuple[object, ...]) -> Segment:
    """The month of a row; its last column but one holds the head and, after it, the seal."""
    month, first, count, start, head, dropped = row
    # Within what a date can be: a row that was changed is to be found wrong, and not to stop the reading.
    time = None if dropped is None else from_micros(min(max(_number(dropped), 0), LATEST_MICROS))
    whole = _bytes(head)
    return Segment(
        _text(month), _number(first), _number(count), _bytes(start), whole[:LINK_BYTES], time, whole[LINK_BYTES:]
    )


def _keep(database: sqlite3.Connection, segment: Segment) -> None:
    """Write what an entry changes in the row of a month, or a new row."""
    database.execute(KEEP, (segment.month, segment.first, segment.count, segment.start, segment.head + segment.seal))


def _add(database: sqlite3.Connection, row: tuple[int, str, bytes, bytes]) -> None:
    if database.execute(APPEND, row).rowcount != 1:
        raise StoreFault(
            "The database was changed from outside: the audit cannot go on from where it ends. Nothing of this step was"
            " saved. Look with `seraf-bot audit verify`; stop the bot, and restore the latest backup."
        )


# A row that somebody changed can be read, whatever they wrote in it, and is found to be wrong.


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogateescape")


def _text(value: object) -> str:
    return _bytes(value).decode(errors="replace")


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _place(number: int) -> bytes:
    return place("audit", "entry", row=number)
