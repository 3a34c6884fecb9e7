"""Tests of warnings of `seraf-bot people`: no administrator left, a staff list given twice, a person without a PIN."""

import csv
from datetime import UTC, datetime, timedelta

from dialogs.core.role import Role
from tests.support.command_line.cli import Ran
from tests.support.command_line.desk import Folder
from tests.support.people.accounts import altered

LEFT = "No administrator is left"


def command_in(said: str) -> list[str]:
    return said.rpartition("seraf-bot ")[2].split()


def test_removing_the_last_administrator_warns_what_becomes_impossible(folder: Folder) -> None:
    for number, role in enumerate((Role.ADMIN, Role.ADMIN, Role.MANAGER), 1):
        folder.admit(f"telegram:{number}", folder.standing(role, who=f"{number}a0b0c0d"), reference="")

    manager, first, last = (folder.said("people", "remove", f"{number}a0b0c0d", "--yes") for number in (3, 1, 2))

    assert LEFT not in manager + first
    assert LEFT in last
    assert "Announced" in folder.said(*command_in(last))


def test_the_last_administrator_stays_one(folder: Folder) -> None:
    folder.admit("telegram:1", folder.standing(Role.ADMIN, who="1a0b0c0d"), reference="")

    said = folder.refused("people", "role", "1a0b0c0d", "manager")
    folder.admit("telegram:2", folder.standing(Role.ADMIN, who="2a0b0c0d"), reference="")

    assert "1a0b0c0d is the last administrator who is admitted" in said
    assert folder.said("people", "role", "1a0b0c0d", "manager") == "1a0b0c0d is now a manager.\n"


def test_the_last_administrator_is_removed_with_yes_alone(folder: Folder) -> None:
    over = altered(folder.standing(Role.ADMIN, who="2a0b0c0d"), until=datetime.now(UTC) - timedelta(days=1))
    folder.admit("telegram:1", folder.standing(Role.ADMIN, who="1a0b0c0d"), reference="")
    folder.admit("telegram:2", over, reference="")
    folder.admit("telegram:3", altered(over, who="3a0b0c0d"), reference="")

    said = folder.refused("people", "remove", "1a0b0c0d")

    assert "1a0b0c0d is the last administrator who is admitted" in said
    assert "seraf-bot people invite --role admin --confirmed-by 1a0b0c0d" in said
    assert folder.entries() == []
    assert LEFT not in folder.said("people", "remove", "3a0b0c0d")
    last = folder.said("people", "remove", "1a0b0c0d", "--yes")
    assert LEFT in last
    assert "2a0b0c0d is admitted until" in folder.said(*command_in(last))


def test_locking_reports_a_missing_pin(folder: Folder) -> None:
    """If a person's PIN was reset, whoever holds their phone could choose the new one."""
    has_none = altered(folder.standing(Role.MANAGER, who="1a0b0c0d"), pin="")
    folder.admit("telegram:1", has_none, reference="")

    said = folder.said("people", "lock", "1a0b0c0d")

    assert "They have no PIN: whoever has the phone chooses one." in said
    assert "Their PIN opens" not in said


def test_a_repeated_list_of_staff_invites_only_new_people(folder: Folder) -> None:
    staff, result = (
        folder.path / "staff.csv",
        "of these labels somebody was let in or invited before, and gets no invitation",
    )
    folder.admit(standing=altered(folder.standing(), name="Desk 0"), reference="")

    def given(to: str, *numbers: int) -> Ran:
        staff.write_text("\n".join(("label,role", *(f"Desk {number},manager" for number in numbers))), encoding="utf-8")
        return folder.run("people", "invite", "--from", "staff.csv", "--to", to)

    first, again, more = given("one", 1, 2), given("two", 0, 1, 2), given("three", 0, 1, 2, 3)
    invited = list(csv.DictReader((folder.path / "three" / "staff-invited.csv").read_text().splitlines()))
    folder.said("people", "withdraw", invited[0]["id"])
    anew = given("four", 3)

    assert [each.status for each in (first, again, more, anew)] == [0, 2, 0, 0]
    assert result not in first.out + anew.out
    assert (again.out, f"Under 3 {result}" in again.err, "Nobody was invited." in again.err) == ("", True, True)
    assert "seraf-bot people withdraw ID" in again.err
    assert not (folder.path / "two").exists()
    assert more.out.startswith(f"Under 3 {result}")
    assert "1 invitation, each" in more.out
    assert [each["label"] for each in invited] == ["Desk 3"]
    assert [what for _, what, _ in folder.entries()] == ["invited"] * 3 + ["withdrawn", "invited"]


def test_a_missing_list_is_reported_as_missing(folder: Folder) -> None:
    assert "none.csv is not there" in folder.refused("people", "invite", "--from", "none.csv")
