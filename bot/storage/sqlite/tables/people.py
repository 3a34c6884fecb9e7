"""People, their standing and their assessments as SQL: sealed on the way in, unsealed on the way out.

It refuses to know transactions; its caller has begun one.
"""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.errors import DamagedValue
from bot.runtime.timestamps import from_micros, to_micros
from bot.storage.shown import NOTHING_SHOWN, Shown
from bot.storage.sqlite.tables.case_keys import CaseKey, erase_case_key, fresh_case_key, unwrap
from bot.storage.turn_rules import first_record
from bot.storage.values import Record

EVERYONE = """SELECT people.mark, person, card, turn, profile, phase, edition, active, due, shows, shown,
    standings.body, rehearsals.body, cases.key, cases.body, case_keys.wrapped
    FROM people LEFT JOIN standings ON standings.mark = people.mark
    LEFT JOIN rehearsals ON rehearsals.mark = people.mark LEFT JOIN cases ON cases.mark = people.mark
    LEFT JOIN case_keys ON case_keys.id = cases.key"""
FIND = EVERYONE + " WHERE people.mark = ?"
ADD = """INSERT INTO people (mark, person, card, turn, profile, phase, edition, active, shows, shown, owed)
    VALUES (?, ?, ?, 0, ?, ?, ?, ?, 0, ?, 0)"""
DECIDE = """UPDATE people SET card = ?, turn = ?, profile = ?, phase = ?, edition = ?, active = ?, due = ?, owed = 1
    WHERE mark = ?"""
SHOW = "UPDATE people SET shows = ?, shown = ?, born = ?, owed = ? WHERE mark = ?"
SHOWS = "SELECT shows FROM people WHERE mark = ?"
STANDING = "INSERT INTO standings VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET body = excluded.body"
REHEARSAL = "INSERT INTO rehearsals VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET body = excluded.body"
FORGET_REHEARSAL = "DELETE FROM rehearsals WHERE mark = ?"
BODY = "INSERT INTO cases (mark, key, body) VALUES (?, ?, ?) ON CONFLICT (mark) DO UPDATE SET body = excluded.body"
ACTIVE = "SELECT mark, person, active FROM people WHERE active >= ?"
# The column `owed` is 1 while the chat may not show the card.
STALE = """SELECT mark, person, ifnull(active, 0) FROM people
    WHERE owed = 1 AND (active >= ? OR born IS NOT NULL)"""
DUE = """SELECT mark, person, -min(ifnull(due, born), ifnull(born, due)) AS since FROM people
    WHERE due <= ? OR born <= ? ORDER BY since DESC LIMIT ?"""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person's row, opened; `turn` is the one that its values are sealed to."""

    record: Record
    shown: Shown
    turn: int
    key: CaseKey | None = field(repr=False)


class Columns(NamedTuple):
    """The columns of `EVERYONE`, in its order, as they are on the disk."""

    mark: bytes
    person: bytes
    card: int
    turn: int
    profile: bytes
    phase: str
    edition: str
    active: int | None
    due: int | None
    shows: int
    shown: bytes
    standing: bytes | None
    rehearsal: bytes | None
    key: int | None
    body: bytes
    wrapped: bytes


