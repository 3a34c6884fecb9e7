"""Tests of `seraf-bot backup create` and `prune`: no backup is incomplete, and none that may be needed is deleted."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.operations.backup.file_format import identities_of
from bot.operations.backup.service import old_backups
from bot.operations.housekeeping import forget_removed
from bot.storage.values import Decision, Inbound
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.role import Role
from tests.support.command_line.cli import run
from tests.support.command_line.desk import REFERENCE, SAM, WHO, WORDS, Folder
from tests.support.people.admitting import PIN
from tests.support.store.keeping import write_identity

BACKUPS = Path("var", "backups")
NOW = datetime.now(UTC)
BOSS = "1a2b3c4d"
PRUNE = ("backup", "prune", "--older-than", "35d")


def name(days: float, more: str = "") -> str:
    return f"seraf-{NOW - timedelta(days=days):%Y%m%dT%H%M%SZ}{more}.age"


def made(folder: Folder, *names: str) -> None:
    (folder.path / BACKUPS).mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in names:
        (folder.path / BACKUPS / each).write_bytes(b"sealed")


def left(folder: Folder) -> set[str]:
    return {path.name for path in (folder.path / BACKUPS).iterdir()}


def test_old_backups_go_by_their_names_and_nothing_else_does(kept: Folder) -> None:
    made(kept, name(400), name(36), name(36, "-2"), name(34), "for-the-court.age", "notes.txt")

    said = kept.said(*PRUNE)

    assert said == f"3 old backups deleted from {BACKUPS}.\n"
    assert left(kept) == {name(34), "for-the-court.age", "notes.txt"}
    assert "0 old backups" in kept.said(*PRUNE)


def test_the_newest_backup_stays_at_any_age(kept: Folder) -> None:
    made(kept, name(400), name(300))

    kept.said(*PRUNE)

    assert left(kept) == {name(300)}


def test_a_held_assessment_has_its_own_backup_and_other_backups_expire(office: Folder) -> None:
    """A held assessment's own backup stays until the hold ends. If it could not be made at once, pruning makes it."""
    made(office, name(400), name(1))
    office.enter(*(Entry(NOW, "operator bea", each, REFERENCE) for each in (AuditEvent.HOLD_SET.HOLD_LIFTED)))
    office.admit("telegram:8", office.standing(who="1f2f3f4f"), reference="AMBER RIVER 10")
    office.said("hold", "set", "AMBER RIVER 10")
    for path in (office.path / BACKUPS).glob("held-*.age"):
        path.unlink()
    assert "a backup of it alone" in office.said("hold", "set", *WORDS)
    assert "no backup of its own yet" in office.said("hold", "list")

    said = office.said(*PRUNE)

    assert "keeps AMBER RIVER 10, which is held." in said
    assert f"1 old backup deleted from {BACKUPS}." in said
    own = {each for each in left(office) if each.startswith("held-")}
    assert (len(own), left(office) - own) == (2, {name(1)})
    made(office, *(f"{each.rpartition('-')[0]}-20990101T000000Z.age" for each in own))
    listed = office.said("hold", "list")
    assert [each for each in own if each not in listed] == [], "the oldest has it as it was when it was held"
    assert f"{REFERENCE}  of {WHO}  since " in listed
    assert "by operator anna" in listed
    assert "operator bea" not in listed, "that hold was lifted"
    for path in (office.path / BACKUPS).glob("*-2099*.age"):
        path.unlink()

    office.said("hold", "lift", *WORDS)
    assert "1 backup of assessments that are not held any more deleted" in office.said(*PRUNE)
    assert len(left(office)) == 2
    office.said("hold", "lift", "AMBER RIVER 10")
    office.said(*PRUNE)
    assert left(office) == {name(1)}
    assert office.said("hold", "list") == "No assessment is held.\n"


@pytest.mark.parametrize("table", ["cases", "standings"])
def test_nothing_goes_while_the_store_is_damaged(office: Folder, table: str) -> None:
    """A damaged row may belong to a held case, and an old backup may be the only copy of it."""
    made(office, name(400), name(1))
    office.said("hold", "set", *WORDS)
    before = left(office)
    with closing(sqlite3.connect(office.path / "var" / "seraf.sqlite")) as database, database:
        database.execute(f"UPDATE {table} SET body = zeroblob(length(body))")

    assert "No backup was deleted" in office.refused(*PRUNE)
    assert left(office) == before


def test_the_backup_of_a_hold_that_a_restored_store_does_not_know_stays(office: Folder) -> None:
    office.admit("telegram:9", office.standing(Role.ADMIN, who=BOSS), reference="")
    office.said("backup", "create")
    (full,) = left(office)
    office.said("hold", "set", *WORDS)
    (own,) = left(office) - {full}
    for path in (office.path / "var").glob("seraf.sqlite*"):
        path.unlink()
    confirmed, pin = ("--confirmed-by", BOSS), f"{PIN}\n".encode()
    back = ("backup", "restore", str(BACKUPS / full), "--identity", "identity.txt", *confirmed)
    assert run(office.path, *back, typed=pin).status == 0

    assert "nobody has confirmed yet who is in" in office.refused(*PRUNE)
    assert left(office) == {full, own}
    assert run(office.path, "people", "confirm", *confirmed, typed=pin).status == 0
    assert f"{own}: kept. Its assessment is not held here" in office.said(*PRUNE)
    assert left(office) == {full, own}


