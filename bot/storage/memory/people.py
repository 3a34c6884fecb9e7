"""People's records in memory, and what their chats show."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.runtime.clock import to_micros
from bot.runtime.person_id import FORGOTTEN, PersonId
from bot.storage.shown import NOTHING_SHOWN, Shown
from bot.storage.turn_rules import first_record, latest_first
from bot.storage.values import Located, Record, Slice, Sorting


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """A person's record, what their chat shows, and whether that may not be their card."""

    record: Record
    shown: Shown = NOTHING_SHOWN
    is_stale: bool = True

    @property
    def born(self) -> datetime | None:
        """When the live message was sent; None where the chat shows none."""
        return None if self.shown.handle is None else self.shown.born


class MemoryPeople:
    """A row for each person."""

    def __init__(self) -> None:
        self.rows: dict[str, MemoryRow] = {}

    def find(self, person: str | None) -> MemoryRow | None:
        """The person's row; None for somebody without one, and for nobody."""
        return None if person is None else self.rows.get(person) or self.rows.get(_hidden(person))

    def forget_name(self, person: str) -> None:
        """Keep a hash in place of somebody's name, and nothing of what their chat shows."""
        record = self.rows.pop(person).record
        self.decide(replace(record, person=_hidden(person)))

    def decide(self, after: Record) -> None:
        """Keep what a turn made of a record."""
        before = self.rows.get(after.person)
        self.rows[after.person] = MemoryRow(after, before.shown if before else NOTHING_SHOWN)

    def show(self, person: str, shown: Shown) -> None:
        """Keep what the chat of a person shows; the row is made when there is none."""
        before = self.find(person) or MemoryRow(first_record(person))
        self.rows[before.record.person] = MemoryRow(before.record, shown, is_stale=not shown.delivered)

    def make_due(self, person: str, at: datetime) -> None:
        """Make somebody due by then, unless they are due earlier or have no row."""
        row = self.rows.get(person)
        if row is not None:
            due = min(row.record.due or at, at)
            self.rows[person] = replace(row, record=replace(row.record, due=due))

    def everyone(self) -> tuple[MemoryRow, ...]:
        """Every row, the latest active first and the never active last."""
        dated = ((_active(row) if row.record.active else -1, person) for person, row in self.rows.items())
        return tuple(self.rows[person] for person in latest_first(dated))

    def active_since(self, since: datetime) -> tuple[str, ...]:
        """People active since then, latest first."""
        return latest_first((_active(row), person) for person, row in self.rows.items() if _is_active(row, since))

    def due(self, now: datetime, born_until: datetime) -> tuple[str, ...]:
        """People for whom something is to happen by now, or whose live card was born by then, longest due first."""
        found = []
        for person, row in self.rows.items():
            due, born = row.record.due, row.born
            if (due and due <= now) or (born and born <= born_until):
                found.append((-to_micros(min(each for each in (due, born) if each is not None)), person))
        return latest_first(found)

    def dues(self, card_lasts: timedelta | None) -> Iterator[datetime]:
        """When something is due for somebody, and when a live card is so old."""
        for row in self.rows.values():
            if row.record.due is not None:
                yield row.record.due
            if row.born is not None and card_lasts is not None:
                yield row.born + card_lasts

    def with_case(self, order: Sorting, until: datetime, *, after: tuple[int, bytes] | None, most: int) -> Slice:
        """Of the next people in this order, up to a time, those who have a case."""
        times = ((getattr(row.record, order), row) for row in self.rows.values())
        rows = sorted(
            (to_micros(time), row.record.person.encode(), row.record) for time, row in times if time and time <= until
        )
        found = [each for each in rows if after is None or each[:2] > after][:most]
        people = tuple(Located(0, record.person) for *_, record in found if record.case is not None)
        return Slice(people, found[-1][:2] if len(found) == most else None)

    def stale(self, since: datetime) -> tuple[str, ...]:
        """People active since then, or with a card in their chat, whose chat may not show their card; latest first."""
        return latest_first(
            (_active(row), person)
            for person, row in self.rows.items()
            if row.is_stale and (row.born is not None or _is_active(row, since))
        )


def _hidden(person: str) -> str:
    """What is kept in place of a name. Nothing here outlives the process, so no key is needed."""
    return str(PersonId(FORGOTTEN, hashlib.sha256(person.encode()).hexdigest()))


def _active(row: MemoryRow) -> int:
    """When somebody was last active, in microseconds; 0 for never."""
    return 0 if row.record.active is None else to_micros(row.record.active)


def _is_active(row: MemoryRow, since: datetime) -> bool:
    return row.record.active is not None and row.record.active >= since
