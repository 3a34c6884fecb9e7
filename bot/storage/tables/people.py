"""The tables of people: their accounts and rehearsals, and what their chats show. Their cases are found with them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from bot.crypto.sealing import BLOCK, KeyRing, place
from bot.runtime.clock import from_micros, to_micros
from bot.runtime.errors import DamagedValue, StoreFault
from bot.runtime.person_id import FORGOTTEN, PersonId
from bot.storage.cases import HOLDING, Held, NotTied
from bot.storage.ledger import (
    PEOPLE,
    REHEARSAL_DOCUMENTS,
    REHEARSALS,
    STANDINGS,
    Row,
    slots,
)
from bot.storage.session import Rows, StoreSession
from bot.storage.tables.cases import COLUMNS, OF_PERSON, TIED, Cases, FoundCase, next_turn
from bot.storage.values import NOTHING_SHOWN, SHOWN, Located, Record, Shown, Slice, Sorting, first_record, write_shown

FIND = f"""SELECT people.mark, people.person, card, people.turn, profile, phase, edition, active, due, shows, shown,
    has, standings.body, rehearsals.body, {TIED}, {COLUMNS}
    FROM people LEFT JOIN standings ON standings.mark = people.mark
    LEFT JOIN rehearsals ON rehearsals.mark = people.mark {OF_PERSON} WHERE people.mark = ?"""
NEXT_DUE = """SELECT min(next) FROM (
    SELECT min(due) AS next FROM people WHERE due > :after
    UNION ALL SELECT min(due) FROM reminders WHERE due > :after
    UNION ALL SELECT min(born) + :lasts FROM people WHERE born > :after - :lasts) AS upcoming"""
SHOWS = "SELECT shows FROM people WHERE mark = ?"

STANDING_BIT, REHEARSAL_BIT, CASE = 1, 2, 4
"""What `people.has` adds up: whether there are a standing and a rehearsal, and `CASE` for each case that the person holds."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person's row, decrypted. `mark` is the key of the row, `turn` its version, to which its values are sealed, and
    `counted` what the ledger counts of it as it is in the database. `cases` are the cases to which the person is tied, and
    `holds` is how many of them they hold, with those that cannot be opened.
    """

    mark: bytes
    record: Record
    shown: Shown
    turn: int
    counted: Row
    holds: int = 0
    cases: tuple[FoundCase, ...] = field(default=(), repr=False)

    def case(self, reference: str) -> FoundCase | None:
        """Return the case with this reference, first that which the person holds, or None."""
        cases = [case for case in self.cases if case.head.reference == reference]
        return next((case for case in cases if case.head.holder == self.record.person), cases[0] if cases else None)


class Columns(NamedTuple):
    """What a row of the query `FIND` has of the person, in the order of its columns, as it is in the file."""

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

    @property
    def counted(self) -> tuple[object, ...]:
        """The values of this row that the ledger counts."""
        nonce = self.profile[1:13] if isinstance(self.profile, bytes) else None  # from outside it may be anything
        return self.mark, self.turn, self.due, nonce

    @property
    def beside(self) -> tuple[object, ...]:
        """The unencrypted values to which the profile is bound: if one is changed, the profile cannot be decrypted."""
        return self.card, self.phase, self.edition, self.active, self.has


OWN = len(Columns._fields)  # how many columns of `FIND` are the person's; the others are those of a case


class People(Rows):
    """The table of people, with the tables of what belongs to one person. A row is used only if it agrees with the ledger."""

    def __init__(self, session: StoreSession, keys: KeyRing, cases: Cases) -> None:
        super().__init__(session, keys)
        self._cases = cases

    def ask_ahead(self, person: str) -> None:
        """Let the database answer early what `find` asks first."""
        self._session.ask_ahead(FIND, (self._mark(person),))

    def find(self, person: str) -> PersonRow | None:
        """Return the person's row, found by their id or the hash that replaced it, or None. Raise `DamagedValue` if it was altered.

        Of their cases, the body of the one in hand is opened, and no other.
        """
        for is_hidden in (False, True):
            mark = self._mark(hidden_name(self._keys, person) if is_hidden else person)
            rows = self._session.execute(FIND, (mark,)).fetchall()
            if not rows:
                self._session.ledger.demand_in_step(mark, [])
                continue
            return self._opened(rows, is_whole=True)
        return None

    def recall(self, person: str, reference: str = "") -> tuple[Record, Shown] | None:
        """Return the person's record and what their chat shows, or None if they have no row.

        With a `reference`, that case is in hand in the record that is returned, if they hold it and it can be opened.
        """
        row = self.find(person)
        if row is None:
            return None
        record, held = row.record, self.held(row, reference) if reference not in ("", row.record.hand) else None
        if held is not None:
            head = held.head
            record = replace(record, hand=reference, case=held.body, phase=head.phase, edition=head.fingerprint)
        return record, row.shown

    def everyone(self) -> Iterator[PersonRow]:
        """Yield the row of every person who is not refused, the latest active first and the never active last. No body is opened."""
        marks = self._session.execute("SELECT mark FROM people ORDER BY active DESC NULLS LAST, mark")
        for answer in self._session.each(FIND, marks):
            rows = answer.fetchall()
            if not rows:  # an index leads elsewhere, and the ledger has found that
                continue
            with suppress(StoreFault):
                yield self._opened(rows, is_whole=False)

    def held(self, row: PersonRow, reference: str, *, now: datetime | None = None) -> Held | None:
        """Return a case of a person with its body, or None if they do not hold it, or it cannot be opened."""
        case = row.case(reference)
        if case is None:
            return None
        with suppress(NotTied, DamagedValue):
            body = self._cases.body(case, person=row.record.person, kinds=HOLDING, now=now)
            return Held(case.head, body, case.tie_of(row.record.person, HOLDING, now=now))
        return None

    def _opened(self, rows: Sequence[Sequence[object]], *, is_whole: bool) -> PersonRow:
        """Return the decrypted row. Raise `DamagedValue` if it was changed, or its standing or rehearsal changed, added or removed.

        A case that was changed from outside is left out, and its reference is in `closed`.
        """
        row = Columns(*rows[0][:OWN])  # type: ignore[arg-type]  # as it is in the file
        self._session.ledger.demand_in_step(row.mark, [(PEOPLE, row.counted)])
        if row.has % CASE != STANDING_BIT * (row.standing is not None) + REHEARSAL_BIT * (row.rehearsal is not None):
            raise DamagedValue(
                "The database was changed from outside: a standing or a rehearsal was taken away from a person, or"
                " given to them. That person is refused, and nobody else. Restore the latest backup."
            )
        mark, turn, unseal = row.mark, row.turn, self._sealer.unseal
        at, person = partial(place, row=mark, turn=turn), self._name(mark, row.person)
        hand, profile = _parted(unseal(row.profile, at("people", "profile", beside=row.beside)).decode())
        cases, closed = self._cases.found([each[OWN:] for each in rows])
        holds, held = row.has // CASE, list[FoundCase]()
        for case in cases:
            with suppress(NotTied):
                case.tie_of(person, HOLDING)
                held.append(case)
        # Ties that were taken away from outside are missing here, and the number of cases is not.
        closed += [""] * (holds - len(held) - len(closed))
        body = None
        for case in tuple(held) if hand and is_whole else ():
            if case.head.reference == hand:
                try:
                    body = self._cases.body(case, person=person, kinds=HOLDING)
                except DamagedValue:
                    held.remove(case)
                    closed.append(hand)
        record = Record(
            person=person,
            card=row.card,
            profile=profile,
            case=body,
            phase=row.phase,
            edition=row.edition,
            active=_timestamp(row.active),
            access="" if row.standing is None else unseal(row.standing, at("standings", "body")).decode(),
            due=_timestamp(row.due),
            rehearsal="" if row.rehearsal is None else unseal(row.rehearsal, at("rehearsals", "body")).decode(),
            hand=hand,
            heads=tuple([case.head for case in held]),
            closed=tuple(closed),
            tied=tuple([self._cases.tied(case, person) for case in cases]),
        )
        shown = SHOWN.of(unseal(row.shown, place("people", "shown", row=mark, turn=row.shows)).decode())
        return PersonRow(mark, record, shown, turn, row.counted, holds, tuple(cases))

    def meet(self, person: str) -> PersonRow:
        """Insert and return the row of a new person."""
        mark, record, turn = self._mark(person), first_record(person), next_turn(0)
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
            PEOPLE.row({"mark": mark, "turn": turn, "due": None, "profile": profile}),
        )

    def forget_name(self, person: str, may: Callable[[Record, Shown], bool]) -> bool:
        """Replace the id of a person without a case by a keyed hash, and delete what their chat shows, unless `may` returns False.

        Return True if it was replaced. If the person comes back, they are found by the hash, with the same record.
        """
        row = self.find(person)
        if row is None or row.holds or not may(row.record, row.shown):
            return False
        for table in (REHEARSAL_DOCUMENTS, REHEARSALS, STANDINGS, PEOPLE):  # rows that refer to another first
            self._session.remove(table, row.mark)
        hidden = replace(row.record, person=hidden_name(self._keys, row.record.person))
        self.decide(self.meet(hidden.person), after=hidden)
        return True

    def refreshed(self, row: PersonRow) -> PersonRow:
        """Return the row with what is counted of it, its cases and the ties to them as they are now."""
        cases = [case for each in row.cases if (case := self._cases.find(each.mark)) is not None]
        # Their room may have ended in this turn, which makes them due.
        counted = self._session.counted_of(PEOPLE, row.mark) or row.counted
        return replace(row, counted=counted, cases=tuple(cases))

    def decide(self, row: PersonRow, *, after: Record) -> None:
        """Write the record after an event, sealed to the next turn of the row, and what changed of the cases that the person holds."""
        session, seal, mark, turn = self._session, self._sealer.seal, row.mark, next_turn(row.turn)
        at = partial(place, row=mark, turn=turn)
        holds = row.holds + len(after.heads) - len(row.record.heads)
        has = STANDING_BIT * bool(after.access) + REHEARSAL_BIT * bool(after.rehearsal) + CASE * holds
        beside = (after.card, after.phase, after.edition, _micros(after.active), has)
        session.change(
            PEOPLE,
            mark,
            known=row.counted,
            card=after.card,
            turn=turn,
            profile=seal(joined(after.hand, after.profile).encode(), at("people", "profile", beside=beside)),
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
        self._decide_cases(row, after)

    def _decide_cases(self, row: PersonRow, after: Record) -> None:
        """Begin, write and erase the person's cases, so that they are those of the record."""
        person, kept = after.person, {head.reference for head in after.heads}
        if len(kept) != len(after.heads) or (after.hand in kept) != (after.case is not None):
            raise ValueError("the case in hand is one of the person's cases, and each has a reference of its own")
        for head in row.record.heads:
            case = row.case(head.reference)
            # A case that somebody else has just taken over goes on.
            if head.reference not in kept and case is not None and case.head.holder == person:
                self._cases.erase(case, person=person)
        for head in after.heads:
            case, body = row.case(head.reference), after.case if head.reference == after.hand else None
            if case is None:
                if body is None or head.holder != person:
                    raise ValueError("a case begins in the hand of its holder, with a body")
                self._cases.begin(head, body)
            elif head != case.head or (body is not None and (after.hand, body) != (row.record.hand, row.record.case)):
                is_same = body is None or (after.hand, body) == (row.record.hand, row.record.case)
                self._cases.keep(case, head, body=None if is_same else body, person=person)

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
                if has >= CASE:
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


def joined(hand: str, profile: str) -> str:
    """Return the profile with the reference of the case in hand before it, between two characters that no other text begins with."""
    return f"\0{hand}\0{profile}" if hand else profile


def _parted(text: str) -> tuple[str, str]:
    """Return the reference of the case in hand, and the profile."""
    if not text.startswith("\0"):
        return "", text
    _, hand, profile = text.split("\0", 2)
    return hand, profile


def _micros(time: datetime | None) -> int | None:
    return None if time is None else to_micros(time)


def _timestamp(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
