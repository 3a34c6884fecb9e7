"""Tests of an open bot that rewrites its file or changes its keys: no acknowledged data is lost, no old byte stays."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import pytest

from bot.crypto.keys import Keychain, load_key_file, replace_key_file, successor
from bot.runtime.errors import StoreUnavailable
from bot.storage.sqlite.database_file import open_database, open_read_only, traces
from bot.storage.sqlite.examining import copied_to_memory, row_counts
from bot.storage.store import Store
from bot.storage.tables import Tables
from bot.storage.values import Done, MessageToRemove
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.store.as_bot import as_bot, rotated
from tests.support.store.keeping import NOON, Keep, person, put
from tests.support.store.tapping import tap_until

MANY = 3_000


@pytest.fixture
async def keep(tmp_path: Path) -> Keep:
    keep = Keep.made(tmp_path / "var")
    await keep.fill()
    return keep


@pytest.fixture
async def store(keep: Keep) -> AsyncIterator[Store]:
    opened = await keep.opened()
    yield opened
    await opened.close()


async def come_and_go(store: Store, draw: Random) -> list[MessageToRemove]:
    """Store many messages to remove and delete some at random, so that SQLite moves rows; return the rest."""
    left = list[MessageToRemove]()

    def some(tables: Tables) -> None:
        for _ in range(100):
            message = MessageToRemove(person(0), "long" * draw.choice((1, 40, 200)) + f"{draw.random()}", NOON)
            tables.messages_to_remove.keep(message)
            left.append(message)
            if draw.random() < 0.5:
                forget(left.pop(draw.randrange(len(left))), tables)

    for _ in range(MANY // 100):
        await store.write(some)
    return left


def forget(message: MessageToRemove, tables: Tables) -> None:
    tables.messages_to_remove.forget(message.person, (message.handle,))


def sealed_in(keep: Keep) -> set[bytes]:
    with closing(copied_to_memory(keep.store)) as database:
        columns = (("message", "litter"), ("wrapped", "case_keys"), ("profile", "people"), ("body", "standings"))
        rows = [row for column, table in columns for row in database.execute(f"SELECT {column} FROM {table}")]
    return {value[:64] for (value,) in rows}


def copies(keep: Keep, values: set[bytes]) -> int:
    content = b"".join(path.read_bytes() for path in traces(keep.store) if path.exists())
    return sum(content.count(value) for value in values)


@pytest.mark.prove
async def test_taps_during_a_vacuum_are_not_lost(tmp_path: Path, promise: Promise) -> None:
    keep = Keep.made(tmp_path / "var")
    store, over = await keep.opened(), asyncio.Event()
    await store.turns([put(number, f"word {number}") for number in range(1, 4)])
    tapping, rounds = asyncio.create_task(tap_until(store, over)), times(100, 4)

    for number in range(rounds):
        await (store.scrub() if number % 4 != 3 else rotated(keep, store))
    over.set()
    taps = await tapping

    recalled = await store.recall(person(0))
    assert recalled is not None
    assert not await store.verify()
    assert await store.examine() == ()
    await store.close()
    assert recalled[0].card == taps > 0
    promise.reached("P17", asked=rounds, reached=rounds, of="files written anew beside somebody who taps")


async def test_every_row_survives_a_vacuum(keep: Keep, store: Store) -> None:
    with closing(copied_to_memory(keep.store)) as database:
        before = row_counts(database)
    kept = await store.everyone()

    await store.scrub()

    with closing(copied_to_memory(keep.store)) as database:
        assert row_counts(database) == before
    assert await store.everyone() == kept
    assert await store.examine() == ()


async def test_no_copy_is_left_after_a_vacuum(keep: Keep, store: Store) -> None:
    """SQLite overwrites deleted rows, but may leave a copy behind where it moved a row."""
    left = await come_and_go(store, Random(7))
    before = sealed_in(keep)
    for gone in left[::2]:
        await store.write(partial(forget, gone))

    await store.scrub()

    there = sealed_in(keep)
    assert len(before - there) > MANY / 5
    assert copies(keep, before - there) == 0
    assert copies(keep, there) == len(there)
    assert await store.is_gone(seconds=1)


async def test_nothing_under_the_old_keys_is_left_after_a_rotation(keep: Keep, store: Store) -> None:
    await come_and_go(store, Random(7))
    old, number = sealed_in(keep), await store.read(lambda t: t.ledger.number)
    assert copies(keep, old) > len(old)

    await rotated(keep, store)

    assert len(old) > MANY / 3
    assert copies(keep, old) == 0
    assert await store.read(lambda t: t.ledger.number) > number
    assert await store.examine() == ()


async def test_the_bot_picks_up_new_keys_itself(keep: Keep, store: Store) -> None:
    """The command that rotates the keys only stores them, and waits for the bot to use them."""
    old = load_key_file(keep.key_file)
    async with as_bot(keep, store):
        replace_key_file(keep.key_file, Keychain(old, new := successor(old)))
        async with asyncio.timeout(10):
            while await store.read(lambda t: t.keys.id) != new.id:
                await asyncio.sleep(0.01)
    assert not await store.verify()


async def test_somebody_who_reads_holds_nothing_up_but_the_word_that_it_is_gone(keep: Keep, store: Store) -> None:
    with closing(open_read_only(keep.store)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM people").fetchone()

        await store.scrub()

        assert isinstance((await store.turns([put(0, "after", key="after")]))[0], Done)
        assert not await store.is_gone(seconds=0)
    assert await store.is_gone(seconds=5)


async def test_without_room_the_file_stays_as_it_is(keep: Keep, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rewriting the file (VACUUM) would fill the disk on which answers are stored."""
    before, room = keep.store.read_bytes(), shutil.disk_usage(keep.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room._replace(free=len(before)))

    with pytest.raises(StoreUnavailable, match="Make room"):
        await store.scrub()

    assert keep.store.read_bytes() == before
    assert isinstance((await store.turns([put(0, "after", key="after")]))[0], Done)


async def test_a_second_program_continues_after_a_vacuum(keep: Keep, store: Store) -> None:
    other = await keep.opened()

    await store.scrub()
    outcomes = await other.turns([put(0, "beside", key="beside"), replace(put(1, "too", key="too"), at=NOON)])

    assert [type(each) for each in outcomes] == [Done, Done]
    assert not await store.verify()
    await other.close()


def test_leftovers_of_a_killed_earlier_release_are_removed_at_the_next_opening(keep: Keep) -> None:
    left = traces(keep.store.with_name(f".{keep.store.name}.new"))
    for each in left:
        each.write_bytes(b"of a killed run")
    with closing(open_read_only(keep.store)):
        assert all(each.exists() for each in left)
    with closing(open_database(keep.store)):
        assert not any(each.exists() for each in left)


async def test_a_foreign_table_does_not_stop_a_vacuum(keep: Keep, store: Store) -> None:
    with closing(sqlite3.connect(keep.store)) as other, other:
        other.execute('CREATE TABLE "lost and found" (a, b, PRIMARY KEY (a, b))')

    await store.scrub()

    assert isinstance((await store.turns([put(0, "after", key="after")]))[0], Done)
