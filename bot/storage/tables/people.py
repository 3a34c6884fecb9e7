"""The tables of people: their accounts, rehearsals and assessments, and what their chats show.

An assessment is sealed under a random key of its own, which is stored only encrypted. Deleting the key erases the assessment.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from bot.crypto.sealing import BLOCK, KEY_BYTES, KeyRing, Sealer, place
from bot.runtime.clock import from_micros, to_micros
from bot.runtime.errors import DamagedValue, StoreFault
from bot.runtime.person_id import FORGOTTEN, PersonId
from bot.storage.ledger import (
    CASE_KEYS,
    CASES,
    DOCUMENTS,
    PEOPLE,
    REHEARSAL_DOCUMENTS,
    REHEARSALS,
    STANDINGS,
    Row,
    slots,
)
from bot.storage.session import Rows
from bot.storage.values import NOTHING_SHOWN, SHOWN, Located, Record, Shown, Slice, Sorting, first_record, write_shown

EVERYONE = """SELECT people.mark, person, card, turn, profile, phase, edition, active, due, shows, shown,
    has, standings.body, rehearsals.body, cases.key, cases.body, case_keys.wrapped
    FROM people LEFT JOIN standings ON standings.mark = people.mark
    LEFT JOIN rehearsals ON rehearsals.mark = people.mark LEFT JOIN cases ON cases.mark = people.mark
    LEFT JOIN case_keys ON case_keys.id = cases.key"""
FIND = EVERYONE + " WHERE people.mark = ?"
NEXT_DUE = """SELECT min(next) FROM (
    SELECT min(due) AS next FROM people WHERE due > :after
    UNION ALL SELECT min(due) FROM reminders WHERE due > :after
    UNION ALL SELECT min(born) + :lasts FROM people WHERE born > :after - :lasts) AS upcoming"""
SHOWS = "SELECT shows FROM people WHERE mark = ?"

STANDING_BIT, REHEARSAL_BIT, CASE_BIT = 1, 2, 4
LONGEST_STEP = 1 << 40  # so that sixteen million events of one person fit into the column
"""The largest step by which a person's `turn` rises. Steps are random, so that no turn repeats, even after an older file was used."""


