"""The tables of the audit. Entries are sealed; their links and the seals of months are keyed hashes, stored unencrypted.

A row can be read whatever somebody wrote into it from outside, so that the verification reports it as wrong.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.crypto.sealing import place
from bot.runtime.clock import from_micros, to_micros
from bot.runtime.errors import StoreFault
from bot.storage.ledger import ENTRIES, MONTHS
from bot.storage.session import Rows
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

MOST = 500  # the maximum number of entries that one call of `Audit.after` reads
SEGMENTS = "SELECT month, first, count, start, head, dropped FROM audit_segments"
PAST = SEGMENTS + " WHERE month < ? AND dropped IS NULL ORDER BY month"
LINES = "SELECT number, month, entry, link FROM audit ORDER BY number"

Line = tuple[int, object, object, object]  # a row of the audit as it is in the file


class Lines(Sequence[Linked]):
    """The sequence of all entries of the audit, sorted by number. Each entry is read from the database when it is used."""

    def __init__(self, execute: Callable[..., Any], linked: Callable[[Line], Linked]) -> None:
        self._execute, self._linked = execute, linked

    def __iter__(self) -> Iterator[Linked]:
        return map(self._linked, self._execute(LINES))

    def __len__(self) -> int:
        return int(self._execute("SELECT count(*) FROM audit").fetchone()[0])

    def __getitem__(self, at: int | slice) -> Any:
        return tuple(self)[at]


class Audit(Rows):
    """The tables of the audit. Entries are appended and read; they are deleted by whole months."""

    def append(self, entries: Iterable[Entry]) -> None:
        """Append entries. An entry begins a new segment only if its month (UTC) is later than that of the latest segment.

        A change from outside is not repaired, so that it is found. Raise `StoreFault` if a row already has an entry's number.
        """
        latest: Segment | None = None
        for number, entry in enumerate(entries):
            latest = latest if number else self._latest()
            over, latest, line = follow(self._keys, latest, entry=entry)
            for segment in (over, latest):
                if segment is not None:
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
            body = self._sealer.seal(entry_bytes(entry), _place(line.number))
            if not self._session.add(ENTRIES, number=line.number, month=line.month, entry=body, link=line.link):
                raise StoreFault(
                    "The database was changed from outside: the audit cannot go on from where it ends. Nothing of this step"
                    " was saved. Look with `seraf-bot audit verify`; stop the bot, and restore the latest backup."
                )

    def trail(self) -> Trail:
        """Return the whole audit. An entry that cannot be decrypted is None."""
        trail = self.unread()
        return Trail(trail.segments, tuple(trail.lines))

    def unread(self, execute: Callable[..., Any] | None = None) -> Trail:
        """Return the whole audit in little memory. Entries are read when they are used, by `execute` or else in this transaction."""
        segments = sorted(map(_segment, self._session.execute(SEGMENTS).fetchall()), key=lambda segment: segment.month)
        return Trail(tuple(segments), Lines(execute or self._session.execute, self._linked))

    def after(self, number: int | None) -> tuple[Head, tuple[Linked, ...]]:
        """Return the head, and at most `MOST` entries after this number, the oldest first. Without a number, return no entries."""
        latest = self._latest()
        head = head_of(Trail((() if latest is None else (latest,)), ()))
        after = "SELECT number, month, entry, link FROM audit WHERE number > ? ORDER BY number LIMIT ?"
        rows = () if number is None else self._session.execute(after, (number, MOST)).fetchall()
        return head, tuple(map(self._linked, rows))

    def entries(self) -> tuple[Entry, ...]:
        """Return every entry that was not dropped, the oldest first. Raise `StoreFault` if one cannot be decrypted."""
        rows = self._session.execute("SELECT number, entry FROM audit ORDER BY number").fetchall()
        return tuple([self._opened(number, body) for number, body in rows])

    def drop_before(self, month: str, now: datetime) -> int:
        """Delete the entries of months before this one ("2026-11"), and return their number. Rows of months stay; an entry records each.

        The month of `now` is never deleted. A month that was changed from outside is not sealed again, so that this is found.
        """
        before = (min(month, audit_month(now)),)
        past = tuple(map(_segment, self._session.execute(PAST, before).fetchall()))
        self.append([Entry(now, BOT, AuditEvent.AUDIT_DROPPED, month_name(segment.month)) for segment in past])
        count = 0
        for row in self._session.execute(PAST, before).fetchall():
            segment = _segment(row)
            dropped = replace(segment, dropped=now, seal=b"")
            if is_genuine(self._keys, segment, is_open=False):
                dropped = sealed(self._keys, dropped, is_open=False)
            self._session.change(MONTHS, segment.month, dropped=to_micros(now), head=dropped.head + dropped.seal)
            count += self._session.remove_where(ENTRIES, "month = ?", segment.month)
        return count

    def _latest(self) -> Segment | None:
        """Return the segment of the latest month, or None. Rows from outside whose month is malformed are skipped."""
        rows = self._session.execute(SEGMENTS + " ORDER BY month DESC")
        return next((_segment(row) for row in rows if re.fullmatch("[0-9]{4}-[01][0-9]", _text(row[0]))), None)

    def _linked(self, row: Line) -> Linked:
        number, month, body, link = row
        try:
            entry: Entry | None = self._opened(number, _bytes(body))
        except StoreFault:
            entry = None
        return Linked(number, _text(month), entry, _bytes(link))

    def _opened(self, number: int, body: bytes) -> Entry:
        at, *fields = json.loads(self._sealer.unseal(body, _place(number)))
        return Entry(from_micros(at), *fields)


def _segment(row: tuple[object, ...]) -> Segment:
    """Return the segment in a row. Its column `head` has the last link (32 bytes) followed by the seal."""
    month, first, count, start, head, dropped = row
    # At most the end of the year 9999: a row that was changed is found wrong, and does not stop the reading.
    time = None if dropped is None else from_micros(min(max(_number(dropped), 0), 253_402_300_799_000_000))
    link, seal = _bytes(head)[:32], _bytes(head)[32:]
    return Segment(_text(month), _number(first), _number(count), _bytes(start), link, time, seal)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogateescape")


def _text(value: object) -> str:
    return _bytes(value).decode(errors="replace")


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _place(number: int) -> bytes:
    return place("audit", "entry", row=number)
