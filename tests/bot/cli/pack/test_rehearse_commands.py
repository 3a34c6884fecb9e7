"""Tests of `seraf-bot rehearse`: the papers of a session, and who may have them in the chat."""

from pathlib import Path

import pytest

from bot.rehearsal.documents import MAKING
from dialogs.rehearsal.core.practice import Membership, Practice
from state_machines.rehearsal import Stage, Together
from tests.support.command_line.cli import run
from tests.support.shipped import PACK, SCRIPT
from tests.support.talk.gathering import CODE, Table, hosting


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
