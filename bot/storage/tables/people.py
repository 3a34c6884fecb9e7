"""People, their standing, rehearsal and assessment, and what their chats show: sealed on the way in, unsealed on the way out.

An assessment has a key of its own, random and kept only wrapped: to erase the key is to erase the assessment.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import starmap
from typing import NamedTuple

from bot.crypto.sealing import BLOCK, KEY_BYTES, KeyRing, Sealer, place
from bot.runtime.clock import from_micros, to_micros
from bot.runtime.errors import DamagedValue, StoreFault
from bot.runtime.person_id import FORGOTTEN, PersonId
from bot.storage.counted_tables import CASE_KEYS, CASES, DOCUMENTS, PEOPLE, REHEARSAL_DOCUMENTS, REHEARSALS, STANDINGS
from bot.storage.ledger import slots
from bot.storage.session import Rows
from bot.storage.values import (
    NOTHING_SHOWN,
    Located,
    Record,
    Shown,
    Slice,
    Sorting,
    first_record,
    read_shown,
    write_shown,
)

EVERYONE = """SELECT people.mark, person, card, turn, profile, phase, edition, active, due, shows, shown,
    has, standings.body, rehearsals.body, cases.key, cases.body, case_keys.wrapped
    FROM people LEFT JOIN standings ON standings.mark = people.mark
    LEFT JOIN rehearsals ON rehearsals.mark = people.mark LEFT JOIN cases ON cases.mark = people.mark
    LEFT JOIN case_keys ON case_keys.id = cases.key"""
MARKS = "SELECT mark FROM people ORDER BY active DESC NULLS LAST, mark"
FIND = EVERYONE + " WHERE people.mark = ?"
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
SHOWS = "SELECT shows FROM people WHERE mark = ?"

OF_A_NAME = (REHEARSAL_DOCUMENTS, REHEARSALS, STANDINGS, PEOPLE)
"""Tables in which somebody without a case can have a row by their name, those that refer to another first."""

FIRST = (-(2**63), b"")
"""Before everybody, in any order."""

STANDING_BIT, REHEARSAL_BIT, CASE_BIT = 1, 2, 4
LONGEST_STEP = 1 << 40
"""Turns rise by a random step, so that no two rows of a person ever share one, not even after a whole older file was used.

Sixteen million turns of one person fit into the column."""

ID_BITS = 63
"""The name of a case's key is random and not a count, so that no name is used twice and none tells how many there have been."""

MayForget = Callable[[Record, Shown], bool]
"""Says of a person without a case, by what is kept of them now, whether nobody needs their name any more."""


@dataclass(frozen=True, slots=True)
class CaseKey:
    """The key of an assessment, ready for use, and the name of its row."""

    id: int
    sealer: Sealer = field(repr=False)


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


