"""Tests of the connection to SQLite: one connection, one thread, and callers that may be cancelled at any time."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from bot.runtime.errors import StoreFault
from bot.storage.sqlite.examining import copied_beside
from bot.storage.store import Store
from bot.storage.values import Decided, Done, Lookup, Record
from tests.support.store.builders import ADA, BEA, ask, event, record_of, tap


async def test_a_cancelled_caller_harms_neither_turn(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(record: Record, lookup: Lookup) -> Decided:
        begun.set()
        go_on.wait(10)
        return tap("a")(record, lookup)

    first = asyncio.create_task(store.turns([event("k1", slow)]))
    await asyncio.to_thread(begun.wait, 10)
    second = asyncio.create_task(store.turns([event("k2", tap("b"), person=BEA)]))
    waiting = asyncio.create_task(store.turns([event("k3", tap("c"), person=BEA)]))
    await asyncio.sleep(0)
    first.cancel()
    waiting.cancel()
    await asyncio.sleep(0)
    go_on.set()

    with pytest.raises(asyncio.CancelledError):
        await first
    assert isinstance((await second)[0], Done)
    assert (await record_of(store, ADA)).case == "a"
    assert (await record_of(store, BEA)).case == "c"


async def test_closing_waits_for_what_was_begun(path: Path, store: Store) -> None:
    turns = [asyncio.create_task(store.turns([event(f"k{n}", tap(str(n)))])) for n in range(5)]
    await asyncio.sleep(0)

    await store.close()

    outcomes = [(await turn)[0] for turn in turns]
    assert [type(outcome) for outcome in outcomes] == [Done] * 5
    assert ask(path, "SELECT card FROM people") == [5]


async def test_a_closed_store_raises_its_own_fault(store: Store) -> None:
    await store.close()

    with pytest.raises(StoreFault, match="the bot is stopping"):
        await store.turns([event("k1", tap())])


def test_leftovers_of_a_killed_run_are_removed_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "seraf[1].sqlite"
    left, others = (
        tmp_path / ".seraf[1].sqlite.35b0753a",
        (tmp_path / "seraf[1].sqlite-wal", tmp_path / ".seraf1.sqlite.35b0753a"),
    )
    for each in (left, *others):
        each.touch()

    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE rows (id)")
        with copied_beside(database, path) as copy:
            assert copy.file.read(6) == b"SQLite"
            assert set(tmp_path.iterdir()) == {path, *others}
