"""Tests of the page “Check your answers”: what it lists, how each answer is changed, and reasons chosen by tap."""

from dataclasses import replace

import pytest

from dialogs.core.acts import Kind
from seraf.form.responses import Responses
from state_machines.assessment import Phase
from tests.dialogs.turn.test_talking import ALL_NO
from tests.support.shipped import INSTRUMENT
from tests.support.stored import session_read_again
from tests.support.talk.over_results import cards, over_a_result
from tests.support.talk.talking import Talk


def test_going_back_from_a_change_returns_to_the_check_with_nothing_changed() -> None:
    talk = Talk().open_with().answer(ALL_NO).press("Not known", "First", "None of the others")
    before = talk.session.answers.items

    talk.press("Change 2", "Back")

    assert (talk.session.phase, talk.session.answers.items) == (Phase.CHECK, before)


@pytest.mark.parametrize(
    ("change", "answer", "line"),
    [
        ("Change danger", "Not known", "In danger or missing now: Not known"),
        ("Change told or seen", "Not known", "Told or seen: Not known"),
        ("Change age", "16–17", "Age: 16–17"),
        ("Change social worker", "Yes", "Allocated social worker: Yes"),
        ("Change first/review", "Review", "First or review: Review"),
        ("Change past concerns", "Yes", "Earlier CSE concerns: Yes"),
        ("Change your role", "Health", "Your role: Health"),
        ("Change what applies", "Others not known", "What else applies: nothing ticked, the rest not known"),
    ],
)
def test_each_question_is_changed_from_the_check(change: str, answer: str, line: str) -> None:
    talk = Talk().open_with().answer(ALL_NO).press("Not known", "Not known", "No", "None of the others")
    while change not in talk.labels:
        talk.press("Next page")

    talk.press(change, answer).on()

    assert talk.session.phase is Phase.CHECK
    assert line in talk.text.splitlines()


def test_a_quick_case_changes_one_item_and_not_the_whole_section() -> None:
    talk = Talk().open_with(order="Quick").press("None of the others").finish()

    talk.press("Next page", "Next page", "Next page", "Change 1", "Yes").on()

    assert talk.session.phase is Phase.CHECK
    assert talk.session.answers.items.get("V1") == "yes"


def test_the_check_pages_turn_both_ways_and_say_what_is_not_answered() -> None:
    talk = (
        Talk()
        .begin()
        .press(
            "Start", "School", "Neither", "No", "Yes", "More", "Finish now", "More", "Finish now", "More", "Finish now"
        )
        .press("Next page", "Next page", "Previous")
    )

    assert "check 2 of 7" in talk.text
    talk.press("Back")
    assert "check 1 of 7" in talk.text
    assert "Previous" not in talk.labels
    talk.press(*["Next page"] * 6)
    assert "Next page" not in talk.labels
    assert "What else applies: not answered" in talk.text


def test_an_age_that_turns_out_to_be_an_adults_while_changing_leads_elsewhere_and_back_to_the_check() -> None:
    talk = Talk().open_with().finish()
    while "Change age" not in talk.labels:
        talk.press("Next page")

    talk.press("Change age", "Other adult", "Back", "Under 13")

    assert talk.session.phase is Phase.CHECK
    assert talk.session.answers.get("age") == "under-13"


TICKED = ("V4", "M9", "M10")
"""Items without a follow-up question."""


def at_the_check(**given: str) -> Talk:
    answers = [given.get(item.id, "Not in 12 months" if item.id.startswith("S") else "No") for item in INSTRUMENT.items]
    talk = Talk().open_with()
    for answer in answers:
        talk.answer([answer])
    return talk.press("Not known", "First").rest()


def test_three_equal_answers_take_four_taps() -> None:
    talk = at_the_check(**dict.fromkeys(TICKED, "Yes"))
    before = talk.taps

    talk.press("Reasons", "A colleague", "This week", "Same for the rest")

    assert talk.taps - before == 4
    assert talk.session.phase is Phase.CHECK
    assert talk.session.overlay is None
    assert dict(talk.session.answers.says) == dict.fromkeys(TICKED, "colleague")
    assert dict(talk.session.answers.known) == dict.fromkeys(TICKED, "week")


@pytest.mark.parametrize("last", ["Same as before", "Same for the rest"])
def test_each_item_can_have_its_own_and_comes_back_marked(last: str) -> None:
    talk = at_the_check(**dict.fromkeys(TICKED, "Yes"))

    talk.press("Reasons", "A record", "Earlier", "Seen by me", "Today", last)

    assert dict(talk.session.answers.says) == {"V4": "record", "M9": "seen", "M10": "seen"}
    assert dict(talk.session.answers.known) == {"V4": "earlier", "M9": "today", "M10": "today"}
    talk.press("Reasons")
    assert talk.chosen == ["A record"]


