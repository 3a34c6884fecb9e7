"""Tests of two programs on one store: each rereads the people whom the other has changed, and nobody else."""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import count, cycle
from pathlib import Path
from random import Random

import pytest

from bot.access.account import Terms
from bot.operations.housekeeping import purge
from bot.runtime.errors import DamagedValue
from bot.storage.ledger import PEOPLE as PEOPLE_TABLE
from bot.storage.ledger import SLOTS, Ledger, Row, StoredTable, slots
from bot.storage.sqlite.opening import open_sqlite, tables_over
from bot.storage.sqlite.transaction import transact
from bot.storage.store import Store
from bot.storage.values import Done, Inbound, Outcome, Refused
from tests.fakes.telegram import FakeClock
from tests.support.people.households import Household, guarded_at, in_the_middle
from tests.support.people.terms import Kept
from tests.support.store.builders import KEYS, NOON, ask, event, one, put_back, tap, whole

PEOPLE = tuple(f"telegram:{number}" for number in range(400))
NUMBERS = count()
DAYS, LONG_AFTER = 30, timedelta(days=90)


def slot_of(person: str) -> int:
    return slots(KEYS.mark("person", person))[0]


ADA = PEOPLE[0]
BEA = next(each for each in PEOPLE if slot_of(each) != slot_of(ADA))
NEAR = next(each for each in map("telegram:near {}".format, count()) if slot_of(each) == slot_of(ADA))
"""A person in the same slot of the ledger as Ada. The slots are random, because the keys are."""


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    counted, look = Counter[int](), Ledger.rows_in

    def looked(ledger: Ledger, slot: int, table: StoredTable) -> Sequence[Row]:
        counted[slot] += table is PEOPLE_TABLE
        return look(ledger, slot, table)

    monkeypatch.setattr(Ledger, "rows_in", looked)
    return counted


@pytest.fixture
async def bot(path: Path) -> AsyncIterator[Store]:
    opened = await open_sqlite(path, KEYS)
    yield opened
    await opened.close()


@pytest.fixture
async def desk(bot: Store, path: Path) -> AsyncIterator[Store]:
    opened = await open_sqlite(path, KEYS)
    yield opened
    await opened.close()


def tapped(person: str) -> Inbound:
    return event(f"{person} {next(NUMBERS)}", tap("again"), person=person)


def take_for_right(path: Path) -> None:
    def accept(database: sqlite3.Connection) -> None:
        found = tables_over(database, KEYS).ledger
        found.follow()
        found.count_anew(found.number + 1)

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        transact(other, accept)


async def test_only_those_are_looked_at_again_whom_the_other_wrote(
    bot: Store, desk: Store, looks: Counter[int]
) -> None:
    for store in (bot, desk):
        await store.turns([tapped(ADA), tapped(BEA)])
    await bot.turns([tapped(BEA)])
    looks.clear()

    for _ in range(3):
        assert isinstance(await one(desk, tapped(ADA)), Done)
        assert isinstance(await one(bot, tapped(BEA)), Done)
    assert +looks == Counter(), "neither has written whom the other writes"

    assert isinstance(await one(bot, tapped(ADA)), Done)
    assert isinstance(await one(bot, tapped(ADA)), Done)
    assert +looks == {slot_of(ADA): 1}


async def test_a_refused_person_is_known_without_another_look(
    bot: Store, desk: Store, path: Path, looks: Counter[int]
) -> None:
    await bot.turns([tapped(BEA)])
    old = whole(path)
    await bot.turns([tapped(BEA)])
    put_back(path, old, BEA)
    await desk.turns([tapped(ADA)])
    looks.clear()

    assert isinstance(await one(bot, tapped(BEA)), Refused)
    assert not +looks
    assert isinstance(await one(bot, tapped(ADA)), Done)


async def test_a_person_never_looked_at_is_read_from_the_file(bot: Store, desk: Store, looks: Counter[int]) -> None:
    await bot.turns([tapped(ADA), tapped(BEA)])
    await desk.turns([tapped(ADA)])
    await bot.turns([tapped(BEA)])
    await desk.turns([tapped(BEA)])
    looks.clear()

    await bot.turns([tapped(ADA)])

    assert +looks == {slot_of(ADA): 1}


