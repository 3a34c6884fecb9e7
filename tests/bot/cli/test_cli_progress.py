"""Tests that long work shows its progress at a terminal and nowhere else, and in fixed texts."""

import ast
import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.terminal import working
from tests.support.command_line.cli import COMMAND, PLAIN
from tests.support.command_line.desk import Folder
from tests.support.places import ROOT
from tests.support.store.keeping import write_identity

SEAM = ROOT / "bot" / "cli" / "terminal.py"


class Terminal(io.StringIO):
    """A text stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def calls(path: Path) -> list[ast.Call]:
    found = (each for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(each, ast.Call))
    return [each for each in found if isinstance(each.func, ast.Name) and each.func.id == "working"]


def test_it_is_shown_at_a_terminal_and_taken_away_again(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Terminal()
    monkeypatch.setattr(sys, "__stderr__", shown)
    monkeypatch.setenv("TERM", "xterm")

    with working("Counting", of=3) as step:
        step()

    assert "Counting" in shown.getvalue()
    assert "/3" in shown.getvalue()
    assert shown.getvalue().endswith("\x1b[2K"), "the line is left empty"


@pytest.mark.parametrize("stream", [io.StringIO(), None], ids=["a file", "none"])
def test_nothing_is_shown_where_nobody_watches(stream: io.StringIO | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "__stderr__", stream)

    with working("Counting", of=3) as step:
        step()

    assert stream is None or stream.getvalue() == ""


def test_a_failure_ends_the_progress_and_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "__stderr__", Terminal())

    with pytest.raises(ValueError, match="a fault"), working("Counting"):
        raise ValueError("a fault")


def test_progress_of_long_work_shows_only_fixed_texts() -> None:
    found = {
        path: calls(path) for folder in ("bot", "bench", "docs", "release") for path in (ROOT / folder).rglob("*.py")
    }

    assert sum(map(len, found.values())) > 5
    assert [
        (path, each.lineno)
        for path, every in found.items()
        for each in every
        if path != SEAM and not isinstance(each.args[0], ast.Constant)
    ] == []


@pytest.mark.parametrize("is_watched", [True, False])
def test_a_backup_at_a_terminal_prints_the_same(kept: Folder, *, is_watched: bool) -> None:
    recipient = write_identity(kept.path / "identity.txt")
    environment = PLAIN | {"HOME": str(kept.path), "SERAF_BACKUP_RECIPIENTS": recipient, "TERM": "xterm"}
    ours, theirs = pty.openpty() if is_watched else os.pipe()

    ran = subprocess.run(
        [*COMMAND, "backup", "create"],
        cwd=kept.path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=theirs,
        timeout=60,
    )
    os.close(theirs)
    said = os.read(ours, 65_536) if is_watched else os.fdopen(os.dup(ours), "rb").read()
    os.close(ours)

    assert (ran.returncode, ran.stdout.count(b"written, mode 0600")) == (0, 1)
    assert (b"Copying, checking and sealing the store" in said) == is_watched
    assert is_watched or said == b""
    assert b"\x1b" not in ran.stdout
