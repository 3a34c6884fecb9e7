"""What a person runs at a machine works with a store in PostgreSQL as with a file, and moves a store from one to the other."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.command_line.desk import SAM, Folder, made
from tests.support.store.keeping import write_identity
from tests.support.store.server import connected, new_database


@pytest.fixture(params=["a file", "PostgreSQL"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    office = made(tmp_path, new_database() if request.param == "PostgreSQL" else "")
    setting(office, "SERAF_BACKUP_RECIPIENTS", write_identity(tmp_path / "identity.txt"))
    office.admit()
    return office


def setting(office: Folder, name: str, value: str) -> None:
    path = office.path / ".env"
    path.write_text(re.sub(rf"^{name}=.*$", f"{name}={value}", path.read_text(), flags=re.MULTILINE))


def change(office: Folder, statement: str) -> None:
    with closing(
        connected(office.place.address) if office.place.address else sqlite3.connect(office.place.path)
    ) as other:
        other.execute(statement)
        other.commit()


COMMANDS = (
    "people list",
    "people lock 7",
    "people invite --role practitioner",
    "people withdraw --unused",
    "hold set BRISK OTTER 41",
    "hold list",
    "backup create",
    "backup create --if-changed",
    "backup practise",
    "backup prune --older-than 35d",
    "contacts confirm police",
    "audit verify",
    "audit show",
    "purge",
    "upgrade",
    "accept",
    "keys rotate --yes",
    "audit verify",
    "people list",
)


def test_every_command_works(office: Folder) -> None:
    for words in COMMANDS:
        office.said(*words.split())

    said = json.loads(office.run("check", "--json").out)["findings"]
    assert {each["about"] for each in said if each["order"] == "NO"} == {"settings", "administrators"}  # of this folder
    assert office.run("status").status == 3


def test_a_check_says_what_is_missing_on_the_server_and_changes_nothing(tmp_path: Path) -> None:
    office = made(tmp_path, new_database())

    said = json.loads(office.run("check", "--json").out)["findings"]
    found = {each["order"]: each["found"] for each in said if each["about"] == "database server"}
    assert "superuser" in found["look"]
    assert "NO" not in found
    assert "no store in the database" in office.refused("people", "list")
    setting(office, "SERAF_STORE", office.place.address.replace("/seraf_", "/none_"))
    assert "no such database" in office.run("check").out


def test_a_check_says_that_a_store_on_a_server_is_gone(tmp_path: Path) -> None:
    office = made(tmp_path, new_database())
    known = office.place.path.with_name(f"{office.place.path.name}.number")

    assert verdict(office, "store opens") == "yes"
    known.parent.mkdir(mode=0o700, exist_ok=True)
    known.write_text("1")  # as a copy that ran here has left it
    assert verdict(office, "store opens") == "NO"


def verdict(office: Folder, about: str) -> str:
    findings = json.loads(office.run("check", "--json").out)["findings"]
    return next((str(finding["order"]) for finding in findings if finding["about"] == about), "")


def test_rows_that_were_changed_from_outside_are_accepted_only_when_it_is_said(office: Folder) -> None:
    change(office, "UPDATE people SET due = 1")

    assert office.run("accept").status == 1
    assert "every row counts as it lies there" in office.said("accept", "--yes")
    assert "nothing to accept" in office.said("accept")
    change(office, "DELETE FROM ledger")
    assert "ledger is missing" in office.run("accept").out
    office.said("accept", "--yes")
    assert office.record(SAM).due is not None


def test_a_rotation_says_what_other_copies_need(office: Folder) -> None:
    said = office.said("keys", "rotate")

    assert ("Every other copy of the bot stops serving" in said) == bool(office.place.address)


def test_a_backup_is_verified_and_restored(office: Folder) -> None:
    office.said("backup", "create", "--to", "then.age")
    what = ("then.age", "--identity", "identity.txt")
    assert "goes on from it" in office.said("backup", "verify", *what)
    assert "left alone" in office.refused("backup", "restore", *what)

    setting(office, "SERAF_STORE", new_database() if office.place.address else "var/other.sqlite")
    said = office.said("backup", "restore", *what)

    assert "restored as it was" in said
    assert "nobody has confirmed" in office.run("purge").err


def test_a_store_is_moved_and_the_one_before_says_where_it_went(office: Folder) -> None:
    before = office.record(SAM)
    source = office.place.address or "var/seraf.sqlite"
    target = str(office.path / "var" / "new.sqlite") if office.place.address else new_database()

    assert "the store is here now" in office.said("store", "copy", "--to", target)

    assert target in office.refused("people", "list")
    assert office.run("backup", "create").status == 2
    assert target in office.run("check").out
    assert "opens, and has what was kept since" in office.refused("store", "reopen", "--yes")
    setting(office, "SERAF_STORE", target)
    assert SAM.removeprefix("telegram:") in office.said("people", "list", "--numbers")
    assert "store-moved" in office.said("audit", "show")
    assert "was not moved" in office.refused("store", "reopen", "--yes")
    setting(office, "SERAF_STORE", source)
    if office.place.address:
        Path(target).unlink()
        assert office.run("store", "reopen").status == 1
        office.said("store", "reopen", "--yes")
        assert office.record(SAM) == before


def test_a_store_that_was_changed_and_a_place_that_cannot_be_used_are_refused(office: Folder) -> None:
    change(office, "DELETE FROM standings")
    assert "1 of the people" in office.refused("store", "copy", "--to", str(office.path / "var" / "new.sqlite"))
    assert "no password in it" in office.refused("store", "copy", "--to", "postgresql://seraf:secret@db/seraf")
    office.said("people", "list")