@pytest.mark.parametrize("is_beside", [False, True])
async def test_a_changed_deadline_does_not_go_unnoticed(bot: Store, desk: Store, path: Path, is_beside: bool) -> None:
    """The due time is stored unencrypted and decides about erasure. If it is altered, that person alone is refused."""
    await bot.turns([tapped(ADA), tapped(BEA)])
    await desk.turns([tapped(BEA)])
    await bot.turns([tapped(ADA), tapped(BEA)])
    ask(path, f"UPDATE people SET due = 1 WHERE mark = x'{KEYS.mark('person', ADA).hex()}'")
    if is_beside:
        await desk.turns([tapped(BEA)])

    with pytest.raises(DamagedValue):
        await bot.recall(ADA)
    assert isinstance(await one(bot, tapped(ADA)), Refused)
    assert isinstance(await one(bot, tapped(BEA)), Done)


async def test_a_person_cut_from_the_file_and_accepted_so_stays_a_stranger(bot: Store, desk: Store, path: Path) -> None:
    await bot.turns([tapped(ADA), tapped(NEAR), tapped(BEA)])
    old = whole(path)
    mark = KEYS.mark("person", ADA).hex()
    ask(path, f"DELETE FROM cases WHERE mark = x'{mark}'", f"DELETE FROM people WHERE mark = x'{mark}'")
    take_for_right(path)
    assert isinstance(await one(bot, tapped(NEAR)), Done)
    assert await bot.recall(ADA) is None

    put_back(path, old, ADA)
    assert isinstance(await one(desk, tapped(BEA)), Done)

    assert isinstance(await one(bot, tapped(ADA)), Refused)
    assert isinstance(await one(bot, tapped(BEA)), Done)


async def test_a_refused_record_stays_refused_when_another_is_written(bot: Store, desk: Store, path: Path) -> None:
    await bot.turns([tapped(ADA), tapped(BEA)])
    old = whole(path)
    await bot.turns([tapped(ADA)])
    put_back(path, old, ADA)
    assert (await bot.verify()).people == 1

    for _ in range(3):
        for store in (desk, bot):
            assert isinstance(await one(store, tapped(BEA)), Done)
            assert isinstance(await one(store, tapped(ADA)), Refused)


async def test_a_rolled_back_change_is_not_relied_on(bot: Store, path: Path) -> None:
    await bot.turns([tapped(ADA), tapped(BEA)])
    mark = KEYS.mark("person", ADA)
    row = f"SELECT {PEOPLE_TABLE.counted} FROM people WHERE mark = ?"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        tables = tables_over(other, KEYS)
        for due in (5, None):
            other.execute("BEGIN IMMEDIATE")
            tables.ledger.follow()
            tables.ledger.demand_in_step(mark, [(PEOPLE_TABLE, other.execute(row, (mark,)).fetchone())])
            if due:
                tables.session.change(PEOPLE_TABLE, mark, due=due)
            assert not tables.ledger.verify()
            other.execute("ROLLBACK")


async def test_a_purge_during_taps_looks_at_each_slot_a_few_times_at_most(
    bot: Store, desk: Store, looks: Counter[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One look reads a whole slot of the ledger, so a look for each person would cost the square of their number."""
    clock, draw, terms = FakeClock(NOON), Random(7), Terms(unfinished=timedelta(DAYS), finished=timedelta(DAYS))
    house = Household(clock, guarded_at(clock, terms), desk)
    for each in PEOPLE:
        case = in_the_middle(draw, card=1, reference=f"NOBODY NOWHERE {each}")
        await house.operate(each, Kept(each, "unfinished", clock(), DAYS, case).begun(house))
    clock.set(clock() + LONG_AFTER)
    others, erase, taps = cycle(f"telegram:other {number}" for number in range(50)), desk.turns, 0

    async def erase_and_tap(inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        nonlocal taps
        outcomes = await erase(inbounds)
        assert isinstance(await one(bot, tapped(next(others))), Done)
        taps += 1
        return outcomes

    monkeypatch.setattr(desk, "turns", erase_and_tap)
    looks.clear()

    assert await purge(desk, house.conversation, now=clock()) == (len(PEOPLE), ())

    assert taps == len(PEOPLE)
    assert looks.total() < 3 * SLOTS, "by both programs together"
