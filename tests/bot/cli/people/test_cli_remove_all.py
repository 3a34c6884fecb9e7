"""Tests of `seraf-bot people remove --all`: two people end everybody's access, but not while a case is held."""

from pathlib import Path

import pytest

from bot.access.account import Removed, read_account
from dialogs.core.role import Role
from tests.support.command_line.cli import Ran, run
from tests.support.command_line.desk import REFERENCE, SAM, WHO, WORDS, Folder, made
from tests.support.people.admitting import PIN

BOSS, HIS, OTHER = "1a2b3c4d", "telegram:9", "telegram:8"
CONFIRMED = ("--all", "--confirmed-by", BOSS)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = made(tmp_path)
    folder.admit()
    folder.admit(OTHER, folder.standing(who="1a1b1c1d"), reference="CALM FERN 10")
    folder.admit(HIS, folder.standing(Role.ADMIN, who=BOSS), reference="")
    return folder


def removing(folder: Folder, *words: str, pin: str = PIN) -> Ran:
    return run(folder.path, "people", "remove", *words, typed=f"{pin}\n".encode(), settings={"COLUMNS": "300"})


def removed(folder: Folder) -> list[bool]:
    return [isinstance(read_account(folder.record(each).access), Removed) for each in (SAM, OTHER, HIS)]


def test_everybody_is_removed_at_once(folder: Folder) -> None:
    ran = removing(folder, *CONFIRMED)

    assert (ran.status, ran.err, removed(folder)) == (0, "", [True, True, True])
    assert "3 people removed, 2 assessments erased." in ran.out
    assert [folder.record(each).case is None for each in (SAM, OTHER)] == [True, True]
    entries = folder.entries()
    assert entries[0] == (BOSS, "confirmed", "removed")
    assert {about for _, what, about in entries if what == "removed"} == {WHO, "1a1b1c1d", BOSS}
    assert ("operator anna", "erased-on-removal", "CALM FERN 10") in entries
    assert "0 people removed" in removing(folder, *CONFIRMED).out


@pytest.mark.parametrize("is_removed", [True, False])
def test_nobody_is_removed_while_something_is_held(folder: Folder, *, is_removed: bool) -> None:
    """A held case of a removed person counts too: without an administrator nobody could confirm its handover."""
    folder.said("hold", "set", *WORDS)
    if is_removed:
        folder.said("people", "remove", WHO)

    ran = removing(folder, *CONFIRMED)

    assert (ran.status, f"seraf-bot hold export {REFERENCE}" in ran.err) == (2, True)
    assert removed(folder) == [is_removed, False, False]


@pytest.mark.parametrize(
    ("words", "pin"),
    [
        (("--all",), PIN),
        (("--all", "--confirmed-by", WHO), PIN),
        (CONFIRMED, "111111"),
        ((WHO, "--all"), PIN),
        ((), PIN),
    ],
)
def test_without_a_right_confirmation_nobody_is_removed(folder: Folder, words: tuple[str, ...], pin: str) -> None:
    ran = removing(folder, *words, pin=pin)

    assert (ran.status, removed(folder)) == (2, [False, False, False])


def test_at_a_terminal_it_is_asked_first(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.terminal.is_at_terminal", lambda: True)

    ran = run(folder.path, "people", "remove", *CONFIRMED, typed=b"n\n")

    assert (ran.status, removed(folder)) == (1, [False, False, False])
    assert "in the case record? It will be erased for good." in ran.err
