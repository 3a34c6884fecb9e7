"""Tests of `seraf-bot hold export`: two people hand over a held assessment, encrypted, and list what is not in it."""

import csv
import io
import json
import sqlite3
import stat
import tarfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest

from bot.operations.backup.file_format import identities_of
from bot.storage.values import Inbound
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.codec import encode
from dialogs.core.role import Role
from seraf.advice.action_plan import Urgency
from state_machines.assessment import Phase
from tests.support.command_line.cli import Ran, run
from tests.support.command_line.desk import REFERENCE, SAM, WHO, WORDS, Folder, made
from tests.support.people.admitting import PIN
from tests.support.store.builders import changed
from tests.support.store.keeping import NOON, write_identity
from tests.support.talk.summaries import ALL, WORST, finished, summary

BOSS, HIS = "1a2b3c4d", "telegram:9"
CONFIRMED = ("--confirmed-by", BOSS)
FILE = "seraf-brisk-otter-41.tar.age"
NOTE = "she said it to her aunt"
TOTAL = summary().result.count.total
EXPORTED = ("operator anna", "hold-exported", REFERENCE)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = made(tmp_path)
    folder.admit()
    folder.admit(HIS, folder.standing(Role.ADMIN, who=BOSS), reference="")
    folder.enter(Entry(NOON, BOSS, AuditEvent.BEGUN, "CALM FERN 10"))
    folder.said("hold", "set", *WORDS)
    write_identity(tmp_path / "court.txt")
    return folder


def reader(folder: Folder) -> str:
    (identity,) = identities_of(folder.path / "court.txt")
    return str(identity.to_public())


def exporting(folder: Folder, *words: str, pin: str = PIN) -> Ran:
    typed = f"{pin}\n".encode()
    return run(
        folder.path,
        *("hold", "export", *WORDS, "--recipient", reader(folder), *words),
        typed=typed,
        settings={"COLUMNS": "300"},
    )


def opened(folder: Folder, file: str = FILE) -> Mapping[str, bytes]:
    content = bytes(pyrage.decrypt((folder.path / file).read_bytes(), identities_of(folder.path / "court.txt")))
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        members = {each.name: archive.extractfile(each) for each in archive}
    return {name: member.read() for name, member in members.items() if member is not None}


def finish(folder: Folder, *, and_open_again: bool = False) -> None:
    session = replace(finished(WORST, ALL, {"voice": NOTE}), reference=REFERENCE)
    if and_open_again:
        session = replace(session, phase=Phase.CHECK, place="", told=replace(session.told, urgency=Urgency.CALL))
    end = changed(case=encode(session), phase=str(session.phase))
    folder.do(lambda store: store.turns([Inbound("finish", NOON, SAM, end, None)]))


def test_a_finished_case_is_handed_over_as_its_person_can_have_it_with_its_audit(folder: Folder) -> None:
    finish(folder)

    ran = exporting(folder, *CONFIRMED)
    found = opened(folder)

    assert (ran.status, ran.err) == (0, "")
    assert set(found) == {"summary.pdf", "summary.json", "audit.csv", "about.txt"}
    assert found["summary.pdf"].startswith(b"%PDF")
    result = json.loads(found["summary.json"])
    assert (result["reference"], result["count"]["total"]) == (REFERENCE, TOTAL)
    assert folder.entries()[-2:] == [(BOSS, "confirmed", REFERENCE), EXPORTED]
    rows = list(csv.DictReader(io.StringIO(found["audit.csv"].decode())))
    of_it = [(who, what) for who, what, about in folder.entries() if about == REFERENCE]
    assert [(row["who"], row["what"]) for row in rows] == of_it
    assert len(of_it) == len(folder.entries()) - 1
    about = found["about.txt"].decode()
    assert "The audit was checked and found whole." in about
    assert "It is finished: summary.pdf" in about


def test_of_a_case_that_is_not_finished_there_are_the_answers_and_no_result(folder: Folder) -> None:
    assert exporting(folder, *CONFIRMED).status == 0

    found = opened(folder)

    assert set(found) == {"answers.txt", "answers.json", "audit.csv", "about.txt"}
    result = json.loads(found["answers.json"])
    assert (result["reference"], result["is_finished"]) == (REFERENCE, False)
    assert "points" not in found["answers.json"].decode()
    assert "It is NOT finished" in found["about.txt"].decode()
    assert "not asked" in found["answers.txt"].decode()


