"""The check page: what it lists, how it turns, and how each answer is changed from it."""

import pytest

from state_machines.assessment import Phase
from tests.dialogs.turn.test_talking import ALL_NO
from tests.support.talk.talking import Talk


def test_a_response_is_changed_from_the_check_and_the_check_waits_on_its_page() -> None:
    """Change, answer, and back on the page that now lists it; what is not known stands first, then what is ticked."""
    talk = Talk().open_with().answer(["Not known", *ALL_NO[1:]]).press("Not known", "First", "None of the others")

    assert talk.text.splitlines()[4].startswith("1. Emotional neglect")
    talk.press("Next page", "Next page", "Change 15")
    assert talk.session.place == "M4"
    talk.press("Yes").on()
    assert talk.session.phase is Phase.CHECK
    assert "15. Expressions of despair" in talk.text
    assert "aggression): Yes" in talk.text


def test_going_back_from_a_change_returns_to_the_check_with_nothing_changed() -> None:
    """A wrong tap on Change costs one tap."""
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
        ("Change what applies", "Others not known", "What else applies: nothing ticked"),
    ],
)
def test_each_question_is_changed_from_the_check(change: str, answer: str, line: str) -> None:
    """All that decides what follows can be put right, and the check shows it at once."""
    talk = Talk().open_with().answer(ALL_NO).press("Not known", "Not known", "No", "None of the others")
    while change not in talk.labels:
        talk.press("Next page")

    talk.press(change, answer).on()

    assert talk.session.phase is Phase.CHECK
    assert line in talk.text.splitlines()


def test_a_quick_case_changes_one_item_and_not_the_whole_section() -> None:
    """From the check page, an item is put alone, however it was first taken."""
    talk = Talk().open_with(order="Quick").press("None of the others").finish()

    talk.press("Next page", "Next page", "Next page", "Change 1", "Yes").on()

    assert talk.session.phase is Phase.CHECK
    assert talk.session.answers.items.get("V1") == "yes"


def test_the_check_pages_turn_both_ways_and_say_what_is_not_answered() -> None:
    """Earlier and later, from the first page to the last."""
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


def test_changing_responses_after_the_result_goes_through_the_judgement_again() -> None:
    """The number is seen again only after the judgement was asked again."""
    talk = Talk().open_with().answer(ALL_NO).close().press("No", "More", "Change answers")

    phases = [talk.session.phase, talk.press("Continue").session.phase]

    assert phases == [Phase.CHECK, Phase.JUDGEMENT]
    assert talk.chosen == ["No"]


def test_an_age_that_turns_out_to_be_an_adults_while_changing_leads_elsewhere_and_back_to_the_check() -> None:
    """Back from there and another age, and the check page is still waiting."""
    talk = Talk().open_with().finish()
    while "Change age" not in talk.labels:
        talk.press("Next page")

    talk.press("Change age", "Other adult", "Back", "Under 13")

    assert talk.session.phase is Phase.CHECK
    assert talk.session.answers.get("age") == "under-13"
