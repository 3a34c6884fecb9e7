"""The ledger of one connection: what rows add up to, kept sealed, with the number of every write that changed it.

A write takes off what a row was in the file and adds what it is, so that a difference made from outside never heals. What
another program wrote is looked at again, slot by slot, before anybody's row in it is used. People are counted twice, by two bytes
of their mark: somebody who is out of step is found where two wrong sums meet, and with 300 people that is nearly always one alone.
"""

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, Protocol

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.errors import DamagedValue, StoreFault
from bot.storage.counted_tables import COUNTED, PEOPLE, Row, StoredTable
from bot.storage.values import OutOfStep

SLOTS = 64
"""Sums over people by the first byte of their mark, and as many by the second."""

SUM_BYTES = 16
MODULUS = 1 << (8 * SUM_BYTES)
PLACES: Mapping[StoredTable, int] = {table: 2 * SLOTS + number for number, table in enumerate(COUNTED)}
"""The place of each table's sum; people have theirs as well, though they stand in slots too."""

EMPTY = bytes(SUM_BYTES * (2 * SLOTS + len(COUNTED)))
"""The sums over no row."""

READ = "SELECT number, sums FROM ledger"
KEEP = "UPDATE ledger SET number = ?, sums = ? WHERE id = 1"
BEGIN = """INSERT INTO ledger (id, number, sums) VALUES (1, ?, ?)
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, sums = excluded.sums"""
IN_SLOT = f"SELECT {PEOPLE.counted} FROM people WHERE mark >= ? AND mark < ? ORDER BY mark"
RESTORE = "Keep a copy of the file as it is, look with `seraf-bot check`, and restore the latest backup."


Values = dict[bytes, int | None]
"""By a person's mark, what their latest row adds to its sums; None where they had no row."""


class RowSource(Protocol):
    """What the ledger needs of a session."""

    execute: Callable[..., Any]

    def every_row(self, table: StoredTable) -> Iterator[Row]:
        """Yield what is counted of every row of a table."""
        ...


class LedgerPage(NamedTuple):
    """What lies in the ledger's row: its number, and its sums sealed and opened."""

    number: int
    sealed: bytes
    sums: bytes


class Counted(NamedTuple):
    """What a row added or took off, and for people whose it is and what their row adds now."""

    places: tuple[int, ...]
    amount: int
    mark: bytes | None
    now: int | None


