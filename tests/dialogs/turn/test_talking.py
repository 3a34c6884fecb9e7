"""Whole conversations: forward, back, changes, pauses, ends, and what they say on the way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.core.replies import Wipe
from seraf.form.responses import Responses
from state_machines.assessment import Phase
from tests.support.shipped import OCCASION
from tests.support.talk.talking import Talk

ALL_NO = ["No"] * 23 + ["Not in 12 months"] * 7


def test_a_whole_seraf_in_the_order_of_the_form_ends_in_a_result() -> None:
    """Thirty items, four questions, a check and a judgement later, the result says what to do and the number."""
    talk = Talk().open_with().answer(["Yes", *ALL_NO[1:]])

    talk.close().press("Not sure")

    assert talk.session.phase is Phase.RESULT
    assert "Category 1 (“not at risk” on the form)" in talk.text
    assert "total 1 · 30 of 30" in talk.text
    assert "Your judgement: not sure." in talk.text


def test_serious_first_begins_with_the_significant_indicators() -> None:
    """The seven come first, and the place on the form is said all the same."""
    talk = Talk().open_with(order="Serious first")

    assert talk.session.place == "S1"
    assert "Significant 1 of 7 · item 24 of 30" in talk.text


def test_quick_takes_two_sections_on_a_card_each_and_the_serious_one_by_one() -> None:
    """Ticks, then what the rest is, then the seven."""
    talk = Talk().open_with(order="Quick")

    talk.answer(["Emotional neglect", "Low self-esteem"]).press("Others not known")
    talk.press("Drugs", "Alcohol", "Alcohol", "None of the others")

    assert talk.session.place == "S1"
    given = dict(talk.session.answers.items)
    assert (given["V1"], given["V8"], given["V2"]) == ("yes", "yes", "not-known")
    assert (given["M9"], given["M10"], given["M1"]) == ("yes", "no", "no")


def test_a_tick_is_shown_on_the_button_and_in_the_list_and_keeps_the_card() -> None:
    """Other ticks of the same card still count after it, since nothing else changed."""
    talk = Talk().open_with(order="Quick")
    token = talk.session.card

    talk.press("Isolated")

    assert talk.chosen == ["Isolated"]
    assert "✓ Isolated from peers or social networks" in talk.text
    assert talk.session.card == token


def test_coming_back_shows_what_was_chosen_and_going_back_further_reaches_the_welcome() -> None:
    """Back goes through the items, the opening questions and to the welcome, and forgets nothing."""
    talk = Talk().open_with().press("Not known", "Back")

    assert talk.session.place == "V1"
    assert talk.chosen == ["Not known"]

    talk.press(*["Back"] * 7)

    assert talk.session.phase is Phase.WELCOME
    assert dict(talk.session.answers.items) == {"V1": "not-known"}


def test_back_from_the_closing_questions_returns_to_the_last_item_and_from_the_check_to_them() -> None:
    """Each phase is entered backwards at its last place."""
    talk = Talk().open_with().answer(ALL_NO).press("Not known", "Review", "No", "None of the others")

    assert talk.session.phase is Phase.CHECK
    talk.press("Back")
    assert talk.session.place == "circumstances"
    talk.press("Back")
    assert talk.session.place == "known"
    talk.press("Back", "Back", "Back")
    assert talk.session.place == "S7"


def test_the_profession_is_asked_once_a_person() -> None:
    """It is remembered when the case goes, and the next case is not asked for it."""
    talk = Talk().open_with().answer(ALL_NO).close().press("No", "More", "Erase", "Erase now")

    talk.begin().press("Start")
    assert talk.session.place == "danger"
    talk.press("Neither", "No", "Yes", "13–15", "Form order")
    talk.answer(ALL_NO).press("Not known", "First", "None of the others")

    assert talk.session.phase is Phase.CHECK
    assert talk.session.answers.get("profession") == "school"


def test_a_way_of_taking_the_items_that_is_remembered_is_not_asked_for() -> None:
    """A person whose order is set gets to item 1 a tap sooner; whoever says their role for the first time, a tap later."""
    talk = (
        Talk(profile=Responses.of({"order": "serious"}))
        .begin()
        .press("Start", "School", "Neither", "No", "Yes", "13–15")
    )

    assert talk.session.place == "S1"
    assert talk.taps == 6


def test_finishing_now_makes_a_range_and_says_what_the_rest_could_do() -> None:
    """Nothing that is not known is taken for zero."""
    talk = Talk().open_with().answer(["Yes"]).finish().press("Continue", "Not sure")

    assert "Between Category 1 (“not at risk” on the form) and Category 4 (significant)" in talk.text
    assert "total 1 so far · 1 of 30" in talk.text
    assert "Total: 1 so far. What is not known could take it to 65." in talk.press("The number").text


def test_the_result_pages_turn_and_lead_back_to_the_first() -> None:
    """The number and More steps jump; Next page goes on to the last; then the first again; Change answers leads to the judgement."""
    talk = Talk().open_with().answer(ALL_NO).close().press("No")
    talk.press("The number")
    assert "Total: 0" in talk.text
    talk.press("Back", "More steps")
    assert talk.session.place == "3"
    assert talk.press("All steps", "Next page").session.place == "5"
    assert "This is not a referral." in talk.text
    assert "Review by 4 June 2026" in talk.text
    talk.press("First page", "Something changed", "Change answers", "Continue")
    assert talk.session.phase is Phase.JUDGEMENT
    assert talk.chosen == ["No"]


def test_the_review_is_due_from_the_day_of_the_judgement() -> None:
    """Three months count from then, on whatever day the result is looked at again."""
    talk = Talk().open_with().answer(ALL_NO).close().press("No")

    later = replace(OCCASION, now=replace(OCCASION.now, at=OCCASION.now.at + timedelta(days=20)))
    talk.occasion = later
    talk.press("More steps", "All steps")
    while "First page" not in talk.labels:
        talk.press("Next page")

    assert "Review by 4 June 2026" in talk.text


@pytest.mark.parametrize(("concern", "age"), [("No, something else", None), ("Yes", "Other adult")])
def test_a_case_that_seraf_is_not_for_is_pointed_elsewhere(concern: str, age: str | None) -> None:
    """No concern, or an adult without aftercare: whom to talk to, and a way back; the answer is not kept."""
    talk = Talk().begin().press("Start", "School", "Neither", "No", concern, *([age] if age else []))

    assert talk.session.phase is Phase.ELSEWHERE
    assert "Call ART" in talk.text
    assert talk.session.answers.get("age") is None
    talk.press("Back")
    assert (talk.session.phase, talk.session.place) == (Phase.OPENING, "age" if age else "concern")
    talk.press(age or concern, "Done")
    assert (talk.session.phase, talk.session.has_case) == (Phase.ERASED, False)


def test_erasing_asks_once_and_then_nothing_is_kept() -> None:
    """Keep it goes back; Erase now removes the case, wipes the chat and says so."""
    talk = Talk().open_with().answer(["Yes"]).press("More", "Erase", "Keep it")
    assert talk.session.place == "V2"

    talk.press("More", "Erase", "Erase now")

    assert talk.session.phase is Phase.ERASED
    assert not talk.session.has_case
    assert dict(talk.session.answers.around) == {"profession": "school"}
    assert len(talk.session.answers.items) == 0
    assert Wipe() in talk.effects
    assert talk.toasts == ["erased"]
    assert talk.press("Start").session.place == "danger"
