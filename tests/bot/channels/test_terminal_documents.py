"""A summary at the terminal is printed as plain text and written nowhere."""

from pathlib import Path

from tests.support.command_line.cli import run

TO_A_RESULT = (
    "Start", "School", "No", "No", "Yes", "13–15", "Form order", "More", "Finish now", "Not known",
    "None of the others",
)  # fmt: skip
ON = ("Continue", "Not sure", "More", "Summary")


def printed(folder: Path, *lines: str) -> str:
    return run(folder, "chat", typed="".join(f"{line}\n" for line in (*TO_A_RESULT, *ON, *lines)).encode()).out


def test_the_text_is_printed_in_the_window_and_no_file_is_made(tmp_path: Path) -> None:
    out = printed(tmp_path, "Text", "/help")

    assert out.count("SERAF SUMMARY ") == 1
    assert "To complete in the case record" in out
    assert out.index("SERAF SUMMARY ") < out.index("To complete in") < out.rindex("\nOPEN ")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_printed_before_it_is_asked_for(tmp_path: Path) -> None:
    out = printed(tmp_path)

    assert "It is printed in this window" in out
    assert "SERAF SUMMARY " not in out
    assert "[PDF]" not in out
