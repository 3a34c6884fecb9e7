"""All sealed columns of a database and what their values are sealed to, so that each value can be decrypted or sealed again."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.errors import StoreFault
from bot.storage.cases import read_head
from bot.storage.ledger import RESTORE, Ledger
from bot.storage.session import StoreSession
from bot.storage.tables.cases import case_texts, unwrap

BATCH = 500
NO_MARKS: Mapping[object, bytes] = MappingProxyType({})
OF_MESSAGE = "litter.message"  # the column of the message to be removed; `litter.whose` is the hash of its person
OF_PERSON = "LEFT JOIN people ON people.mark = {table}.mark"
OF_CASE = "LEFT JOIN case_keys ON case_keys.id = cases.key"


@dataclass(frozen=True, slots=True)
class Column:
    """A sealed column. `row` and `turn` are the SQL for the row and the turn that its values are sealed to."""

    table: str
    column: str
    row: str
    turn: str = "0"
    joined: str = ""
    key: str = "NULL, NULL"
    """SQL for the key id and the encrypted key of values that have a key of their own. Others are sealed under the master key."""
    beside: tuple[str, ...] = ()  # unencrypted columns that the values are bound to

    @property
    def name(self) -> str:
        """The name of the column in messages, such as `people.profile`."""
        return f"{self.table}.{self.column}"

    def query(self, position: str, condition: str) -> str:
        """Return the query for the next values that meet the condition, with everything that is needed to decrypt them."""
        columns = (f"{self.table}.{position}", self.name, self.row, self.turn, self.key, *self.beside)
        return (
            f"SELECT {', '.join(columns)} FROM {self.table} {self.joined.format(table=self.table)}"
            f" WHERE {condition} AND {self.name} IS NOT NULL ORDER BY {self.table}.{position} LIMIT {BATCH}"
        )


# Cases come before their keys: a case is opened by its key as it is wrapped under the old keys.
COLUMNS: tuple[Column, ...] = (
    Column("meta", "proof", "meta.id"),
    Column("people", "person", "people.mark"),
    Column(
        *("people", "profile", "people.mark", "people.turn"),
        beside=("people.card", "people.phase", "people.edition", "people.active", "people.has"),
    ),
    Column("people", "shown", "people.mark", "people.shows"),
    Column("standings", "body", "standings.mark", "people.turn", OF_PERSON),
    Column("rehearsals", "body", "rehearsals.mark", "people.turn", OF_PERSON),
    Column("cases", "head", "cases.mark", "cases.turn", beside=("cases.key",)),
    Column("cases", "body", "cases.mark", "cases.turn", OF_CASE, "case_keys.id, case_keys.wrapped"),
    Column("case_keys", "wrapped", "cases.mark", "case_keys.id", "LEFT JOIN cases ON cases.key = case_keys.id"),
    Column(
        *("case_people", "body", "case_people.mark"),
        beside=("case_people.kase", "case_people.person", "case_people.kind", "case_people.until"),
    ),
    Column("litter", "message", "litter.mark"),
    Column("editions", "instrument", "editions.fingerprint"),
    Column("tickets", "body", "tickets.mark", beside=("tickets.until",)),
    Column("audit", "entry", "audit.number"),
    Column("reminders", "body", "reminders.mark"),
    Column("contacts", "body", "contacts.contact"),
    Column("parcels", "body", "parcels.mark"),
    Column("rehearsal_parcels", "body", "rehearsal_parcels.mark"),
    Column("rooms", "body", "rooms.mark"),
    Column("sign_ins", "body", "sign_ins.mark"),
    Column("passes", "body", "passes.mark"),
    Column("monthly_counts", "body", "monthly_counts.month"),
    Column("restores", "body", "restores.mark"),
    Column("short_lived", "body", "short_lived.mark"),
    Column("teams", "body", "teams.mark"),
    Column("ledger", "sums", "ledger.id", "ledger.number"),
)
BESIDE = tuple(column for column in COLUMNS if column.name in ("people.profile", "tickets.body"))
"""The columns that were bound to what stands beside them when the ledger came."""


@dataclass(frozen=True, slots=True)
class Name:
    """A sealed column with the texts of which the key of its row is a keyed hash: the kind of the hash, and how to extract its texts."""

    column: str
    kind: str
    texts: Callable[[bytes], list[str]]


NAMES = (
    Name("people.person", "person", lambda plain: [plain.decode()]),
    Name("litter.message", "litter", lambda plain: json.loads(plain)[:2]),
    Name("reminders.body", "reminder", lambda plain: json.loads(plain)[:2]),
    Name("rooms.body", "room", lambda plain: json.loads(plain)[:1]),
    Name("teams.body", "team", lambda plain: json.loads(plain)[:1]),
    Name("cases.head", "case", lambda plain: [*case_texts((head := read_head(plain)).reference, head.number)]),
    Name("case_people.body", "tie", lambda plain: [*case_texts(*(tie := json.loads(plain))[:2]), tie[2]]),
)
MARKED = (
    *(("people", "mark"), ("standings", "mark"), ("rehearsals", "mark"), ("cases", "mark"), ("case_people", "mark")),
    *(("case_people", "kase"), ("case_people", "person"), ("parcels", "mark"), ("rehearsal_parcels", "mark")),
    *(("litter", "mark"), ("reminders", "mark"), ("rooms", "mark"), ("teams", "mark")),
)
"""Tables and columns with a keyed hash that changes in a key rotation. A hash by `KeyRing.lasting` does not change."""


@dataclass(frozen=True, slots=True)
class Value:
    """A sealed value as it is in the database, with everything that it is sealed to."""

    column: Column
    position: object
    sealed: object = field(repr=False)
    row: object
    turn: object
    key_id: int | None
    wrapped: object = field(repr=False)
    beside: tuple[object, ...] = field(kw_only=True)

    def opened(self, master: Sealer) -> bytes:
        """Return the decrypted value. Raise `StoreFault` if it was not sealed for this row and column under these keys."""
        if not isinstance(self.sealed, bytes):
            raise StoreFault(f"The database was changed from outside: a value of {self.column.name} is not sealed.")
        return self._sealer(master).unseal(self.sealed, self._place(self.row))

    def resealed(self, master: Sealer, plain: bytes, *, new: Sealer, marks: Mapping[object, bytes]) -> bytes:
        """Return `plain`, sealed under the new keys for the new hash of its row. A value with a key of its own is sealed under that key."""
        sealer = new if self.wrapped is None else self._sealer(master)
        return sealer.seal(plain, self._place(marks.get(self.row, self.row), marks))

    def _sealer(self, master: Sealer) -> Sealer:
        if self.key_id is None or not isinstance(self.wrapped, bytes):
            return master
        return unwrap(master, _row(self.row), key_id=self.key_id, wrapped=self.wrapped)

    def _place(self, row: object, marks: Mapping[object, bytes] = NO_MARKS) -> bytes:
        where = row if isinstance(row, int) else _row(row)
        turn = self.turn if isinstance(self.turn, int) else -1
        beside = tuple([marks.get(each, each) for each in self.beside])  # which may have the mark of another row
        return place(self.column.table, self.column.column, row=where, turn=turn, beside=beside)


@dataclass(frozen=True, slots=True)
class Opening:
    """The number of values that could be decrypted, and by column the number that could not."""

    opened: int
    closed: Mapping[str, int]


def open_everything(session: StoreSession, keys: KeyRing) -> Opening:
    """Decrypt every sealed value of a database, and return how many could be decrypted."""
    master, opened, closed = Sealer(keys.seal), 0, Counter[str]()
    for value in values(session, COLUMNS):
        try:
            value.opened(master)
        except StoreFault:
            closed[value.column.name] += 1
        else:
            opened += 1
    return Opening(opened, dict(closed))


def sealed_values(session: StoreSession) -> int:
    """Return the number of sealed values."""
    counts = (session.execute(f"SELECT count({item.column}) FROM {item.table}") for item in COLUMNS)
    return sum(cursor.fetchone()[0] for cursor in counts)


def demand_in_step(session: StoreSession, keys: KeyRing) -> Ledger:
    """Return the ledger after it verified every row. Raise `StoreFault` if a row is wrong: sealed again, it would count as right."""
    ledger = Ledger(keys, session)
    ledger.follow()
    if wrong := ledger.verify():
        raise StoreFault(f"{wrong} {RESTORE}")
    return ledger


def change_keys(session: StoreSession, *, old: KeyRing, new: KeyRing) -> None:
    """Verify every row, seal every value under the new keys, and write a new ledger, within a transaction that has begun."""
    ledger = demand_in_step(session, old)
    reseal(session, old, new=new)
    Ledger(new, session).count_anew(ledger.number + 1)


def reseal(session: StoreSession, old: KeyRing, *, new: KeyRing) -> dict[object, bytes]:
    """Seal every value and compute every keyed hash under the new keys. Return old hashes mapped to new. Raise `StoreFault` on damage."""
    # Rows refer to one another by their marks, which change one table after the other.
    session.defer_references()
    before, after = Sealer(old.seal), Sealer(new.seal)
    columns = {column.name: column for column in COLUMNS}
    marks = {
        value.row: new.mark(name.kind, *name.texts(value.opened(before)))
        for name in NAMES
        for value in values(session, (columns[name.column],))
    }
    for column in COLUMNS:
        found = values(session, (column,))
        while batch := tuple(islice(found, BATCH)):
            plain = [value.opened(before) for value in batch]
            fresh = [
                value.resealed(before, text, new=after, marks=marks) for value, text in zip(batch, plain, strict=True)
            ]
            places = [value.position for value in batch]
            session.replace(column.table, column.column, list(zip(places, fresh, strict=True)))
            if column.name == OF_MESSAGE:
                session.replace(
                    "litter", "whose", [(at, whose(text, new)) for at, text in zip(places, plain, strict=True)]
                )
    for table, name in MARKED:
        old_marks = [mark for (mark,) in session.execute(f"SELECT DISTINCT {name} FROM {table}").fetchall()]
        session.replace(table, name, [(mark, marks[mark]) for mark in old_marks], by=name)
    proof = after.seal(new.mark("proof"), place("meta", "proof", row=1))
    session.execute("UPDATE meta SET key = ?, proof = ?", (new.id, proof))
    return marks


def write(session: StoreSession, value: Value, sealed: bytes) -> None:
    """Replace a sealed value."""
    table = value.column.table
    statement = f"UPDATE {table} SET {value.column.column} = ? WHERE {session.position(table)} = ?"
    session.execute(statement, (sealed, value.position))


def say_whose(session: StoreSession, value: Value, *, plain: bytes, keys: KeyRing) -> None:
    """Write the keyed hash of the person into the row of a message to be removed."""
    session.replace("litter", "whose", [(value.position, whose(plain, keys))])


def whose(plain: bytes, keys: KeyRing) -> bytes:
    """Return the keyed hash of the person of a message to be removed."""
    return keys.mark("person", json.loads(plain)[0])


def values(session: StoreSession, columns: tuple[Column, ...]) -> Iterator[Value]:
    """Yield every value of these columns. They are read in batches, so the caller may update the row of a value."""
    for column in columns:
        position = session.position(column.table)
        rows = session.execute(column.query(position, "1 = 1")).fetchall()
        while rows:
            yield from (Value(column, *row[:6], beside=row[6:]) for row in rows)
            rows = session.execute(column.query(position, f"{column.table}.{position} > ?"), (rows[-1][0],)).fetchall()


def _row(value: object) -> bytes:
    """Return the key of a row as `place` takes it, or b"" for a row that belongs to nobody, to which no value is sealed."""
    return value.encode() if isinstance(value, str) else value if isinstance(value, bytes) else b""
