"""Tests of what follows a result: news changes the card at once, and the bot asks once whether the case file has it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.form.reasons import leading_so_far
from seraf.advice.contacts import LocalTime
from state_machines.assessment import Phase
from tests.dialogs.turn.test_talking import ALL_NO
from tests.support.shipped import PACK
from tests.support.talk.talking import Talk


@pytest.mark.parametrize("pressed", [("Missing",), ("Not known", "Nobody does")])
def test_a_found_child_is_no_longer_missing_and_the_police_are_called_first(pressed: tuple[str, ...]) -> None:
    talk = Talk().start(role="School").press(*pressed, "Prepare the call", "No", "Yes", "13–15")
    talk = talk.finish().press("Continue", "Not sure")
    assert talk.text.splitlines()[2] == "Missing now: call 999."

    talk.press("Something changed")
    assert "tell the police first" in talk.text
    talk.press("Found, or back")

    assert "Missing now" not in talk.text
    assert "Call 999" not in talk.text
    talk.press("Something changed")
    assert "Found, or back" not in talk.labels


def test_a_disclosure_after_the_result_leads_at_once() -> None:
    talk = Talk().open_with(role="School").answer(ALL_NO).close().press("No")

    talk.press("Something changed", "Told or seen")

    assert talk.text.splitlines()[2].endswith("call now.")
    assert talk.labels[0] == "1 Call"


def test_a_call_that_was_made_is_due_again_from_what_is_new() -> None:
    talk = Talk().open_with(role="School", told="Yes").answer(ALL_NO).close().press("Yes")
    talk.press("# Call", "I called", "Referral taken", "Back")
    talk.occasion = replace(talk.occasion, now=LocalTime(talk.occasion.now.at + timedelta(hours=2)))

    talk.press("Something changed", "Missing now")

    assert "Not done yet: ART" not in talk.text
    assert talk.labels[0] == "1 Call 999"
    assert "2 Call ART and make a referral · by 14:30" in talk.text


def all_done(talk: Talk) -> Talk:
    talk.press("# Call", "I called", "Referral taken", "Back", "# Police", "I called", "The police have it")
    for line in ("# Child", "# Lead", "# Record"):
        talk.press(line)
        talk.press("Done" if "Done" in talk.labels else "Back")
        talk.on()
    return talk


def test_news_on_the_next_day_reopens_both_calls_and_moves_no_day() -> None:
    """The later referral sets when to expect an answer. The day of the judgement stays, and so does the next review."""
    talk = all_done(Talk().open_with(role="School", told="Yes").answer(ALL_NO).close().press("Not sure"))
    assert "Thu 5 Mar, 12:00" in talk.text.splitlines()[2]
    talk.occasion = replace(talk.occasion, now=LocalTime(talk.occasion.now.at + timedelta(days=1)))

    talk.press("Something changed", "Told or seen")

    assert talk.labels[:2] == ["1 Call", "2 Police"]
    lead = all_done(talk).text.splitlines()[2]
    assert "Fri 6 Mar, 12:00" in lead
    assert "4 June 2026" in lead


def test_the_danger_of_today_is_not_done_by_the_call_of_yesterday() -> None:
    talk = Talk().start(role="School").press("In danger", "I called", "The police have it")
    talk.press("No", "Yes", "13–15", "Form order").answer(ALL_NO).close().press("Yes")
    talk.occasion = replace(talk.occasion, now=LocalTime(talk.occasion.now.at + timedelta(days=1)))

    talk.press("Something changed", "In danger now")

    assert talk.labels[0] == "1 Call 999"


def test_a_missing_child_in_danger_stays_in_danger_once_found() -> None:
    for said in (("In danger now", "Missing now"), ("Missing now", "In danger now")):
        talk = Talk().open_with(role="School").answer(ALL_NO).close().press("No")
        for each in said:
            talk.press("Something changed", each)
        assert "Missing" in " ".join(lead.title for lead in leading_so_far(talk.session, PACK))

        talk.press("Something changed", "Found, or back")

        assert talk.text.splitlines()[2] == "Danger now: call 999."


ASK = "Is this SERAF in the child's case record?"


@pytest.fixture
def talk() -> Talk:
    talk = Talk().open_with().finish().press("Continue", "Not sure", "More steps")
    while onward := [each for each in ("All steps", "Next page") if each in talk.labels]:
        talk.press(*onward)
    return talk


def test_a_recorded_case_is_not_asked_about_again(talk: Talk) -> None:
    talk.press("Yes")

    assert talk.session.phase is Phase.RESULT
    assert talk.session.overlay is None
    assert talk.session.answers.get("recorded") == "yes"
    assert ASK not in talk.text
    assert "Not yet" not in talk.labels


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Yes", "You said that it is in the case record."),
        ("Not yet", "You said that it is not in the case record yet."),
    ],
)
def test_the_card_that_erases_knows_the_answer(talk: Talk, answer: str, said: str) -> None:
    talk.press(answer)
    if answer == "Not yet":
        talk.press("Go on")

    talk.press("More", "Erase")

    assert said in talk.text
    assert "Is it in the case record?" not in talk.text


def test_the_answer_goes_with_the_case(talk: Talk) -> None:
    talk.press("Yes", "More", "Erase", "Erase now")

    assert talk.session.answers.get("recorded") is None