@dataclass(frozen=True, slots=True)
class CaseKey:
    """The decrypted key of an assessment, and the id of the row that has it encrypted."""

    id: int
    sealer: Sealer = field(repr=False)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person's row, decrypted. `mark` is the key of the row, `turn` its version, to which its values are sealed, and
    `counted` what the ledger counts of it as it is in the database.
    """

    mark: bytes
    record: Record
    shown: Shown
    turn: int
    key: CaseKey | None = field(repr=False)
    counted: Row


class Columns(NamedTuple):
    """A row of the query `EVERYONE`, in the order of its columns, as it is in the file."""

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
        """The values of this row that the ledger counts."""
        nonce = self.profile[1:13] if isinstance(self.profile, bytes) else None  # from outside it may be anything
        return self.mark, self.turn, self.due, nonce

    @property
    def beside(self) -> tuple[object, ...]:
        """The unencrypted values to which the profile is bound: if one is changed, the profile cannot be decrypted."""
        return self.card, self.phase, self.edition, self.active, self.has


class People(Rows):
    """The table of people, with the tables of what belongs to one person. A row is used only if it agrees with the ledger."""

    def ask_ahead(self, person: str) -> None:
        """Let the database answer early what `find` asks first."""
        self._session.ask_ahead(FIND, (self._mark(person),))

    def find(self, person: str) -> PersonRow | None:
        """Return the person's row, found by their id or the hash that replaced it, or None. Raise `DamagedValue` if it was altered."""
        for is_hidden in (False, True):
            mark = self._mark(hidden_name(self._keys, person) if is_hidden else person)
            row = self._session.execute(FIND, (mark,)).fetchone()
            columns = None if row is None else Columns(*row)
            self._session.ledger.demand_in_step(mark, None if columns is None else columns.counted)
            if columns is not None:
                return self._opened(columns)
        return None

    def recall(self, person: str) -> tuple[Record, Shown] | None:
        """Return the person's record and what their chat shows, or None if they have no row."""
        row = self.find(person)
        return None if row is None else (row.record, row.shown)

    def everyone(self) -> Iterator[PersonRow]:
        """Yield the row of every person who is not refused, the latest active first and the never active last."""
        marks = self._session.execute("SELECT mark FROM people ORDER BY active DESC NULLS LAST, mark")
        for answer in self._session.each(FIND, marks):
            row = answer.fetchone()
            if row is None:  # an index leads elsewhere, and the ledger has found that
                continue
            columns = Columns(*row)
            with suppress(StoreFault):
                self._session.ledger.demand_in_step(columns.mark, columns.counted)
                yield self._opened(columns)

    def _opened(self, row: Columns) -> PersonRow:
        """Return the decrypted row. Raise `DamagedValue` if it or a row that belongs to it was changed, added or removed."""
        if row.has != _has(row.standing is not None, row.rehearsal is not None, row.key is not None):
            raise DamagedValue(
                "The database was changed from outside: a standing, a rehearsal or a case was taken away from a person, or"
                " given to them. That person is refused, and nobody else. Restore the latest backup."
            )
        mark, turn, unseal = row.mark, row.turn, self._sealer.unseal
        at = partial(place, row=mark, turn=turn)
        key, case = None, None
        if row.key is not None:
            key = CaseKey(row.key, unwrap(self._sealer, mark, key_id=row.key, wrapped=row.wrapped))
            case = key.sealer.unseal(row.body, at("cases", "body")).decode()
        record = Record(
            person=self._name(mark, row.person),
            card=row.card,
            profile=unseal(row.profile, at("people", "profile", beside=row.beside)).decode(),
            case=case,
            phase=row.phase,
            edition=row.edition,
            active=_timestamp(row.active),
            access="" if row.standing is None else unseal(row.standing, at("standings", "body")).decode(),
            due=_timestamp(row.due),
            rehearsal="" if row.rehearsal is None else unseal(row.rehearsal, at("rehearsals", "body")).decode(),
        )
        shown = SHOWN.of(unseal(row.shown, place("people", "shown", row=mark, turn=row.shows)).decode())
        return PersonRow(mark, record, shown, turn, key, row.counted)

    def meet(self, person: str) -> PersonRow:
        """Insert and return the row of a new person."""
        mark, record, turn = self._mark(person), first_record(person), _next(0)
        at = partial(place, "people", row=mark)
        beside = (record.card, record.phase, record.edition, None, 0)
        profile = self._sealer.seal(record.profile.encode(), at("profile", turn=turn, beside=beside))
        self._session.add(
            PEOPLE,
            mark=mark,
            person=self._sealer.seal(person.encode(), at("person")),
            card=record.card,
            turn=turn,
            profile=profile,
            phase=record.phase,
            edition=record.edition,
            active=None,
            due=None,
            has=0,
            shows=0,
            shown=self._sealer.seal(write_shown(NOTHING_SHOWN), at("shown")),
            owed=0,
        )
        return PersonRow(
            mark,
            record,
            NOTHING_SHOWN,
            turn,
            None,
            PEOPLE.row({"mark": mark, "turn": turn, "due": None, "profile": profile}),
        )

    def forget_name(self, person: str, may: Callable[[Record, Shown], bool]) -> bool:
        """Replace the id of a person without a case by a keyed hash, and delete what their chat shows, unless `may` returns False.

        Return True if it was replaced. If the person comes back, they are found by the hash, with the same record.
        """
        row = self.find(person)
        if row is None or row.record.case is not None or not may(row.record, row.shown):
            return False
        for table in (REHEARSAL_DOCUMENTS, REHEARSALS, STANDINGS, PEOPLE):  # rows that refer to another first
            self._session.remove(table, row.mark)
        hidden = replace(row.record, person=hidden_name(self._keys, row.record.person))
        self.decide(self.meet(hidden.person), after=hidden)
        return True

    def decide(self, row: PersonRow, *, after: Record) -> None:
        """Write the record after an event, sealed to the next turn of the row. If the case was erased, delete its key."""
        session, seal, mark, turn = self._session, self._sealer.seal, row.mark, _next(row.turn)
        at = partial(place, row=mark, turn=turn)
        has = _has(bool(after.access), bool(after.rehearsal), after.case is not None)
        beside = (after.card, after.phase, after.edition, _micros(after.active), has)
        session.change(
            PEOPLE,
            mark,
            known=row.counted,
            card=after.card,
            turn=turn,
            profile=seal(after.profile.encode(), at("people", "profile", beside=beside)),
            phase=after.phase,
            edition=after.edition,
            active=_micros(after.active),
            has=has,
            due=_micros(after.due),
            owed=1,
        )
        # Never deleted: else somebody who was removed could come in again (ADR 0019).
        if after.access:
            session.put(STANDINGS, mark=mark, body=seal(after.access.encode(), at("standings", "body")))
            # A shorter account is that of somebody who was removed or is no longer barred.
            if len(after.access.encode()) // BLOCK < len(row.record.access.encode()) // BLOCK:
                session.erased.add(STANDINGS.name)
        if after.rehearsal:
            session.put(REHEARSALS, mark=mark, body=seal(after.rehearsal.encode(), at("rehearsals", "body")))
        elif row.record.rehearsal:
            session.remove(REHEARSALS, mark)
        if after.case is not None:
            key = row.key
            if key is None:
                # A random id and not a count: no id is used twice, and none tells how many cases there were.
                key_id, secret = secrets.randbits(63), secrets.token_bytes(KEY_BYTES)
                session.add(CASE_KEYS, id=key_id, wrapped=seal(secret, _wrapped(mark, key_id)))
                key = CaseKey(key_id, Sealer(secret))
            body = key.sealer.seal(after.case.encode(), at("cases", "body"))
            session.put(CASES, mark=mark, key=key.id, body=body)
        elif row.key is not None:
            # One by one and not by the foreign keys: the ledger would not count the rows that those delete.
            session.remove(DOCUMENTS, mark)
            session.remove(CASES, mark)
            session.remove(CASE_KEYS, row.key.id)

    def make_due(self, person: str, at: datetime) -> None:
        """Make a person due by this time, unless they are due earlier or have no row."""
        mark, soon = self._mark(person), to_micros(at)
        row = self._session.execute("SELECT due FROM people WHERE mark = ?", (mark,)).fetchone()
        if row is not None and (row[0] is None or row[0] > soon):
            self._session.change(PEOPLE, mark, due=soon)

    def show(self, person: str, shown: Shown) -> None:
        """Write what a person's chat shows, in a new row if they have none. A delivered card is no longer marked as to be sent."""
        mark = self._mark(person)
        row = self._session.execute(SHOWS, (mark,)).fetchone()
        if row is None:
            try:
                mark = (self.find(person) or self.meet(person)).mark
            except DamagedValue:  # their row was removed from outside
                return
            row = self._session.execute(SHOWS, (mark,)).fetchone()
        shows = row[0] + 1
        self._session.change(
            PEOPLE,
            mark,
            shows=shows,
            shown=self._sealer.seal(write_shown(shown), place("people", "shown", row=mark, turn=shows)),
            born=None if shown.handle is None else _micros(shown.born),
            owed=0 if shown.delivered else 1,
        )

    def active_since(self, since: datetime) -> tuple[str, ...]:
        """Return the people whose last accepted event was at `since` or later, the latest first."""
        return self._named("SELECT mark, person, active FROM people WHERE active >= ?", to_micros(since))

    def stale(self, since: datetime) -> tuple[str, ...]:
        """Return the people whose chat may not show their card, if they were active since then or have a live card, the latest first."""
        return self._named(
            "SELECT mark, person, coalesce(active, 0) FROM people WHERE owed = 1 AND (active >= ? OR born IS NOT NULL)",
            to_micros(since),
        )

    def due(self, now: datetime, born_until: datetime, *, most: int) -> tuple[str, ...]:
        """Return at most `most` people who are due by now or whose live card was sent by `born_until`, the longest due first."""
        statement = """SELECT mark, person, -(CASE WHEN born IS NULL OR due < born THEN due ELSE born END) AS since
            FROM people WHERE due <= ? OR born <= ? ORDER BY since DESC LIMIT ?"""
        return self._named(statement, to_micros(now), to_micros(born_until), most)

    def next_due(self, after: datetime, *, card_lasts: timedelta | None) -> datetime | None:
        """Return the first time after `after` at which a person or a reminder is due or a live card becomes too old, or None."""
        lasts = None if card_lasts is None else card_lasts // timedelta(microseconds=1)
        (micros,) = self._session.execute(NEXT_DUE, {"after": to_micros(after), "lasts": lasts}).fetchone()
        return _timestamp(micros)

    def with_case(self, order: Sorting, until: datetime, *, after: tuple[int, bytes] | None, most: int) -> Slice:
        """Return the people with a case among the next `most` in this order, up to `until`. `after` is the end of the previous slice."""
        statement = f"""SELECT {order}, mark, person, has FROM people
            WHERE {order} <= ? AND ({order}, mark) > (?, ?) ORDER BY {order}, mark LIMIT ?"""
        values = (to_micros(until), *(after or (-(2**63), b"")), most)
        rows = self._session.execute(statement, values).fetchall()
        people = []
        for _, mark, name, has in rows:
            with suppress(DamagedValue):
                if has & CASE_BIT:
                    people.append(Located(slots(mark)[0], self._name(mark, name)))
        return Slice(tuple(people), rows[-1][:2] if len(rows) == most else None)

    def _named(self, statement: str, *values: int) -> tuple[str, ...]:
        """Return the people of a query whose ids can be decrypted, sorted by the time in its third column, latest first, then by id."""
        named = []
        for mark, name, time in self._session.execute(statement, values).fetchall():
            with suppress(DamagedValue):
                named.append((-time, self._name(mark, name)))
        return tuple(person for _, person in sorted(named))

    def _name(self, mark: bytes, sealed: bytes) -> str:
        return self._sealer.unseal(sealed, place("people", "person", row=mark)).decode()

    def _mark(self, person: str) -> bytes:
        return self._keys.mark("person", person)


def hidden_name(keys: KeyRing, person: str) -> str:
    """Return the id that replaces a forgotten person's id: a keyed hash, which a key rotation does not change."""
    return str(PersonId(FORGOTTEN, keys.lasting("forgotten", person).hex()))


def unwrap(master: Sealer, mark: bytes, *, key_id: int, wrapped: bytes) -> Sealer:
    """Return the sealer under an assessment's key. Raise `DamagedValue` if the key was encrypted for another row."""
    return Sealer(master.unseal(wrapped, _wrapped(mark, key_id)))


def _has(is_standing: bool, is_rehearsal: bool, is_case: bool) -> int:
    return STANDING_BIT * is_standing + REHEARSAL_BIT * is_rehearsal + CASE_BIT * is_case


def _next(turn: int) -> int:
    return turn + 1 + secrets.randbelow(LONGEST_STEP)


def _wrapped(mark: bytes, key_id: int) -> bytes:
    return place("case_keys", "wrapped", row=mark, turn=key_id)


def _micros(time: datetime | None) -> int | None:
    return None if time is None else to_micros(time)


def _timestamp(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
