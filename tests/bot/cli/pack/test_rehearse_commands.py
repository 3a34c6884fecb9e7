"""Tests of `seraf-bot rehearse`: a group's paper answers typed in, with errors and interruptions, and written files."""

import csv
import os
import pty
import stat
import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rehearsal.documents import MAKING
from dialogs.rehearsal.core.practice import Membership, Practice
from dialogs.rehearsal.kit.key_paper import answer_parts
from dialogs.rehearsal.sheets import (
    TypedSheet,
    TypingIn,
    after_line,
    asked_next,
    read_sheets,
    report_of_sheets,
    sheet_lines,
    sheets_csv,
)
from state_machines.rehearsal import Stage, Together
from tests.support.command_line.cli import COMMAND, PLAIN, Ran, run
from tests.support.counts import times
from tests.support.shipped import INSTRUMENT, NOON, PACK, SCRIPT, WORDING
from tests.support.talk.gathering import CODE, Table, hosting

PARTS = answer_parts(SCRIPT)

AGREED = ("a n y n a", "nn?n ???? nnn", "n?n?n ???? y? n".replace(" ", ""), "na?na?n", "y b")
"""The lines to type for an answer sheet on which most answers agree with the model answers."""


def sheet(*parts: tuple[int, str]) -> list[str]:
    changed = dict(parts)
    return [changed.get(number, line) for number, line in enumerate(AGREED)]


def types(folder: Path, *lines: str, case: str = "ada") -> Ran:
    return run(folder, "rehearse", "enter", case, "monday.csv", typed="".join(f"{line}\n" for line in lines).encode())


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "monday.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_whole_room_of_paper_is_typed_in_and_compared(tmp_path: Path) -> None:
    odd = sheet((0, "a y y n a"), (3, "nn?nn?n"), (4, "n f"))
    lines = [line for _ in range(5) for line in AGREED] + odd + [""]

    ran = types(tmp_path, *lines)
    tables = [run(tmp_path, "rehearse", "results", "monday.csv", "--to", name) for name in ("r.csv", "r.pdf", "r.txt")]

    assert (ran.status, ran.err) == (0, "")
    assert "6 of 6 people finished." in ran.out
    assert "Sheets do not say who is which" in ran.out
    assert f"28. {INSTRUMENT.item('S5').short}: Past 6 months 5 (model answer), 6–12 months ago 0" in ran.out
    assert "rehearse results monday.csv --sheet NUMBER" in ran.out
    kept = rows(tmp_path)
    assert [each["sheet"] for each in kept] == ["1", "2", "3", "4", "5", "6"]
    assert (kept[5]["danger"], kept[5]["S5"], kept[5]["first-call"], kept[0]["S5"]) == (
        "yes",
        "no",
        "nobody",
        "current",
    )
    assert {*kept[0]} == {"case", "sheet", *(line.place for part in PARTS for line in part.lines)}
    assert [each.status for each in tables] == [0, 0, 2]
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        counted = list(csv.DictReader(file))
    places = {each["asked"] for each in counted}
    assert all(sum(int(each["people"]) for each in counted if each["asked"] == place) == 6 for place in places)
    assert "Told or seen" in {each["asked"] for each in counted if "All alike" in each["answer"]}
    assert {each["model_answer"] for each in counted} <= {"key", "other", ""}
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE((tmp_path / "monday.csv").stat().st_mode) == 0o600


def test_bad_input_is_reported_and_nothing_is_lost(tmp_path: Path) -> None:
    ran = types(
        tmp_path, AGREED[0], "nnn", "nn?n????nnx", AGREED[1], "back", "yn?n????nn-", *AGREED[2:], "back", "n f", ""
    )

    assert "That is 3 letters, and there are 11 lines." in ran.out
    assert "“x” is no answer to “11 Lack of a positive relationship" in ran.out
    assert "Sheet 1: type “Vulnerability” again." in ran.out
    assert "Lines left open: 1." in ran.out
    (kept,) = rows(tmp_path)
    assert (kept["V1"], kept["V11"], kept["judgement"], kept["first-call"]) == ("yes", "-", "no", "nobody")


