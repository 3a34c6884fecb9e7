"""The tables of cases and of the ties of people to them.

A case's body is sealed under a random key of its own, which is stored only encrypted, for the row of the case. Deleting the key
erases the case for everybody.
"""

import json
import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from bot.crypto.sealing import KEY_BYTES, Sealer, place
from bot.runtime.clock import from_micros, to_micros
from bot.runtime.errors import DamagedValue
from bot.storage.cases import (
    HOLDING,
    CaseHead,
    Tied,
    demand_tie,
    read_head,
    read_tie,
    sharing_of,
    write_head,
    write_tie,
)
from bot.storage.ledger import CASE_KEYS, CASE_PEOPLE, CASES, DOCUMENTS, Row
from bot.storage.session import Rows
from dialogs.core.ties import OpenCode, Sharing, Tie, TieKind

LONGEST_STEP = 1 << 40  # so that sixteen million events of one row fit into the column
"""The largest step by which a row's `turn` rises. Steps are random, so that no turn repeats, even after an older file was used."""

COLUMNS = "cases.key, cases.turn, cases.head, cases.body, case_keys.wrapped"
TIED = "ties.kase, ties.mark, ties.person, ties.kind, ties.until, ties.body"
OF_PERSON = """LEFT JOIN case_people AS mine ON mine.person = people.mark LEFT JOIN case_people AS ties ON ties.kase = mine.kase
    LEFT JOIN cases ON cases.mark = mine.kase LEFT JOIN case_keys ON case_keys.id = cases.key"""
"""The columns and the joins by which the row of a person is found together with their cases and with every tie to these."""

ANY = f"""SELECT {TIED}, {COLUMNS} FROM cases LEFT JOIN case_keys ON case_keys.id = cases.key
    LEFT JOIN case_people AS ties ON ties.kase = cases.mark WHERE cases.mark = ?"""


@dataclass(frozen=True, slots=True)
class FoundTie:
    """The row of a tie, decrypted. `counted` is what the ledger counts of it. The holder's has the open code."""

    mark: bytes
    tie: Tie
    counted: Row
    code: OpenCode | None = None


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case as it was found, of which the body is still sealed, with every tie to it."""

    mark: bytes
    turn: int
    key: int
    head: CaseHead
    ties: tuple[FoundTie, ...]
    tied: tuple[Tie, ...]
    counted: Row
    body: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)

    @property
    def sharing(self) -> Sharing:
        """Every tie to the case, and its open code."""
        return sharing_of(self.head, self.ties)

    def tie_of(self, person: str, kinds: Collection[TieKind], *, now: datetime | None = None) -> Tie:
        """Return the person's tie if it is of one of these kinds. Raise `NotTied` otherwise."""
        return demand_tie(person, self.mark, ties=self.tied, kinds=kinds, now=now)


