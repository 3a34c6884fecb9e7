"""Tests of a set of drills as a person does it: ten questions, each answered by one tap, by the person's role."""

from dataclasses import replace

import pytest

from dialogs.core.page import PageKind, QuestionPart
from dialogs.rehearsal.core.drilling import drill_set
from dialogs.rehearsal.core.practice import Practice, decode_practice, encode_practice
from dialogs.rehearsal.turn.alone import still_rehearsable
from seraf.cases.vignette import Rule
from seraf.rehearsal.drills import SET, AnswerKind
from seraf.rehearsal.progress import Mode
from state_machines.rehearsal import Stage
from tests.support.shipped import PACK, SCRIPT, WEB_SCRIPT
from tests.support.talk.rehearsing import Rehearser


def drilling(*, role: str = "School") -> Rehearser:
    rehearser = Rehearser(SCRIPT)
    return rehearser.begin().press("Start", role).command("cancel").command("rehearse", "Edges ")


def answered(rehearser: Rehearser, *, is_right: bool) -> Rehearser:
    """Press an answer that is right, or one that is wrong."""
    made = drill_set(rehearser.practice, PACK).drills[-1]
    at = next(at for at, answer in enumerate(made.answers) if (answer in made.right) is is_right)
    return rehearser.press(rehearser.labels[at])


def test_a_set_takes_two_taps_a_drill_and_ends_with_how_many_were_right() -> None:
    rehearser, taps = drilling(), 0
    assert rehearser.practice.stage is Stage.DRILL
    for number in range(1, SET + 1):
        assert f"Drill {number} of 10" in rehearser.text
        answered(rehearser, is_right=number not in (3, 4))
        taps += 1
        assert ("Right: " in rehearser.text) is (number not in (3, 4))
        assert "Guidance: " in rehearser.text or "Ours" in rehearser.text or "ours" in rehearser.text
        if number < SET:
            rehearser.press("Go on")
            taps += 1

    assert taps == 19
    assert "8 of 10 right." in rehearser.text
    (done,) = rehearser.practice.history.course
    assert (done.mode, done.agreed, done.of, done.slips, done.asked) == (Mode.EDGES, 8, 10, (), 0)
    assert "Drills: agreed on 8 of 10" in rehearser.press("My progress").text
    assert rehearser.practice.history.course == (done,)


def test_a_missed_rule_is_missed_and_comes_first_in_the_next_set() -> None:
    rehearser = drilling()
    for _ in range(SET - 1):
        answered(rehearser, is_right=False).press("Go on")
    answered(rehearser, is_right=False)
    (done,) = rehearser.practice.history.course

    again = rehearser.press("Ten more")

    assert (done.met, again.practice.asked, again.practice.stage) == ((), "", Stage.DRILL)
    assert set(done.missed) <= set(Rule)
    assert again.practice.case != done.vignette
    assert len(again.practice.history.course) == 1


@pytest.mark.parametrize(("role", "named"), [("School", "School"), ("Social worker", "Social worker")])
def test_whom_to_contact_first_is_asked_for_ones_own_role(role: str, named: str) -> None:
    rehearser = drilling(role=role)
    while drill_set(rehearser.practice, PACK).drills[-1].asked is not AnswerKind.CALL:
        answered(rehearser, is_right=True)
        rehearser.press("Go on" if "Go on" in rehearser.labels else "Ten more")

    assert f"Your role: {named}." in rehearser.text
    assert "Nobody today" in rehearser.labels


def test_a_set_is_stored_and_is_left_once_the_form_is_another_one() -> None:
    rehearser = answered(drilling(), is_right=True)
    practice = rehearser.practice
    other = replace(PACK, instrument=replace(PACK.instrument, items=PACK.instrument.items[:-1]))

    assert decode_practice(encode_practice(practice), practice.session.card if practice.session else 0) == practice
    assert still_rehearsable(practice, PACK) == practice
    assert still_rehearsable(practice, other) == Practice(history=practice.history)


def test_drills_begin_at_the_menu_and_lead_back_to_it() -> None:
    rehearser = Rehearser(SCRIPT).begin().press("Rehearse", "Drills")

    assert rehearser.practice.stage is Stage.DRILL
    assert rehearser.press("Back").practice.stage is Stage.MENU
    assert rehearser.command("rehearse", "edges").practice.stage is Stage.DRILL
    assert not rehearser.press("Leave").practice.is_under_way


def test_on_a_page_a_drill_is_a_question_and_its_answer_stands_alone() -> None:
    rehearser = Rehearser(WEB_SCRIPT).begin().press("Rehearse", "Drills")
    question = rehearser.card.page
    rehearser.press(rehearser.labels[0])
    answer = rehearser.card.page

    assert question is not None
    assert answer is not None
    assert (question.shape, answer.shape) == (PageKind.QUESTION, PageKind.QUESTION)
    (asked,) = (part for part in question.parts if isinstance(part, QuestionPart))
    assert len(asked.choices) >= 3
    assert not any(isinstance(part, QuestionPart) for part in answer.parts)
