"""Tests of how a database is upgraded to this version of the bot, and of what happens to one that cannot be."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.runtime.errors import StoreFault
from bot.storage.sqlite.database_file import open_database
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.sqlite.preparing import Migration, known_migrations, migrate, statements, version
from tests.support.store.builders import KEYS, ask


def test_the_known_ones_are_numbered_from_one_without_a_gap() -> None:
    """Without a gap in the numbers, a database's version shows exactly which migrations were applied."""
    numbers = [migration.number for migration in known_migrations()]

    assert numbers == list(range(1, len(numbers) + 1))


def test_a_script_is_taken_apart_into_statements() -> None:
    script = "-- a; b\nCREATE TABLE t (x);\nINSERT INTO t\n VALUES ('a;b');\n-- the end\n"

    assert [text.splitlines()[-1] for text in statements(script)] == ["CREATE TABLE t (x);", " VALUES ('a;b');"]
    with pytest.raises(ValueError, match="no end"):
        list(statements("SELECT 1;\nSELECT 2"))


def test_one_that_fails_leaves_the_version_before_it() -> None:
    database = sqlite3.connect(":memory:", isolation_level=None)
    first, second = Migration(1, ("CREATE TABLE a (x)",)), Migration(2, ("CREATE TABLE b (x)", "INSERT INTO no"))
    migrate(database, (first,))

    with pytest.raises(StoreFault, match="the bot's own fault"):
        migrate(database, (first, second))

    assert version(database) == 1
    assert database.execute("SELECT name FROM sqlite_schema").fetchall() == [("a",)]
    migrate(database, (first, replace(second, statements=("CREATE TABLE b (x)",))))
    assert version(database) == 2


async def test_a_new_one_that_was_cut_short_is_still_new(tmp_path: Path) -> None:
    script = [(each, at) for each in known_migrations() for at in range(0, len(each.statements), 3)]
    for migration, at in script:
        path = tmp_path / f"{migration.number}-{at}.db"
        cut = replace(migration, statements=(*migration.statements[:at], "INSERT INTO cut"))
        with closing(open_database(path)) as database:
            with pytest.raises(StoreFault):
                migrate(database, (*known_migrations()[: migration.number - 1], cut))
            assert (version(database), ask(path, "SELECT count(*) FROM sqlite_schema")) == (0, [0])

    store = await open_sqlite(path, KEYS, upgrades=False)

    assert ask(path, "SELECT count(*) FROM meta") == [1]
    await store.close()


async def test_two_that_open_a_new_database_at_once_both_succeed(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    stores = await asyncio.gather(*(open_sqlite(path, KEYS) for _ in range(8)))

    assert ask(path, "SELECT count(*) FROM meta") == [1]
    await asyncio.gather(*(store.close() for store in stores))
