"""Tests of how a database is opened and protected, and of when it is refused."""

import asyncio
import logging
import sqlite3
import stat
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import KeyFault, StoreFault
from bot.storage.sqlite.database_file import PRAGMAS, WRITING
from bot.storage.sqlite.opening import open_connection, open_sqlite
from bot.storage.sqlite.transaction import log_bytes
from bot.storage.store import Store
from bot.storage.tables import Tables
from bot.storage.values import Decided, Done, Lookup, Record
from tests.support.store.builders import ADA, BEA, KEYS, LIVE, NOON, ask, bringing, event, one, record_of, tap

ENDLESS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT count(*) FROM numbers"


def pragma(name: str, database: sqlite3.Connection) -> object:
    return database.execute(f"PRAGMA {name}").fetchone()[0]


def contents(path: Path) -> bytes:
    return path.read_bytes()


def written(path: Path, text: bytes) -> Path:
    path.write_bytes(text)
    return path


def modes(*paths: Path) -> list[int]:
    return [stat.S_IMODE(path.stat().st_mode) for path in paths]


def change_mode(path: Path, mode: int) -> None:
    path.chmod(mode)


async def test_the_pragmas_are_in_force(path: Path) -> None:
    connection = await open_connection(path, lambda database: None, busy_milliseconds=321)

    found = {}
    for name, _, _ in PRAGMAS:
        found[name] = await connection.read(partial(pragma, name))
    patience = await connection.read(partial(pragma, "busy_timeout"))
    await connection.close()

    assert found == {name: expected for name, _, expected in PRAGMAS}
    assert patience == 321


