"""The ledger of one connection: what rows add up to, kept sealed, with the number of every write that changed it.

A write takes off what a row was in the file and adds what it is, so that a difference made from outside never heals. What
another program wrote is looked at again, slot by slot, before anybody's row in it is used.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.errors import DamagedValue, StoreFault
from bot.storage.sqlite.ledger.bound_tables import BOUND, PEOPLE, BoundTable
from bot.storage.sqlite.ledger.counting import TABLE, Row, people_in_slot, rows_of
from bot.storage.sqlite.ledger.sums import EMPTY, SLOTS, TABLES, added, slots, sums_of, sums_unlike, value
from bot.storage.sqlite.ledger.triggers import set_triggers
from bot.storage.values import OutOfStep

READ = "SELECT number, sums FROM ledger"
KEEP = "UPDATE ledger SET number = ?, sums = ? WHERE id = 1"
BEGIN = """INSERT INTO ledger (id, number, sums) VALUES (1, ?, ?)
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, sums = excluded.sums"""
RESTORE = "Keep a copy of the file as it is, look with `seraf-bot check`, and restore the latest backup."


Nonces = dict[bytes, bytes | None]
"""By a person's mark, the nonce of their latest profile; None where they had no row."""


class LedgerPage(NamedTuple):
    """What lies in the ledger's row: its number, and its sums sealed and opened."""

    number: int
    sealed: bytes
    sums: bytes


class Counted(NamedTuple):
    """What a row added or took off, and for people whose it is and the nonce it has now."""

    places: tuple[int, ...]
    amount: int
    mark: bytes | None
    nonce: bytes | None


