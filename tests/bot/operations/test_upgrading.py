"""Tests of upgrading the store of an earlier release: a verified copy is made first, also without backup recipients."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.crypto.keys import load_key_file, load_keys
from bot.operations.backup import service
from bot.operations.backup.file_format import identities_of, read_backup
from bot.operations.backup.service import bring_up, examine
from bot.runtime.errors import EarlierStore, StoreFault
from bot.runtime.settings import StorePlace
from bot.storage.opening import open_store
from bot.storage.sqlite.preparing import known_migrations
from tests.support.command_line.desk import Folder, made
from tests.support.store.earlier import make_earlier
from tests.support.store.keeping import NOON, Keep
from tests.support.telegram.bots import running
from tests.support.telegram.home import Home

NEWEST = known_migrations()[-1].number


def schema(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("PRAGMA user_version").fetchone()[0])


@pytest.mark.parametrize("has_recipients", [True, False])
@pytest.mark.parametrize("version", range(1, NEWEST))
async def test_a_store_of_each_release_is_copied_whole_and_then_brought_up(
    keep: Keep, version: int, *, has_recipients: bool
) -> None:
    make_earlier(keep.store, load_key_file(keep.key_file), version)
    settings = keep.settings if has_recipients else keep.settings.model_copy(update={"backup_recipients": ()})
    with pytest.raises(EarlierStore):
        await open_store(StorePlace(keep.store), keep.key_file)

    upgraded = bring_up(settings, at=NOON)

    assert upgraded is not None
    assert (upgraded.found, upgraded.made, schema(keep.store)) == (version, NEWEST, NEWEST)
    if has_recipients:
        assert upgraded.backup is not None
        backup = read_backup(upgraded.backup, identities_of(keep.identity))
        assert backup.manifest.schema == version
        assert examine(backup, load_keys(keep.key_file)).findings == ()
    assert sorted(path.name for path in keep.folder.iterdir() if "schema" in path.name) == []
    assert bring_up(settings, at=NOON) is None


async def test_a_copy_that_is_not_whole_or_an_upgrade_that_fails_leaves_the_store_and_the_copy(
    keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = keep.settings.model_copy(update={"backup_recipients": ()})
    make_earlier(keep.store, load_key_file(keep.key_file), NEWEST - 1)
    whole = keep.store.read_bytes()
    with closing(sqlite3.connect(keep.store)) as database:
        database.execute("UPDATE standings SET body = zeroblob(200)")
        database.commit()
    with pytest.raises(StoreFault, match="Nothing was changed"):
        bring_up(settings, at=NOON)
    assert schema(keep.store) == NEWEST - 1

    def fail(*_: object, upgrades: bool = False) -> None:
        raise StoreFault("full")

    keep.store.write_bytes(whole)
    monkeypatch.setattr(service, "open_desk", fail)
    with pytest.raises(StoreFault, match="full"):
        bring_up(settings, at=NOON)
    (copy,) = keep.folder.glob("seraf.sqlite.schema-*")
    assert (copy.stat().st_mode & 0o777, schema(copy)) == (0o600, NEWEST - 1)


def test_the_command_reports_its_work_and_does_nothing_twice(tmp_path: Path) -> None:
    folder: Folder = made(tmp_path)
    folder.admit()
    path = folder.path / "var" / "seraf.sqlite"
    make_earlier(path, load_key_file(folder.path / "var" / "seraf.key"), NEWEST - 1)

    said = folder.said("upgrade")

    assert "nobody could open a backup" in said
    assert f"brought from schema {NEWEST - 1} to {NEWEST}" in said
    assert "of this version already" in folder.said("upgrade")
    folder.said("people", "list")


async def test_the_bot_upgrades_its_store_itself(home: Home) -> None:
    await home.admit()
    make_earlier(home.store, load_key_file(home.key_file), NEWEST - 1)

    async with running(home):
        assert schema(home.store) == NEWEST