async def test_a_setting_that_sqlite_does_not_take_is_a_fault(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot must not start without a setting of SQLite on which a promise depends."""
    monkeypatch.setattr("bot.storage.sqlite.opening.WRITING", WRITING._replace(settings=(("synchronous", "OFF", 3),)))

    with pytest.raises(StoreFault, match="synchronous = OFF"):
        await open_sqlite(path, KEYS)


async def test_file_and_folder_are_their_owners_alone(path: Path, store: Store) -> None:
    found = []

    def look(record: Record, lookup: Lookup) -> Decided:
        found.extend(modes(*path.parent.iterdir(), path.parent))
        return bringing()(record, lookup)

    outcomes = await store.turns([event("k1", tap()), event("k2", look)])

    assert isinstance(outcomes[1], Done)
    assert found == [0o600] * 4 + [0o700]


async def test_a_restored_file_is_closed_to_others(path: Path) -> None:
    await (await open_sqlite(path, KEYS)).close()
    change_mode(path, 0o644)

    await (await open_sqlite(path, KEYS)).close()

    assert modes(path) == [0o600]


async def test_stored_rows_are_there_after_reopening(path: Path, store: Store) -> None:
    await store.turns([event("k1", tap("a"))])
    await store.show(ADA, LIVE)
    kept = await store.recall(ADA)
    await store.close()

    again = await open_sqlite(path, KEYS)

    assert await again.recall(ADA) == kept
    assert not isinstance(await one(again, event("k1", tap("b"))), Done)
    await again.close()
    assert ask(path, "PRAGMA integrity_check", "PRAGMA foreign_key_check") == ["ok"]


@pytest.mark.parametrize("wrong", [replace(KEYS, seal=bytes(32)), replace(KEYS, lookup=bytes(32)), KeyRing.fresh()])
async def test_another_key_file_is_noticed_at_once(path: Path, store: Store, wrong: KeyRing) -> None:
    await store.turns([event("k1", tap("a"))])

    with pytest.raises(KeyFault, match=f"its own is named “{KEYS.id}”, the one given “{wrong.id}”.*belongs to"):
        await open_sqlite(path, wrong)

    assert (await record_of(store, ADA)).case == "a"


async def test_a_newer_database_is_refused_and_left_alone(path: Path, store: Store) -> None:
    await store.close()
    ask(path, "PRAGMA user_version = 99")
    before = contents(path)

    with pytest.raises(StoreFault, match="newer version"):
        await open_sqlite(path, KEYS)

    assert contents(path) == before


async def test_a_file_other_than_a_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "minutes", b"minutes of the meeting" * 100)

    with pytest.raises(StoreFault, match="not a database"):
        await open_sqlite(path, KEYS)

    assert contents(path) == b"minutes of the meeting" * 100


async def test_a_place_that_cannot_be_opened_is_a_fault(tmp_path: Path) -> None:
    file = written(tmp_path / "file", b"")

    with pytest.raises(StoreFault, match="could not be opened"):
        await open_sqlite(tmp_path, KEYS)
    with pytest.raises(StoreFault, match="could not be opened"):
        await open_sqlite(file / "store.db", KEYS)


async def test_a_name_that_sqlite_cannot_open_is_a_fault(tmp_path: Path) -> None:
    """The operating system allows longer paths than SQLite, and names that leave no room for a journal's suffix."""
    with pytest.raises(StoreFault, match="could not be opened"):
        await open_sqlite(tmp_path.joinpath(*["x" * 200] * 3), KEYS)
    with pytest.raises(StoreFault, match="could not be opened"):
        await open_sqlite(tmp_path / ("x" * 255), KEYS)


async def test_values_are_not_logged_at_debug(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    await store.turns([event("k1", tap("secret words"))])

    assert [record for record in caplog.records if record.name == "aiosqlite"] == []


async def test_opening_reads_no_row_of_a_person(path: Path, store: Store) -> None:
    await store.turns([event("k1", tap())])
    await store.close()
    ask(path, "UPDATE people SET profile = x'00', shown = x'00', person = x'00'")

    again = await open_sqlite(path, KEYS)

    assert await again.read(lambda t: t.channel.polled_at()) is None
    await again.close()


async def test_turns_are_taken_while_everybody_is_looked_up(store: Store) -> None:
    await store.turns([event("k1", tap("first"))])
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def see(person: str, _: str) -> str:
        loop.call_soon_threadsafe(begun.set)
        assert go_on.wait(10)
        return person

    looking = asyncio.create_task(store.everybody(NOON, see))
    try:
        await asyncio.wait_for(begun.wait(), 10)
        async with asyncio.timeout(10):
            outcomes = await store.turns([event("k2", tap("second")), event("k3", tap("first"), person=BEA)])
            assert await store.recall(BEA) is not None
    finally:
        go_on.set()

    assert [type(each) for each in outcomes] == [Done, Done]
    assert (await looking).seen == (ADA,)
    assert set((await store.everybody(NOON, see)).seen) == {ADA, BEA}


async def test_a_store_that_closes_waits_for_nobody_who_reads_everybody(path: Path, store: Store) -> None:
    await store.turns([event(f"k{number}", tap("first"), person=f"telegram:{number}") for number in range(300)])
    begun, loop = asyncio.Event(), asyncio.get_running_loop()

    def see(person: str, _: str) -> str:
        loop.call_soon_threadsafe(begun.set)
        time.sleep(0.05)
        return person

    looking = asyncio.create_task(store.everybody(NOON, see))
    given_up = asyncio.create_task(store.everybody(NOON, see))
    await asyncio.wait_for(begun.wait(), 10)
    given_up.cancel()

    async with asyncio.timeout(5):  # to read them would take fifteen seconds
        await store.close()

    with pytest.raises(StoreFault):
        await looking
    assert not log_bytes(path)


async def test_a_reader_that_is_interrupted_in_its_second_statement_leaves_no_log(path: Path, store: Store) -> None:
    await store.turns([event(f"k{number}", tap("first"), person=f"telegram:{number}") for number in range(3)])
    begun, loop = asyncio.Event(), asyncio.get_running_loop()

    def look(tables: Tables) -> None:
        marks = tables.session.execute("SELECT mark FROM people")
        next(marks)
        loop.call_soon_threadsafe(begun.set)
        tables.session.execute(ENDLESS).fetchone()

    looking = asyncio.create_task(store.read_long(look))
    await asyncio.wait_for(begun.wait(), 10)
    await store.close()

    assert not log_bytes(path)
    with pytest.raises(StoreFault):
        await looking
