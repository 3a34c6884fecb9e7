"""A store that is moved between a file and PostgreSQL arrives whole or not at all, and never do two of them open."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from bot.operations import moving
from bot.operations.moving import move_store, reopen
from bot.runtime.errors import InUse, StoreFault
from bot.runtime.settings import Settings, StorePlace, place_named
from bot.runtime.single_instance import Alone
from bot.storage.copying import copy_rows
from bot.storage.opening import open_store, snapshot
from bot.storage.session import Moved, StoreSession
from bot.storage.store import Store
from bot.storage.values import Done
from tests.support.store.keeping import NOON, Keep, put
from tests.support.store.server import connected, new_database

KINDS = ("file to PostgreSQL", "PostgreSQL to file", "PostgreSQL to PostgreSQL")


@pytest.fixture(params=KINDS)
async def ways(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Keep, Keep]:
    """A filled store, and an empty place for the same keys."""
    kinds = [new_database() if name == "PostgreSQL" else "" for name in request.param.split(" to ")]
    source = Keep.made(tmp_path / "var", kinds[0])
    await source.fill()
    return source, Keep(source.folder, kinds[1])


def rows(place: StorePlace) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row but the note of where the store is, the audit and what counts it."""
    with snapshot(place) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        left = {"audit", "audit_segments", "ledger"}
        return {
            name: sorted(database.execute(f"SELECT * FROM {name}"), key=repr) for name in tables if name not in left
        }


async def openings(*keeps: Keep) -> list[Keep]:
    """Return those whose store opens."""
    found = []
    for keep in keeps:
        try:
            store = await open_store(keep.place, keep.key_file, may_be_new=False) if exists(keep) else None
        except StoreFault:
            continue
        if store is not None:
            await store.close()
            found.append(keep)
    return found


def exists(keep: Keep) -> bool:
    return bool(keep.address) or keep.store.exists()


async def test_a_store_arrives_with_every_row_and_the_other_opens_for_nobody(ways: tuple[Keep, Keep]) -> None:
    source, target = ways
    before, all_rows = await source.everything(), rows(source.place)

    move_store(source.settings, target.place, at=NOON)

    assert rows(target.place) == all_rows
    assert await target.everything() == before
    store = await target.opened()
    assert await store.examine() == ()
    await store.close()
    assert (await target.words())[-1] == "store-moved"
    with pytest.raises(Moved, match="store reopen"):
        await source.opened()


async def test_a_store_comes_back_to_a_new_place(ways: tuple[Keep, Keep]) -> None:
    source, target = ways
    move_store(source.settings, target.place, at=NOON)
    store = await target.opened()
    await store.turns([put(7, "later")])
    await store.close()
    before = await target.everything()
    third = Keep(source.folder, new_database()) if source.address else Keep.made(source.folder / "again")
    (third.folder / "seraf.key").write_bytes(source.key_file.read_bytes())

    move_store(target.settings, third.place, at=NOON)

    assert await third.everything() == before
    assert await openings(source, target, third) == [third]


@pytest.mark.parametrize("step", ["demand_same", "fill_store", "counted"])
async def test_a_move_that_is_killed_leaves_one_store_or_none_and_the_next_finishes_it(
    ways: tuple[Keep, Keep], step: str
) -> None:
    source, target = ways
    before = await source.everything()

    assert killed_after(step, partial(move_store, source.settings, target.place, at=NOON)) == -signal.SIGKILL

    left = await openings(source, target)
    assert left == ([] if step == "counted" else [source])
    move_store(source.settings, target.place, at=NOON)
    assert await target.everything() == before
    assert await openings(source, target) == [target]
    assert (await target.words()).count("store-moved") == 1


def killed_after(step: str, work: Callable[[], object]) -> int | None:
    """Run the work in a process that is killed when this step has been done, and return how it ended."""

    def run() -> None:
        done = getattr(moving, step)

        def kill(*values: Any, **named: Any) -> None:
            done(*values, **named)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(moving, step, kill)
        work()

    process = get_context("fork").Process(target=run)
    process.start()
    process.join()
    return process.exitcode


