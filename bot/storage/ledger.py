"""The ledger: sealed sums over all rows of a database, which show a change from outside, and the number of writes.

A write subtracts the row as the file has it and adds the new one, so that a change from outside remains as a difference.
After a write by another program, each slot of people and of cases is verified before its rows are used. A person is counted
in two slots, by two bytes of their mark. If both sums are wrong, so is the row: among 300 people, nearly always that of one.
A case is counted so too, together with every tie of a person to it.
"""

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.errors import DamagedValue, StoreFault
from bot.storage.values import OutOfStep

Row = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class StoredTable:
    """A table, a phrase for its rows (`holds`, empty if they are not counted), and its counted columns, the
    first of which is its key.

    Of a sealed column only the nonce is counted. It was used for one value only, and another value under it does not open.
    """

    name: str
    holds: str
    columns: tuple[str, ...]
    sealed: tuple[str, ...] = ("body",)
    is_erased: bool = False  # a deleted row must be gone from every file before anybody is notified
    owner: int | None = None
    """The index of the column with the mark of the person or case that is refused if the row is wrong, or None."""

    @cached_property
    def key(self) -> str:
        """The name of the key column."""
        return self.columns[0]

    @cached_property
    def counted(self) -> str:
        """The SQL expressions for the counted values, separated by commas."""
        return ", ".join((*self.columns, *(f"substr({name}, 2, 12)" for name in self.sealed)))

    @cached_property
    def watched(self) -> frozenset[str]:
        """The columns that the ledger counts. Empty for a table that is not counted."""
        return frozenset((*self.columns, *self.sealed)) if self.holds else frozenset()

    def row(self, sent: Mapping[str, Any], before: Sequence[Any] = ()) -> Row:
        """Return the counted values of a row after the columns in `sent` are written. The other columns keep their values from `before`."""
        row = []  # loops, since this runs several times a tap
        for at, name in enumerate(self.columns):
            row.append(sent[name] if name in sent else before[at])
        for at, name in enumerate(self.sealed, len(self.columns)):
            row.append(sent[name][1:13] if name in sent else before[at])  # the nonce
        return tuple(row)


PEOPLE = StoredTable("people", "people", ("mark", "turn", "due"), ("profile",), owner=0)
CODES = StoredTable("tickets", "codes of invitations", ("mark", "until"), is_erased=True)
MONTHS = StoredTable(
    "audit_segments", "months of the audit", ("month", "first", "count", "start", "head", "dropped"), ()
)
SIGN_INS = StoredTable("sign_ins", "sign-ins of browsers", ("mark", "until"))
# Nothing reads the name of the bot (`bot`) that earlier releases wrote: whoever can write the file could redirect a link by it.
META = StoredTable("meta", "the name of the bot or of its keys", ("id", "key", "bot"), ("proof",))
MESSAGES = StoredTable("litter", "messages to be removed", ("mark", "born"), ("message",))
EDITIONS = StoredTable("editions", "editions of the instrument", ("fingerprint",), ("instrument",))
REMINDERS = StoredTable("reminders", "reminders of reviews", ("mark", "due"), is_erased=True)
CONTACTS = StoredTable("contacts", "checks of contacts", ("contact",))
DOCUMENTS = StoredTable("parcels", "documents to be sent", ("mark",))
REHEARSAL_DOCUMENTS = StoredTable("rehearsal_parcels", "documents of rehearsals", ("mark",))
ROOMS = StoredTable("rooms", "rooms of rehearsals", ("mark", "until"), is_erased=True)
PASSES = StoredTable("passes", "passes to rooms", ("mark", "until"))
COUNTS = StoredTable("monthly_counts", "counts by month", ("month",))
RESTORES = StoredTable("restores", "a restore that nobody has confirmed", ("mark",))
CASES = StoredTable("cases", "SERAFs", ("mark", "turn"), ("head",), owner=0)
CASE_PEOPLE = StoredTable("case_people", "who has which SERAF", ("mark", "kase", "person", "kind", "until"), owner=1)

TEAMS = StoredTable("teams", "teams", ("mark",))

COUNTED = (
    *(PEOPLE, CODES, MONTHS, META, MESSAGES, EDITIONS, REMINDERS, CONTACTS),
    *(DOCUMENTS, REHEARSAL_DOCUMENTS, ROOMS, SIGN_INS, PASSES, COUNTS, RESTORES, CASES, CASE_PEOPLE, TEAMS),
)
"""The counted tables, in the order of their sums. Add a new table at the end: earlier ledgers count it as empty."""

