"""Tests of `seraf-bot chat` with piped input: each line is one act, and nothing is left on disk."""

import contextlib
import os
import pty
import subprocess
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command_line.cli import COMMAND, PLAIN, run, run_apart

OPENING = ["Start", "School", "Neither", "No", "Yes", "13–15", "Form order"]
NARROW, CONTROL_D = 60, b"\x04"
"""The width of a narrow window in columns, and the byte that ends the input."""


def typed(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def last_card(out: str) -> str:
    return out.rsplit("─" * 20, 1)[1]


def test_the_end_of_input_ends_it_with_status_0(tmp_path: Path) -> None:
    ran = run(tmp_path, "chat")

    assert (ran.status, ran.err) == (0, "")
    assert "1 [Start]" in ran.out
    assert list(tmp_path.iterdir()) == []


def test_a_number_identifies_its_button(tmp_path: Path) -> None:
    ran = run(tmp_path, "chat", typed=typed(*OPENING[:5], "4", "Back"))

    assert "\n4 [18–25]\n" in ran.out
    assert "4 [18–25 ✓]" in last_card(ran.out)


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"   ", b"99", b"0", b"-1", b"xyzzy", b"\xff\xfe\x00\x01", "٤".encode(), "²".encode(), b"/", b"//"),
        *(b"\x1b[2J", b"9" * 6_000, b"x" * 2_000_000, b"/explain " + b"y" * 100_000, b"/nothing"),
    ],
    ids=range(16),
)
def test_no_line_breaks_it(tmp_path: Path, line: bytes) -> None:
    ran = run(tmp_path, "chat", typed=line + b"\n/start\nStart\n")

    assert (ran.status, ran.err) == (0, "")
    assert "What is your role?" in last_card(ran.out)
    assert "\x1b" not in ran.out


def test_a_last_line_without_an_end_counts(tmp_path: Path) -> None:
    assert "What is your role?" in last_card(run(tmp_path, "chat", typed=b"Start").out)


def test_quick_asks_by_section(tmp_path: Path) -> None:
    ran = run(tmp_path, "chat", "--quick", typed=typed(*OPENING[:6]))

    assert "items 1 to" in last_card(ran.out)
    assert "[None of the others]" in last_card(ran.out)


def test_it_prints_in_any_encoding(tmp_path: Path) -> None:
    ran = run_apart(tmp_path, "chat", typed=typed(*OPENING), settings={"PYTHONIOENCODING": "ascii"})

    assert (ran.status, ran.err) == (0, "")
    assert "item 1 of 30" in ran.out


def test_a_reader_that_goes_away_gets_no_traceback(tmp_path: Path) -> None:
    chatting = subprocess.Popen(
        [*COMMAND, "chat"],
        cwd=tmp_path,
        env=PLAIN | {"HOME": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert chatting.stdout is not None
    chatting.stdout.close()

    _, err = chatting.communicate(typed(*["1"] * 5_000), timeout=60)

    assert chatting.returncode == 1
    assert b"Traceback" not in err


def test_a_terminal_shows_whole_words(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, NARROW))
    chatting = subprocess.Popen(
        [*COMMAND, "chat"],
        cwd=tmp_path,
        env=PLAIN | {"HOME": str(tmp_path), "TERM": "xterm"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, CONTROL_D)

    shown = b"".join(_read_to_the_end(ours)).decode()

    assert chatting.wait(timeout=60) == 0
    assert "It then tells you what to do next and who to call." in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= NARROW


def _read_to_the_end(file: int) -> Iterator[bytes]:
    with contextlib.suppress(OSError):
        while heard := os.read(file, 65536):
            yield heard
    os.close(file)


TO_A_RESULT = (
    "Start", "School", "Neither", "No", "Yes", "13–15", "Form order", "More", "Finish now", "Not known",
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
