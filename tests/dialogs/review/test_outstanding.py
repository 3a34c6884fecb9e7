"""A review never reassures falsely: what stands from before leads, and is said on the card, in the script and in the record."""

import pytest

from dialogs.phrases.earlier import reviewed
from dialogs.result.actions import lead_of
from dialogs.summary.summarise import summarise
from dialogs.summary.text import as_text
from seraf.advice.action_plan import Urgency
from tests.support.shipped import NOON, SCRIPT, WORDING
from tests.support.talk.reviews import code_of, finished, reviewing
from tests.support.talk.talking import Talk

CALM = [*["No"] * 23, *["Not in 12 months"] * 7]
GRAVE = [*["No"] * 23, "Past 6 months", "Both", "Not in 12 months", "Past 6 months", *["Not in 12 months"] * 3]
"""Sixteen points, Category 4: items 24, 25 and 27."""

GRAVE_LINE = "In March 2026 this was Category 4 (significant). What it called for still stands."
COUNTS = "Said before, and it still counts: items 24, 25, 27. Check now."


def calm_review(*codes: str, days: int = 90) -> Talk:
    """A review in which nothing is ticked any more, at its result."""
    talk = reviewing(*codes, days=days).press("Go on", "Neither", "No", "Yes", "13–15", "Form order").answer(CALM)
    while "Continue" not in talk.labels:
        talk.press(next(each for each in ("None of the others", "Not known") if each in talk.labels))
    return talk.press("Continue", "No")


def urgency(talk: Talk) -> Urgency:
    """How urgent its result is."""
    return lead_of(reviewed(talk.session, talk.script, now=talk.occasion.now), talk.script).urgency


def test_a_calm_review_of_category_4_calls_for_the_manager_now_and_says_why_first() -> None:
    """Nothing is ticked and the judgement is No; the first card opens with what cannot have ended."""
    talk = calm_review(code_of(finished(GRAVE)))

    assert urgency(talk) >= Urgency.MANAGER
    assert f"Last time still counts: talk within the hour.\n{GRAVE_LINE} {COUNTS}" in talk.text
    assert "Keep the concern open" not in talk.text


def test_what_category_4_called_for_stands_when_every_answer_of_it_is_out_of_its_window() -> None:
    """A year and a half later no sign counts any more, and no review takes a duty away."""
    talk = calm_review(code_of(finished(GRAVE)), days=540)

    assert urgency(talk) >= Urgency.MANAGER
    assert GRAVE_LINE in talk.text
    assert "still counts: items" not in talk.text


def test_the_record_and_the_script_say_it_too() -> None:
    """The text first of all; the script before who calls."""
    talk = calm_review(code_of(finished(GRAVE)))
    summary = summarise(talk.session, talk.script, now=talk.occasion.now)

    assert summary.warnings[0] == f"{GRAVE_LINE} {COUNTS}"
    assert summary.advice.leads[0].title == "Last time still counts: talk within the hour."
    assert GRAVE_LINE.split(".")[0] in as_text(summary, WORDING)
    assert f"Say first: {GRAVE_LINE}" in talk.press("Call").text


def test_a_calm_review_of_a_calm_one_is_as_it_was() -> None:
    """Nothing stands, and nothing is said of it."""
    talk = calm_review(code_of(finished(CALM)))

    assert "still" not in talk.text
    assert "Say first" not in talk.press("Call").text


def test_no_category_is_said_before_the_judgement() -> None:
    """The script of a review that is not finished names none."""
    talk = reviewing(code_of(finished(GRAVE))).press("Go on", "Neither", "No", "Yes", "13–15", "Form order")
    talk.answer(CALM[:3]).command("call")

    assert "Category" not in talk.text


def test_a_case_that_is_no_review_is_as_it_was() -> None:
    """Without a code nothing stands."""
    talk = finished(CALM)

    assert summarise(talk.session, SCRIPT, now=NOON).warnings[0] == WORDING.say("summary.incomplete")


@pytest.mark.parametrize("taken_back", ["# Ask", "# Lead"])
def test_its_lines_are_due_within_the_hour(taken_back: str) -> None:
    """Social care is asked what still stands, and somebody is told, at once."""
    talk = calm_review(code_of(finished(GRAVE)))

    assert "by 13:00" in talk.press(taken_back).text
