"""People, their standing and their assessments as SQL: sealed on the way in, unsealed on the way out.

It refuses to know transactions; its caller has begun one.
"""

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import starmap
from typing import NamedTuple

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.clock import from_micros, to_micros
from bot.runtime.errors import DamagedValue, StoreFault
from bot.runtime.person_id import FORGOTTEN, PersonId
from bot.storage.shown import NOTHING_SHOWN, Shown, read_shown, write_shown
from bot.storage.sqlite.ledger.ledger import Ledger
from bot.storage.sqlite.ledger.sums import slots
from bot.storage.sqlite.tables.case_keys import CaseKey, erase_case, fresh_case_key, unwrap
from bot.storage.store import MayForget
from bot.storage.turn_rules import first_record
from bot.storage.values import Located, Record, Slice, Sorting

EVERYONE = """SELECT people.mark, person, card, turn, profile, phase, edition, active, due, shows, shown,
    has, standings.body, rehearsals.body, cases.key, cases.body, case_keys.wrapped
    FROM people LEFT JOIN standings ON standings.mark = people.mark
    LEFT JOIN rehearsals ON rehearsals.mark = people.mark LEFT JOIN cases ON cases.mark = people.mark
    LEFT JOIN case_keys ON case_keys.id = cases.key"""
MARKS = "SELECT mark FROM people ORDER BY active DESC NULLS LAST, mark"
FIND = EVERYONE + " WHERE people.mark = ?"
ADD = """INSERT INTO people (mark, person, card, turn, profile, phase, edition, active, has, shows, shown, owed)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0)"""
DECIDE = """UPDATE people SET card = ?, turn = ?, profile = ?, phase = ?, edition = ?, active = ?, has = ?, due = ?, owed = 1
    WHERE mark = ?"""
SHOW = "UPDATE people SET shows = ?, shown = ?, born = ?, owed = ? WHERE mark = ?"
SHOWS = "SELECT shows FROM people WHERE mark = ?"
STANDING = "INSERT INTO standings VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET body = excluded.body"
REHEARSAL = "INSERT INTO rehearsals VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET body = excluded.body"
FORGET_REHEARSAL = "DELETE FROM rehearsals WHERE mark = ?"
BODY = "INSERT INTO cases (mark, key, body) VALUES (?, ?, ?) ON CONFLICT (mark) DO UPDATE SET body = excluded.body"
ACTIVE = "SELECT mark, person, active FROM people WHERE active >= ?"
# The column `owed` is 1 while the chat may not show the card.
STALE = """SELECT mark, person, coalesce(active, 0) FROM people
    WHERE owed = 1 AND (active >= ? OR born IS NOT NULL)"""
DUE = """SELECT mark, person, -(CASE WHEN born IS NULL OR due < born THEN due ELSE born END) AS since FROM people
    WHERE due <= ? OR born <= ? ORDER BY since DESC LIMIT ?"""
NEXT_DUE = """SELECT min(next) FROM (
    SELECT min(due) AS next FROM people WHERE due > :after
    UNION ALL SELECT min(due) FROM reminders WHERE due > :after
    UNION ALL SELECT min(born) + :lasts FROM people WHERE born > :after - :lasts) AS upcoming"""
SLICE = """SELECT {order}, mark, person, has FROM people
    WHERE {order} <= ? AND ({order}, mark) > (?, ?) ORDER BY {order}, mark LIMIT ?"""
OF_A_NAME = ("rehearsal_parcels", "rehearsals", "standings", "people")
"""Tables in which somebody without a case can have a row by their name, those that refer to another first."""

FIRST = (-(2**63), b"")
"""Before everybody, in any order."""

STANDING_BIT, REHEARSAL_BIT, CASE_BIT = 1, 2, 4
LONGEST_STEP = 1 << 40
"""Turns rise by a random step, so that no two rows of a person ever share one, not even after a whole older file was used.

Sixteen million turns of one person fit into the column."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person's row, opened; `mark` finds it, and `turn` is the one that its values are sealed to."""

    mark: bytes
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
    has: int
    standing: bytes | None
    rehearsal: bytes | None
    key: int | None
    body: bytes
    wrapped: bytes

    @property
    def counted(self) -> tuple[object, ...]:
        """What the ledger counts of the row."""
        nonce = self.profile[1:13] if isinstance(self.profile, bytes) else None  # from outside it may be anything
        return self.mark, self.turn, self.due, nonce

    @property
    def beside(self) -> tuple[object, ...]:
        """What stands in clear, and is in the seal of the profile."""
        return self.card, self.phase, self.edition, self.active, self.has


