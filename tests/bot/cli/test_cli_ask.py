"""Tests of `ask`, with which an author of a pack sees what a question finds, and why."""

from itertools import takewhile
from pathlib import Path

from bot.runtime.packs import SHIPPED, pack_files
from seraf.pack import SEARCH
from tests.support.command_line.cli import run


def test_ask_prints_what_is_found_and_the_points_that_add_up_to_its_score(tmp_path: Path) -> None:
    ran = run(tmp_path, "ask", "14, older boyfriend, new phone, out all night")

    lines = ran.out.splitlines()
    first = next(at for at, line in enumerate(lines) if "item:S2" in line)
    parts = takewhile(lambda line: ":" not in line, lines[first + 1 :])
    score, points = float(lines[first].split()[0]), [float(line.split()[0]) for line in parts]
    assert ran.status == 0
    assert abs(score - sum(points)) < 0.3  # each is rounded
    assert "Whom to call comes first." in lines
    assert lines[-1].endswith(": S2, M3, S5, S1.")
    assert list(tmp_path.iterdir()) == []


def test_ask_says_that_the_bot_would_refuse_a_name(tmp_path: Path) -> None:
    assert "it may contain name" in run(tmp_path, "ask", "she met Jayden at a hotel").out
    assert "may contain" not in run(tmp_path, "ask", "she met a man at a hotel").out


def test_pack_check_names_the_line_of_a_question_that_finds_the_wrong_things(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    assert run(tmp_path, "pack", "copy", "--to", str(mine)).status == 0
    assert "Each of its" in run(tmp_path, "pack", "check", str(SHIPPED)).out
    text = pack_files(SHIPPED)[SEARCH].decode().replace('"weed" = ["item:M9"]', '"weed" = ["item:V9"]')
    (mine / SEARCH).write_text(text, encoding="utf-8")

    ran = run(tmp_path, "pack", "check", str(mine))

    line = next(at for at, line in enumerate(text.splitlines(), 1) if line.startswith('"weed"'))
    assert ran.status == 2
    assert f"search.toml, line {line}" in ran.err
    assert "finds item:M9 first, and none of item:V9" in ran.err
