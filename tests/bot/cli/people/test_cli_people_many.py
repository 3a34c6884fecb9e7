"""Tests of `seraf-bot people` for many at once: staff lists, slips with codes, filters, JSON, renewals and roles."""

import csv
import io
import json
import re
import stat
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.account import MOST_TRIES, Account, read_account
from bot.access.admission import Invitation
from bot.access.slips import Slip, as_slips
from bot.cli.people.inviting import read_staff
from bot.runtime.errors import SettingsFault
from bot.runtime.packs import load_wording
from bot.summaries.paper import pages
from dialogs.core.role import Role
from dialogs.core.script import WaysIn
from tests.support.command_line.bot_api import telegram_settings
from tests.support.command_line.desk import Folder
from tests.support.people.accounts import altered

DAY = timedelta(days=1)
STAFF = 'role,label\npractitioner,Duty desk\nManager,"North, team 2"\nauditor,Zoë\n\n'


def until(folder: Folder, person: str) -> Account:
    access = read_account(folder.record(person).access)
    assert isinstance(access, Account)
    return access


@pytest.fixture
def staffed(folder: Folder) -> Folder:
    now = datetime.now(UTC)
    kept = [
        ("Bea", Role.MANAGER, 10, 0),
        ("Cy", Role.PRACTITIONER, -1, 0),
        ("Di", Role.PRACTITIONER, 3, MOST_TRIES),
        ("Ann", Role.ADMIN, 13.9, 0),
        ("Ed", Role.TRAINER, 80, 0),
    ]
    for number, (name, role, days, tries) in enumerate(kept, 1):
        standing = folder.standing(role, who=f"{number}a0b0c0d")
        given = altered(standing, name=name, until=now + days * DAY, tries=tries)
        folder.admit(f"telegram:{number}", given, reference="")
    return folder


def test_a_list_of_staff_becomes_slips_and_a_list_without_codes(folder: Folder) -> None:
    (folder.path / "staff.csv").write_text("\ufeff" + STAFF, encoding="utf-8")
    folder.said("people", "invite", "--role", "trainer")

    said = folder.said("people", "invite", "--from", "staff.csv", "--to", "out", "--days", "30", **telegram_settings())

    pdf, listed = folder.path / "out" / "staff-slips.pdf", folder.path / "out" / "staff-invited.csv"
    assert pages(pdf.read_bytes()) == 3
    assert {stat.S_IMODE(each.stat().st_mode) for each in (pdf, listed)} == {0o600}
    rows = list(csv.DictReader(io.StringIO(listed.read_text(encoding="utf-8"))))
    assert [(each["label"], each["role"]) for each in rows] == [
        ("Duty desk", "practitioner"),
        ("North, team 2", "manager"),
        ("Zoë", "auditor"),
    ]
    assert folder.entries()[1:] == [("operator anna", "invited", each["id"]) for each in rows]
    valid = folder.do(lambda store: store.read(lambda t: t.invitation_codes.valid(datetime.now(UTC))))
    assert json.loads(valid[0].text)[2] == "", "the one for a week ends first"
    assert len(valid) == 4
    assert "3 invitations" in said
    assert "no picture" not in said
    assert not re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", said + listed.read_text(encoding="utf-8"))
    assert "there already" not in said
    assert len(folder.entries()) == 4

    assert "4 invitations withdrawn" in folder.said("people", "withdraw", "--unused")
    assert folder.do(lambda store: store.read(lambda t: t.invitation_codes.valid(datetime.now(UTC)))) == ()
    assert "has staff-slips.pdf" in folder.refused("people", "invite", "--from", "staff.csv", "--to", "out")
    assert len(folder.entries()) == 8


def test_each_slip_has_the_qr_code_of_its_own_invitation(monkeypatch: pytest.MonkeyPatch) -> None:
    typeset: list[dict[str, bytes]] = []

    def keep(files: dict[str, bytes], **_: object) -> bytes:
        typeset.append(files)
        return b""

    monkeypatch.setattr("bot.access.slips.compiled", keep)
    ways, until = WaysIn(chat=True, pages=""), datetime.now(UTC)

    made = [Slip(Invitation("1a0b0c0d", Role.MANAGER), code, until) for code in ("AAAA2222", "BBBB3333")]
    as_slips(made, load_wording(), ways=ways, bot="fake_bot")
    as_slips(made[1:], load_wording(), ways=ways, bot="fake_bot")

    both, second = typeset
    assert both["1.svg"] == second["0.svg"] != both["0.svg"]