class People(Rows):
    """Finds, keeps and erases the rows of people; no row is used that the ledger does not know."""

    def find(self, person: str) -> PersonRow | None:
        """Return the person's row, also where a hash is kept in place of their name, or None for somebody without one.

        `DamagedValue` where it is not what was written last.
        """
        return self._found(self._mark(person)) or self._found(self._mark(self._hidden(person)))

    def _found(self, mark: bytes) -> PersonRow | None:
        row = self._session.execute(FIND, (mark,)).fetchone()
        found = None if row is None else Columns(*row)
        self._session.ledger.demand_in_step(mark, None if found is None else found.counted)
        return None if found is None else self._row(found)

    def recall(self, person: str) -> tuple[Record, Shown] | None:
        """Return the person's record and what their chat shows, or None for somebody without a row."""
        row = self.find(person)
        return None if row is None else (row.record, row.shown)

    def everyone(self) -> Iterator[PersonRow]:
        """Yield every person's row, the latest active first and the never active last. People who are refused are left out."""
        for (mark,) in self._session.execute(MARKS):
            row = self._session.execute(FIND, (mark,)).fetchone()
            if row is None:  # an index leads elsewhere, and the ledger has found that
                continue
            found = Columns(*row)
            with suppress(StoreFault):
                self._session.ledger.demand_in_step(found.mark, found.counted)
                yield self._row(found)

    def _row(self, found: Columns) -> PersonRow:
        """Return the row, opened; what belongs to it is there, and nothing else is, or the profile's seal says so."""
        if found.has != _has(found.standing is not None, found.rehearsal is not None, found.key is not None):
            raise DamagedValue(
                "The database was changed from outside: a standing, a rehearsal or a case was taken away from a person, or"
                " given to them. That person is refused, and nobody else. Restore the latest backup."
            )
        mark, turn, unseal = found.mark, found.turn, self._sealer.unseal
        key = None
        if found.key is not None:
            key = CaseKey(found.key, unwrap(self._sealer, mark, key_id=found.key, wrapped=found.wrapped))
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

    def meet(self, person: str) -> PersonRow:
        """Return a new row for somebody met for the first time."""
        mark, record, turn = self._mark(person), first_record(person), _next(0)
        beside = (record.card, record.phase, record.edition, None, 0)
        self._session.add(
            PEOPLE,
            mark=mark,
            person=self._sealer.seal(person.encode(), place("people", "person", row=mark)),
            card=record.card,
            turn=turn,
            profile=self._sealer.seal(record.profile.encode(), _profile(beside, mark=mark, turn=turn)),
            phase=record.phase,
            edition=record.edition,
            active=None,
            due=None,
            has=0,
            shows=0,
            shown=self._sealer.seal(write_shown(NOTHING_SHOWN), place("people", "shown", row=mark)),
            owed=0,
        )
        return PersonRow(mark, record, NOTHING_SHOWN, turn, None)

    def forget_name(self, person: str, may: MayForget) -> bool:
        """Keep a keyed hash in place of the name of somebody without a case, and nothing of what their chat shows, where they may
        still be forgotten. Return True if it was done. Whoever comes under that name is found by it, and has the same record.
        """
        row = self.find(person)
        if row is None or row.record.case is not None or not may(row.record, row.shown):
            return False
        for table in OF_A_NAME:
            self._session.remove(table, row.mark)
        hidden = replace(row.record, person=self._hidden(row.record.person))
        self.decide(self.meet(hidden.person), after=hidden)
        return True

    def decide(self, row: PersonRow, *, after: Record) -> None:
        """Keep what a turn made of a row, sealed to the next turn; a case that is gone takes its key with it."""
        session, seal, mark, turn = self._session, self._sealer.seal, row.mark, _next(row.turn)
        has = _has(bool(after.access), bool(after.rehearsal), after.case is not None)
        beside = (after.card, after.phase, after.edition, _micros(after.active), has)
        session.change(
            PEOPLE,
            mark,
            card=after.card,
            turn=turn,
            profile=seal(after.profile.encode(), _profile(beside, mark=mark, turn=turn)),
            phase=after.phase,
            edition=after.edition,
            active=_micros(after.active),
            has=has,
            due=_micros(after.due),
            owed=1,
        )
        # Kept anew and never deleted: somebody who was removed has a standing that says so, or could
        # come in again (ADR 0019).
        if after.access:
            session.put(STANDINGS, mark=mark, body=seal(after.access.encode(), _standing(mark, turn)))
            # One that became shorter is that of somebody who was removed, or is barred no more.
            session.has_erased |= len(after.access.encode()) // BLOCK < len(row.record.access.encode()) // BLOCK
        if after.rehearsal:
            session.put(REHEARSALS, mark=mark, body=seal(after.rehearsal.encode(), _rehearsal(mark, turn)))
        elif row.record.rehearsal:
            session.remove(REHEARSALS, mark)
        if after.case is not None:
            key = row.key or self._fresh_key(mark)
            body = key.sealer.seal(after.case.encode(), place("cases", "body", row=mark, turn=turn))
            session.put(CASES, mark=mark, key=key.id, body=body)
        elif row.key is not None:
            # By name, and not by the foreign keys: what they take along nobody would count.
            session.remove(DOCUMENTS, mark)
            session.remove(CASES, mark)
            session.remove(CASE_KEYS, row.key.id)

    def _fresh_key(self, mark: bytes) -> CaseKey:
        """Return a new key, kept wrapped for this person's row and no other."""
        key_id, key = secrets.randbits(ID_BITS), secrets.token_bytes(KEY_BYTES)
        self._session.add(CASE_KEYS, id=key_id, wrapped=self._sealer.seal(key, _wrapped(mark, key_id)))
        return CaseKey(key_id, Sealer(key))

    def make_due(self, person: str, at: datetime) -> None:
        """Make somebody due by then, unless they are due earlier or have no row."""
        mark, soon = self._mark(person), to_micros(at)
        found = self._session.execute("SELECT due FROM people WHERE mark = ?", (mark,)).fetchone()
        if found is not None and (found[0] is None or found[0] > soon):
            self._session.change(PEOPLE, mark, due=soon)

    def show(self, person: str, shown: Shown) -> None:
        """Keep what the chat of a person shows; the row is made when there is none, but for somebody whose row was taken away.

        A delivered card (a digest, and no intent standing) is no longer stale.
        """
        mark = self._mark(person)
        found = self._session.execute(SHOWS, (mark,)).fetchone()
        if found is None:
            try:
                row = self.find(person) or self.meet(person)
            except DamagedValue:
                return
            mark = row.mark
            found = self._session.execute(SHOWS, (mark,)).fetchone()
        shows = found[0] + 1
        self._session.change(
            PEOPLE,
            mark,
            shows=shows,
            shown=self._sealer.seal(write_shown(shown), place("people", "shown", row=mark, turn=shows)),
            born=None if shown.handle is None else _micros(shown.born),
            owed=0 if shown.delivered else 1,
        )

    # Who is found by a time, without opening their row.

    def active_since(self, since: datetime) -> tuple[str, ...]:
        """Return people whose last accepted event is not before `since`, latest first."""
        return self._named(ACTIVE, to_micros(since))

    def stale(self, since: datetime) -> tuple[str, ...]:
        """Return people active since then, or with a card in their chat, whose chat may not show their card; latest first.

        A turn makes a card stale; `show` of a delivered card ends it.
        """
        return self._named(STALE, to_micros(since))

    def due(self, now: datetime, born_until: datetime, *, most: int) -> tuple[str, ...]:
        """Return people for whom something is to happen by now, or whose live card was born by then: the longest due."""
        return self._named(DUE, to_micros(now), to_micros(born_until), most)

    def next_due(self, after: datetime, *, card_lasts: timedelta | None) -> datetime | None:
        """Return when something is due next after a time: for somebody, of a reminder, or since a live card is so old then."""
        lasts = None if card_lasts is None else card_lasts // timedelta(microseconds=1)
        (micros,) = self._session.execute(NEXT_DUE, {"after": to_micros(after), "lasts": lasts}).fetchone()
        return _timestamp(micros)

    def with_case(self, order: Sorting, until: datetime, *, after: tuple[int, bytes] | None, most: int) -> Slice:
        """Return those of the next `most` people in this order, up to a time, who have a case. `after` is where a slice ended."""
        values = (to_micros(until), *(after or FIRST), most)
        rows = self._session.execute(SLICE.format(order=order), values).fetchall()
        named = self._names((mark, name, slots(mark)[0]) for _, mark, name, has in rows if has & CASE_BIT)
        return Slice(tuple(starmap(Located, named)), rows[-1][:2] if len(rows) == most else None)

    def _named(self, statement: str, *values: int) -> tuple[str, ...]:
        """Return the people whom a statement finds, by the time that it gives with each, latest first; by name at the same time."""
        named = self._names(self._session.execute(statement, values).fetchall())
        return tuple(person for _, person in sorted(named, key=lambda pair: (-pair[0], pair[1])))

    def _names(self, rows: Iterable[tuple[bytes, bytes, int]]) -> list[tuple[int, str]]:
        """Return each of these people, with the number beside their name. One whose name does not open does not hold up the others."""
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
    """Return what is kept in place of a forgotten name, and is the same after a rotation of the keys."""
    return str(PersonId(FORGOTTEN, keys.lasting("forgotten", person).hex()))


