"""The ledger of one connection: what rows add up to, kept sealed, with the number of every write that changed it.

A write takes off what a row was in the file and adds what it is, so that a difference made from outside never heals. What
another program wrote is looked at again, slot by slot, before anybody's row in it is used.
"""

import sqlite3
from collections.abc import Iterable
from itertools import chain
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


Values = dict[bytes, int | None]
"""By a person's mark, what their latest row adds to its sums; None where they had no row."""


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
    """The ledger under one key ring, on the thread of its connection."""

    def __init__(self, keys: KeyRing) -> None:
        self._key, self._sealer = keys.derived("ledger"), Sealer(keys.seal)
        self._page: LedgerPage | None = None
        self._kept: tuple[LedgerPage, Values] | None = None
        self._changes: list[Counted] = []
        self._known = _nobody()
        self._changed: Values = {}
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
            for mark, now in self._kept[1].items():
                self._known[slots(mark)[0]][mark] = now
            self._page, self._kept = self._kept[0], None

    def position(self) -> int:
        """Where the changes of this transaction are now."""
        return len(self._changes)

    def rewind(self, position: int) -> None:
        """Forget the changes since then: they were rolled back."""
        del self._changes[position:]
        self._changed = {each.mark: each.now for each in self._changes if each.mark is not None}

    # Before a row is used.

    def demand_in_step(self, database: sqlite3.Connection, mark: bytes, row: Row | None) -> None:
        """`DamagedValue` unless a person's row, as it is counted, is the latest; None where there is no row."""
        slot = slots(mark)[0]
        if slot in self._unverified:
            self._verify_slot(database, slot)
        expected = self._changed[mark] if mark in self._changed else self._known[slot].get(mark)
        now = None if row is None else value(self._key, PEOPLE.name, row)
        if now != expected or self._is_wrong(mark):
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
        counted, known = EMPTY, _nobody()
        for table in BOUND:
            counted = self._counted(rows_of(database, table.name), table.name, onto=counted, known=known)
        wrong = sums_unlike(counted, self._now(self._page))
        self._unverified, self._wrong = set(), frozenset(each for each in wrong if each < 2 * SLOTS)
        for slot in known:
            self._know(slot, known[slot])
        what = tuple(table.holds for table in BOUND if TABLES[table.name] in wrong)
        return OutOfStep(what, sum(map(self._is_wrong, chain.from_iterable(known.values()))))

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
        amount = value(self._key, table, row)
        now = amount if is_person and sign > 0 else None
        self._changes.append(Counted(sums_of(table, row), sign * amount, mark, now))
        if mark is not None:
            self._changed[mark] = now

    def _written_by_others(self, page: LedgerPage) -> set[int]:
        """The slots whose sums differ from those of the last page; all of them where a sum was wrong, or no page was read yet."""
        if self._page is None or self._wrong:
            return set(range(SLOTS))
        return {each for each in sums_unlike(self._page.sums, page.sums) if each < SLOTS}

    def _verify_slot(self, database: sqlite3.Connection, slot: int) -> None:
        """Look at the people of one slot; where it does not add up, at everything, to see who it is."""
        assert self._page is not None
        known = _nobody()
        counted = self._counted(people_in_slot(database, slot), PEOPLE.name, known=known)
        if slot in sums_unlike(counted, self._now(self._page)):
            self.verify(database)
            return
        self._unverified.discard(slot)
        self._know(slot, known[slot])

    def _know(self, slot: int, people: Values) -> None:
        """Go by these people of a slot, and no others. Of those whom this transaction has changed, by what was before it: it may
        still be rolled back.
        """
        before = self._known[slot]
        changed = {mark: before.get(mark) for mark in self._changed if slots(mark)[0] == slot}
        self._known[slot] = people | changed

    def _is_wrong(self, mark: object) -> bool:
        """Whether both sums of a person are wrong; where all sums of one kind are right, whether the other is."""
        first, second = slots(mark)
        are_first = any(each < SLOTS for each in self._wrong)
        are_second = any(each >= SLOTS for each in self._wrong)
        is_first, is_second = first in self._wrong or not are_first, second in self._wrong or not are_second
        return bool(self._wrong) and is_first and is_second

    def _counted(
        self, rows: Iterable[Row], table: str, *, onto: bytes = EMPTY, known: dict[int, Values] | None = None
    ) -> bytes:
        """The sums with these rows; what each person's adds is noted in `known`, by their slot."""
        key = self._key
        totals: dict[int, int] = {}
        for row in rows:
            amount, places = value(key, table, row), sums_of(table, row)
            for each in places:
                totals[each] = totals.get(each, 0) + amount
            if known is not None and table == PEOPLE.name and isinstance(row[0], bytes):
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


def writes_counted(database: sqlite3.Connection) -> int:
    """How many writes a database says that it has counted, its ledger unopened; 0 in one of before there was a ledger."""
    has_ledger = database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'ledger'").fetchone()
    found = database.execute(READ).fetchone() if has_ledger else None
    return 0 if found is None else int(found[0])


def _nobody() -> dict[int, Values]:
    """Nobody, in every slot."""
    return {slot: {} for slot in range(SLOTS)}


def _place(number: int) -> bytes:
    return place("ledger", "sums", row=1, turn=number)


def _damaged() -> StoreFault:
    return StoreFault(f"The database was changed from outside: its ledger is missing. {RESTORE}")