class Ledger:
    """The ledger under one key ring. In each transaction that writes: `follow`, the work, `keep`; once it is durable, `confirm`."""

    def __init__(self, keys: KeyRing, session: RowSource) -> None:
        self._key, self._sealer, self._session = keys.derived("ledger"), Sealer(keys.seal), session
        self._page: LedgerPage | None = None
        self._kept: tuple[LedgerPage, Values] | None = None
        self._changes: list[Counted] = []
        self._known = _nobody()
        self._changed: Values = {}
        self._unverified = set(range(SLOTS))
        self._wrong: frozenset[int] = frozenset()
        self._refused: set[bytes] = set()
        self._is_refusal_new = False

    @property
    def number(self) -> int:
        """How many writes the ledger has counted."""
        return 0 if self._page is None else self._page.number

    def follow(self) -> None:
        """Begin a transaction: see what is in the database, and whether another program has written since.

        `StoreFault` when the ledger is missing or changed, or the database is older than what this process has seen.
        """
        self._changes.clear()
        self._changed = {}
        found = self._session.execute(READ).fetchone()
        # By the sealed sums too: they are sealed with a new nonce at each write, so that no other page is the same.
        if self._page is not None and found == self._page[:2]:
            self._kept = None
            return
        if self._kept is not None and found == self._kept[0][:2]:
            self.confirm()  # it failed in its last moment, and was kept after all
            return
        page = self._opened(found)
        if self._page is not None and page.number <= self._page.number:
            raise StoreFault(
                f"The file is an older copy: it was put in the place of the one that the bot wrote. {RESTORE}"
            )
        self._unverified |= self._written_by_others(page)
        self._page, self._kept, self._wrong = page, None, frozenset()

    def fold(self, table: StoredTable, before: Row | None, after: Row | None) -> None:
        """Take off what a row was, and add what it is; None where there was, or is, no row."""
        for sign, row in ((-1, before), (1, after)):
            if row is None:
                continue
            is_person = table is PEOPLE and isinstance(row[0], bytes)
            mark: bytes | None = row[0] if is_person else None
            amount = value(self._key, table, row)
            now = amount if is_person and sign > 0 else None
            self._changes.append(Counted(sums_of(table, row), sign * amount, mark, now))
            if mark is not None:
                self._changed[mark] = now

    def position(self) -> int:
        """Where the changes of this transaction are now."""
        return len(self._changes)

    def rewind(self, position: int) -> None:
        """Forget the changes since then: they were rolled back."""
        del self._changes[position:]
        self._changed = {each.mark: each.now for each in self._changes if each.mark is not None}

    def keep(self) -> None:
        """End a transaction: keep the new sums under the next number, where a counted row changed. They count from `confirm` on."""
        if not self._changes:
            return
        assert self._page is not None
        page = self._sealed(self._page.number + 1, self._now(self._page))
        if self._session.execute(KEEP, page[:2]).rowcount != 1:
            raise _damaged()
        self._kept = page, self._changed

    def confirm(self) -> None:
        """The transaction is durable, and what was kept in it is what is in the database."""
        if self._kept is not None:
            for mark, now in self._kept[1].items():
                self._known[slots(mark)[0]][mark] = now
            self._page, self._kept = self._kept[0], None

    # Before a row is used.

    def demand_in_step(self, mark: bytes, row: Row | None) -> None:
        """Raise `DamagedValue` unless a person's row, as it is counted, is the latest; None stands for no row."""
        slot = slots(mark)[0]
        if slot in self._unverified:
            self._verify_slot(slot)
        expected = self._changed[mark] if mark in self._changed else self._known[slot].get(mark)
        now = None if row is None else value(self._key, PEOPLE, row)
        if now != expected or (self._wrong and self._is_wrong(mark)):
            self._is_refusal_new |= mark not in self._refused
            self._refused.add(mark)
            raise DamagedValue(
                "The database was changed from outside: what is kept of one person is not what the bot wrote last. That"
                f" person is refused, and nobody else. {RESTORE}"
            )

    def look_ahead(self) -> bool:
        """Look at the people of a slot whom nobody has asked for yet, so that a turn about many need not. Return False if there is none."""
        if not self._unverified:
            return False
        self._verify_slot(min(self._unverified))
        return True

    def demand_table(self, table: StoredTable) -> None:
        """Raise `StoreFault` unless every row of a table, and no other, is there."""
        assert self._page is not None
        if PLACES[table] in sums_unlike(self._counted(table), self._now(self._page)):
            raise StoreFault(f"{OutOfStep((table.holds,))} {RESTORE}")

    def is_refusal_new(self) -> bool:
        """Return True if somebody was refused who had not been before; asked once each."""
        is_new, self._is_refusal_new = self._is_refusal_new, False
        return is_new

    # All of it.

    def verify(self) -> OutOfStep:
        """Count every row, within a transaction that was begun; from now on people who are out of step are refused."""
        assert self._page is not None
        counted, known = EMPTY, _nobody()
        for table in COUNTED:
            counted = self._counted(table, onto=counted, known=known)
        wrong = sums_unlike(counted, self._now(self._page))
        self._unverified, self._wrong = set(), frozenset(each for each in wrong if each < 2 * SLOTS)
        for slot in known:
            self._know(slot, known[slot])
        what = tuple(table.holds for table in COUNTED if PLACES[table] in wrong)
        return OutOfStep(what, sum(map(self._is_wrong, chain.from_iterable(known.values()))))

    def demand_all_in_step(self) -> None:
        """Raise `StoreFault` unless every row is what was written last."""
        found = self.verify()
        if found:
            raise StoreFault(f"{found} {RESTORE}")

    def count_anew(self, number: int, *, tables: tuple[StoredTable, ...] = COUNTED) -> None:
        """Take what is there for what belongs there: only where it was made, resealed, or accepted by an operator."""
        counted = EMPTY
        for table in tables:
            counted = self._counted(table, onto=counted)
        page = self._sealed(number, counted)
        self._session.execute(BEGIN, page[:2])

    def _written_by_others(self, page: LedgerPage) -> set[int]:
        """Return the slots whose sums differ from those of the last page; all of them if a sum was wrong, or no page was read yet."""
        if self._page is None or self._wrong:
            return set(range(SLOTS))
        return {each for each in sums_unlike(self._page.sums, page.sums) if each < SLOTS}

    def _verify_slot(self, slot: int) -> None:
        """Look at the people of one slot; where it does not add up, at everything, to see who it is."""
        assert self._page is not None
        known = _nobody()
        counted = self._counted(PEOPLE, self.people_in(slot), known=known)
        if slot in sums_unlike(counted, self._now(self._page)):
            self.verify()
            return
        self._unverified.discard(slot)
        self._know(slot, known[slot])

    def people_in(self, slot: int) -> Sequence[Row]:
        """Return what is counted of the people whose mark begins as this slot says."""
        first, last = slot * 256 // SLOTS, (slot + 1) * 256 // SLOTS
        end = bytes([last]) if last < 256 else b"\xff" * 33
        rows: Sequence[Row] = self._session.execute(IN_SLOT, (bytes([first]), end)).fetchall()
        return rows

    def _know(self, slot: int, people: Values) -> None:
        """Go by these people of a slot, and no others. Of those whom this transaction has changed, by what was before it: it may
        still be rolled back.
        """
        before = self._known[slot]
        changed = {mark: before.get(mark) for mark in self._changed if slots(mark)[0] == slot}
        self._known[slot] = people | changed

    def _is_wrong(self, mark: object) -> bool:
        """Return True if both sums of a person are wrong, or the only one of a kind in which any is wrong."""
        first, second = slots(mark)
        are_first = any(each < SLOTS for each in self._wrong)
        are_second = any(each >= SLOTS for each in self._wrong)
        is_first, is_second = first in self._wrong or not are_first, second in self._wrong or not are_second
        return bool(self._wrong) and is_first and is_second

    def _counted(
        self,
        table: StoredTable,
        rows: Iterable[Row] | None = None,
        *,
        onto: bytes = EMPTY,
        known: dict[int, Values] | None = None,
    ) -> bytes:
        """Return the sums with these rows, or all of a table; what each person's adds is noted in `known`, by their slot."""
        key = self._key
        totals: dict[int, int] = {}
        for row in self._session.every_row(table) if rows is None else rows:
            amount, places = value(key, table, row), sums_of(table, row)
            for each in places:
                totals[each] = totals.get(each, 0) + amount
            if known is not None and table is PEOPLE and isinstance(row[0], bytes):
                known[places[0]][row[0]] = amount
        return added(onto, [((at,), total) for at, total in totals.items()])

    def _now(self, page: LedgerPage) -> bytes:
        totals: dict[tuple[int, ...], int] = {}
        for each in self._changes:
            totals[each.places] = totals.get(each.places, 0) + each.amount
        return added(page.sums, totals.items())

    def _sealed(self, number: int, sums: bytes) -> LedgerPage:
        return LedgerPage(number, self._sealer.seal(sums, _place(number)), sums)

    def _opened(self, found: tuple[object, ...] | None) -> LedgerPage:
        match found:
            case (int(number), bytes(sealed)):
                sums = self._sealer.unseal(sealed, _place(number))
                return LedgerPage(number, sealed, sums.ljust(len(EMPTY), b"\0"))  # tables that came since have no row
            case _:
                raise _damaged()


