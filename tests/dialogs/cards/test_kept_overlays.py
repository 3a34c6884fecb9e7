"""What tells somebody how to act is shown again after the help that was opened from it; a section explains its items."""

import pytest

from dialogs.core.acts import Kind, Overlay
from tests.dialogs.turn.test_talking import ALL_NO
from tests.support.shipped import INSTRUMENT
from tests.support.talk.talking import Talk


@pytest.mark.parametrize("command", ["", "urgent"])
def test_danger_is_shown_again_after_the_numbers_were_looked_up(command: str) -> None:
    """By button or by command, through the call script and the contacts, Back leads to the danger card."""
    talk = Talk().begin().press("Start", "School", "In danger")

    if command:
        talk.command(command)
    else:
        talk.press("Urgent")
    talk.press("Call script", "Contacts", "Back")

    assert talk.session.overlay == Overlay(Kind.STOP)
    assert talk.press("Prepare the call").session.place == "told_or_seen"


def test_other_overlays_are_gone_after_the_help_that_was_opened_from_them() -> None:
    """Back from the numbers leads to the card itself, as from everywhere else."""
    talk = Talk().open_with().press("More", "Urgent", "Back")

    assert talk.session.overlay is None
    assert talk.session.place == "V1"


def test_a_section_card_explains_each_of_its_items() -> None:
    """In quick mode, too, what counts is a tap or two away, for every item, and leads back to the section."""
    item = INSTRUMENT.item("V7")
    talk = Talk().open_with(order="Quick").press("What counts?")

    assert set(talk.labels) >= {each.short for each in INSTRUMENT.of_section("vulnerability")}
    assert item.explanation in talk.press(item.short).text
    assert talk.press("Back").session.place == "vulnerability"


def test_a_question_that_cannot_wait_waits_while_somebody_rings() -> None:
    """It is not lost to /help, nor to whom to call: it is answered, whatever was opened from it."""
    talk = Talk().open_with().answer(ALL_NO[:14]).press("Yes")
    question = Overlay(Kind.FOLLOW_UP, "going_on")
    assert talk.session.overlay == question

    talk.command("help")
    talk.press("Back")
    assert talk.session.overlay == question

    talk.press("Urgent", "Back")
    assert talk.session.overlay == question


def test_an_open_case_calls_the_allocated_team_first() -> None:
    """While offices are open, before ART; its number is in the person's own records."""
    talk = (
        Talk().open_with(role="Health", told="Yes").answer(ALL_NO).press("Yes", "First").rest().press("Continue", "No")
    )

    assert "1 Call the allocated team and make a referral · by 12:30" in talk.text
    assert "The number is in your records. No answer: ART" in talk.text