STANDINGS = StoredTable("standings", "", ("mark",))
REHEARSALS = StoredTable("rehearsals", "", ("mark",), is_erased=True)
CASE_KEYS = StoredTable("case_keys", "", ("id",), is_erased=True)
ENTRIES = StoredTable("audit", "", ("number",))
EVENT_KEYS = StoredTable("inbound", "", ("mark",))
SHORT_LIVED = StoredTable("short_lived", "", ("mark",))

STORED = (*COUNTED, STANDINGS, REHEARSALS, CASE_KEYS, ENTRIES, EVENT_KEYS, SHORT_LIVED)
"""All tables but the ledger itself."""

KEYS: Mapping[str, str] = {**{table.name: table.key for table in STORED}, "ledger": "id"}
"""The name of each table's key column."""

ERASED = tuple(table.name for table in STORED if table.is_erased or table is STANDINGS)
"""The tables with rows that must be gone from every file once they are deleted or shortened."""

LEFT_OUT: Mapping[str, str] = {
    "people.card": "in the seal of the profile, and so are phase, edition, active and has",
    "people.phase": "in the seal of the profile",
    "people.edition": "in the seal of the profile",
    "people.active": "in the seal of the profile",
    "people.has": "in the seal of the profile: whether there are a standing and a rehearsal, and how many cases the person holds",
    "standings": "sealed to the person's turn, which no two of their rows share",
    "rehearsals": "sealed to the person's turn",
    "cases.key": "in the seal of the head",
    "cases.body": "sealed under the case's own key, to the turn of its row",
    "case_keys": "a case opens with its own alone",
    "audit": "chained; its months are counted",
    "people.person": "names the mark that it is sealed to",
    "people.shows": "what the chat shows; an older card is drawn again",
    "people.shown": "what the chat shows",
    "people.born": "when the live card was sent; an older one is replaced too early",
    "people.owed": "whether the card is to be drawn; it is drawn again after a start",
    "litter.whose": "names the sealed person, who is looked at; a message that it hides is removed by the hourly round",
    "meta.polled": "when the channel last asked; it changes twice a minute, and says only that there was an outage",
    "meta.moved": "where the store was moved to; whoever writes it closes the store, or opens one that was moved, and its ledger is behind",
    "inbound": "a repeat counts once by it; whoever can repeat an event has no reason to, or no time: Telegram gives none again that"
    " was confirmed, and what a provider signed is too old in minutes",
    "short_lived": "whoever removes a row or puts one back gains tries at a code of 68 bits, or shows a toast again",
    "ledger": "sealed to its own number",
}
"""The tables and columns that are not counted, each with the reason. A test fails for a column that is neither here nor in `COUNTED`."""


SLOTS = 64  # number of sums over people, or over cases, by the first byte of their mark, and again by the second byte
SUM_BYTES = 16
MODULUS = 1 << (8 * SUM_BYTES)
PLACES: Mapping[StoredTable, int] = {table: 2 * SLOTS + number for number, table in enumerate(COUNTED)}
"""The index of each table's sum. The tables of people and of cases have one too, besides the sums of their slots."""

OF_CASES = 2 * SLOTS + 64  # the index of the first sum of the slots of cases, after room for 64 tables
FIRST: Mapping[StoredTable, int] = {PEOPLE: 0, CASES: OF_CASES, CASE_PEOPLE: OF_CASES}
"""The index of the first sum of a table's slots."""

STARTS = (*range(SLOTS), *range(OF_CASES, OF_CASES + SLOTS))  # the slots by the first byte, of people and of cases
EMPTY = bytes(SUM_BYTES * (OF_CASES + 2 * SLOTS))  # the sums of a store without rows
RESTORE = "Keep a copy of the file as it is, look with `seraf-bot check`, and restore the latest backup."


Values = dict[bytes, int]  # what the rows of each person or case add to the sums, by their mark


Head = tuple[str | None, int | None, bytes | None]
"""The name of the keys in the database, and the number and the sealed sums of its ledger; None for what is missing.

In a store that was moved to another place the name counts as missing.
"""


class Counting(Protocol):
    """What the ledger uses of a session."""

    execute: Callable[..., Any]

    def head(self) -> Head:
        """Return the name of the keys, and the ledger's row."""

    def demand_one(self, answer: Any, missing: Callable[[], StoreFault]) -> None:
        """Raise a fault unless a statement wrote exactly one row: now, or at the latest before the commit."""

    def every_row(self, table: StoredTable) -> Iterator[Row]:
        """Yield the counted values of every row of a table. If the rows cannot be complete, also yield one that no table has."""