class Cases(Rows):
    """The tables of cases, of their keys and of the ties to them. A case is used only if it and all ties to it agree with the ledger."""

    def found(self, rows: Sequence[Sequence[object]]) -> tuple[list[FoundCase], list[str]]:
        """Return the cases in rows of the columns `TIED` and `COLUMNS`, and the references of those that cannot be used.

        A reference is empty if it cannot be read.
        """
        by_case: dict[object, list[Sequence[object]]] = {}
        for row in rows:
            if row[0] is not None:
                by_case.setdefault(row[0], []).append(row)
        found, closed = list[FoundCase](), list[str]()
        for mark, tied in by_case.items():
            # Once a tie, though several ties of one person to a case, which only somebody else can have written, repeat it.
            unique = list({row[1]: row for row in tied}.values())
            try:
                found.append(self._opened(mark, unique))
            except DamagedValue:
                closed.append(self._reference(mark, unique[0]))
        return found, closed

    def body(self, case: FoundCase, *, person: str, kinds: Collection[TieKind], now: datetime | None = None) -> str:
        """Return the body of a case, opened for a person. Raise `NotTied` if they have no such tie to it."""
        case.tie_of(person, kinds, now=now)
        return self._sealer_of(case).unseal(case.body, place("cases", "body", row=case.mark, turn=case.turn)).decode()

    def find(self, mark: bytes) -> FoundCase | None:
        """Return the case with this mark, or None if there is none. Raise `DamagedValue` if it was changed from outside."""
        rows = self._session.execute(ANY, (mark,)).fetchall()
        return self._opened(mark, rows) if rows else None

    def tied(self, case: FoundCase, person: str) -> Tied:
        """Return the case as somebody who is tied to it may know it."""
        return Tied(case.head, case.mark, case.ties, person, partial(self._body, case, person))

    def retie(self, case: FoundCase, after: Sharing) -> None:
        """Write what changed of the ties to a case. Its head has the new holder."""
        before = {found.tie.person: found for found in case.ties}
        if after.holder.person != case.head.holder:
            head = replace(case.head, holder=after.holder.person)
            sealed = self._head(head, mark=case.mark, turn=case.turn, key=case.key)
            self._session.change(CASES, case.mark, known=case.counted, head=sealed)
        for person in before.keys() - {tie.person for tie in after.ties}:
            self._session.remove(CASE_PEOPLE, before[person].mark)
        for tie in after.ties:
            code = after.code if tie.kind is TieKind.HOLDER else None
            found = before.get(tie.person)
            if found is None or (found.tie, found.code) != (tie, code):
                self.tie(case.head, tie, code=code)

    def _body(self, case: FoundCase, person: str, kinds: Collection[TieKind], now: datetime) -> str:
        return self.body(case, person=person, kinds=kinds, now=now)

    def begin(self, head: CaseHead, body: str) -> None:
        """Insert a case, and the tie of its holder. Raise `ValueError` if there is a case with this reference."""
        mark, turn, secret = self.mark(head), next_turn(0), secrets.token_bytes(KEY_BYTES)
        # A random id and not a count: no id is used twice, and none tells how many cases there were.
        key = secrets.randbits(63)
        self._session.add(CASE_KEYS, id=key, wrapped=self._sealer.seal(secret, wrapped_at(mark, key)))
        sealed = Sealer(secret).seal(body.encode(), place("cases", "body", row=mark, turn=turn))
        if not self._session.add(
            CASES, mark=mark, key=key, turn=turn, head=self._head(head, mark=mark, turn=turn, key=key), body=sealed
        ):
            raise ValueError("there is a case with this reference")
        self.tie(head, Tie(head.holder, mark, TieKind.HOLDER, head.touched))

    def keep(self, case: FoundCase, head: CaseHead, *, body: str | None, person: str) -> None:
        """Write the head of a case that this person holds, and its body unless that is None, which then stays as it is."""
        case.tie_of(person, HOLDING)
        self._keep(case, head, body)

    def add_view(self, case: FoundCase, head: CaseHead, body: str, *, person: str, now: datetime) -> None:
        """Write the body of a case to which this person, who looks at it, has added their view."""
        case.tie_of(person, (TieKind.LOOK,), now=now)
        self._keep(case, head, body)

    def _keep(self, case: FoundCase, head: CaseHead, body: str | None) -> None:
        if (head.reference, head.number) != (case.head.reference, case.head.number):
            raise ValueError("a case may not change its reference")
        if body is None:
            sealed = self._head(head, mark=case.mark, turn=case.turn, key=case.key)
            self._session.change(CASES, case.mark, known=case.counted, head=sealed)
            return
        turn = next_turn(case.turn)
        sealed = self._sealer_of(case).seal(body.encode(), place("cases", "body", row=case.mark, turn=turn))
        new = self._head(head, mark=case.mark, turn=turn, key=case.key)
        self._session.change(CASES, case.mark, known=case.counted, turn=turn, head=new, body=sealed)

    def erase(self, case: FoundCase, *, person: str) -> None:
        """Delete a case that this person holds, with its key, every tie to it, and the documents of it that were not sent."""
        case.tie_of(person, HOLDING)
        # One by one and not by the foreign keys: the ledger would not count the rows that those delete.
        for tie in case.ties:
            self._session.remove(CASE_PEOPLE, tie.mark)
        self._session.remove(DOCUMENTS, case.mark)
        self._session.remove(CASES, case.mark)
        self._session.remove(CASE_KEYS, case.key)

    def tie(self, head: CaseHead, tie: Tie, *, code: OpenCode | None = None) -> None:
        """Write the tie of a person to the case with this head, in place of an earlier one."""
        mark, whose = self._tie_mark(head, tie.person), self._keys.mark("person", tie.person)
        until = None if tie.until is None else to_micros(tie.until)
        texts = [head.reference, head.number, *write_tie(tie, code)]
        where = place("case_people", "body", row=mark, beside=(tie.case, whose, str(tie.kind), until))
        body = self._sealer.seal(json.dumps(texts).encode(), where)
        self._session.put(
            CASE_PEOPLE, mark=mark, kase=tie.case, person=whose, kind=str(tie.kind), until=until, body=body
        )

    def is_free(self, reference: str) -> bool:
        """Return True if there is no case with this reference, whoever holds it."""
        return self.is_new(reference, 1)

    def is_new(self, reference: str, number: int) -> bool:
        """Return True if there is no case with this reference and number."""
        mark = self._keys.mark("case", *case_texts(reference, number))
        return self._session.execute("SELECT 1 FROM cases WHERE mark = ?", (mark,)).fetchone() is None

    def mark_of(self, person: str, reference: str) -> bytes | None:
        """Return the mark of the case with this reference to which the person is tied, or None."""
        number, statement = 1, "SELECT kase FROM case_people WHERE mark = ?"
        while number == 1 or not self.is_new(reference, number):
            tie = self._session.execute(statement, (self._keys.mark("tie", *case_texts(reference, number), person),))
            if (row := tie.fetchone()) is not None:
                mark: bytes = row[0]
                return mark
            number += 1
        return None

    def mark(self, head: CaseHead) -> bytes:
        """Return the keyed hash by which the case with this head is found."""
        return self._keys.mark("case", *case_texts(head.reference, head.number))

    def heads(self) -> Iterator[CaseHead]:
        """Yield the head of every case that can be used."""
        marks = self._session.execute("SELECT mark FROM cases ORDER BY mark")
        for answer in self._session.each(ANY, marks):
            for case in self.found(answer.fetchall())[0]:
                yield case.head

    def _opened(self, mark: object, rows: Sequence[Sequence[object]]) -> FoundCase:
        """Return the case in these rows, one for each tie to it. Raise `DamagedValue` if one of them was changed, added or removed."""
        if not isinstance(mark, bytes):
            raise _altered()
        ties, counted = [], []
        for _, own, whose, kind, until, body, *_ in rows:
            counted.append((CASE_PEOPLE, (own, mark, whose, kind, until, _nonce(body))))
            ties.append((own, whose, kind, until, body))
        _, _, _, _, _, _, key, turn, head, body, wrapped = rows[0]
        row = (mark, turn, _nonce(head))
        self._session.ledger.demand_in_step(mark, [(CASES, row), *counted])
        if not isinstance(key, int) or not isinstance(turn, int) or not isinstance(head, bytes):
            raise _altered()
        opened = read_head(self._sealer.unseal(head, place("cases", "head", row=mark, turn=turn, beside=(key,))))
        found, tied = list[FoundTie](), list[Tie]()
        for tie, one in zip(ties, counted, strict=True):
            found.append(self._tied(mark, tie, counted=one[1]))
            tied.append(found[-1].tie)
        if not isinstance(body, bytes) or not isinstance(wrapped, bytes):
            raise _altered()
        return FoundCase(mark, turn, key, opened, tuple(found), tuple(tied), row, body, wrapped)

    def _tied(self, case: bytes, row: Sequence[object], *, counted: Row) -> FoundTie:
        mark, whose, kind, until, body = row
        if not isinstance(mark, bytes) or not isinstance(body, bytes):
            raise _altered()
        where = place("case_people", "body", row=mark, beside=(case, whose, kind, until))
        _, _, *values = json.loads(self._sealer.unseal(body, where))
        ends = from_micros(until) if isinstance(until, int) else None
        tie, code = read_tie(case, TieKind(str(kind)), until=ends, values=values)
        return FoundTie(mark, tie, counted, code)

    def _reference(self, mark: object, row: Sequence[object]) -> str:
        """Return the reference of a case that cannot be used, or an empty text if its head does not open."""
        key, turn, head = row[6:9]
        with suppress(DamagedValue):
            if isinstance(mark, bytes) and isinstance(turn, int) and isinstance(head, bytes):
                where = place("cases", "head", row=mark, turn=turn, beside=(key,))
                return read_head(self._sealer.unseal(head, where)).reference
        return ""

    def _head(self, head: CaseHead, *, mark: bytes, turn: int, key: int) -> bytes:
        return self._sealer.seal(write_head(head), place("cases", "head", row=mark, turn=turn, beside=(key,)))

    def _sealer_of(self, case: FoundCase) -> Sealer:
        return unwrap(self._sealer, case.mark, key_id=case.key, wrapped=case.wrapped)

    def _tie_mark(self, head: CaseHead, person: str) -> bytes:
        return self._keys.mark("tie", *case_texts(head.reference, head.number), person)


def case_texts(reference: str, number: int) -> tuple[str, ...]:
    """Return the texts of which the mark of a case is a keyed hash."""
    return (reference,) if number == 1 else (reference, str(number))


def unwrap(master: Sealer, mark: bytes, *, key_id: int, wrapped: bytes) -> Sealer:
    """Return the sealer under a case's key. Raise `DamagedValue` if the key was encrypted for another row."""
    return Sealer(master.unseal(wrapped, wrapped_at(mark, key_id)))


def wrapped_at(mark: bytes, key_id: int) -> bytes:
    """Return the place to which a case's key is sealed."""
    return place("case_keys", "wrapped", row=mark, turn=key_id)


def next_turn(turn: int) -> int:
    """Return the turn of a row after this one."""
    return turn + 1 + secrets.randbelow(LONGEST_STEP)


def _nonce(sealed: object) -> bytes | None:
    return sealed[1:13] if isinstance(sealed, bytes) else None  # from outside it may be anything


def _altered() -> DamagedValue:
    return DamagedValue(
        "The database was changed from outside: what is kept of one SERAF is not what the bot wrote. It is refused, and nothing"
        " else. Keep a copy of the file as it is, look with `seraf-bot check`, and restore the latest backup."
    )