class PeopleRows:
    """Finds, keeps and erases the rows of people under one key ring; no row is used that the ledger does not know."""

    def __init__(self, keys: KeyRing, ledger: Ledger) -> None:
        self._keys = keys
        self._ledger = ledger
        self._sealer = Sealer(keys.seal)

    def find(self, database: sqlite3.Connection, person: str) -> PersonRow | None:
        """The person's row, also where a hash is kept in place of their name; None for somebody without one.

        `DamagedValue` where it is not what was written last.
        """
        found = self._found(database, self._mark(person))
        return found or self._found(database, self._mark(self._hidden(person)))

    def _found(self, database: sqlite3.Connection, mark: bytes) -> PersonRow | None:
        row = database.execute(FIND, (mark,)).fetchone()
        found = None if row is None else Columns(*row)
        self._ledger.demand_in_step(database, mark, None if found is None else found.counted)
        return None if found is None else self._row(found)

    def everyone(self, database: sqlite3.Connection) -> Iterator[PersonRow]:
        """Every person's row, one at a time, the latest active first and the never active last. People who are refused are left out."""
        for (mark,) in database.execute(MARKS):
            row = database.execute(FIND, (mark,)).fetchone()
            if row is None:  # an index leads elsewhere, and the ledger has found that
                continue
            found = Columns(*row)
            with suppress(StoreFault):
                self._ledger.demand_in_step(database, found.mark, found.counted)
                yield self._row(found)

    def _row(self, found: "Columns") -> PersonRow:
        """The row, opened; what belongs to it is there, and nothing else is, or the profile's seal says so."""
        if found.has != _has(found.standing is not None, found.rehearsal is not None, found.key is not None):
            raise DamagedValue(
                "The database was changed from outside: a standing, a rehearsal or a case was taken away from a person, or"
                " given to them. That person is refused, and nobody else. Restore the latest backup."
            )
        mark, turn, unseal = found.mark, found.turn, self._sealer.unseal
        key = (
            None
            if found.key is None
            else CaseKey(found.key, unwrap(self._sealer, mark, key_id=found.key, wrapped=found.wrapped))
        )
        record = Record(
            person=self._name(mark, found.person),
            card=found.card,
            profile=unseal(found.profile, _profile(found.beside, mark=mark, turn=turn)).decode(),
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
        shown = read_shown(unseal(found.shown, place("people", "shown", row=mark, turn=found.shows)).decode())
        return PersonRow(mark, record, shown, turn, key)

    def meet(self, database: sqlite3.Connection, person: str) -> PersonRow:
        """A new row for somebody met for the first time."""
        mark = self._mark(person)
        record = first_record(person)
        turn, beside = _next(0), (record.card, record.phase, record.edition, None, 0)
        name = self._sealer.seal(person.encode(), place("people", "person", row=mark))
        profile = self._sealer.seal(record.profile.encode(), _profile(beside, mark=mark, turn=turn))
        shown = self._sealer.seal(write_shown(NOTHING_SHOWN), place("people", "shown", row=mark))
        database.execute(ADD, (mark, name, record.card, turn, profile, *beside[1:], shown))
        return PersonRow(mark, record, NOTHING_SHOWN, turn, None)

    def forget_name(self, database: sqlite3.Connection, person: str, may: MayForget) -> bool:
        """Keep a keyed hash in place of somebody's name, where they may still be forgotten; whether it was done."""
        row = self.find(database, person)
        if row is None or row.record.case is not None or not may(row.record, row.shown):
            return False
        for table in OF_A_NAME:
            database.execute(f"DELETE FROM {table} WHERE mark = ?", (row.mark,))
        hidden = replace(row.record, person=self._hidden(row.record.person))
        self.decide(database, self.meet(database, hidden.person), after=hidden)
        return True

    def decide(self, database: sqlite3.Connection, row: PersonRow, *, after: Record) -> None:
        """Keep what a turn made of a row, sealed to the next turn; a case that is gone takes its key with it."""
        mark, turn = row.mark, _next(row.turn)
        has = _has(bool(after.access), bool(after.rehearsal), after.case is not None)
        beside = (after.card, after.phase, after.edition, _micros(after.active), has)
        profile = self._sealer.seal(after.profile.encode(), _profile(beside, mark=mark, turn=turn))
        database.execute(DECIDE, (after.card, turn, profile, *beside[1:], _micros(after.due), mark))
        # Kept anew and never deleted: somebody who was removed has a standing that says so, or could
        # come in again (ADR 0019).
        if after.access:
            standing = self._sealer.seal(after.access.encode(), _standing(mark, turn))
            database.execute(STANDING, (mark, standing))
        self._rehearse(database, row, after=after, turn=turn)
        if after.case is not None:
            key = row.key or fresh_case_key(database, self._sealer, mark=mark)
            body = key.sealer.seal(after.case.encode(), place("cases", "body", row=mark, turn=turn))
            database.execute(BODY, (mark, key.id, body))
        elif row.key is not None:
            erase_case(database, mark)

    def _rehearse(self, database: sqlite3.Connection, row: PersonRow, *, after: Record, turn: int) -> None:
        """Keep what is rehearsed, apart from every assessment; where there is nothing, forget what there was."""
        if after.rehearsal:
            sealed = self._sealer.seal(after.rehearsal.encode(), _rehearsal(row.mark, turn))
            database.execute(REHEARSAL, (row.mark, sealed))
        elif row.record.rehearsal:
            database.execute(FORGET_REHEARSAL, (row.mark,))

    def show(self, database: sqlite3.Connection, person: str, shown: Shown) -> None:
        """Keep what the chat of a person shows; the row is made when there is none, but for somebody whose row was taken away."""
        mark = self._mark(person)
        found = database.execute(SHOWS, (mark,)).fetchone()
        if found is None:
            try:
                row = self.find(database, person) or self.meet(database, person)
            except DamagedValue:
                return
            mark = row.mark
            found = database.execute(SHOWS, (mark,)).fetchone()
        shows = found[0] + 1
        sealed = self._sealer.seal(write_shown(shown), place("people", "shown", row=mark, turn=shows))
        born = None if shown.handle is None else _micros(shown.born)
        database.execute(SHOW, (shows, sealed, born, 0 if shown.delivered else 1, mark))

    def with_case(
        self, database: sqlite3.Connection, order: Sorting, until: int, *, after: tuple[int, bytes] | None, most: int
    ) -> Slice:
        """Of the next people in an order, those who have a case; found by the index of that order, so that no row is opened."""
        rows = database.execute(SLICE.format(order=order), (until, *(after or FIRST), most)).fetchall()
        named = self.names((mark, name, slots(mark)[0]) for _, mark, name, has in rows if has & CASE_BIT)
        return Slice(tuple(starmap(Located, named)), rows[-1][:2] if len(rows) == most else None)

    def names(self, rows: Iterable[tuple[bytes, bytes, int]]) -> list[tuple[int, str]]:
        """Each of these people, with the number beside their name. One whose name does not open does not hold up the others."""
        named = []
        for mark, name, number in rows:
            with suppress(DamagedValue):
                named.append((number, self._name(mark, name)))
        return named

    def _name(self, mark: bytes, sealed: bytes) -> str:
        return self._sealer.unseal(sealed, place("people", "person", row=mark)).decode()

    def _mark(self, person: str) -> bytes:
        return self._keys.mark("person", person)

    def _hidden(self, person: str) -> str:
        return hidden_name(self._keys, person)


def hidden_name(keys: KeyRing, person: str) -> str:
    """What is kept in place of a forgotten name, and is the same after a rotation of the keys."""
    return str(PersonId(FORGOTTEN, keys.lasting("forgotten", person).hex()))


def _has(is_standing: bool, is_rehearsal: bool, is_case: bool) -> int:
    """What belongs to a person, as the row says it."""
    return STANDING_BIT * is_standing + REHEARSAL_BIT * is_rehearsal + CASE_BIT * is_case


def _next(turn: int) -> int:
    return turn + 1 + secrets.randbelow(LONGEST_STEP)


def _profile(beside: tuple[object, ...], *, mark: bytes, turn: int) -> bytes:
    return place("people", "profile", row=mark, turn=turn, beside=beside)


def _standing(mark: bytes, turn: int) -> bytes:
    return place("standings", "body", row=mark, turn=turn)


def _rehearsal(mark: bytes, turn: int) -> bytes:
    return place("rehearsals", "body", row=mark, turn=turn)


def _micros(time: datetime | None) -> int | None:
    return None if time is None else to_micros(time)


def _timestamp(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
