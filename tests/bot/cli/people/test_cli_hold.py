"""`seraf-bot hold set | lift`: what is kept for the police or a court, by its reference."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.access.account import Account, Removed, read_account
from tests.support.command_line.cli import run
from tests.support.command_line.desk import REFERENCE, WHO, WORDS, Folder, made
from tests.support.people.accounts import altered
from tests.support.store.builders import ask

DAY = timedelta(days=1)
SET, LIFTED = ("operator anna", "hold-set", REFERENCE), ("operator anna", "hold-lifted", REFERENCE)
ERASED = ("operator anna", "erased-on-removal", REFERENCE)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder in which somebody has begun."""
    folder = made(tmp_path)
    folder.admit()
    return folder


def held(folder: Folder, person: str = "telegram:7") -> str:
    """What is held of somebody."""
    access = read_account(folder.record(person).access)
    assert isinstance(access, Account | Removed)
    return access.held


def overdue(folder: Folder, person: str = "telegram:8", who: str = "1a1b1c1d") -> None:
    """Somebody whose case is past its term, and known to be."""
    long_ago = datetime.now(UTC) - 9 * DAY
    past = altered(folder.standing(who=who), seen=long_ago, is_locked=True)
    folder.admit(person, past, reference="CALM FERN 10", due=long_ago + 5 * DAY)


@pytest.mark.parametrize(
    "words", [WORDS, (REFERENCE,), ("brisk", "Otter 41"), ("BRISK-OTTER-41",), (" “BRISK OTTER 41”",)]
)
def test_a_hold_is_set_by_the_reference_however_it_is_written(folder: Folder, words: tuple[str, ...]) -> None:
    """In several words or one, in any case."""
    said = folder.said("hold", "set", *words)

    assert held(folder) == REFERENCE
    assert f"{REFERENCE} of {WHO} is held from now on" in said
    assert folder.entries() == [SET]


def test_setting_twice_is_harmless(folder: Folder) -> None:
    """The second time says that alone, and is noted once."""
    first = folder.said("hold", "set", *WORDS)

    assert "can go on with it and change responses" in first
    second = folder.said("hold", "set", *WORDS)
    assert second.startswith(f"{REFERENCE} of {WHO} is held already. Nothing was changed.\n")
    assert "SERAF_BACKUP_RECIPIENTS is not set" in first + second
    assert (held(folder), folder.entries()) == (REFERENCE, [SET])


def test_a_held_case_outlives_its_term_and_is_erased_once_it_is_let_go(folder: Folder) -> None:
    """Purge leaves it alone in between."""
    overdue(folder)
    folder.said("hold", "set", "calm", "fern", "10")
    assert "0 assessments erased" in folder.said("purge")
    assert folder.record("telegram:8").case is not None

    said = folder.said("hold", "lift", "calm", "fern", "10")

    assert "Its term is over" in said
    assert "1 assessment erased" in folder.said("purge")
    assert folder.record("telegram:8").case is None
    assert folder.entries()[-1] == ("bot", "erased-by-time", "CALM FERN 10")


def test_after_lifting_the_usual_terms_count(folder: Folder) -> None:
    """The line says until when, and the next thing is due."""
    folder.said("hold", "set", *WORDS)

    said = folder.said("hold", "lift", *WORDS)

    assert "The usual terms count again" in said
    assert held(folder) == ""
    assert folder.record().due is not None
    assert folder.entries() == [SET, LIFTED]


def test_lifting_what_is_not_held_says_so(folder: Folder) -> None:
    """Status 0, and nothing is noted."""
    assert "is not held. Nothing was changed" in folder.said("hold", "lift", *WORDS)
    assert folder.entries() == []


def test_the_case_of_somebody_removed_is_kept_until_it_is_let_go(folder: Folder) -> None:
    """Then it is erased then and there, and they stay removed."""
    folder.said("hold", "set", *WORDS)
    folder.said("people", "remove", WHO)
    folder.said("purge")
    assert "held already" in folder.said("hold", "set", *WORDS)
    assert folder.record().case is not None

    said = folder.said("hold", "lift", *WORDS)

    assert "Its person had been removed, so it was erased now" in said
    assert isinstance(read_account(folder.record().access), Removed)
    assert (folder.record().case, held(folder)) == (None, "")
    assert folder.entries()[-2:] == [LIFTED, ERASED]


@pytest.mark.parametrize("command", ["set", "lift"])
@pytest.mark.parametrize("words", [("CALM", "FERN", "10"), ("BRISK OTTER",), ("?",), ("",)])
def test_a_reference_that_is_not_kept_is_said_with_what_is_and_is_not_kept(
    folder: Folder, command: str, words: tuple[str, ...]
) -> None:
    """Nothing is changed."""
    said = folder.refused("hold", command, *words)

    assert "is kept here" in said
    assert "What was erased is gone from this store" in said
    assert "A backup of an earlier day may have it" in said
    assert folder.entries() == []