def value(key: bytes, table: StoredTable, row: Sequence[object]) -> int:
    """Return what a row adds to its sums: a keyed hash of its table and of every value with its type."""
    whole = repr((table.name, *row)).encode(errors="surrogatepass")
    return int.from_bytes(hmac.digest(key, whole, "sha256")[:SUM_BYTES])


def slots(mark: object) -> tuple[int, int]:
    """Return the two slots of a person's mark. What is no mark is counted with the first ones."""
    first, second = mark[:2] if isinstance(mark, bytes) and len(mark) > 1 else (0, 0)
    return first * SLOTS >> 8, SLOTS + (second * SLOTS >> 8)


def sums_of(table: StoredTable, row: Sequence[object]) -> tuple[int, ...]:
    """Return the sums that a row is counted in."""
    return (*slots(row[0]), PLACES[table]) if table is PEOPLE else (PLACES[table],)


def added(sums: bytes, changes: Iterable[tuple[tuple[int, ...], int]]) -> bytes:
    """Return the sums with something added at some places."""
    fresh = bytearray(sums)
    for where, amount in changes:
        for each in where:
            at = each * SUM_BYTES
            # A sum and no exclusive or, in which two equal changes would vanish (ADR 0053).
            total = int.from_bytes(fresh[at : at + SUM_BYTES]) + amount
            fresh[at : at + SUM_BYTES] = (total % MODULUS).to_bytes(SUM_BYTES)
    return bytes(fresh)


def sums_unlike(one: bytes, other: bytes) -> frozenset[int]:
    """Return the places at which the sums differ."""
    steps = range(0, len(one), SUM_BYTES)
    return frozenset(at // SUM_BYTES for at in steps if one[at : at + SUM_BYTES] != other[at : at + SUM_BYTES])


def _nobody() -> dict[int, Values]:
    """Nobody, in every slot."""
    return {slot: {} for slot in range(SLOTS)}


def _place(number: int) -> bytes:
    return place("ledger", "sums", row=1, turn=number)


def _damaged() -> StoreFault:
    return StoreFault(f"The database was changed from outside: its ledger is missing. {RESTORE}")