class LedgerPage(NamedTuple):
    """The row of the ledger: the number of writes, the sealed sums, and the same sums decrypted."""

    number: int
    sealed: bytes
    sums: bytes


class Counted(NamedTuple):
    """An amount to add to the sums at these indexes. For a row of a person or case, also their mark."""

    places: tuple[int, ...]
    amount: int
    mark: bytes | None


class Ledger:
    """The ledger of a database, under one key ring. A writing transaction calls `follow` first, `keep` last, and `confirm` once durable."""

    def __init__(self, keys: KeyRing, session: Counting) -> None:
        self._key, self._sealer, self._session = keys.derived("ledger"), Sealer(keys.seal), session
        self._execute = session.execute
        self._page: LedgerPage | None = None
        self._kept: tuple[LedgerPage, dict[tuple[int, bytes], int]] | None = None
        self._changes: list[Counted] = []
        self._known = _empty_slots()
        self._changed: dict[
            tuple[int, bytes], int
        ] = {}  # by how much the rows of a person or case add more, by slot and mark
        self._unverified = set(STARTS)
        self._wrong: frozenset[int] = frozenset()
        self._refused: set[bytes] = set()
        self._is_refusal_new = False

    @property
    def number(self) -> int:
        """The number of writes that the ledger has counted."""
        return 0 if self._page is None else self._page.number

    def follow(self, row: Sequence[Any] = ()) -> None:
        """Read the ledger, unless its row is given, and note slots that another program changed.

        Raise `StoreFault` if the ledger is missing, altered or older.
        """
        self._changes.clear()
        self._changed = {}
        row = tuple(row or self._session.head()[1:])
        # The sealed sums are compared too: each write seals them with a new nonce, so no two pages are the same.
        if self._page is not None and row == self._page[:2]:
            self._kept = None
            return
        if self._kept is not None and row == self._kept[0][:2]:
            self.confirm()  # the commit reported an error, and was durable after all
            return
        match row:
            case (int(number), bytes(sealed)):
                sums = self._sealer.unseal(sealed, _place(number))
                page = LedgerPage(number, sealed, sums.ljust(len(EMPTY), b"\0"))  # later tables have no row
            case _:
                raise _missing()
        if self._page is not None and page.number <= self._page.number:
            raise StoreFault(
                f"The file is an older copy: it was put in the place of the one that the bot wrote. {RESTORE}"
            )
        if self._page is None or self._wrong:
            self._unverified = set(STARTS)
        else:
            self._unverified |= sums_unlike(self._page.sums, page.sums).intersection(STARTS)
        self._page, self._kept, self._wrong = page, None, frozenset()

    def fold(self, table: StoredTable, before: Row | None, after: Row | None) -> None:
        """Record that a row changed from the counted values `before` to `after`. None means that there is no row."""
        for sign, row in ((-1, before), (1, after)):
            if row is None:
                continue
            owner = None if table.owner is None else row[table.owner]
            change = Counted(
                sums_of(table, row), sign * value(self._key, table, row), owner if isinstance(owner, bytes) else None
            )
            self._changes.append(change)
            self._add(change)

    def _add(self, change: Counted) -> None:
        if change.mark is not None:
            key = change.places[0], change.mark
            self._changed[key] = (self._changed.get(key, 0) + change.amount) % MODULUS

    def position(self) -> int:
        """Return the number of row changes that were recorded in this transaction so far."""
        return len(self._changes)

    def rewind(self, position: int) -> None:
        """Discard the row changes recorded after this position, since they were rolled back."""
        del self._changes[position:]
        self._changed = {}
        for change in self._changes:
            self._add(change)

    def keep(self) -> None:
        """If a counted row changed, write the new sums with the next number. The ledger uses them only after `confirm`."""
        if not self._changes:
            return
        assert self._page is not None
        page = self._sealed(self._page.number + 1, self._now(self._page))
        updated = self._execute("UPDATE ledger SET number = ?, sums = ? WHERE id = 1", page[:2])
        self._session.demand_one(updated, _missing)
        self._kept = page, self._changed

    def confirm(self) -> None:
        """From now on, use the sums that `keep` wrote. Callers call this once the transaction is durable."""
        if self._kept is not None:
            for (slot, mark), more in self._kept[1].items():
                self._known[slot][mark] = (self._known[slot].get(mark, 0) + more) % MODULUS
            self._page, self._kept = self._kept[0], None

    def demand_in_step(self, mark: bytes, rows: Sequence[tuple[StoredTable, Row]]) -> None:
        """Raise `DamagedValue` unless `rows` are all rows of the person or case, with the counted values last written.

        The first row says which of the two it is; a person without a row is passed as no row.
        """
        first = FIRST[rows[0][0]] if rows else 0
        slot = slots(mark, first)[0]
        if slot in self._unverified:
            self._verify_slot(slot)
        expected = (self._known[slot].get(mark, 0) + self._changed.get((slot, mark), 0)) % MODULUS
        now = sum([value(self._key, table, row) for table, row in rows]) % MODULUS
        if now != expected or (self._wrong and self._is_wrong(mark, first)):
            self._is_refusal_new |= mark not in self._refused
            self._refused.add(mark)
            whose = (
                "SERAF is not what the bot wrote last. That SERAF"
                if first
                else "person is not what the bot wrote last. That person"
            )
            raise DamagedValue(
                f"The database was changed from outside: what is kept of one {whose} is refused, and nobody else. {RESTORE}"
            )

    def look_ahead(self) -> bool:
        """Verify one slot, so that a later transaction need not. Return False if every slot was verified already."""
        if not self._unverified:
            return False
        self._verify_slot(min(self._unverified))
        return True

    def demand_table(self, table: StoredTable) -> None:
        """Raise `StoreFault` if any row of the table was changed, added or removed from outside."""
        assert self._page is not None
        if PLACES[table] in sums_unlike(self._counted(table), self._now(self._page)):
            raise StoreFault(f"{OutOfStep((table.holds,))} {RESTORE}")

    def is_refusal_new(self) -> bool:
        """Return True if, since the last call, a person was refused who had not been refused before."""
        is_new, self._is_refusal_new = self._is_refusal_new, False
        return is_new

    def verify(self) -> OutOfStep:
        """Verify every row, and return the kinds of rows that are wrong. The people concerned are refused from now on."""
        assert self._page is not None
        counted, known = EMPTY, _empty_slots()
        for table in COUNTED:
            counted = self._counted(table, onto=counted, known=known)
        wrong = sums_unlike(counted, self._now(self._page))
        tables = {PLACES[table]: table for table in COUNTED}
        self._unverified, self._wrong = set(), wrong - tables.keys()
        for slot in known:
            self._know(slot, known[slot])
        what = tuple(table.holds for place, table in tables.items() if place in wrong)
        refused = [(slot, mark) for slot, marks in known.items() for mark in marks]
        refused = [(slot, mark) for slot, mark in refused if self._is_wrong(mark, _first(slot))]
        people = sum(slot < OF_CASES for slot, _ in refused)
        return OutOfStep(what, people, len(refused) - people)

    def count_anew(self, number: int, *, tables: tuple[StoredTable, ...] = COUNTED) -> None:
        """Write a new ledger that accepts all rows as they are. Only for a new or newly sealed store, or one that an operator accepts."""
        counted = EMPTY
        for table in tables:
            counted = self._counted(table, onto=counted)
        statement = """INSERT INTO ledger (id, number, sums) VALUES (1, ?, ?)
            ON CONFLICT (id) DO UPDATE SET number = excluded.number, sums = excluded.sums"""
        self._execute(statement, self._sealed(number, counted)[:2])

    def _verify_slot(self, slot: int) -> None:
        """Verify the rows of one slot. If its sum is wrong, verify all rows, to find the person or case whose row is wrong."""
        assert self._page is not None
        known, counted = _empty_slots(), EMPTY
        for table in FIRST:
            if FIRST[table] == _first(slot):
                counted = self._counted(table, self.rows_in(slot, table), onto=counted, known=known)
        if slot in sums_unlike(counted, self._now(self._page)):
            self.verify()
            return
        self._unverified.discard(slot)
        self._know(slot, known[slot])

    def rows_in(self, slot: int, table: StoredTable) -> Sequence[Row]:
        """Return the counted values of a table's rows in a slot, which covers a range of the first byte of a mark."""
        at = slot - FIRST[table]
        first, last = at * 256 // SLOTS, (at + 1) * 256 // SLOTS
        end = bytes([last]) if last < 256 else b"\xff" * 33
        assert table.owner is not None
        owner = table.columns[table.owner]
        statement = f"SELECT {table.counted} FROM {table.name} WHERE {owner} >= ? AND {owner} < ? ORDER BY {owner}"
        rows: Sequence[Row] = self._execute(statement, (bytes([first]), end)).fetchall()
        return rows

    def _know(self, slot: int, rows: Values) -> None:
        """Remember these values of a slot, without what was changed in this transaction, which may still be rolled back."""
        own = {mark: more for (at, mark), more in self._changed.items() if at == slot}
        self._known[slot] = rows | {mark: (rows.get(mark, 0) - more) % MODULUS for mark, more in own.items()}

    def _is_wrong(self, mark: object, base: int) -> bool:
        """Return True if both sums that count a person or case are wrong, or one of them while all sums by the other byte are right."""
        first, second = slots(mark, base)
        are_first = any(base <= place < base + SLOTS for place in self._wrong)
        are_second = any(base + SLOTS <= place < base + 2 * SLOTS for place in self._wrong)
        is_first, is_second = first in self._wrong or not are_first, second in self._wrong or not are_second
        return (are_first or are_second) and is_first and is_second

    def _counted(
        self,
        table: StoredTable,
        rows: Iterable[Row] | None = None,
        *,
        onto: bytes = EMPTY,
        known: dict[int, Values] | None = None,
    ) -> bytes:
        """Return the sums `onto` with the values of these rows, or of all rows, added. Note those by owner in `known`, by slot."""
        totals: dict[int, int] = {}
        for row in self._session.every_row(table) if rows is None else rows:
            amount, places = value(self._key, table, row), sums_of(table, row)
            for index in places:
                totals[index] = totals.get(index, 0) + amount
            owner = None if table.owner is None or known is None else row[table.owner]
            if known is not None and isinstance(owner, bytes):
                known[places[0]][owner] = (known[places[0]].get(owner, 0) + amount) % MODULUS
        return added(onto, [((at,), total) for at, total in totals.items()])

    def _now(self, page: LedgerPage) -> bytes:
        totals: dict[tuple[int, ...], int] = {}
        for change in self._changes:
            totals[change.places] = totals.get(change.places, 0) + change.amount
        return added(page.sums, totals.items())

    def _sealed(self, number: int, sums: bytes) -> LedgerPage:
        return LedgerPage(number, self._sealer.seal(sums, _place(number)), sums)


