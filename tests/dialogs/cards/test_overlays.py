"""Tests of overlays (cards laid over a card): help that shows nothing of the case, explanations, urgent warnings."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from dialogs.core.replies import CallDue
from dialogs.form.item_cards import said_before
from seraf.form.circumstances import given_for
from state_machines.assessment import Phase
from tests.dialogs.turn.test_talking import ALL_NO
from tests.support.shipped import INSTRUMENT, OCCASION, PACK, SCRIPT, WORDING
from tests.support.talk.talking import Talk

RUNGS = {"urgent": "In danger now: call 999", "call": "What to say when you call", "contacts": "Who to call"}


@pytest.mark.parametrize(("name", "title"), RUNGS.items())
def test_help_shows_nothing_of_the_case(name: str, title: str) -> None:
    """Somebody else may see the screen while the person telephones."""
    talk = Talk().open_with().answer(["Yes", "No"])
    assert not talk.card.goes_first

    talk.command(name)

    assert title in talk.text
    assert talk.card.goes_first
    assert "OTTER" not in talk.text
    assert not any(item.label in talk.text for item in INSTRUMENT.items)


@pytest.mark.parametrize("place", [item.id for item in INSTRUMENT.items])
def test_what_counts_explains_every_item(place: str) -> None:
    item = INSTRUMENT.item(place)
    talk = Talk().open_with()
    while talk.session.place != place:
        talk.press("No" if "No" in talk.labels else "Not in 12 months")

    talk.press("What counts?")

    for words in (item.label, item.explanation, item.section.ask, item.section.note, *item.counts, *item.excludes):
        assert words in talk.text
    assert f"Guidance: “{item.source}”" in talk.text
    assert talk.press("Back").session.place == place


def test_every_question_around_the_items_explains_what_counts() -> None:
    talk = Talk().begin().press("Start")
    answers = [
        "School",
        "Neither",
        "No",
        "Yes",
        "13–15",
        "Quick",
        "Not known",
        "First",
        "None of the others",
        "Not sure",
    ]

    for answer in answers:
        if answer == "Not known":
            talk.press("None of the others", "None of the others", *["Not in 12 months"] * 7)
        if answer == "Not sure":
            talk.press("Continue")
        place = talk.session.place
        talk.press("What counts?")
        assert WORDING.say(f"what.{place}") in talk.text
        talk.press("Back", answer)

    assert talk.session.phase is Phase.RESULT


def test_danger_comes_first_and_its_back_leads_to_the_question() -> None:
    """“In danger” shows 999 at once, and Back undoes a wrong tap. Later cards ask for the call until it was made."""
    talk = Talk().begin().press("Start", "School", "In danger")

    assert "Danger now: call 999." in talk.text
    assert "Please take this as a referral" not in talk.text
    talk.press("Back")
    assert talk.session.place == "danger"
    assert talk.press("In danger").session.overlay is None
    assert talk.session.place == "told_or_seen"
    assert "Call 999, if you have not yet." in talk.text


@pytest.mark.parametrize("tapped", ["Cannot call", "No answer"])
def test_a_call_that_is_still_to_be_made_puts_what_helps_it_first(tapped: str) -> None:
    """As after “Prepare the call”: the bot does not ask for an order, and asks about the significant items first."""
    talk = Talk().begin().press("Start", "School", "Neither", "Yes", tapped, "Back", "Yes", "13–15")

    assert talk.session.place == "S1"


@pytest.mark.parametrize("tapped", [("Prepare the call",), ("Cannot call", "Back")])
def test_a_stop_over_the_question_of_the_order_answers_it(tapped: tuple[str, ...]) -> None:
    talk = Talk().begin().press("Start", "School", "Neither", "Yes", "Back", "Yes", "Yes", "13–15")
    assert talk.session.place == "how"

    talk.press("More", "Pause", "Resume", *tapped)

    assert talk.session.place == "S1"


def test_a_line_gives_no_category_away_before_the_judgement() -> None:
    """No category is on the card after “No answer” in a call due to points alone, or on that behind “What counts?”."""
    talk = (
        Talk().begin().press("Start", "School", "Neither", "No", "Yes", "13–15", "Serious first", "Both", "Yes", "Both")
    )
    assert talk.session.overlay == Overlay(Kind.STOP)

    assert "Category" not in talk.press("No answer").text
    closing = replace(talk.session, phase=Phase.CLOSING, place="circumstances-2")
    asked = replace(closing, overlay=Overlay(Kind.WHAT, "not_at_school"))
    assert "Category" not in show(asked, SCRIPT, OCCASION.now).text


def test_back_from_the_stop_card_returns_to_the_former_place() -> None:
    talk = Talk().begin().press("Start", "School", "Neither", "Yes", "Back", "No", "Yes", "13–15")

    assert talk.session.place == "how"


def test_finish_later_puts_the_draft_away_and_reminds_of_the_call() -> None:
    """The reminder comes at the deadline of the call. Resume shows the call card first, as nobody has called yet."""
    talk = Talk().begin().press("Start", "School", "Neither", "Yes", "Finish later")

    assert talk.session.phase is Phase.PAUSED
    assert [each.due for each in talk.effects if isinstance(each, CallDue)] == [OCCASION.now.at + timedelta(minutes=30)]
    assert talk.press("Resume").session.overlay == Overlay(Kind.STOP)
    assert talk.press("Prepare the call").session.place == "concern"


def test_only_a_higher_disposition_stops_again_and_the_rest_goes_into_the_call() -> None:
    talk = Talk().open_with(told="Yes").answer(ALL_NO).press("Not known", "First", "Moved to exploit")
    assert talk.session.overlay is None
    assert "New for the call: This may be trafficking: call now." in talk.press("Call").text

    talk.press("Back").rest()
    while "Change danger" not in talk.labels:
        talk.press("Next page")
    talk.press("Change danger", "Missing")
    assert talk.session.overlay == Overlay(Kind.STOP)


def test_danger_found_while_changing_has_no_back_into_the_questions() -> None:
    talk = Talk().open_with().finish()
    while "Change danger" not in talk.labels:
        talk.press("Next page")

    talk.press("Change danger", "In danger")

    assert "Back" not in talk.labels
    assert talk.press("Go on").session.phase is Phase.CHECK


def test_it_is_over_is_asked_again_once_another_tick_may_say_otherwise() -> None:
    """The violence was said to be over before despair was ticked. The question returns, with the first answer shown."""
    talk = Talk().open_with().press("No", "Yes", "It is over").answer(["No"] * 12).press("Yes")

    assert talk.session.overlay == Overlay(Kind.FOLLOW_UP, "going_on")
    assert "You answered “It is over”. New since then: Expressions of despair" in talk.text
    assert talk.chosen == ["It is over"]
    talk.press("It is over")
    assert talk.session.overlay is None
    assert talk.press("Back", "Yes").session.overlay is None


def test_a_question_asked_again_says_which_answer_was_not_known() -> None:
    session = Talk().open_with().press("No", "Yes", "Not known", "Yes").session
    session = session.answered(session.answers.around.drop(given_for("safe")))
    safe, going_on = (PACK.guidance.circumstance(each) for each in ("safe", "going_on"))
    assert safe is not None
    assert going_on is not None

    (said,) = said_before(safe, session, script=SCRIPT)

    assert f"“{going_on.ask}” Not known" in said.text


def test_not_known_where_the_child_is_asks_one_thing_more_and_nobody_knows_is_missing() -> None:
    for answer, kind in (("Yes, known", None), ("Not known", Kind.STOP), ("Nobody does", Kind.STOP)):
        talk = Talk().begin().press("Start", "School", "Not known")
        assert talk.session.overlay == Overlay(Kind.FOLLOW_UP, "missing_now")
        overlay = talk.press(answer).session.overlay
        assert (overlay.kind if overlay else None) is kind


def test_a_serious_sign_at_a_low_number_stops_nobody() -> None:
    """One significant item alone asks for a talk within the hour. The bot says so with the result, not before."""
    talk = Talk().open_with(order="Serious first").press("Not in 12 months", "Past 6 months")

    assert talk.session.overlay is None
    assert "call now" not in talk.text


@pytest.mark.parametrize("command", ["", "urgent"])
def test_danger_is_shown_again_after_the_numbers_were_looked_up(command: str) -> None:
    talk = Talk().begin().press("Start", "School", "In danger")

    if command:
        talk.command(command)
    else:
        talk.press("Urgent")
    talk.press("Call script", "Contacts", "Back")

    assert talk.session.overlay == Overlay(Kind.STOP)
    assert talk.press("Prepare the call").session.place == "told_or_seen"


def test_a_section_card_explains_each_of_its_items() -> None:
    item = INSTRUMENT.item("V7")
    talk = Talk().open_with(order="Quick").press("What counts?")

    assert set(talk.labels) >= {each.short for each in INSTRUMENT.of_section("vulnerability")}
    assert item.explanation in talk.press(item.short).text
    assert talk.press("Back").session.place == "vulnerability"


def test_a_question_that_cannot_wait_waits_while_somebody_rings() -> None:
    talk = Talk().open_with().answer(ALL_NO[:14]).press("Yes")
    question = Overlay(Kind.FOLLOW_UP, "going_on")
    assert talk.session.overlay == question

    talk.command("help")
    talk.press("Back")
    assert talk.session.overlay == question

    talk.press("Urgent", "Back")
    assert talk.session.overlay == question
