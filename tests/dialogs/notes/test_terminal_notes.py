"""Notes at the terminal: a line at a note card is a note, unless it is a button or begins with a slash."""

from pathlib import Path

import pytest

from tests.support.command_line.cli import Ran, run

ON = {"SERAF_NOTES": "on"}
TO_A_NOTE = ("Start", "School", "Neither", "No", "Yes", "13–15", "Form order", "Note")


def ran(folder: Path, *lines: str, settings: dict[str, str] | None = None) -> Ran:
    """What is printed for these lines."""
    return run(folder, "chat", typed="".join(f"{line}\n" for line in lines).encode(), settings=settings or ON)


@pytest.mark.parametrize(
    "line",
    [
        "The nurse saw bruises.",
        "call me when it is over, he said",
        "Explain why he was out.",
        "pause",
        "so " * 95 + "end",
    ],
)
def test_a_line_at_a_note_card_is_kept(tmp_path: Path, line: str) -> None:
    """Also where it begins with a word that is a command elsewhere, and where it is longer than any button."""
    out = ran(tmp_path, *TO_A_NOTE, line).out

    assert f"Kept: {line}" in out
    assert list(tmp_path.iterdir()) == []


def test_a_button_and_a_command_are_still_what_they_are(tmp_path: Path) -> None:
    """A label, a number, and a line with a slash."""
    assert "item 1 of 30" in ran(tmp_path, *TO_A_NOTE, "back").out.rsplit("─" * 20, 1)[1]
    assert "Kept:" not in ran(tmp_path, *TO_A_NOTE, "2").out
    assert "In danger now: call 999" in ran(tmp_path, *TO_A_NOTE, "/urgent").out


def test_a_line_elsewhere_is_no_note(tmp_path: Path) -> None:
    """It is no button there, and nothing is made of it."""
    out = ran(tmp_path, *TO_A_NOTE[:-1], "The nurse saw bruises.").out

    assert "That is no button here." in out
    assert "Kept:" not in out


def test_where_no_notes_are_taken_there_is_no_way_to_one(tmp_path: Path) -> None:
    """Off, as it is unless somebody turns it on."""
    for off in ({"SERAF_NOTES": "off"}, {"SERAF_NOTES": ""}):
        out = ran(tmp_path, *TO_A_NOTE[:-1], settings=off).out

        assert "item 1 of 30" in out
        assert "[Note" not in out