def test_a_reference_that_two_bear_holds_both_and_lets_go_of_one(folder: Folder) -> None:
    """What is kept too long can still be let go; what is erased is gone."""
    folder.admit("telegram:8", folder.standing(who="1a1b1c1d"))
    folder.said("hold", "set", *WORDS)
    assert (held(folder), held(folder, "telegram:8")) == (REFERENCE, REFERENCE)

    said = folder.refused("hold", "lift", *WORDS)
    folder.said("hold", "lift", *WORDS, "--person", "1A1B1C1D")

    for who in (WHO, "1a1b1c1d"):
        assert f"seraf-bot hold lift {REFERENCE} --person {who}\n" in said
    assert (held(folder), held(folder, "telegram:8")) == (REFERENCE, "")


def test_several_of_whom_one_was_removed_are_told_apart(folder: Folder) -> None:
    """By the number of whoever was removed."""
    folder.admit("telegram:8", folder.standing(who="1a1b1c1d"))
    folder.said("hold", "set", *WORDS)
    folder.said("people", "remove", WHO)

    assert "--person 7\n" in folder.refused("hold", "lift", *WORDS)
    assert "so it was erased now" in folder.said("hold", "lift", *WORDS, "--person", "7")
    assert held(folder, "telegram:8") == REFERENCE


def test_a_hold_of_one_person_alone_can_be_set(folder: Folder) -> None:
    """Where it is known whose it is."""
    folder.admit("telegram:8", folder.standing(who="1a1b1c1d"))

    folder.said("hold", "set", *WORDS, "--person", WHO)

    assert (held(folder), held(folder, "telegram:8")) == (REFERENCE, "")
    assert "is kept here" in folder.refused("hold", "set", *WORDS, "--person", "ffffffff")


@pytest.mark.parametrize(("answer", "is_erased"), [(b"y\n", True), (b"n\n", False), (b"\n", False), (b"", False)])
def test_at_a_terminal_it_is_asked_before_a_case_goes_with_its_hold(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, answer: bytes, *, is_erased: bool
) -> None:
    """That of somebody removed; nothing but a yes is one."""
    folder.said("hold", "set", *WORDS)
    folder.said("people", "remove", WHO)
    monkeypatch.setattr("bot.cli.terminal.is_at_terminal", lambda: True)

    ran = run(folder.path, "hold", "lift", *WORDS, typed=answer)

    assert f"Is assessment {REFERENCE} in the case record? It will be erased for good. [y/N]" in ran.err
    assert ran.status == (0 if is_erased else 1)
    assert (folder.record().case is None, held(folder) == "") == (is_erased, is_erased)


def test_nobody_is_asked_where_nothing_is_erased_or_yes_was_said(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case whose term is over goes with its hold; one whose term is not stays."""
    monkeypatch.setattr("bot.cli.terminal.is_at_terminal", lambda: True)
    overdue(folder)
    for words in (WORDS, ("CALM FERN 10",)):
        folder.said("hold", "set", *words)

    assert "usual terms count again" in folder.said("hold", "lift", *WORDS)
    assert run(folder.path, "hold", "lift", "CALM FERN 10", typed=b"n\n").status == 1
    assert "Its term is over" in folder.said("hold", "lift", "CALM FERN 10", "--yes")
    assert "is not held" in folder.said("hold", "lift", "CALM FERN 10")


def test_no_store_is_made_by_looking_for_a_reference(tmp_path: Path) -> None:
    """Somebody in the wrong folder is told so."""
    folder = made(tmp_path)

    assert "There is no database at" in folder.refused("hold", "set", *WORDS)


def test_a_hold_changes_nothing_else_of_the_standing(folder: Folder) -> None:
    """Set and lifted, it is as it was."""
    before = read_account(folder.record().access)
    folder.said("hold", "set", *WORDS)
    during = read_account(folder.record().access)
    folder.said("hold", "lift", *WORDS)

    assert isinstance(before, Account)
    assert during == altered(before, held=REFERENCE)
    assert read_account(folder.record().access) == before


@pytest.mark.parametrize("table", ["cases", "standings"])
def test_a_list_of_holds_says_what_could_not_be_read(folder: Folder, table: str) -> None:
    """The row of the held assessment, which does not open, may be the one that somebody looks for."""
    folder.said("hold", "set", *WORDS)
    ask(folder.path / "var" / "seraf.sqlite", f"UPDATE {table} SET body = zeroblob(200)")

    ran = folder.run("hold", "list")

    assert (ran.status, ran.out) == (2, "")
    assert f"1 of the values of {table}.body do not open" in ran.err
    assert "seraf-bot check" in ran.err