async def test_a_store_with_a_running_bot_is_not_moved(ways: tuple[Keep, Keep]) -> None:
    source, target = ways
    if source.address:
        store = await source.opened()
        async with store.leading.kept():
            await asyncio.wait_for(store.leading.gained(), 10)
            with pytest.raises(InUse, match="Stop every copy"):
                move_store(source.settings, target.place, at=NOON)
        await store.close()
    else:
        with Alone(source.store), pytest.raises(InUse):
            move_store(source.settings, target.place, at=NOON)

    assert await openings(source, target) == [source]


async def test_a_bot_that_was_not_seen_keeps_nothing_in_a_store_that_was_moved(ways: tuple[Keep, Keep]) -> None:
    source, target = ways
    store = await source.opened()
    move_store(source.settings, target.place, at=NOON)

    for work in (store.turns([put(8, "late")]), store.recall("telegram:0"), store.everyone()):
        with pytest.raises(Moved):
            await work
    await store.close()


async def test_a_place_with_a_store_or_rows_of_one_is_refused_and_left_alone(ways: tuple[Keep, Keep]) -> None:
    source, target = ways
    await target.fill(1, word="other")
    before = await target.everything(), await source.everything()

    with pytest.raises(StoreFault, match="left alone"):
        move_store(source.settings, target.place, at=NOON)

    assert (await target.everything(), await source.everything()) == before


async def test_a_store_that_was_changed_from_outside_is_not_moved(ways: tuple[Keep, Keep]) -> None:
    source, target = ways
    change(source, "UPDATE people SET due = 1")

    with pytest.raises(StoreFault, match="changed from outside"):
        move_store(source.settings, target.place, at=NOON)

    assert await openings(target) == []


async def test_a_value_that_does_not_open_is_not_moved(ways: tuple[Keep, Keep]) -> None:
    source, target = ways
    change(source, "UPDATE standings SET body = (SELECT profile FROM people ORDER BY mark LIMIT 1)")

    with pytest.raises(StoreFault, match=r"3 of standings\.body"):
        move_store(source.settings, target.place, at=NOON)

    assert await openings(target) == []


async def test_a_row_that_does_not_arrive_is_noticed(ways: tuple[Keep, Keep], monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = ways

    def lose(session: StoreSession, there: StoreSession) -> None:
        copy_rows(session, there)
        there.execute("DELETE FROM inbound")  # which no ledger counts

    monkeypatch.setattr(moving, "copy_rows", lose)
    with pytest.raises(StoreFault, match="rows of inbound did not arrive"):
        move_store(source.settings, target.place, at=NOON)

    assert await openings(source, target) == [source]


async def test_a_store_that_was_put_there_on_purpose_is_no_older_state(ways: tuple[Keep, Keep]) -> None:
    source, target = ways
    noted = target.folder / "seraf.postgresql.number"
    if source.address:
        return
    noted.write_text("9999")

    move_store(source.settings, target.place, at=NOON)

    assert await openings(target) == [target]


def change(keep: Keep, statement: str) -> None:
    if keep.address:
        with closing(connected(keep.address)) as desk:
            desk.execute(statement)
        return

    with closing(sqlite3.connect(keep.store)) as database, database:
        database.execute(statement)


async def test_a_moved_store_is_opened_again_only_if_the_other_is_lost(ways: tuple[Keep, Keep]) -> None:
    source, target = ways
    before = await source.everything()
    with pytest.raises(StoreFault, match="was not moved"):
        reopen(source.settings, at=NOON)
    move_store(source.settings, target.place, at=NOON)
    with pytest.raises(StoreFault, match="opens, and has what was kept since"):
        reopen(source.settings, at=NOON)

    if target.address:
        change(target, "DROP SCHEMA public CASCADE")
        change(target, "CREATE SCHEMA public")
    else:
        target.store.unlink()
    reopen(source.settings, at=NOON)

    assert await source.everything() == before
    assert (await source.words())[-1] == "store-reopened"
    assert isinstance(await one(await source.opened()), Done)


async def one(store: Store) -> object:
    (outcome,) = await store.turns([put(9, "again")])
    await store.close()
    return outcome


@pytest.mark.parametrize(("store", "owner"), [("var/seraf.sqlite", True), ("postgresql:///one?host=/run", False)])
def test_the_owner_of_the_tables_in_one_database_is_not_asked_to_make_those_of_another(store: str, owner: bool) -> None:
    settings = Settings.model_validate({"store_owner": "postgresql:///one?host=/run&user=owner", "store": store})

    assert bool(place_named(settings, "postgresql:///two?host=/run").owner) == owner
