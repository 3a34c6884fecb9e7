"""Tests that another board needs data only: its own periods, addition, item, category bounds and question."""

import pytest

from seraf.advice.answer import score_as_values
from seraf.case_view import CaseView
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from state_machines.assessment import Phase
from tests.support.pack.other_board import INSTRUMENT, SCRIPT
from tests.support.shipped import NOON
from tests.support.talk.talking import Talk


def scored(age: str = "13-15", disabled: str | None = None, **responses: str) -> dict[str, object]:
    answers = {"disabled": disabled} if disabled else {}
    return score_as_values(
        CaseView(INSTRUMENT, Case(Age(age), Responses.of(responses), answers)).find(today=NOON.today)
    )


@pytest.mark.parametrize(
    ("age", "disabled", "responses", "total", "category"),
    [
        ("13-15", "no", {}, 0, 1),
        ("13-15", "no", {"B1": "yes", "B2": "yes"}, 2, 1),
        ("13-15", "yes", {"B1": "yes", "B2": "yes"}, 3, 2),
        ("13-15", "no", {"G1": "current"}, 4, 2),
        ("13-15", "yes", {"G1": "current"}, 5, 3),
        ("13-15", "no", {"G1": "current", "G2": "earlier", "B1": "yes"}, 7, 3),
        ("under-13", "no", {"G1": "current", "B1": "yes"}, 8, 4),
        ("under-13", "yes", {"B1": "yes"}, 2, 1),
        ("13-15", "no", {"G3": "current", "G2": "current"}, 8, 4),
    ],
)
def test_its_own_points_additions_and_edges_decide(
    age: str, disabled: str, responses: dict[str, str], total: int, category: int
) -> None:
    """4 points for the past 3 months, 2 for earlier, 3 if under 13, 1 for a disability; categories from 3, 5 and 8."""
    found = scored(age, disabled, **responses)

    assert (found["total"], found["category"]) == (total, category)


def test_an_unknown_disability_counts_in_the_highest_total_alone() -> None:
    all_no = {"B1": "no", "B2": "no", "G1": "no", "G2": "no", "G3": "no"}

    for answer in (None, "not-known"):
        found = scored(disabled=answer, **all_no)
        assert found["total"] == 0
        assert found["highest"] == {"total": 1, "category": 1}
    assert scored(disabled="no", **all_no)["highest"] == {"total": 0, "category": 1}


def test_its_cautions_are_its_own() -> None:
    """Its items are verified and its edition is current, so only unknown answers are cautioned."""
    assert scored(G1="no")["cautions"] == ["not-known"]
    assert scored("under-13", G1="earlier")["cautions"] == ["addition-rests-on-recent", "not-known"]


def test_a_whole_conversation_asks_its_own_question_and_ends_in_its_own_words() -> None:
    talk = Talk(SCRIPT).begin()
    assert "Working item list" not in talk.text
    assert "due for revision" not in talk.text

    talk.press("Start", "School", "Neither", "No", "Yes", "Under 13", "Form order", "Yes", "No")
    assert "Sign 1 of 3 · item 3 of 5" in talk.text
    assert "In the past three months, or three to twelve months ago?" in talk.text
    assert talk.labels[:4] == ["Past 3 months", "3–12 months ago", "Not in 12 months", "Not known"]
    talk.press("Past 3 months", "I called", "Advice only", "No, not now", "Not in 12 months", "3–12 months ago")
    talk.press("Not known", "First")
    assert "Is the child disabled?" in talk.text
    assert "about the case 3 of 3" in talk.text
    talk.press("What counts?")
    assert "Your board asks this as well as the items." in talk.text
    talk.press("Back", "Yes", "Continue", "No")

    assert "Advice from Day team" in talk.text.splitlines()[2]
    assert "Category 4 (very high)" in talk.text
    assert "total 11 · 5 of 5" in talk.text
    talk.press("The number")
    assert "A disabled child: 1" in talk.text
    assert "Under 13, with a sign: 3" in talk.text


def test_its_own_question_is_changed_from_the_check() -> None:
    talk = Talk(SCRIPT).begin().press("Start", "School", "Neither", "No", "Yes", "13–15", "Quick", "None of the others")
    assert talk.session.place == "G1"
    talk.finish()
    while "Change question 1" not in talk.labels:
        talk.press("Next page")

    talk.press("Change question 1", "Yes")

    assert talk.session.phase is Phase.CHECK
    assert "Is the child disabled?: Yes" in talk.text


def test_its_steps_say_the_heading_they_rest_on() -> None:
    talk = Talk(SCRIPT).begin().press("Start", "School", "In danger", "Prepare the call", "No", "Yes", "13–15")
    talk.finish().press("Continue", "Yes")
    assert talk.text.splitlines()[2] == "Call 999 now."

    talk.press("More steps")
    assert "• Write down why." in talk.text
    talk.command("contacts")
    assert "Day team: 101. Not confirmed by your board." in talk.text
    assert "Night team: 101. Not confirmed (seen January 2026)." in talk.text
    talk.command("explain", "groom")
    assert "Ours, not from the guidance" in talk.text