def test_the_backup_of_a_lifted_hold_is_deleted_once_its_person_was_forgotten(office: Folder) -> None:
    made(office, name(1))
    office.said("hold", "set", *WORDS)
    office.said("people", "remove", WHO, "--yes")
    office.said("hold", "lift", *WORDS, "--yes")
    cleared = replace(office.record(), due=None)
    office.do(lambda store: store.turns([Inbound("cleared", NOW, SAM, lambda *_: Decision(cleared, ()), None)]))
    assert office.do(lambda store: forget_removed(store, NOW)) == 1

    assert "1 backup of assessments that are not held any more deleted" in office.said(*PRUNE)
    assert left(office) == {name(1)}


@pytest.mark.usefixtures("hourly")
def test_a_hold_that_is_set_again_has_a_new_backup(office: Folder) -> None:
    office.said("hold", "set", *WORDS)
    (first,) = left(office)
    office.said("hold", "lift", *WORDS)

    office.said("hold", "set", *WORDS)

    (second,) = left(office) - {first}
    listed = office.said("hold", "list").splitlines()
    assert [second in listed[1], first in listed[2]] == [True, True]
    office.said(*PRUNE)
    assert left(office) == {first, second}
    office.said("hold", "lift", *WORDS)
    office.said(*PRUNE)
    assert left(office) == set()


@pytest.mark.usefixtures("hourly")
def test_after_a_rotation_a_held_assessment_gets_a_backup_that_opens(office: Folder) -> None:
    office.said("hold", "set", *WORDS)
    (before,) = left(office)

    office.said("keys", "rotate", "--yes")
    office.said(*PRUNE)

    (after,) = (each for each in left(office) - {before} if each.startswith("held-"))
    listed = office.said("hold", "list").splitlines()
    assert [after in listed[1], before in listed[2]] == [True, True]
    opened = [
        office.run("backup", "verify", str(BACKUPS / each), "--identity", "identity.txt").status
        for each in (before, after)
    ]
    assert opened == [2, 0]
    office.said("hold", "lift", *WORDS)
    office.said(*PRUNE)
    assert [each for each in left(office) if each.startswith("held-")] == []


def test_nothing_is_pruned_while_a_held_assessment_has_no_own_backup(kept: Folder) -> None:
    """An older backup may be the only copy of the held case."""
    made(kept, name(400), name(1))
    kept.said("hold", "set", *WORDS)

    assert "SERAF_BACKUP_RECIPIENTS is empty" in kept.refused(*PRUNE)
    assert left(kept) == {name(400), name(1)}


def test_the_backup_of_a_held_assessment_has_it_as_it_was_and_nobody_elses(office: Folder, tmp_path: Path) -> None:
    office.admit("telegram:9", office.standing(Role.ADMIN, who=BOSS), reference="AMBER RIVER 10")
    office.admit("telegram:8", office.standing(who="1f2f3f4f"), reference="CALM HERON 12")
    office.said("people", "invite", "--role", "trainer")
    office.said("hold", "set", *WORDS)
    there = Folder(tmp_path / "elsewhere")
    (there.path / "var").mkdir(mode=0o700, parents=True)
    shutil.copy2(office.key_file, there.path / "var" / office.key_file.name)
    (backup,) = (office.path / BACKUPS).glob("held-*.age")
    at, typed = str(office.path / "identity.txt"), f"{PIN}\n".encode()

    assert run(there.path, "backup", "verify", str(backup), "--identity", at).status == 0
    back = run(there.path, "backup", "restore", str(backup), "--identity", at, "--confirmed-by", BOSS, typed=typed)

    assert back.status == 0, back
    everyone = {record.person: record for record, _ in there.do(lambda store: store.everyone())}
    assert {person: len(record.heads) == 1 for person, record in everyone.items()} == {SAM: True, "telegram:9": False}
    assert there.do(lambda store: store.read(lambda t: t.invitation_codes.valid(datetime.now(UTC)))) == ()
    papers = ("hold", "export", *WORDS, "--recipient", str(identities_of(Path(at))[0].to_public()))
    ran = run(there.path, *papers, "--confirmed-by", BOSS, typed=typed)
    assert ran.status == 0, ran


def test_of_a_day_before_the_last_two_the_latest_stays(kept: Folder) -> None:
    day = datetime(2026, 3, 4, tzinfo=UTC)
    hours = [day + timedelta(hours=hour) for hour in range(0, 24 * 5, 6)]
    files = [Path(f"seraf-{each:%Y%m%dT%H%M%SZ}.age") for each in hours]

    gone = old_backups(files, now=day + timedelta(days=5), term=timedelta(days=35))

    assert [path.name[6:17] for path in files if path not in gone] == [
        *("20260304T18", "20260305T18", "20260306T18"),
        *("20260307T00", "20260307T06", "20260307T12", "20260307T18"),
        *("20260308T00", "20260308T06", "20260308T12", "20260308T18"),
    ]


def test_an_invalid_term_is_refused(kept: Folder) -> None:
    made(kept, name(400), name(1))

    assert "--older-than: a number of days" in kept.refused("backup", "prune", "--older-than", "soon")
    assert len(left(kept)) == 2


def test_a_copy_that_is_not_whole_becomes_no_backup(kept: Folder) -> None:
    """The copy of the store is checked before it is encrypted as a backup."""
    recipient = write_identity(kept.path / "identity.txt")
    settings = {"SERAF_BACKUP_RECIPIENTS": recipient}
    assert "All of it was checked" in kept.said("backup", "create", **settings)
    with closing(sqlite3.connect(kept.path / "var" / "seraf.sqlite")) as database, database:
        database.execute("UPDATE standings SET body = zeroblob(200)")
    before = left(kept)

    assert "Nothing was changed" in kept.refused("backup", "create", **settings)
    assert left(kept) == before
