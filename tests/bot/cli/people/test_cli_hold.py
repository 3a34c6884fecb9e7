"""Tests of `seraf-bot hold set | lift`: retention of an assessment, by its reference, for the police or a court."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.account import Removed, read_account
from tests.support.command_line.cli import run
from tests.support.command_line.desk import REFERENCE, WHO, WORDS, Folder
from tests.support.people.accounts import altered
from tests.support.store.builders import ask

DAY = timedelta(days=1)
SET, LIFTED = ("operator anna", "hold-set", REFERENCE), ("operator anna", "hold-lifted", REFERENCE)
ERASED = ("operator anna", "erased-on-removal", REFERENCE)


def held(kept: Folder, person: str = "telegram:7") -> str:
    return ", ".join(head.reference for head in kept.record(person).heads if head.held)


def overdue(kept: Folder, person: str = "telegram:8", who: str = "1a1b1c1d") -> None:
    long_ago = datetime.now(UTC) - 9 * DAY
    past = altered(kept.standing(who=who), seen=long_ago, is_locked=True)
    kept.admit(person, past, reference="CALM FERN 10", due=long_ago + 5 * DAY, active=long_ago)


@pytest.mark.parametrize(
    "words", [WORDS, (REFERENCE,), ("brisk", "Otter 41"), ("BRISK-OTTER-41",), (" “BRISK OTTER 41”",)]
)
def test_a_hold_is_set_by_the_reference_however_it_is_written(kept: Folder, words: tuple[str, ...]) -> None:
    said = kept.said("hold", "set", *words)

    assert held(kept) == REFERENCE
    assert f"{REFERENCE} of {WHO} is held from now on" in said
    assert kept.entries() == [SET]


def test_setting_twice_is_harmless(kept: Folder) -> None:
    first = kept.said("hold", "set", *WORDS)

    assert "can go on with it and change responses" in first
    second = kept.said("hold", "set", *WORDS)
    assert second.startswith(f"{REFERENCE} of {WHO} is held already. Nothing was changed.\n")
    assert "SERAF_BACKUP_RECIPIENTS is not set" in first + second
    assert (held(kept), kept.entries()) == (REFERENCE, [SET])


def test_a_held_case_outlives_its_term_and_is_erased_once_it_is_released(kept: Folder) -> None:
    overdue(kept)
    kept.said("hold", "set", "calm", "fern", "10")
    assert "0 assessments erased" in kept.said("purge")
    assert kept.record("telegram:8").case is not None

    said = kept.said("hold", "lift", "calm", "fern", "10")

    assert "Its term is over" in said
    assert "1 assessment erased" in kept.said("purge")
    assert kept.record("telegram:8").case is None
    assert kept.entries()[-1] == ("bot", "erased-by-time", "CALM FERN 10")


def test_the_held_case_of_a_removed_person_stays_until_it_is_released(kept: Folder) -> None:
    kept.said("hold", "set", *WORDS)
    kept.said("people", "remove", WHO)
    kept.said("purge")
    assert "held already" in kept.said("hold", "set", *WORDS)
    assert kept.record().case is not None

    said = kept.said("hold", "lift", *WORDS)

    assert "Its person had been removed, so it was erased now" in said
    assert isinstance(read_account(kept.record().access), Removed)
    assert (kept.record().case, held(kept)) == (None, "")
    assert kept.entries()[-2:] == [LIFTED, ERASED]


@pytest.mark.parametrize("command", ["set", "lift"])
@pytest.mark.parametrize("words", [("CALM", "FERN", "10"), ("BRISK OTTER",), ("?",), ("",)])
def test_an_unknown_reference_is_answered_with_what_the_store_holds(
    kept: Folder, command: str, words: tuple[str, ...]
) -> None:
    said = kept.refused("hold", command, *words)

    assert "is kept here" in said
    assert "What was erased is gone from this store" in said
    assert "A backup of an earlier day may have it" in said
    assert kept.entries() == []


def test_a_shared_reference_holds_both_cases_and_releases_one(kept: Folder) -> None:
    kept.admit("telegram:8", kept.standing(who="1a1b1c1d"))
    kept.said("hold", "set", *WORDS)
    assert (held(kept), held(kept, "telegram:8")) == (REFERENCE, REFERENCE)

    said = kept.refused("hold", "lift", *WORDS)
    kept.said("hold", "lift", *WORDS, "--person", "1A1B1C1D")

    for who in (WHO, "1a1b1c1d"):
        assert f"seraf-bot hold lift {REFERENCE} --person {who}\n" in said
    assert (held(kept), held(kept, "telegram:8")) == (REFERENCE, "")


def test_holders_of_a_shared_reference_are_distinguished_after_a_removal(kept: Folder) -> None:
    kept.admit("telegram:8", kept.standing(who="1a1b1c1d"))
    kept.said("hold", "set", *WORDS)
    kept.said("people", "remove", WHO)

    assert "--person 7\n" in kept.refused("hold", "lift", *WORDS)
    assert "so it was erased now" in kept.said("hold", "lift", *WORDS, "--person", "7")
    assert held(kept, "telegram:8") == REFERENCE


def test_a_hold_of_one_person_alone_can_be_set(kept: Folder) -> None:
    kept.admit("telegram:8", kept.standing(who="1a1b1c1d"))

    kept.said("hold", "set", *WORDS, "--person", WHO)

    assert (held(kept), held(kept, "telegram:8")) == (REFERENCE, "")
    assert "is kept here" in kept.refused("hold", "set", *WORDS, "--person", "ffffffff")


@pytest.mark.parametrize(("answer", "is_erased"), [(b"y\n", True), (b"n\n", False), (b"\n", False), (b"", False)])
def test_at_a_terminal_it_is_asked_before_a_case_goes_with_its_hold(
    kept: Folder, monkeypatch: pytest.MonkeyPatch, answer: bytes, *, is_erased: bool
) -> None:
    kept.said("hold", "set", *WORDS)
    kept.said("people", "remove", WHO)
    monkeypatch.setattr("bot.cli.terminal.is_at_terminal", lambda: True)

    ran = run(kept.path, "hold", "lift", *WORDS, typed=answer)

    assert f"Is assessment {REFERENCE} in the case record? It will be erased for good. [y/N]" in ran.err
    assert ran.status == (0 if is_erased else 1)
    assert (kept.record().heads == (), held(kept) == "") == (is_erased, is_erased)


def test_nobody_is_asked_if_nothing_is_erased_or_yes_was_given(kept: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.terminal.is_at_terminal", lambda: True)
    overdue(kept)
    for words in (WORDS, ("CALM FERN 10",)):
        kept.said("hold", "set", *words)

    assert "usual terms count again" in kept.said("hold", "lift", *WORDS)
    assert run(kept.path, "hold", "lift", "CALM FERN 10", typed=b"n\n").status == 1
    assert "Its term is over" in kept.said("hold", "lift", "CALM FERN 10", "--yes")
    assert "is not held" in kept.said("hold", "lift", "CALM FERN 10")


def test_a_hold_changes_nothing_else_of_the_standing(kept: Folder) -> None:
    before = kept.record()
    kept.said("hold", "set", *WORDS)
    during = kept.record()
    kept.said("hold", "lift", *WORDS)
    after = kept.record()

    assert during.heads == tuple(replace(head, held=True) for head in before.heads)
    assert (after.heads, after.access, during.access) == (before.heads, before.access, before.access)


@pytest.mark.parametrize("table", ["cases", "standings"])
def test_a_list_of_holds_reports_unreadable_rows(kept: Folder, table: str) -> None:
    """The case that cannot be read may be the one that is held."""
    kept.said("hold", "set", *WORDS)
    ask(kept.path / "var" / "seraf.sqlite", f"UPDATE {table} SET body = zeroblob(200)")

    ran = kept.run("hold", "list")

    is_listed = table == "cases"  # the list needs no body
    assert (ran.status, ran.out.startswith(REFERENCE)) == (2, is_listed)
    assert f"1 of the values of {table}.body do not open" in ran.err
    assert "seraf-bot check" in ran.err
