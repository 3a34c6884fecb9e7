"""Tests of how a typed line is understood where there are no buttons to press, as in a terminal."""

import pytest

from dialogs.core.page import Button
from dialogs.turn.typed import TypedCommand, Unclear, resolve
from tests.support.talk.talking import Talk

AGE = ["Under 13", "13–15", "16–17", "18–25", "Other adult", "Not known", "What counts?", "Back", "More", "Urgent"]


def at_age() -> Talk:
    return Talk().begin().press("Start", "School", "Neither", "No", "Yes")


@pytest.mark.parametrize(
    ("line", "label"),
    [
        *(("1", "Under 13"), (" 10 ", "Urgent"), ("under 13", "Under 13"), ("UNDER-13", "Under 13")),
        *(("13-15", "13–15"), ("13", "13–15"), ("un", "Under 13"), ("back", "Back"), ("urgent", "Urgent")),
        *(("what", "What counts?"), ("what counts", "What counts?")),
    ],
)
def test_a_line_names_a_button_by_number_label_or_beginning(line: str, label: str) -> None:
    talk = at_age()
    assert talk.labels == AGE

    found = resolve(line, talk.card)

    assert isinstance(found, Button)
    assert found.label == label


def test_the_mark_of_a_chosen_button_need_not_be_typed() -> None:
    talk = at_age().press("13–15", "Back")

    assert resolve("13-15", talk.card) == talk.button("13–15")


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/help", TypedCommand("help", "")),
        *(("/Explain@any_bot  Grooming ", TypedCommand("explain", "Grooming")), ("/", TypedCommand("", ""))),
        *(("/back", TypedCommand("back", "")), ("explain CSE", TypedCommand("explain", "CSE"))),
        ("pause", TypedCommand("pause", "")),
    ],
)
def test_a_line_is_a_command_with_or_without_its_slash(line: str, command: TypedCommand) -> None:
    assert resolve(line, at_age().card) == command


@pytest.mark.parametrize("line", ["", "?!", "0", "99", "٣٤", "nothing of the kind"])
def test_a_line_that_is_neither_is_unclear(line: str) -> None:
    assert resolve(line, at_age().card) == Unclear()


def test_a_beginning_of_several_labels_names_them() -> None:
    assert resolve("U", at_age().card) == Unclear(("Under 13", "Urgent"))


def test_no_is_never_taken_for_not_known() -> None:
    in_danger = Talk().begin().press("Start", "School")
    assert {"Neither", "Not known"} <= set(in_danger.labels)

    assert resolve("No", in_danger.card) == Unclear(("Neither", "Not known"))
    assert resolve("no", at_age().card) == Unclear(("Not known",))
    assert isinstance(resolve("not", at_age().card), Button)