def test_a_label_that_a_spreadsheet_would_run_is_a_text_in_every_list(folder: Folder) -> None:
    labels = ["=1+1", "+44", "-2", "@SUM(1)", "Duty desk"]
    lines = "".join(f"{each},practitioner\n" for each in labels)
    (folder.path / "staff.csv").write_text(f"label,role\n{lines}", encoding="utf-8")
    folder.said("people", "invite", "--from", "staff.csv")
    for number, label in enumerate(labels):
        standing = folder.standing(Role.PRACTITIONER, who=f"{number}a0b0c0d")
        folder.admit(f"telegram:{number + 1}", altered(standing, name=label), reference="")

    listed = (folder.path / "staff-invited.csv").read_text(encoding="utf-8")
    tables = listed, *(folder.said("people", "list", "--csv", *words) for words in ((), ("--invitations",)))

    for table in tables:
        found = sorted(each["label"] for each in csv.DictReader(io.StringIO(table)))
        assert found == ["'+44", "'-2", "'=1+1", "'@SUM(1)", "Duty desk"]


def test_a_list_that_could_not_be_issued_leaves_no_slips(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip without a working code would bring a person who cannot be admitted."""
    (folder.path / "staff.csv").write_text(STAFF, encoding="utf-8")

    def fail(*_: object) -> None:
        raise SettingsFault("the disk is full")

    monkeypatch.setattr("bot.storage.tables.admission.InvitationCodes.issue_all", fail)
    ran = folder.run("people", "invite", "--from", "staff.csv")

    assert (ran.status, "the disk is full" in ran.err) == (2, True)
    assert [each.name for each in folder.path.glob("staff-*")] == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", ["the first line has to be: label,role"]),
        ("name,role\nA,trainer\n", ["the first line has to be: label,role"]),
        ("label,role\n", ["1 to 1000 people"]),
        (
            "label,role\nA,admin\nB,owner\nC\n,trainer\n",
            ["line 2: an administrator is invited alone", "line 3: 'owner'"],
        ),
        ("label,role\nA,trainer\nA,manager\n", ["line 2: another line", "line 3: another line"]),
        ("label,role\n" + "x" * 41 + ",trainer\n", ["line 2: a label has 1 to 40 signs"]),
    ],
)
def test_every_fault_of_a_list_is_reported_and_nobody_is_invited(folder: Folder, content: str, said: list[str]) -> None:
    (folder.path / "staff.csv").write_text(content, encoding="utf-8")

    err = folder.refused("people", "invite", "--from", "staff.csv")

    assert [each for each in said if each not in err] == []
    assert folder.entries() == []
    with pytest.raises(SettingsFault, match="cannot be read"):
        read_staff(folder.path)


def test_the_list_is_narrowed_sorted_and_given_to_programs(staffed: Folder) -> None:
    def names(*words: str) -> list[str]:
        return [each["label"] for each in json.loads(staffed.said("people", "list", "--json", *words))]

    assert names("--by", "label") == ["Ann", "Bea", "Cy", "Di", "Ed"]
    assert names("--by", "until") == ["Cy", "Di", "Bea", "Ann", "Ed"]
    assert names("--expiring", "14d", "--by", "until") == ["Di", "Bea", "Ann"]
    assert names("--role", "practitioner", "--by", "label") == ["Cy", "Di"]
    assert names("--locked") == ["Di"]
    rows = list(csv.DictReader(io.StringIO(staffed.said("people", "list", "--csv", "--locked", "--numbers"))))
    assert [(each["label"], each["standing"], each["number"]) for each in rows] == [("Di", "barred", "3")]
    assert "number" not in staffed.said("people", "list", "--csv")
    assert staffed.said("people", "list", "--role", "auditor") == "Nobody who has come in fits that.\n"
    assert "Bea" in staffed.said("people", "list", "--expiring", "10")
    assert "a number of days" in staffed.refused("people", "list", "--expiring", "soon")


def test_open_invitations_are_sorted_narrowed_and_given_to_programs(staffed: Folder) -> None:
    invited = [("zoë", "auditor", 3), ("Bo", "manager", 9), ("al", "auditor", 6)]
    for label, role, days in invited:
        staffed.said("people", "invite", "--role", role, "--name", label, "--days", str(days))

    def rows(*words: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads(staffed.said("people", "list", "--json", *words))
        return found

    def labels(*words: str) -> list[str]:
        return [each["label"] for each in rows("--invitations", *words)]

    assert labels() == labels("--by", "label") == ["al", "Bo", "zoë"]
    assert labels("--by", "until") == ["zoë", "al", "Bo"]
    assert labels("--by", "role") == ["al", "zoë", "Bo"]
    assert labels("--role", "auditor") == ["al", "zoë"]
    assert labels("--role", "trainer") == []
    assert {tuple(each) for each in rows("--invitations")} == {("id", "label", "role", "until")}
    table = list(csv.DictReader(io.StringIO(staffed.said("people", "list", "--invitations", "--csv"))))
    assert table == rows("--invitations")
    assert len(rows()) == 5

    whole, auditors, trainers = (
        staffed.said("people", "list", *words) for words in ((), ("--role", "auditor"), ("--role", "trainer"))
    )
    assert [line.split()[-1] for line in whole.splitlines()[2:5]] == ["al", "Bo", "zoë"]
    assert [line.split()[-1] for line in auditors.splitlines()[2:4]] == ["al", "zoë"]
    assert "Bo" not in auditors
    assert auditors.endswith("Nobody who has come in fits that.\n")
    assert "invitations" not in trainers + staffed.said("people", "list", "--locked")
    assert staffed.said("people", "list", "--invitations").splitlines() == whole.splitlines()[1:5]
    assert staffed.said("people", "list", "--invitations", "--role", "admin") == "No such invitation is open.\n"


@pytest.mark.parametrize(
    ("words", "renewed"), [(("--expiring", "14d"), [1, 3, 4]), (("--expiring", "3d"), [3]), (("--all",), [1, 3, 4, 5])]
)
def test_many_are_renewed_and_nobody_comes_back_by_it(
    staffed: Folder, words: tuple[str, ...], renewed: list[int]
) -> None:
    before = {number: until(staffed, f"telegram:{number}") for number in range(1, 6)}

    said = staffed.said("people", "renew", *words)

    after = {number: until(staffed, f"telegram:{number}") for number in range(1, 6)}
    assert [number for number in after if after[number].admission.until != before[number].admission.until] == renewed
    assert after[3].pin.tries == MOST_TRIES
    assert sorted(staffed.entries()) == [("operator anna", "renewed", f"{number}a0b0c0d") for number in renewed]
    assert said.startswith(f"{len(renewed)} {'person' if len(renewed) == 1 else 'people'} renewed")
    assert "Run out, and left so: 1." in said
    assert "Locked after wrong PINs, and left so: 1." in said


def test_the_list_distinguishes_locked_from_barred_people(staffed: Folder) -> None:
    staffed.said("people", "lock", "5a0b0c0d")

    said = staffed.said("people", "list")

    rows = {line.split()[0]: " ".join(line.split()) for line in said.splitlines() if line[:1].isdigit()}
    assert "trainer locked " in rows["5a0b0c0d"]
    assert "practitioner 5 wrong PINs " in rows["3a0b0c0d"]
    assert said.count("seraf-bot people renew") == said.count("people renew 3a0b0c0d") == 1
    kinds = {each["id"]: each["standing"] for each in json.loads(staffed.said("people", "list", "--json"))}
    assert (kinds["5a0b0c0d"], kinds["3a0b0c0d"]) == ("locked", "barred")


def test_a_label_is_changed_and_the_audit_has_that_alone(staffed: Folder) -> None:
    assert staffed.said("people", "label", "5a0b0c0d", " Night desk ") == "5a0b0c0d is now called “Night desk”.\n"
    assert staffed.said("people", "label", "5", "Night desk") == "5a0b0c0d is already called “Night desk”.\n"
    for name in ("", " ", "x" * 41, "a\nb"):
        assert "1 to 40 characters" in staffed.refused("people", "label", "5", name)

    assert until(staffed, "telegram:5").admission.name == "Night desk"
    assert staffed.entries() == [("operator anna", "labelled", "5a0b0c0d")]
    staffed.said("people", "remove", "5")
    assert "stays removed" in staffed.refused("people", "label", "5", "Night desk")


def test_a_role_is_changed_and_an_administrator_is_not_made(staffed: Folder) -> None:
    assert staffed.said("people", "role", "5a0b0c0d", "manager") == "5a0b0c0d is now a manager.\n"
    assert staffed.said("people", "role", "5", "manager") == "5a0b0c0d is already a manager.\n"
    assert "invite --role admin" in staffed.refused("people", "role", "5", "admin")
    assert until(staffed, "telegram:5").admission.role is Role.MANAGER
    assert staffed.entries() == [("operator anna", "role-manager", "5a0b0c0d")]


@pytest.mark.parametrize(
    "words",
    [
        *(("renew",), ("renew", "5", "--all"), ("renew", "--all", "--expiring", "3d"), ("renew", "--all", "--new-pin")),
        *(
            ("withdraw",),
            ("withdraw", "5a0b0c0d", "--unused"),
            ("list", "--invitations", "--locked"),
            ("invite", "--from", "x.csv", "--role", "trainer"),
        ),
    ],
)
def test_words_that_do_not_fit_together_are_refused(staffed: Folder, words: tuple[str, ...]) -> None:
    assert staffed.refused("people", *words)
    assert staffed.entries() == []
