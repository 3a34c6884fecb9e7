"""Tests of hourly backups: none without changes, the newest restored on trial, none older readable on this machine."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from pyrage import x25519

from bot.crypto.keys import load_key_file
from bot.operations.backup.file_format import encrypted, identities_of, read_backup, recipients_of
from bot.operations.backup.service import newest_file, read_newest
from bot.runtime.errors import SettingsFault
from dialogs.core.role import Role
from tests.support.command_line.cli import run
from tests.support.command_line.desk import Folder
from tests.support.people.admitting import PIN
from tests.support.store.keeping import write_identity

BOSS = "1a2b3c4d"
HOURLY = ("backup", "create", "--if-changed")

pytestmark = pytest.mark.usefixtures("hourly")


def backups(folder: Folder) -> list[Path]:
    return sorted((folder.path / "var" / "backups").glob("*.age"))


def test_no_backup_is_made_where_nothing_was_written_since(office: Folder) -> None:
    assert "written, mode 0600" in office.said(*HOURLY)
    (first,) = backups(office)
    os.utime(first, (0, 0))

    assert "still the newest" in office.said(*HOURLY)
    assert (backups(office), first.stat().st_mtime > 0) == ([first], True)

    office.said("people", "lock", "7")
    assert "written, mode 0600" in office.said(*HOURLY)
    assert "still the newest" in office.said(*HOURLY)
    other = write_identity(office.path / "other.txt")
    both = {"SERAF_BACKUP_RECIPIENTS": f"{other},{other}"}
    assert "2 recipients" in office.said(*HOURLY, **both)
    assert "still the newest" in office.said(*HOURLY, **both)
    backups(office)[-1].unlink()
    assert "written, mode 0600" in office.said(*HOURLY, **both)
    assert "written, mode 0600" in office.said("backup", "create"), "whoever asks for one gets one"
    assert len(backups(office)) == 4


@pytest.mark.parametrize("replayed", [(), ("--replay", "since.jsonl")])
def test_a_backup_is_made_after_the_newest_was_restored(office: Folder, replayed: tuple[str, ...]) -> None:
    """A restored store may have the write count of the newest backup and yet differ: a restore may remove people."""
    office.admit("telegram:9", office.standing(Role.ADMIN, who=BOSS), reference="")
    office.admit("telegram:8", office.standing(who="22222222"), reference="")
    office.said(*HOURLY)
    (full,) = backups(office)
    office.said("people", "remove", "22222222", "--yes")
    office.said("audit", "export", "since.jsonl")
    for path in (office.path / "var").glob("seraf.sqlite*"):
        if path != newest_file(office.path / "var" / "seraf.sqlite"):
            path.unlink()
    back = ("backup", "restore", str(full), "--identity", "identity.txt", "--confirmed-by", BOSS, *replayed)
    assert run(office.path, *back, typed=f"{PIN}\n".encode()).status == 0
    assert "found whole" in office.said("backup", "practise"), "it is still the newest one that there is"

    assert "written, mode 0600" in office.said(*HOURLY)
    assert "still the newest" in office.said(*HOURLY)


def test_the_newest_is_restored_for_practice_and_status_and_check_say_so(office: Folder) -> None:
    office.said(*HOURLY)
    assert "no backup was restored for practice yet" in office.run("check").out
    before = {path.name for path in (office.path / "var").iterdir()}, office.entries()

    said = office.said("backup", "practise")

    assert f"{backups(office)[0].name}: restored for practice, and found whole" in said
    assert {path.name for path in (office.path / "var").iterdir()} - before[0] == {"seraf.sqlite.practice"}
    assert office.entries() == before[1]
    status = office.run("status")
    assert f"{backups(office)[0].name}: whole" in status.out
    assert json.loads(office.run("status", "--json").out)["practice"]["found"] == ""
    assert "was restored for practice on" in office.run("check").out

    newest = backups(office)[0]
    newest.write_bytes(newest.read_bytes()[:-1] + b"x")
    ran = office.run("backup", "practise")
    assert (ran.status, "is not a whole backup" in ran.err) == (2, True)
    assert "NOT whole" in office.run("status").out
    findings = json.loads(office.run("check", "--json").out)["findings"]
    assert [each["order"] for each in findings if each["about"] == "practice"] == ["NO"]


def test_this_machine_opens_the_newest_backup_and_no_older_one(office: Folder) -> None:
    office.said(*HOURLY)
    (first,) = backups(office)
    office.said("people", "lock", "7")
    office.said(*HOURLY)
    store = office.path / "var" / "seraf.sqlite"

    newest = read_newest(store, keys=load_key_file(office.key_file))

    assert newest is not None
    own = [x25519.Identity.from_str(newest.secret)]
    assert read_backup(backups(office)[1], own).manifest.rows["people"] == 1
    with pytest.raises(SettingsFault, match="was not encrypted to this identity"):
        read_backup(first, own)
    assert b"AGE-SECRET-KEY" not in newest_file(store).read_bytes()
    assert newest.secret not in repr(newest)


def test_without_a_backup_of_this_machine_there_is_nothing_to_practise_with(office: Folder) -> None:
    assert "No backup in" in office.refused("backup", "practise")


def test_a_lost_store_is_reported_and_no_drill_runs(office: Folder) -> None:
    """A trial restore that succeeds would suggest that all is well."""
    office.said(*HOURLY)
    (office.path / "var" / "seraf.sqlite").unlink()

    assert "is gone" in office.refused("backup", "practise")
    assert not (office.path / "var" / "seraf.sqlite.practice").exists()


def test_a_backup_without_proof_is_restored_with_the_pin_of_an_administrator_too(office: Folder) -> None:
    """`--unproven` replaces the proof that the backup is ours, but not the second person."""
    office.admit("telegram:9", office.standing(Role.ADMIN, who=BOSS), reference="")
    recipient = write_identity(office.path / "early.txt")
    office.said(*HOURLY, SERAF_BACKUP_RECIPIENTS=recipient)
    (full,) = backups(office)
    early = replace(read_backup(full, identities_of(office.path / "early.txt")), proof=b"")
    full.write_bytes(encrypted(early, recipients_of((recipient,))))
    store = office.path / "var" / "seraf.sqlite"
    store.unlink()
    back = ("backup", "restore", str(full), "--identity", "early.txt", "--unproven", "--confirmed-by", BOSS)

    refused = run(office.path, *back, typed=b"135790\n")

    assert (refused.status, store.exists()) == (2, False)
    assert run(office.path, *back, typed=f"{PIN}\n".encode()).status == 0
