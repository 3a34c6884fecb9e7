"""Tests of old rows put back into the file, while it is open or closed: only the person concerned is refused."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.runtime.errors import StoreFault
from bot.storage.ledger import COUNTED, LEFT_OUT, SLOTS, slots
from bot.storage.sqlite.examining import loaded
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import Decide, Done, Inbound, Issued, Outcome, Refused
from bot.trail.chain import Entry
from tests.support.store.builders import (
    ADA,
    BEA,
    CLEO,
    KEYS,
    LIVE,
    NOON,
    Others,
    ask,
    bringing,
    broken,
    changed,
    coming,
    event,
    issued,
    looking_at_others,
    one,
    put_back,
    record_of,
    tap,
    whole,
)
from tests.support.store.earlier import make_earlier


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    opened = await open_sqlite(path, KEYS, busy_milliseconds=0)
    for person in (ADA, BEA, CLEO):
        await opened.turns([event(f"{person}1", tap("first"), person=person)])
        await opened.show(person, LIVE)
    yield opened
    await opened.close()


def replace_whole(path: Path, old: bytes) -> None:
    with closing(loaded(old)) as older, closing(sqlite3.connect(path, isolation_level=None)) as other:
        older.backup(other)


@asynccontextmanager
async def reopened(path: Path) -> AsyncIterator[Store]:
    opened = await open_sqlite(path, KEYS)
    try:
        yield opened
    finally:
        await opened.close()


async def tapped(store: Store, key: str, *people: str) -> tuple[Outcome, ...]:
    return await store.turns([event(f"{key}{person}", tap(key), person=person) for person in people])


async def test_rows_put_back_between_two_taps_are_refused_at_the_next(path: Path, store: Store) -> None:
    old = whole(path)
    await tapped(store, "second", ADA, BEA)

    put_back(path, old, ADA)

    refused, done, again = await store.turns(
        [*[event(f"{n}", tap("3"), person=n) for n in (ADA, BEA)], event("a", tap())]
    )
    assert [type(each) for each in (refused, done, again)] == [Refused, Done, Refused]
    with pytest.raises(StoreFault, match="one person"):
        await store.recall(ADA)
    assert [entry.what for entry in await store.read(lambda t: t.audit.entries())] == ["out-of-step"]
    await store.close()
    async with reopened(path) as after:
        found = await after.verify()
        assert (found.people, found.cases, found.what) == (1, 1, ("people", "SERAFs"))
        assert [type(each) for each in await tapped(after, "fourth", ADA, BEA, CLEO)] == [Refused, Done, Done]
        assert {record.person for record, _ in await after.everyone()} == {BEA, CLEO}


async def test_a_refused_record_is_listed_and_changed_by_nobody(path: Path, store: Store) -> None:
    old = whole(path)
    await tapped(store, "second", ADA, BEA, CLEO)
    put_back(path, old, ADA)
    found: list[Others] = []

    def made(others: Others) -> Decide:
        found.append(others)
        return bringing(others=tuple(replace(each, access="changed") for each in others.records))

    everybody = await store.everybody(NOON, lambda person, _: person)
    done = await one(store, event("c", looking_at_others((ADA, BEA), (), made), person=CLEO))

    assert set(everybody.seen) == {BEA, CLEO}
    assert isinstance(done, Done)
    assert [each.person for each in found[0].records] == [BEA]
    assert [entry.what for entry in await store.read(lambda t: t.audit.entries())] == ["out-of-step"]


async def test_a_person_cut_from_the_file_is_not_treated_as_a_stranger(path: Path, store: Store) -> None:
    mark = KEYS.mark("person", ADA).hex()
    ask(path, f"DELETE FROM cases WHERE mark = x'{mark}'", f"DELETE FROM people WHERE mark = x'{mark}'")

    await store.show_many({ADA: LIVE, BEA: LIVE})
    assert [type(each) for each in await tapped(store, "second", ADA, BEA)] == [Refused, Done]
    await store.close()
    async with reopened(path) as after:
        assert await after.verify()
        await after.show_many({ADA: LIVE, BEA: LIVE})
        assert [type(each) for each in await tapped(after, "third", ADA, BEA)] == [Refused, Done]


async def test_a_second_program_and_the_store_see_each_other_and_nothing_put_back(path: Path, store: Store) -> None:
    async with reopened(path) as desk:
        for turn in range(20):
            person = (ADA, BEA, CLEO)[turn % 3]
            assert isinstance(
                await one((store, desk)[turn % 2], event(f"t{turn}", tap(f"{turn}"), person=person)), Done
            )
        old = whole(path)
        await tapped(desk, "removed", ADA)

    put_back(path, old, ADA)

    assert [type(each) for each in await tapped(store, "after", ADA, BEA)] == [Refused, Done]
    assert (await store.verify()).people == 1


async def test_an_older_file_under_a_running_store_is_refused(path: Path, store: Store) -> None:
    old = whole(path)
    await tapped(store, "second", ADA)

    replace_whole(path, old)

    with pytest.raises(StoreFault, match="older copy"):
        await tapped(store, "third", BEA)
    with pytest.raises(StoreFault, match="older copy"):
        await store.recall(BEA)


async def test_a_spent_code_put_back_opens_nothing_and_a_longer_term_neither(path: Path, store: Store) -> None:
    await store.write(lambda t: t.invitation_codes.issue("code", "opens", until=NOON + timedelta(days=1)))
    await store.write(lambda t: t.invitation_codes.issue("other", "opens too", until=NOON + timedelta(days=1)))
    rows: list[Any] = ask(path, "SELECT mark, body, until FROM tickets")

    def redeemed(key: str, code: str) -> Inbound:
        return coming(key, code, lambda text: bringing(spends=True) if text else broken, person=BEA)

    assert isinstance(await one(store, redeemed("k1", "code")), Done)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.executemany("INSERT OR REPLACE INTO tickets VALUES (?, ?, ?)", rows)
    assert isinstance(await one(store, redeemed("k2", "code")), Refused)
    assert isinstance(await one(store, redeemed("k3", "other")), Refused)
    ask(path, "DELETE FROM tickets WHERE rowid = 3", "UPDATE tickets SET until = until + 1")
    with pytest.raises(StoreFault, match=r"tickets\.body"):
        await store.read(lambda t: t.invitation_codes.valid(NOON))


async def test_rolled_back_rows_are_not_counted(path: Path, store: Store) -> None:
    bad = Entry(NOON, "bot", "locked", cast(str, b"no text"))
    late = event("k0", bringing(changed(card=9), entries=(bad,)), person=BEA)
    assert isinstance(await one(store, late), Refused)
    batch = [
        event("k1", tap("a")),
        event("k2", broken),
        event("k3", broken, person="telegram:9"),
        event("k4", tap("b")),
    ]
    assert [type(each) for each in await store.turns(batch)] == [Done, Refused, Refused, Done]
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreFault, match="held the database"):
            await tapped(store, "busy", ADA)
    await store.write(lambda t: t.channel.mark_polled(NOON))

    assert not await store.verify()
    assert isinstance(await one(store, event("k5", tap("c"))), Done)
    assert (await record_of(store, ADA)).case == "c"
    assert not await store.verify()
    assert await store.examine() == ()


async def test_two_histories_of_a_file_cannot_be_mixed(path: Path, store: Store) -> None:
    older = whole(path)
    await tapped(store, "of the other history", ADA)
    cases: list[Any] = ask(path, "SELECT mark, key, body FROM cases")
    await store.close()
    replace_whole(path, older)

    async with reopened(path) as after:
        await tapped(after, "of this history", ADA)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.executemany("UPDATE cases SET body = ?3 WHERE mark = ?1 AND key = ?2", cases)
        record = await record_of(after, ADA)
        assert (record.case, record.closed) == (None, (f"CASE OF {ADA}",))


@pytest.mark.parametrize(
    "index",
    ["CREATE UNIQUE INDEX odd ON tickets (mark DESC)", "CREATE UNIQUE INDEX odd ON tickets (mark) WHERE until > 1"],
)
async def test_an_index_that_leads_elsewhere_is_found(path: Path, store: Store, index: str) -> None:
    """An index in another order would make a used code seem unused, and an incomplete index would hide a row."""
    await issued(store, *(Issued(code, "opens", NOON + timedelta(days=1)) for code in "abcdef"))
    await store.close()
    ask(
        path,
        "INSERT INTO tickets VALUES (zeroblob(32), zeroblob(157), 1)" if "WHERE" in index else "SELECT 1",
        index,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'odd')"
        " WHERE name = 'sqlite_autoindex_tickets_1'",
        "DELETE FROM sqlite_schema WHERE name = 'odd'",
    )

    async with reopened(path) as after:
        assert (await after.verify()).what == ("codes of invitations",)


async def test_a_trigger_planted_under_a_running_store_does_not_run(path: Path, store: Store) -> None:
    """Nothing is stored while the trigger exists, and the next start reports it."""
    ask(path, "CREATE TRIGGER seraf_more AFTER UPDATE ON people BEGIN DELETE FROM cases; END")

    with pytest.raises(StoreFault):
        await tapped(store, "second", ADA)

    assert ask(path, "SELECT count(*) FROM cases") == [3]
    with pytest.raises(StoreFault, match="it has the trigger “seraf_more”"):
        await open_sqlite(path, KEYS)


async def test_no_table_or_column_is_neither_counted_nor_left_out(path: Path, store: Store) -> None:
    """The tables come from the schema, so a new table or column fails this test until it is counted or left out."""
    tables = [str(name) for name in ask(path, "SELECT name FROM sqlite_schema WHERE type = 'table'")]
    columns = {
        f"{table}.{name}" for table in tables for name in ask(path, f"SELECT name FROM pragma_table_info('{table}')")
    }
    counted = {f"{table.name}.{column}" for table in COUNTED for column in (*table.columns, *table.sealed)}
    whole = {column for column in columns if column.partition(".")[0] in LEFT_OUT}

    assert columns == counted | whole | {each for each in LEFT_OUT if "." in each}
    assert not counted & (whole | LEFT_OUT.keys())


@pytest.mark.parametrize("version", range(1, 8))
async def test_a_store_of_an_earlier_release_is_bound_once(path: Path, store: Store, version: int) -> None:
    await store.close()
    make_earlier(path, KEYS, version)
    ask(path, "UPDATE people SET shown = x'01' WHERE rowid = 3")

    async with reopened(path) as after:
        assert [(await record_of(after, person)).case for person in (ADA, BEA)] == ["first", "first"]
        assert [type(each) for each in await tapped(after, "second", ADA, BEA, CLEO)] == [Done, Done, Refused]
        assert not await after.verify()
        assert await after.examine() == (
            "1 of the values of people.shown do not open: changed, or moved from elsewhere.",
        )


async def test_a_bound_store_is_not_bound_again(path: Path, store: Store) -> None:
    """If a store could be bound to a ledger twice, removing the ledger would make older rows count as the latest."""
    await store.close()
    make_earlier(path, KEYS, 15)
    ask(path, "DROP TABLE ledger", "ALTER TABLE people DROP COLUMN has", "PRAGMA user_version = 7")

    with pytest.raises(StoreFault, match="bound to a ledger before"):
        await open_sqlite(path, KEYS)


def test_two_people_of_a_few_hundred_rarely_share_both_slots() -> None:
    """People who share both slots of the ledger are refused together, so that must be rare."""
    marks = [KEYS.mark("person", f"telegram:{number}") for number in range(300)]

    assert len({slots(mark) for mark in marks}) > 260
    assert all(0 <= first < SLOTS <= second < 2 * SLOTS for first, second in map(slots, marks))
