"""The second person: what cannot be undone or hands out power is confirmed by another administrator's PIN."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.access.standing import Access, read_access
from dialogs.core.role import Role
from tests.support.command_line.cli import Ran, run
from tests.support.command_line.desk import REFERENCE, WORDS, Folder, made
from tests.support.people.admitting import PIN
from tests.support.store.keeping import write_identity

BOSS, HIS = "1a2b3c4d", "telegram:9"
CONFIRMED = ("--confirmed-by", BOSS)
ROTATE = ("keys", "rotate", "--no-backup")


def restoring(folder: Folder) -> tuple[str, ...]:
    """Restore a backup that was taken now, in the place of the store."""
    recipient = write_identity(folder.path / "identity.txt")
    folder.said("backup", "create", "--to", "now.age", SERAF_BACKUP_RECIPIENTS=recipient)
    (folder.path / "var" / "seraf.sqlite").rename(folder.path / "old.sqlite")
    return ("backup", "restore", "now.age", "--identity", "identity.txt")


def restored(folder: Folder) -> tuple[str, ...]:
    """Have restored that backup, and confirm who is in."""
    assert act(folder, *restoring(folder), *CONFIRMED).status == 0
    return ("people", "confirm")


ACTS: dict[str, tuple[Callable[[Folder], tuple[str, ...]], str, str]] = {
    "invite": (lambda _: ("people", "invite", "--role", "admin"), "invited", ""),
    "lift": (lambda _: ("hold", "lift", *WORDS), "hold-lifted", REFERENCE),
    "rotate": (lambda _: ROTATE, "keys-rotated", "keys-rotated"),
    "restore": (restoring, "backup-restored", "backup-restored"),
    "confirm": (restored, "people-confirmed", "people-confirmed"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder with an administrator who has a PIN, and with somebody's assessment, which is held."""
    folder = made(tmp_path)
    folder.admit()
    folder.admit(HIS, folder.standing(Role.ADMIN, who=BOSS), reference="")
    folder.said("hold", "set", *WORDS)
    return folder


def act(folder: Folder, *words: str, pin: str = PIN, **settings: str) -> Ran:
    """A command, with what the second person types."""
    return run(folder.path, *words, typed=f"{pin}\n".encode(), settings={"COLUMNS": "300"} | settings)


def boss(folder: Folder) -> Access:
    """The standing of the administrator."""
    access = read_access(folder.record(HIS).access)
    assert isinstance(access, Access)
    return access


@pytest.mark.parametrize("name", ACTS)
def test_it_is_done_only_with_another_administrators_pin_and_both_are_in_the_audit(folder: Folder, name: str) -> None:
    """Without their id, with somebody's who is none, their own id or a wrong PIN nothing is done."""
    words, what, about = ACTS[name][0](folder), *ACTS[name][1:]
    there = (folder.path / "var" / "seraf.sqlite").exists()
    before = folder.entries() if there else []

    for given, said, settings in (
        ((), f"--confirmed-by {BOSS}", {}),
        (("--confirmed-by", "0a0b0c0d"), "No administrator", {}),
        (CONFIRMED, "Nobody confirms what they do themselves", {"SERAF_OPERATOR": BOSS}),
    ):
        ran = act(folder, *words, *given, **settings)
        assert ran.status == 2
        assert said in ran.err
    wrong = act(folder, *words, *CONFIRMED, pin="111111")
    assert (wrong.status, "That is not their PIN. Nothing was changed." in wrong.err) == (2, True)
    assert (folder.path / "var" / "seraf.sqlite").exists() == there
    assert (folder.entries() if there else []) == before

    ran = act(folder, *words, *CONFIRMED)

    assert (ran.status, ran.err) == (0, "")
    done = folder.entries()[-2:]
    assert {(who, each) for who, each, _ in done} == {(BOSS, "confirmed"), ("operator anna", what)}
    assert not about or about in {each for _, _, each in done}


def test_five_wrong_pins_at_the_desk_bar_as_in_the_chat_and_open_nothing(folder: Folder) -> None:
    """It says how many tries are left; afterwards nobody can confirm before they are renewed, and it is in the audit."""
    for left in ("4 tries are left", "3 tries are left", "2 tries are left", "1 try is left", "Nothing was changed."):
        assert left in act(folder, *ROTATE, *CONFIRMED, pin="111111").err
    for words in ((), CONFIRMED):
        assert act(folder, *ROTATE, *words).status == 2

    assert folder.entries()[-1] == (BOSS, "barred", "")
    folder.said("people", "renew", BOSS)
    assert act(folder, *ROTATE, *CONFIRMED).status == 0
    assert boss(folder).tries == 0


def test_an_administrator_without_a_pin_is_asked_to_choose_one(folder: Folder) -> None:
    """So a new PIN that was ordered at the desk does not make the second person go away."""
    folder.said("people", "renew", BOSS, "--new-pin")

    assert "has no PIN yet" in act(folder, *ROTATE, *CONFIRMED).err
    assert act(folder, *ROTATE).status == 2


@pytest.mark.parametrize("lapsed", [True, False])
def test_where_nobody_is_an_administrator_the_first_can_be_invited(tmp_path: Path, *, lapsed: bool) -> None:
    """A new installation, or one whose only administrator was not renewed; that nobody confirmed is said."""
    folder = made(tmp_path)
    if lapsed:
        past = replace(folder.standing(Role.ADMIN, who=BOSS), until=datetime(2026, 1, 1, tzinfo=UTC))
        folder.admit(HIS, past, reference="")

    said = folder.said("people", "invite", "--role", "admin")

    assert "nobody could confirm this" in said
    assert [each[1] for each in folder.entries()] == ["invited"]


def test_whoever_has_a_case_is_invited_without_a_second_person(folder: Folder) -> None:
    """An invitation that hands out no power."""
    assert "Code for" in folder.said("people", "invite", "--role", "practitioner")


def test_the_audit_names_the_account_where_no_setting_names_the_operator(folder: Folder) -> None:
    """And no name can pass for the id of a person."""
    folder.said("contacts", "confirm", "art", SERAF_OPERATOR="")
    folder.said("contacts", "confirm", "art", SERAF_OPERATOR=BOSS)

    account, named = (who for who, _, _ in folder.entries()[-2:])
    assert account.startswith("operator ")
    assert account not in ("operator ", "operator anna")
    assert named == f"operator {BOSS}"
