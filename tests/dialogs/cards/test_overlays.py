"""What lies over a card: help that shows nothing of a case, explanations, and what has to be said at once."""

import pytest

from dialogs.core.overlays import Kind, Overlay
from dialogs.core.script import Script
from state_machines.assessment import Phase
from tests.support.shipped import INSTRUMENT, PACK, TERMINAL, WORDING
from tests.support.talk.talking import Talk

RUNGS = {"urgent": "In danger now: call 999", "call": "What to say when you call", "contacts": "Who to call"}


@pytest.mark.parametrize(("name", "title"), RUNGS.items())
def test_help_shows_nothing_of_the_case(name: str, title: str) -> None:
    """No reference, no item, no response: somebody else may be looking while a person rings. It goes before other cards."""
    talk = Talk().open_with().answer(["Yes", "No"])
    assert not talk.card.goes_first

    talk.command(name)

    assert title in talk.text
    assert talk.card.goes_first
    assert "OTTER" not in talk.text
    assert not any(item.label in talk.text for item in INSTRUMENT.items)


def test_urgent_leads_to_the_script_and_the_contacts_and_back() -> None:
    """999 first, then what to say and whom to call, then the same item again."""
    talk = Talk().open_with().press("Urgent")

    assert talk.text.startswith("In danger now: call 999")
    assert "In danger: 999. If not: ART" in talk.text
    talk.press("Call script", "Contacts", "Urgent", "Back")
    assert (talk.session.place, talk.session.overlay) == ("V1", None)


def test_the_contacts_say_what_is_not_confirmed_and_what_is_not_set() -> None:
    """A number is never invented, and one that the board has not confirmed says when it was last seen."""
    talk = Talk().begin().press("Call now", "Contacts")

    assert "Emergency: 999. At any time." in talk.text
    assert "Not confirmed (seen April 2024)." in talk.text
    assert "Commissioned specialist CSE service: not set by your board, ask ART." in talk.text
    assert "Children's services where the child lives: ask ART or the Emergency Duty Team for the number." in talk.text


@pytest.mark.parametrize("place", [item.id for item in INSTRUMENT.items])
def test_what_counts_explains_every_item(place: str) -> None:
    """The look-back, what counts, what does not, the note of the section, and the heading it rests on."""
    item = INSTRUMENT.item(place)
    talk = Talk().open_with()
    while talk.session.place != place:
        talk.press(item_no(talk))

    talk.press("What counts?")

    for words in (item.label, item.explanation, item.section.ask, item.section.note, *item.counts, *item.excludes):
        assert words in talk.text
    assert f"Guidance: “{item.source}”" in talk.text
    assert talk.press("Back").session.place == place


def item_no(talk: Talk) -> str:
    """The label of the answer that an item is absent."""
    return "No" if "No" in talk.labels else "Not in 12 months"


def test_every_question_around_the_items_says_what_counts() -> None:
    """From the first question to the judgement, the explanation is a tap away and leads back."""
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
    """Yes to danger shows 999 at once; Back is for a wrong tap, and after the call the questions go on."""
    talk = Talk().begin().press("Start", "School", "In danger")

    assert talk.text.startswith("Danger now: call 999.")
    talk.press("Back")
    assert talk.session.place == "danger"
    assert talk.press("Yes", "I have called").session.place == "told_or_seen"


def test_a_disclosure_needs_a_call_whatever_the_score_and_the_line_stays() -> None:
    """Told or seen: what to do at once, then “You know enough to call now” on every card, and Call beside Urgent."""
    talk = Talk().begin().press("Start", "School", "Neither", "Yes")

    assert talk.text.startswith("This needs a call, whatever the score")
    talk.press("Back")
    assert talk.session.place == "told_or_seen"
    talk.press("Yes", "Go on")
    assert talk.text.endswith("You know enough to call now.")
    talk.press("Call")
    assert "The child told [whom, when]: […]." in talk.text


def test_danger_found_while_changing_has_no_back_into_the_questions() -> None:
    """Who came from the check page is on the check page again."""
    talk = Talk().open_with().finish()
    while "Change danger" not in talk.labels:
        talk.press("Next page")

    talk.press("Change danger", "Yes")

    assert talk.labels == ["I have called", "Urgent"]
    assert talk.press("I have called").session.phase is Phase.CHECK


def test_a_question_that_cannot_wait_is_put_at_once_and_returns_to_the_item_after() -> None:
    """M4 yes: is the child safe tonight? Its answers, what counts, Back and Urgent; no Call before there is enough to call."""
    talk = Talk().open_with().answer(["No"] * 14)

    talk.press("Yes")

    assert talk.session.overlay == Overlay(Kind.FOLLOW_UP, "safe")
    assert talk.labels == ["Yes", "Danger now", "Not tonight", "Not known", "What counts?", "Back", "Urgent"]
    assert talk.press("Yes").session.place == "M5"


def test_a_question_that_cannot_wait_is_put_once() -> None:
    """Coming back and saying the same again does not ask again, and neither does another item that would."""
    talk = Talk().open_with(order="Serious first").press("Past 6 months", "Yes", "Go on", "Back", "Past 6 months")

    assert (talk.session.place, talk.session.overlay) == ("S2", None)
    talk.press("Not in 12 months", "Past 6 months")
    assert (talk.session.place, talk.session.overlay) == ("S4", None)


def test_a_tick_that_alarms_alarms_in_quick_mode_too() -> None:
    """The question lies over the section card, and the tick is kept."""
    talk = Talk().open_with(order="Quick").press("None of the others", INSTRUMENT.item("M4").short)

    assert talk.session.overlay == Overlay(Kind.FOLLOW_UP, "safe")
    talk.press("Not known", "Go on")
    assert talk.chosen == [INSTRUMENT.item("M4").short]


def test_enough_to_call_is_said_once_and_then_stands_quietly() -> None:
    """A current significant sign without a question of its own: the overlay once, the line from then on, no number."""
    talk = Talk().open_with(order="Serious first").press("Not in 12 months", "Past 6 months")

    assert talk.session.overlay == Overlay(Kind.ENOUGH)
    assert talk.labels == ["Call", "Go on", "Urgent"]
    talk.press("Go on", "Past 6 months", "Yes", "Past 6 months")
    assert talk.session.overlay is None
    assert talk.text.endswith("You know enough to call now.")


def test_the_line_goes_when_what_brought_it_about_is_taken_back() -> None:
    """It says what is so now, not what once was."""
    talk = Talk().open_with(order="Serious first").press("Not in 12 months", "Past 6 months", "Go on", "Back")

    talk.press("Not in 12 months")

    assert "You know enough to call now" not in talk.text


def test_more_offers_what_fits_the_phase() -> None:
    """Finish now while something is asked, Change answers on the result, and always help, erasure and Urgent."""
    talk = Talk().open_with().press("More")
    assert talk.labels == ["Pause", "Finish now", "Erase", "Guide", "Help", "Back", "Urgent"]

    talk.press("Back").finish().press("Continue", "No", "More")

    always = ["Erase", "Guide", "Help", "Back", "Urgent"]
    beyond = ["What could raise it?", "What to find out", "Summary", "Review code", "Remind me"]
    assert talk.labels == ["Pause", "Change answers", "What to record", *beyond, *always]


def test_a_terminal_says_what_it_is() -> None:
    """Who can read it and what is kept differ by channel, and are said."""
    talk = Talk(Script(PACK, WORDING, TERMINAL)).begin()
    assert "Nothing is kept on this computer." in talk.text

    talk.press("Start").command("pause")

    assert "while this window is open" in talk.text
