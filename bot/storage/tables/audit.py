"""The audit: entries are sealed; their links and the seals of months are keyed hashes, in clear."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, overload

from bot.crypto.sealing import place
from bot.runtime.clock import from_micros, to_micros
from bot.runtime.errors import StoreFault
from bot.storage.counted_tables import ENTRIES, MONTHS
from bot.storage.session import Rows, StoreSession
from bot.trail.audit import BOT, AuditEvent, month_name
from bot.trail.chain import (
    Entry,
    Head,
    Linked,
    Segment,
    Trail,
    audit_month,
    entry_bytes,
    follow,
    head_of,
    is_genuine,
    sealed,
)

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

Line = tuple[int, object, object, object]
"""A row of the audit as it lies there."""


class Lines(Sequence[Linked]):
    """The entries of the audit by number, each read when it is asked for."""

    def __init__(self, execute: Callable[..., Any], linked: Callable[[Line], Linked]) -> None:
        self._execute, self._linked = execute, linked

    def __iter__(self) -> Iterator[Linked]:
        return map(self._linked, self._execute(LINES))

    def __len__(self) -> int:
        return int(self._execute("SELECT count(*) FROM audit").fetchone()[0])

    @overload
    def __getitem__(self, at: int) -> Linked: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Linked, ...]: ...

    def __getitem__(self, at: int | slice) -> Linked | tuple[Linked, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        row = self._execute(f"{LINES} LIMIT 1 OFFSET ?", (range(len(self))[at],)).fetchone()
        return self._linked(row)


class Audit(Rows):
    """What happened, in order: it is appended to, read, and dropped by the month."""

    def append(self, entries: Iterable[Entry]) -> None:
        """Add entries to the end. A later month (UTC) begins a segment, an earlier one never does.

        What was changed from outside stays as it is, so that it is found. Raise `StoreFault` if it leaves no place for an entry.
        """
        latest: Segment | None = None
        for number, entry in enumerate(entries):
            latest = latest if number else _latest(self._session)
            over, latest, line = follow(self._keys, latest, entry=entry)
            for segment in (over, latest):
                if segment is not None:
                    self._keep(segment)
            body = self._sealer.seal(entry_bytes(entry), _place(line.number))
            if not self._session.add(ENTRIES, number=line.number, month=line.month, entry=body, link=line.link):
                raise StoreFault(
                    "The database was changed from outside: the audit cannot go on from where it ends. Nothing of this step"
                    " was saved. Look with `seraf-bot audit verify`; stop the bot, and restore the latest backup."
                )

    def trail(self) -> Trail:
        """Return the audit with its links and months, all of it; an entry that does not open is None."""
        trail = self.unread()
        return Trail(trail.segments, tuple(trail.lines))

    def unread(self, execute: Callable[..., Any] | None = None) -> Trail:
        """Return the same, however long it is, in little memory: entries are read as they are used, here or from a copy.

        Within the transaction that was begun.
        """
        segments = sorted(map(_segment, self._session.execute(SEGMENTS).fetchall()), key=lambda each: each.month)
        return Trail(tuple(segments), Lines(execute or self._session.execute, self._linked))

    def after(self, number: int | None) -> tuple[Head, tuple[Linked, ...]]:
        """Return the head, and the entries after that of a number, the oldest of them; of no number (None) the head alone."""
        latest = _latest(self._session)
        head = head_of(Trail((() if latest is None else (latest,)), ()))
        rows = () if number is None else self._session.execute(AFTER, (number, MOST)).fetchall()
        return head, tuple(map(self._linked, rows))

    def entries(self) -> tuple[Entry, ...]:
        """Return every entry of the months that are kept, oldest first. Raise `StoreFault` if one does not open."""
        rows = self._session.execute("SELECT number, entry FROM audit ORDER BY number").fetchall()
        return tuple([self._opened(number, body) for number, body in rows])

    def drop_before(self, month: str, now: datetime) -> int:
        """Delete the entries of months earlier than this one ("2026-11"), and return how many; each leaves its row and a new entry.

        The latest month stays. A row that was changed from outside is not sealed again, so that the change is still found.
        """
        before = (min(month, audit_month(now)),)
        past = tuple(map(_segment, self._session.execute(PAST, before).fetchall()))
        self.append([Entry(now, BOT, AuditEvent.AUDIT_DROPPED, month_name(each.month)) for each in past])
        return sum(self._drop(_segment(row), now=now) for row in self._session.execute(PAST, before).fetchall())

    def _drop(self, segment: Segment, *, now: datetime) -> int:
        dropped = replace(segment, dropped=now, seal=b"")
        if is_genuine(self._keys, segment, is_open=False):
            dropped = sealed(self._keys, dropped, is_open=False)
        self._session.change(MONTHS, segment.month, dropped=to_micros(now), head=dropped.head + dropped.seal)
        return self._session.remove_where(ENTRIES, "month = ?", segment.month)

    def _keep(self, segment: Segment) -> None:
        """Write what an entry changes in the row of a month, or a new row."""
        self._session.put(
            MONTHS,
            stays=("first", "start", "dropped"),
            month=segment.month,
            first=segment.first,
            count=segment.count,
            start=segment.start,
            head=segment.head + segment.seal,
            dropped=None,
        )

    def _linked(self, row: Line) -> Linked:
        number, month, body, link = row
        try:
            entry: Entry | None = self._opened(number, _bytes(body))
        except StoreFault:
            entry = None
        return Linked(number, _text(month), entry, _bytes(link))

    def _opened(self, number: int, body: bytes) -> Entry:
        at, *said = json.loads(self._sealer.unseal(body, _place(number)))
        return Entry(from_micros(at), *said)


def _latest(session: StoreSession) -> Segment | None:
    """Return the latest month; what somebody else put there under another name is none."""
    return next((_segment(row) for row in session.execute(LATEST) if MONTH.fullmatch(_text(row[0]))), None)


def _segment(row: tuple[object, ...]) -> Segment:
    """Return the month of a row; its last column but one holds the head and, after it, the seal."""
    month, first, count, start, head, dropped = row
    # Within what a date can be: a row that was changed is to be found wrong, and not to stop the reading.
    time = None if dropped is None else from_micros(min(max(_number(dropped), 0), LATEST_MICROS))
    whole = _bytes(head)
    link, seal = whole[:LINK_BYTES], whole[LINK_BYTES:]
    return Segment(_text(month), _number(first), _number(count), _bytes(start), link, time, seal)


# A row that somebody changed can be read, whatever they wrote in it, and is found to be wrong.


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogateescape")


def _text(value: object) -> str:
    return _bytes(value).decode(errors="replace")


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _place(number: int) -> bytes:
    return place("audit", "entry", row=number)