def test_it_is_skipped_by_going_on_and_by_one_tap_from_within() -> None:
    talk = at_the_check(M9="Yes")
    assert talk.press("Reasons", "Skip all").session.phase is Phase.CHECK
    assert not talk.session.answers.says

    talk.press("Continue")

    assert talk.session.phase is Phase.JUDGEMENT


def test_where_nothing_is_ticked_no_reasons_are_asked_for() -> None:
    assert "Reasons" not in at_the_check().labels


def test_a_disclosure_in_a_reason_is_acted_on_at_once() -> None:
    """Only a reason for abuse or exploitation causes this. Afterwards the remaining reasons are asked."""
    talk = at_the_check(S5="Past 6 months", M9="Yes")
    talk.press("Reasons", "The child")
    assert "since" in (talk.session.overlay.about if talk.session.overlay else "")

    talk.press("Today", "The child")
    assert talk.text.endswith("Then the child has told someone? If so, that counts for more than any number.")
    talk.press("Yes")

    assert talk.session.answers.get("told_or_seen") == "yes"
    assert "There was a disclosure, or it was seen: call now." in talk.text
    talk.press("Go on", "Today")
    assert talk.session.phase is Phase.CHECK
    assert dict(talk.session.answers.says) == {"M9": "child", "S5": "child"}


@pytest.mark.parametrize("online", ["Yes", "No"])
def test_a_child_who_tells_of_threats_online_has_told(online: str) -> None:
    """A threat online counts as abuse does. Without a threat, pressure or an image, the child has disclosed nothing."""
    talk = Talk().open_with().answer(["No"] * 21).press("Yes", online)
    talk.on().answer(["No", *["Not in 12 months"] * 7]).press("Not known", "First").rest()

    talk.press("Reasons", "The child")

    assert ("Then the child has told someone?" in talk.text) is (online == "Yes")


def test_back_leads_to_what_was_asked_before() -> None:
    talk = at_the_check(**dict.fromkeys(TICKED, "Yes")).press("Reasons", "A colleague", "This week", "Seen by me")

    assert talk.press("Back").chosen == ["Seen by me"]
    assert talk.press("Back").chosen == ["This week"]
    assert talk.press("Back").chosen == ["A colleague"]
    talk.press("Back")
    assert (talk.session.phase, talk.session.overlay) == (Phase.CHECK, None)
    assert dict(talk.session.answers.says) == {"V4": "colleague", "M9": "seen"}


def test_going_back_from_the_question_of_telling_stores_no_answer() -> None:
    talk = at_the_check(S5="Past 6 months").press("Reasons", "The child", "Back", "A record", "Today")

    assert talk.session.answers.get("told_or_seen") == "no"
    assert dict(talk.session.answers.says) == {"S5": "record"}


def test_a_child_who_did_not_tell_is_not_quoted() -> None:
    talk = at_the_check(S5="Past 6 months").press("Reasons", "The child", "No", "Not known")

    assert talk.session.answers.get("told_or_seen") == "no"
    assert dict(talk.session.answers.known) == {"S5": "not-known"}


def test_reasons_are_stored_and_reach_the_script() -> None:
    talk = at_the_check(M9="Yes").press("Reasons", "Seen by me", "Today", "Continue", "Yes")

    assert session_read_again(talk.session) == talk.session
    talk.press("Call")
    assert "I saw some of it myself: [what, when]." in talk.text
    assert "I first learned of this today." in talk.text


def test_a_second_look_begins_at_the_first_item_without_a_reason() -> None:
    talk = at_the_check(**dict.fromkeys(TICKED, "Yes")).press("Reasons", "A record", "Today", "Urgent")

    talk.press("Back")

    assert talk.session.overlay is not None
    assert talk.session.overlay.kind is Kind.REASONS
    assert talk.press("Skip all", "Reasons").text.splitlines()[2] == "Drugs misuse"


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"V1": "today", "M9": "earlier"}, "I learned some of it today, and the first of it [when]."),
        ({"V1": "week", "M9": "month"}, "Some of it I learned this week; the first of it [when]."),
        ({"V1": "month", "M9": "earlier"}, "Some of it I learned this month; the first of it [when]."),
        ({"V1": "today", "M9": "today"}, "I first learned of this today."),
    ],
)
def test_news_of_today_is_not_read_out_as_long_known(known: dict[str, str], said: str) -> None:
    """If items became known on different days, both days are named: a disclosure of today must not sound old."""
    session = over_a_result(Kind.CALLING, {"age": "13-15"}, {"V1": "yes", "M9": "yes"})

    assert said in cards(replace(session, answers=replace(session.answers, known=Responses.of(known))))[0].text