def test_typing_continues_where_it_stopped(tmp_path: Path) -> None:
    for line in AGREED:
        ran = types(tmp_path, line)
        assert ran.status == 0
    whole = types(tmp_path, *AGREED[:2])

    assert "Going on at sheet 2." in whole.out
    assert [each["sheet"] for each in rows(tmp_path)] == ["1", "2"]
    assert rows(tmp_path)[1]["S1"] == ""
    assert "You agreed with the model answers" in whole.out


def test_one_sheet_has_its_own_debrief(tmp_path: Path) -> None:
    types(tmp_path, *AGREED, *sheet((4, "n f")), "")

    one = run(tmp_path, "rehearse", "results", "monday.csv", "--sheet", "2")
    both = run(tmp_path, "rehearse", "results", "monday.csv")
    none = run(tmp_path, "rehearse", "results", "monday.csv", "--sheet", "3")

    assert "First call. Yours: Nobody today. Model answer: ART (or EDT)." in one.out
    assert "Judgement. Yours: No. Model answer: Yes." in one.out
    assert WORDING.say("rehearsal-report.few", fewest="five") in both.out
    assert "Yes 1" not in both.out
    assert (none.status, "There is no whole sheet 3" in none.err) == (2, True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,age\nx,13\n", "no answer sheets of this list"),
        ("{head}\nada,1,nonsense\n", "Row 2, column age"),
        ("{head}\nada,1\nmilo,2\n", "sheets of more than one case"),
        ("{head}\nmilo,1,under-13\n", "holds sheets of the case 'milo'"),
        ("\x00\ufffe", "no answer sheets of this list"),
    ],
)
def test_a_malformed_file_is_left_alone(tmp_path: Path, content: str, said: str) -> None:
    text = content.format(head=sheets_csv("", (), PARTS).strip())
    (tmp_path / "monday.csv").write_text(text, encoding="utf-8")

    ran = types(tmp_path, *AGREED)

    assert (ran.status, said in ran.err) == (2, True), ran
    assert (tmp_path / "monday.csv").read_text(encoding="utf-8") == text


@settings(max_examples=times(300, 15), deadline=None)
@given(st.lists(st.one_of(st.sampled_from([*AGREED, "back", "", "-----", "zz"]), st.text(max_size=14)), max_size=14))
def test_any_typed_sheets_are_the_same_after_a_round_trip(lines: list[str]) -> None:
    typing = TypingIn()
    for line in lines:
        after = after_line(typing, line, SCRIPT)
        gone = {place for each in typing.sheets for place in each.typed} - {
            place for each in after.typing.sheets for place in each.typed
        }
        assert not gone or line.strip().casefold() == "back"
        typing = after.typing
        assert read_sheets(sheets_csv("ada", typing.sheets, PARTS), PARTS, WORDING).sheets == typing.sheets


@pytest.mark.parametrize(("case", "is_said"), [("ada", True), ("ines", False)])
def test_a_call_that_depends_on_the_role_is_marked(case: str, *, is_said: bool) -> None:
    """Whom to call may depend on the person's role, which sheets do not show. In danger everybody calls 999."""
    vignette = next(each for each in PACK.vignettes if each.id == case)
    sheets = [TypedSheet(1, {})]

    result = (
        report_of_sheets(sheets, vignette, SCRIPT, today=NOON.today).notes,
        sheet_lines(sheets[0], vignette, SCRIPT),
    )

    assert [any("Sheets do not say who is which" in each for each in lines) for lines in result] == [is_said, is_said]


def test_the_papers_of_a_session_are_written_together_and_over_nothing(tmp_path: Path) -> None:
    ran = run(tmp_path, "rehearse", "kit", "ada", "--to", "kit", "--minutes", "45")
    again = run(tmp_path, "rehearse", "kit", "milo", "--to", "kit", "--minutes", "90")
    wrong = [run(tmp_path, "rehearse", "kit", *words) for words in (["ada", "--minutes", "60"], ["nobody"])]

    written = sorted(each.name for each in (tmp_path / "kit").iterdir())
    assert (ran.status, again.status) == (0, 2)
    assert written == ["answer-sheet.pdf", "attendance.pdf", "handout.pdf", "model-answers.pdf", "plan-45.pdf"]
    assert "Nothing was written" in again.err
    assert [each.status for each in wrong] == [2, 2]