def test_an_earlier_result_is_mentioned(folder: Folder) -> None:
    finish(folder, and_open_again=True)
    assert exporting(folder, *CONFIRMED).status == 0

    found = opened(folder)

    assert "It had been finished on 2026-03-04" in found["about.txt"].decode()
    assert "had said that it was: call" in found["answers.txt"].decode()
    assert NOTE in found["answers.txt"].decode()
    result = json.loads(found["answers.json"])
    assert (result["was_finished"], result["said"]) == ("2026-03-04", "call")


def test_it_outlives_the_removal_of_its_person(folder: Folder) -> None:
    finish(folder)
    folder.said("people", "remove", WHO)
    folder.said("purge")
    assert run(folder.path, "keys", "rotate", "--no-backup", *CONFIRMED, typed=f"{PIN}\n".encode()).status == 0

    ran = exporting(folder, *CONFIRMED)

    assert (ran.status, ran.err) == (0, "")
    assert json.loads(opened(folder)["summary.json"])["count"]["total"] == TOTAL


def test_nothing_of_it_lies_here_for_anybody_else(folder: Folder) -> None:
    finish(folder)

    ran = exporting(folder, *CONFIRMED)
    file = folder.path / FILE

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert NOTE not in ran.out
    assert NOTE.encode() in opened(folder)["summary.json"]
    for path in folder.path.rglob("*"):
        assert not path.is_file() or NOTE.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("words", "pin", "said"),
    [
        ((), PIN, f"--confirmed-by {BOSS}"),
        (("--confirmed-by", WHO), PIN, "No administrator"),
        (CONFIRMED, "111111", "That is not their PIN"),
        ((*CONFIRMED, "--recipient", "age1nobody"), PIN, "--recipient: entry 2 is not a public key of age"),
        ((*CONFIRMED, "--to", "court.txt"), PIN, "court.txt is there already"),
        ((*CONFIRMED, "--person", "ffffffff"), PIN, "is kept here"),
    ],
)
def test_nothing_is_handed_over_otherwise(folder: Folder, words: tuple[str, ...], pin: str, said: str) -> None:
    ran = exporting(folder, *words, pin=pin)

    assert (ran.status, said in ran.err) == (2, True), ran
    assert not (folder.path / FILE).exists()
    assert EXPORTED not in folder.entries()


def test_only_what_is_held_is_handed_over(folder: Folder) -> None:
    """Setting a hold first makes the audit name who held the case, and lets its person know."""
    folder.admit("telegram:8", folder.standing(who="1a1b1c1d"), reference="CALM FERN 10")

    said = folder.refused("hold", "export", "calm fern 10", "--recipient", reader(folder))

    assert "First: seraf-bot hold set CALM FERN 10" in said


def test_where_nobody_is_an_administrator_no_case_leaves(tmp_path: Path) -> None:
    folder = made(tmp_path)
    folder.admit()
    folder.said("hold", "set", *WORDS)
    write_identity(tmp_path / "court.txt")

    ran = exporting(folder)

    assert (ran.status, "Two people hand over an assessment" in ran.err) == (2, True)
    assert folder.entries() == [("operator anna", "hold-set", REFERENCE)]


def test_an_incomplete_audit_is_recorded_in_it(folder: Folder) -> None:
    with closing(sqlite3.connect(folder.path / "var" / "seraf.sqlite")) as database, database:
        database.execute("DELETE FROM audit WHERE number = 1")

    ran = exporting(folder, *CONFIRMED)

    assert (ran.status, "The audit is not whole" in ran.out) == (0, True)
    assert "THE AUDIT WAS NOT WHOLE" in opened(folder)["about.txt"].decode()


def test_a_reference_shared_by_two_people_names_its_owner(folder: Folder) -> None:
    folder.admit("telegram:8", folder.standing(who="1a1b1c1d"))
    folder.said("hold", "set", *WORDS)

    assert f"seraf-bot hold export {REFERENCE} --person 1a1b1c1d" in exporting(folder, *CONFIRMED).err
    assert exporting(folder, *CONFIRMED, "--person", "1a1b1c1d").status == 0