def value(key: bytes, table: StoredTable, row: Sequence[object]) -> int:
    """Return the number that a row adds to its sums: a keyed hash of the table's name and of the row's values with their types."""
    whole = repr((table.name, *row)).encode(errors="surrogatepass")
    return int.from_bytes(hmac.digest(key, whole, "sha256")[:SUM_BYTES])


def slots(mark: object, base: int = 0) -> tuple[int, int]:
    """Return the indexes of the two sums that count a mark. A value that is not a mark gets the first index of each half."""
    first, second = mark[:2] if isinstance(mark, bytes) and len(mark) > 1 else (0, 0)
    return base + (first * SLOTS >> 8), base + SLOTS + (second * SLOTS >> 8)


def sums_of(table: StoredTable, row: Sequence[object]) -> tuple[int, ...]:
    """Return the indexes of the sums that count this row."""
    if table.owner is None:
        return (PLACES[table],)
    return (*slots(row[table.owner], FIRST[table]), PLACES[table])


def added(sums: bytes, changes: Iterable[tuple[tuple[int, ...], int]]) -> bytes:
    """Return the sums after adding each amount at each of its indexes."""
    fresh = bytearray(sums)
    for places, amount in changes:
        for index in places:
            at = index * SUM_BYTES
            # A sum and not an exclusive or, in which two equal changes would cancel out (ADR 0053).
            total = int.from_bytes(fresh[at : at + SUM_BYTES]) + amount
            fresh[at : at + SUM_BYTES] = (total % MODULUS).to_bytes(SUM_BYTES)
    return bytes(fresh)


def sums_unlike(one: bytes, other: bytes) -> frozenset[int]:
    """Return the indexes at which the sums differ."""
    steps = range(0, len(one), SUM_BYTES)
    return frozenset(at // SUM_BYTES for at in steps if one[at : at + SUM_BYTES] != other[at : at + SUM_BYTES])


def _empty_slots() -> dict[int, Values]:
    return {slot: {} for slot in STARTS}


def _first(slot: int) -> int:
    return OF_CASES if slot >= OF_CASES else 0


def _place(number: int) -> bytes:
    return place("ledger", "sums", row=1, turn=number)


def _missing() -> StoreFault:
    return StoreFault(f"The database was changed from outside: its ledger is missing. {RESTORE}")
