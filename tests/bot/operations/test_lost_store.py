"""Tests of a lost store: no program puts an empty one in its place, each says what to do, and restoring it works."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.watch.vitals import Surroundings, Vitals, write_vitals
from tests.fakes.telegram import FakeTelegram
from tests.support.command_line.desk import Folder, made
from tests.support.store.keeping import write_identity
from tests.support.telegram.bots import process
from tests.support.telegram.home import SAM, STRANGER, Home

STORE, BACKUPS, IDENTITY = Path("var", "seraf.sqlite"), Path("var", "backups"), "identity.txt"
LATE = 60.0

EVERY = (
    ("people", "invite", "--role", "practitioner"),
    ("people", "list"),
    ("contacts", "confirm", "art"),
    ("backup", "create"),
    ("audit", "show"),
    ("accept",),
    ("upgrade",),
    ("purge",),
)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = made(tmp_path)
    folder.admit()
    folder.said("backup", "create", SERAF_BACKUP_RECIPIENTS=write_identity(folder.path / IDENTITY))
    for path in (folder.path / "var").glob("seraf.sqlite*"):
        path.unlink()
    return folder


def store_lines(folder: Folder) -> str:
    lines = folder.run("check", SERAF_TELEGRAM_TOKEN="", SERAF_ADMINS="7").out.splitlines()
    return "\n".join(line for line in lines if line.startswith(("│ store", "│ people")))


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_with_a_backup_no_command_makes_a_new_store(folder: Folder, words: tuple[str, ...]) -> None:
    recipients = {"SERAF_BACKUP_RECIPIENTS": write_identity(folder.path / "another.txt")}

    said = folder.refused(*words, **recipients)

    (backup,) = (folder.path / BACKUPS).iterdir()
    assert f"The database {STORE} is gone, and {BACKUPS / backup.name} is left of it. No new one is made." in said
    assert "restore the latest backup" in said
    assert "Only to begin again" in said
    assert not (folder.path / STORE).exists()


def test_check_reports_a_lost_store_until_it_is_restored(folder: Folder) -> None:
    status, said = folder.run("check").status, store_lines(folder)
    (backup,) = (folder.path / BACKUPS).iterdir()
    folder.said("backup", "restore", str(backup), "--identity", IDENTITY)

    assert status == 1
    assert "NO" in said
    assert "is gone, and" in said
    assert "invite" not in said
    assert "people" not in said
    assert "store opens" in store_lines(folder)
    assert "telegram:7" not in folder.said("people", "list")


def test_a_new_beginning_requires_moving_the_leftovers_away(folder: Folder) -> None:
    (folder.path / BACKUPS).rename(folder.path / "old-backups")

    assert "`run` or `people invite` makes it" in store_lines(folder)
    assert "Code for a practitioner" in folder.said(*EVERY[0])
    assert (folder.path / STORE).exists()


@pytest.mark.parametrize("left", [".log.lock", ".status", "-wal", "-journal"])
def test_without_a_backup_files_next_to_the_store_show_that_it_is_lost(tmp_path: Path, left: str) -> None:
    folder, now = made(tmp_path), datetime.now(UTC)
    store, vitals = tmp_path / STORE, Vitals(now, now, False, False)
    store.parent.mkdir(mode=0o700, exist_ok=True)
    write_vitals(store, vitals)
    (store.parent / f"{store.name}.lock").touch()
    assert "makes it" in store_lines(folder)

    if left == ".status":
        write_vitals(store, replace(vitals, around=Surroundings(told=3)))
    else:
        (store.parent / f"{store.name}{left}").touch()

    assert f"{STORE}{left} is left of it" in store_lines(folder)
    assert "is gone" in folder.refused(*EVERY[0])


async def test_a_bot_that_starts_without_its_store_makes_none_and_takes_up_the_one_put_back(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        home = Home(tmp_path, server)
        await home.admit()
        away = home.store.rename(tmp_path / "away")
        async with process(replace(home, admitted=frozenset())) as bot:
            await bot.says("without a store", seconds=LATE)
            for person in map(server.person, (SAM, STRANGER)):
                await person.ask("/urgent")
                assert "999" in person.card.text
            assert "is gone, and" in bot.said
            assert not home.store.exists()
            away.rename(home.store)
            await bot.says("ready", seconds=LATE)
        assert "ready" in bot.said


async def test_a_first_start_that_had_to_wait_makes_its_store(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        home = replace(Home(tmp_path, server), admitted=frozenset())
        away = home.key_file.rename(tmp_path / "away")
        for _ in range(2):
            async with process(home) as bot:
                await bot.says("without a store", seconds=LATE)
                await bot.terminated()
        away.rename(home.key_file)
        async with process(home) as bot:
            await bot.says("ready", seconds=LATE)
            assert home.store.exists()


def close(monkeypatch: pytest.MonkeyPatch) -> None:
    exists = Path.exists

    def closed(path: Path) -> bool:
        if path.name.startswith(STORE.name):
            raise PermissionError(13, "Permission denied", str(path))
        return exists(path)

    monkeypatch.setattr(Path, "exists", closed)


@pytest.mark.parametrize("words", [("people", "list"), ("check",), ("backup", "create")], ids=" ".join)
def test_a_store_in_an_unreadable_folder_is_neither_lost_nor_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    folder = made(tmp_path)
    folder.admit()
    close(monkeypatch)

    said = folder.refused(*words, SERAF_BACKUP_RECIPIENTS=write_identity(tmp_path / IDENTITY), SERAF_ADMINS="7")

    assert f"The database {STORE} could not be opened: Permission denied." in said
    assert "failed" not in said


def test_other_files_closed_to_this_account_are_named_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made(tmp_path)
    folder.admit()
    close(monkeypatch)

    assert f"{STORE}.lock is closed to this account" in folder.refused("status")
