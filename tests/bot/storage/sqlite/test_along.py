"""Tests of writes that join another transaction: in order, alone if no other one comes, and never lost silently."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.runtime.errors import StoreFault
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from tests.support.store.builders import ADA, BEA, KEYS, LIVE, NOON, ask, event, tap

LATER = replace(LIVE, handle="message 8")
LONG = 30.0


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    opened = await open_sqlite(path, KEYS, busy_milliseconds=0)
    await opened.turns([event("k1", tap())])
    yield opened
    await opened.close()


async def begun(store: Store, within: float = LONG) -> asyncio.Task[None]:
    task = asyncio.create_task(store.show_many({ADA: LIVE}, within=within))
    await asyncio.sleep(0.05)
    return task


async def shown(store: Store, person: str = ADA) -> object:
    found = await store.recall(person)
    return found and found[1]


async def test_it_is_stored_with_the_next_turn(store: Store) -> None:
    task = await begun(store)
    assert await shown(store) != LIVE

    await store.turns([event("k2", tap(), person=BEA)])

    await asyncio.wait_for(task, 2)
    assert await shown(store) == LIVE


async def test_it_is_stored_once_however_soon_the_next_turn_follows(store: Store) -> None:
    """If the earlier values were stored a second time, after the next turn, they would undo that turn."""
    held = threading.Event()
    holding = asyncio.create_task(store.read(lambda _: held.wait()))
    await asyncio.sleep(0.05)
    along = await begun(store)
    turns = [
        asyncio.create_task(store.turns([event("k2", tap())])),
        asyncio.create_task(store.turns([event("k3", tap(), person=BEA)])),
    ]
    await asyncio.sleep(0.05)
    held.set()
    time.sleep(0.5)  # noqa: ASYNC251 - the thread does both turns, and the loop hears of neither meanwhile

    await asyncio.gather(holding, along, *turns)
    assert ADA in await store.read(lambda t: t.people.stale(NOON))


async def test_it_is_stored_although_its_transaction_failed_as_too_late(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()
    holding = asyncio.create_task(store.read(lambda _: held.wait()))
    await asyncio.sleep(0.05)
    along = await begun(store, within=0.1)
    turn = asyncio.create_task(store.turns([event("k2", tap(), person=BEA)]))
    await asyncio.sleep(0.01)

    async def fails(_: object) -> None:
        held.set()
        await turn
        raise StoreFault("The disk is full.")

    monkeypatch.setattr(store, "write", fails)
    await asyncio.wait_for(along, 2)
    monkeypatch.undo()

    await holding
    assert await shown(store) == LIVE


async def test_it_is_stored_alone_if_no_turn_comes(store: Store) -> None:
    task = await begun(store, within=0.2)

    await asyncio.wait_for(task, 5)

    assert await shown(store) == LIVE


async def test_a_delivery_before_a_turn_does_not_undo_it(store: Store) -> None:
    task = await begun(store)

    await store.turns([event("k2", tap())])

    await task
    assert await shown(store) == LIVE
    assert await store.read(lambda t: t.people.stale(NOON)) == (ADA,)


async def test_an_immediate_write_is_later_than_a_deferred_one(store: Store) -> None:
    task = await begun(store)

    await store.show(ADA, LATER)

    await task
    assert await shown(store) == LATER


async def test_a_transaction_that_fails_leaves_it_for_the_next(path: Path, store: Store) -> None:
    task = await begun(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreFault, match="held the database"):
            await store.turns([event("k2", tap(), person=BEA)])
    assert not task.done()

    await store.turns([event("k2", tap(), person=BEA)])

    await asyncio.wait_for(task, 2)
    assert await shown(store) == LIVE


async def test_a_failing_write_fails_others_once(path: Path, store: Store) -> None:
    ask(path, "CREATE UNIQUE INDEX odd ON people (born)")
    await store.turns([event("k2", tap(), person=BEA)])
    await store.show(BEA, LIVE)
    task = await begun(store)

    with pytest.raises(StoreFault):
        await store.turns([event("k3", tap())])

    with pytest.raises(StoreFault):
        await task
    await store.turns([event("k3", tap())])


async def test_a_cancelled_delivery_is_not_recorded(store: Store) -> None:
    task = await begun(store)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    await store.turns([event("k2", tap(), person=BEA)])

    assert await shown(store) != LIVE