def unwrap(master: Sealer, mark: bytes, *, key_id: int, wrapped: bytes) -> Sealer:
    """Return the sealer of an assessment. Raise `StoreFault` if its key was wrapped for another row."""
    return Sealer(master.unseal(wrapped, _wrapped(mark, key_id)))


def _has(is_standing: bool, is_rehearsal: bool, is_case: bool) -> int:
    """Return what belongs to a person, as the row says it."""
    return STANDING_BIT * is_standing + REHEARSAL_BIT * is_rehearsal + CASE_BIT * is_case


def _next(turn: int) -> int:
    return turn + 1 + secrets.randbelow(LONGEST_STEP)


def _profile(beside: tuple[object, ...], *, mark: bytes, turn: int) -> bytes:
    return place("people", "profile", row=mark, turn=turn, beside=beside)


def _standing(mark: bytes, turn: int) -> bytes:
    return place("standings", "body", row=mark, turn=turn)


def _rehearsal(mark: bytes, turn: int) -> bytes:
    return place("rehearsals", "body", row=mark, turn=turn)


def _wrapped(mark: bytes, key_id: int) -> bytes:
    return place("case_keys", "wrapped", row=mark, turn=key_id)


def _micros(time: datetime | None) -> int | None:
    return None if time is None else to_micros(time)


def _timestamp(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
