"""The rows of the audit: entries are sealed; their links and the seals of months are keyed hashes, in clear.

Whatever somebody wrote into a row from outside, it can be read, and is found to be wrong.
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

MOST = 500  # entries that are read at once when the audit is followed
SEGMENTS = "SELECT month, first, count, start, head, dropped FROM audit_segments"
PAST = SEGMENTS + " WHERE month < ? AND dropped IS NULL ORDER BY month"
LINES = "SELECT number, month, entry, link FROM audit ORDER BY number"

Line = tuple[int, object, object, object]  # a row of the audit as it is in the file


class Lines(Sequence[Linked]):
    """The entries of the audit by number, each read when it is used."""

    def __init__(self, execute: Callable[..., Any], linked: Callable[[Line], Linked]) -> None:
        self._execute, self._linked = execute, linked

    def __iter__(self) -> Iterator[Linked]:
        return map(self._linked, self._execute(LINES))

    def __len__(self) -> int:
        return int(self._execute("SELECT count(*) FROM audit").fetchone()[0])

    def __getitem__(self, at: int | slice) -> Any:
        return tuple(self)[at]


class Audit(Rows):
    """The audit: entries are appended, read, and dropped by the month."""

    def append(self, entries: Iterable[Entry]) -> None:
        """Append entries. An entry of a later month (UTC) begins a segment, one of an earlier month never does.

        A change from outside is left as it is, so that it is found. Raise `StoreFault` if it leaves no room for an entry.
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
        """Return the whole audit; an entry that does not open is None."""
        trail = self.unread()
        return Trail(trail.segments, tuple(trail.lines))

    def unread(self, execute: Callable[..., Any] | None = None) -> Trail:
        """Return the whole audit in little memory: entries are read when they are used, by this `execute` or in this transaction."""
        segments = sorted(map(_segment, self._session.execute(SEGMENTS).fetchall()), key=lambda segment: segment.month)
        return Trail(tuple(segments), Lines(execute or self._session.execute, self._linked))

    def after(self, number: int | None) -> tuple[Head, tuple[Linked, ...]]:
        """Return the head, and the oldest entries after this number; without a number the head alone."""
        latest = self._latest()
        head = head_of(Trail((() if latest is None else (latest,)), ()))
        after = "SELECT number, month, entry, link FROM audit WHERE number > ? ORDER BY number LIMIT ?"
        rows = () if number is None else self._session.execute(after, (number, MOST)).fetchall()
        return head, tuple(map(self._linked, rows))

    def entries(self) -> tuple[Entry, ...]:
        """Return every entry that was not dropped, oldest first. Raise `StoreFault` if one does not open."""
        rows = self._session.execute("SELECT number, entry FROM audit ORDER BY number").fetchall()
        return tuple([self._opened(number, body) for number, body in rows])

    def drop_before(self, month: str, now: datetime) -> int:
        """Delete the entries of months before this one ("2026-11"), and return their number. Each month leaves its row and an entry.

        The latest month stays. A month that was changed from outside is not sealed again, so that the change is found.
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
        """Return the latest month, passing over rows from outside that are named otherwise."""
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
    """Return the month of a row; the column `head` holds the last link (32 bytes) and, after it, the seal."""
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