def test_a_pair_for_before_and_after_explains_how_it_is_matched(tmp_path: Path) -> None:
    close = run(tmp_path, "rehearse", "pair", "cleo", "--to", "pair")
    far = run(tmp_path, "rehearse", "pair", "abel")
    listed = run(tmp_path, "rehearse", "cases")

    assert "What leads: the same in both" in close.out
    assert "Nobody has measured whether they are equally hard." in close.out
    assert "the nearest, not matched" in far.out
    assert sorted(each.name for each in (tmp_path / "pair").iterdir()) == [
        "1-handout.pdf",
        "1-model-answers.pdf",
        "2-handout.pdf",
        "2-model-answers.pdf",
        "answer-sheet.pdf",
    ]
    assert "Matched: cleo and tess" in listed.out
    assert listed.out.count("\n") > len(PACK.vignettes)


def test_a_sheet_that_was_left_half_typed_keeps_its_number() -> None:
    whole = TypingIn()
    for line in AGREED * 2:
        whole = after_line(whole, line, SCRIPT).typing
    first, second = whole.sheets
    typing = TypingIn((replace(first, typed={}), second))

    asked = asked_next(typing, SCRIPT)
    for line in sheet((4, "n f")):
        typing = after_line(typing, line, SCRIPT).typing

    assert asked.startswith("Sheet 1 ")
    assert [each.number for each in typing.sheets] == [1, 2]
    assert typing.sheets[0].given["first-call"] == "nobody"
    assert typing.sheets[1] == second


def test_at_the_papers_nobody_ends_an_open_room_without_being_asked() -> None:
    table = Table()
    host = hosting(table).press("Papers")

    over = host.press("Urgent").labels
    back = host.press("Back", "Back").practice.stage
    host.press("Papers").command("erase")

    assert "Leave" not in over
    assert (back, host.practice.stage) == (Stage.ROOM, Stage.CLOSING)
    assert list(table.rooms) == [CODE]


@pytest.mark.parametrize("kind", ["handout", "model-answers", "plan-45", "attendance"])
def test_in_the_chat_only_the_host_gets_papers(kind: str) -> None:
    script = SCRIPT
    chosen = Practice(stage=Stage.CHOSEN, case="ada", together=Together.ROOM)
    opened = Practice(stage=Stage.PAPERS, case="ada", together=Together.ROOM, membership=Membership("ABCD2345"))
    others = (
        Practice(stage=Stage.STORY, case="ada", together=Together.ROOM, membership=Membership("ABCD2345", "x")),
        Practice(stage=Stage.JOINING, case="ada", together=Together.ROOM, membership=Membership("ABCD2345")),
        Practice(stage=Stage.CHOSEN, case="ada", together=Together.PAIR),
        Practice(stage=Stage.CHOSEN, case="ada"),
    )

    assert all(MAKING[kind](each, script) for each in (chosen, opened))
    assert [MAKING[kind](each, script) for each in others] == [None] * len(others)


def test_at_a_terminal_lines_are_broken_between_words(tmp_path: Path) -> None:
    words, (reader, terminal) = ("vignette", "new", "own.toml"), pty.openpty()

    shown = subprocess.Popen(
        (*COMMAND, *words), cwd=tmp_path, env=PLAIN | {"COLUMNS": "60"}, stdin=subprocess.DEVNULL, stdout=terminal
    )
    os.close(terminal)
    content = b""
    with suppress(OSError):  # which Linux raises once the other end is closed
        while read := os.read(reader, 65_536):
            content += read
    os.close(reader)

    *lines, _ = content.decode().splitlines()
    assert shown.wait() == 0
    assert max(map(len, lines)) <= 60