class Ledger:
    """The ledger under one key ring, on the thread of its connection."""

    def __init__(self, keys: KeyRing) -> None:
        self._key, self._sealer = keys.derived("ledger"), Sealer(keys.seal)
        self._page: LedgerPage | None = None
        self._kept: tuple[LedgerPage, Nonces] | None = None
        self._changes: list[Counted] = []
        self._nonces: Nonces = {}
        self._changed: Nonces = {}
        self._unverified = set(range(SLOTS))
        self._wrong: frozenset[int] = frozenset()
        self._refused: set[bytes] = set()
        self._is_refusal_new = False

    # Each transaction: follow, work, keep.

    def attach(self, database: sqlite3.Connection) -> None:
        """Be told of every write of this connection from now on."""
        set_triggers(database, self._fold)

    def follow(self, database: sqlite3.Connection) -> None:
        """Begin a transaction: see what is in the file, and whether another program has written since.

        `StoreFault` when the ledger is missing or changed, or the file is older than what this process has seen.
        """
        self._changes.clear()
        self._changed = {}
        found = database.execute(READ).fetchone()
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

    def keep(self, database: sqlite3.Connection, *, least: int = 0) -> None:
        """End a transaction that wrote: keep the new sums, under the next number or this one. They count from `confirm` on."""
        if not self._changes and not least:
            return
        assert self._page is not None
        page = self._sealed(max(self._page.number + 1, least), self._now(self._page))
        if database.execute(KEEP, page[:2]).rowcount != 1:
            raise _damaged()
        self._kept = page, self._changed

    def confirm(self) -> None:
        """The transaction is durable, and what was kept in it is what is in the file."""
        if self._kept is not None:
            self._nonces |= self._kept[1]
            self._page, self._kept = self._kept[0], None

    def position(self) -> int:
        """Where the changes of this transaction are now."""
        return len(self._changes)

    def rewind(self, position: int) -> None:
        """Forget the changes since then: they were rolled back."""
        del self._changes[position:]
        self._changed = {each.mark: each.nonce for each in self._changes if each.mark is not None}

    # Before a row is used.

    def demand_in_step(self, database: sqlite3.Connection, mark: bytes, *, profile: object) -> None:
        """`DamagedValue` unless a person's row (`profile` is its sealed value, None where there is no row) is the latest."""
        if slots(mark)[0] in self._unverified:
            self._verify_slot(database, slots(mark)[0])
        expected = self._changed[mark] if mark in self._changed else self._nonces.get(mark)
        nonce = bytes(profile[1:13]) if isinstance(profile, bytes) else None
        if nonce != expected or self._is_wrong(mark):
            self._is_refusal_new |= mark not in self._refused
            self._refused.add(mark)
            raise DamagedValue(
                "The database was changed from outside: what is kept of one person is not what the bot wrote last. That"
                f" person is refused, and nobody else. {RESTORE}"
            )

    def look_ahead(self, database: sqlite3.Connection) -> bool:
        """Look at the people of one slot of whom nobody has asked yet, so that a turn about many need not; false where there is none."""
        if not self._unverified:
            return False
        self._verify_slot(database, min(self._unverified))
        return True

    def demand_table(self, database: sqlite3.Connection, table: str) -> None:
        """`StoreFault` unless every row of a table, and no other, is there."""
        assert self._page is not None
        counted = self._counted(rows_of(database, table), table)
        if TABLES[table] in sums_unlike(counted, self._now(self._page)):
            raise StoreFault(f"{OutOfStep((TABLE[table].holds,))} {RESTORE}")

    def is_refusal_new(self) -> bool:
        """Whether somebody was refused who had not been before; asked once each."""
        is_new, self._is_refusal_new = self._is_refusal_new, False
        return is_new

    # All of it.

    def verify(self, database: sqlite3.Connection) -> OutOfStep:
        """Count every row, within a transaction that was begun; from now on people who are out of step are refused."""
        assert self._page is not None
        counted, nonces = EMPTY, Nonces()
        for table in BOUND:
            rows = rows_of(database, table.name)
            noted = _noting(rows, nonces) if table is PEOPLE else rows
            counted = self._counted(noted, table.name, onto=counted)
        wrong = sums_unlike(counted, self._now(self._page))
        self._unverified, self._wrong = set(), frozenset(each for each in wrong if each < 2 * SLOTS)
        # Of those whom this transaction has changed, what was before it: it may still be rolled back.
        self._nonces = nonces | {mark: self._nonces.get(mark) for mark in self._changed}
        what = tuple(table.holds for table in BOUND if TABLES[table.name] in wrong)
        return OutOfStep(what, sum(map(self._is_wrong, nonces)))

    def demand_all_in_step(self, database: sqlite3.Connection) -> None:
        """`StoreFault` unless every row is what was written last."""
        found = self.verify(database)
        if found:
            raise StoreFault(f"{found} {RESTORE}")

    def count_anew(self, database: sqlite3.Connection, number: int, *, tables: tuple[BoundTable, ...] = BOUND) -> None:
        """Take what is there for what belongs there: only where it was made, resealed, or accepted by an operator."""
        counted = EMPTY
        for table in tables:
            counted = self._counted(rows_of(database, table.name), table.name, onto=counted)
        page = self._sealed(number, counted)
        database.execute(BEGIN, page[:2])

    @property
    def number(self) -> int:
        """How many writes the ledger has counted."""
        return 0 if self._page is None else self._page.number

    def _fold(self, table: str, sign: int, *row: Any) -> None:
        """Count a row that a write took away (-1) or put there (1); called by SQLite, it raises nothing."""
        is_person = table == PEOPLE.name and isinstance(row[0], bytes)
        mark: bytes | None = row[0] if is_person else None
        nonce: bytes | None = row[-1] if is_person and sign > 0 else None
        amount = sign * value(self._key, table, row)
        self._changes.append(Counted(sums_of(table, row), amount, mark, nonce))
        if mark is not None:
            self._changed[mark] = nonce

    def _written_by_others(self, page: LedgerPage) -> set[int]:
        """The slots that are no longer what they were by the last page; all of them where a sum was wrong, or none was read yet."""
        if self._page is None or self._wrong:
            return set(range(SLOTS))
        return {each for each in sums_unlike(self._page.sums, page.sums) if each < SLOTS}

    def _verify_slot(self, database: sqlite3.Connection, slot: int) -> None:
        """Look at the people of one slot; where it does not add up, at everything, to see who it is."""
        assert self._page is not None
        rows = people_in_slot(database, slot)
        if slot in sums_unlike(self._counted(rows, PEOPLE.name), self._now(self._page)):
            self.verify(database)
            return
        self._unverified.discard(slot)
        self._nonces |= {row[0]: row[-1] for row in rows if row[0] not in self._changed}

    def _is_wrong(self, mark: object) -> bool:
        """Whether both sums of a person are wrong; where all sums of one kind are right, whether the other is."""
        first, second = slots(mark)
        are_first = any(each < SLOTS for each in self._wrong)
        are_second = any(each >= SLOTS for each in self._wrong)
        is_first, is_second = first in self._wrong or not are_first, second in self._wrong or not are_second
        return bool(self._wrong) and is_first and is_second

    def _counted(self, rows: Iterable[tuple[Any, ...]], table: str, *, onto: bytes = EMPTY) -> bytes:
        key = self._key
        totals: dict[int, int] = {}
        for row in rows:
            amount = value(key, table, row)
            for each in sums_of(table, row):
                totals[each] = totals.get(each, 0) + amount
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


def _noting(rows: Iterable[Row], nonces: Nonces) -> Iterator[Row]:
    """The rows of people; the nonce of each is noted as it goes by."""
    for row in rows:
        if isinstance(row[0], bytes):
            nonces[row[0]] = row[-1]
        yield row


def _place(number: int) -> bytes:
    return place("ledger", "sums", row=1, turn=number)


def _damaged() -> StoreFault:
    return StoreFault(f"The database was changed from outside: its ledger is missing. {RESTORE}")