class PeopleRows:
    """Finds, keeps and erases the rows of people under one key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._sealer = Sealer(keys.seal)

    def find(self, database: sqlite3.Connection, person: str) -> PersonRow | None:
        """The person's row; None for somebody without one."""
        found = database.execute(FIND, (self._mark(person),)).fetchone()
        return None if found is None else self._row(Columns(*found))

    def everyone(self, database: sqlite3.Connection) -> tuple[PersonRow, ...]:
        """Every person's row that opens, the latest active first and the never active last."""
        rows = database.execute(EVERYONE + " ORDER BY active DESC, people.mark").fetchall()
        return tuple(opened for row in rows if (opened := self._opened(Columns(*row))) is not None)

    def _opened(self, found: "Columns") -> PersonRow | None:
        """The row; None for one that does not open, which does not hold up the others. `check` counts those."""
        try:
            return self._row(found)
        except DamagedValue:
            return None

    def _row(self, found: "Columns") -> PersonRow:
        mark, turn, unseal = found.mark, found.turn, self._sealer.unseal
        key = (
            None
            if found.key is None
            else CaseKey(found.key, unwrap(self._sealer, mark, key_id=found.key, wrapped=found.wrapped))
        )
        record = Record(
            person=self._name(mark, found.person),
            card=found.card,
            profile=unseal(found.profile, place("people", "profile", row=mark, turn=turn)).decode(),
            case=None
            if key is None
            else key.sealer.unseal(found.body, place("cases", "body", row=mark, turn=turn)).decode(),
            phase=found.phase,
            edition=found.edition,
            active=_timestamp(found.active),
            access="" if found.standing is None else unseal(found.standing, _standing(mark, turn)).decode(),
            due=_timestamp(found.due),
            rehearsal="" if found.rehearsal is None else unseal(found.rehearsal, _rehearsal(mark, turn)).decode(),
        )
        return PersonRow(
            record, _read_shown(unseal(found.shown, place("people", "shown", row=mark, turn=found.shows))), turn, key
        )

    def meet(self, database: sqlite3.Connection, person: str) -> PersonRow:
        """A new row for somebody met for the first time."""
        mark = self._mark(person)
        record = first_record(person)
        name = self._sealer.seal(person.encode(), place("people", "person", row=mark))
        profile = self._sealer.seal(record.profile.encode(), place("people", "profile", row=mark))
        shown = self._sealer.seal(_write_shown(NOTHING_SHOWN), place("people", "shown", row=mark))
        database.execute(ADD, (mark, name, record.card, profile, record.phase, record.edition, None, shown))
        return PersonRow(record, NOTHING_SHOWN, 0, None)

    def decide(self, database: sqlite3.Connection, row: PersonRow, *, after: Record) -> None:
        """Keep what a turn made of a row, sealed to the next turn; a case that is gone takes its key with it."""
        mark = self._mark(after.person)
        turn = row.turn + 1
        profile = self._sealer.seal(after.profile.encode(), place("people", "profile", row=mark, turn=turn))
        times = (_micros(after.active), _micros(after.due))
        database.execute(DECIDE, (after.card, turn, profile, after.phase, after.edition, *times, mark))
        if after.access:
            standing = self._sealer.seal(after.access.encode(), _standing(mark, turn))
            database.execute(STANDING, (mark, standing))
        self._rehearse(database, row, after=after, turn=turn)
        if after.case is not None:
            key = row.key or fresh_case_key(database, self._sealer, mark=mark)
            body = key.sealer.seal(after.case.encode(), place("cases", "body", row=mark, turn=turn))
            database.execute(BODY, (mark, key.id, body))
        elif row.key is not None:
            erase_case_key(database, row.key)

    def _rehearse(self, database: sqlite3.Connection, row: PersonRow, *, after: Record, turn: int) -> None:
        """Keep what is rehearsed, apart from every assessment; where there is nothing, forget what there was."""
        mark = self._mark(after.person)
        if after.rehearsal:
            sealed = self._sealer.seal(after.rehearsal.encode(), _rehearsal(mark, turn))
            database.execute(REHEARSAL, (mark, sealed))
        elif row.record.rehearsal:
            database.execute(FORGET_REHEARSAL, (mark,))

    def show(self, database: sqlite3.Connection, person: str, shown: Shown) -> None:
        """Keep what the chat of a person shows; the row is made when there is none."""
        mark = self._mark(person)
        found = database.execute(SHOWS, (mark,)).fetchone()
        if found is None:
            self.meet(database, person)
        shows = 1 if found is None else found[0] + 1
        sealed = self._sealer.seal(_write_shown(shown), place("people", "shown", row=mark, turn=shows))
        born = None if shown.handle is None else _micros(shown.born)
        database.execute(SHOW, (shows, sealed, born, 0 if shown.delivered else 1, mark))

    def names(self, rows: Iterable[tuple[bytes, bytes, int]]) -> list[tuple[int, str]]:
        """When each of these people was active, and who they are. One whose name does not open does not hold up the others."""
        named = []
        for mark, name, active in rows:
            with suppress(DamagedValue):
                named.append((active, self._name(mark, name)))
        return named

    def _name(self, mark: bytes, sealed: bytes) -> str:
        return self._sealer.unseal(sealed, place("people", "person", row=mark)).decode()

    def _mark(self, person: str) -> bytes:
        return self._keys.mark("person", person)


def _standing(mark: bytes, turn: int) -> bytes:
    return place("standings", "body", row=mark, turn=turn)


def _rehearsal(mark: bytes, turn: int) -> bytes:
    return place("rehearsals", "body", row=mark, turn=turn)


def _micros(time: datetime | None) -> int | None:
    return None if time is None else to_micros(time)


def _timestamp(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)


def _write_shown(shown: Shown) -> bytes:
    return json.dumps([shown.handle, _micros(shown.born), shown.digest.hex(), shown.sending]).encode()


def _read_shown(written: bytes) -> Shown:
    handle, born, digest, sending = json.loads(written)
    return Shown(handle=handle, born=_timestamp(born), digest=bytes.fromhex(digest), sending=sending)
