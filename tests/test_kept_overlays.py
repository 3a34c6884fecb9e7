"""What tells somebody how to act is shown again after the help that was opened from it; a section explains its items."""

import pytest

from dialogs.overlays import Kind, Overlay
from tests.support.shipped import INSTRUMENT
from tests.support.talking import Talk
from tests.test_talking import ALL_NO


@pytest.mark.parametrize("command", ["", "urgent"])
def test_danger_is_shown_again_after_the_numbers_were_looked_up(command: str) -> None:
    """By button or by command, through the call script and the contacts, Back leads to the danger card."""
    talk = Talk().begin().press("Start", "Yes")

    if command:
        talk.command(command)
    else:
        talk.press("Urgent")
    talk.press("Call script", "Contacts", "Back")

    assert talk.session.overlay == Overlay(Kind.DANGER)
    assert talk.press("I have called").session.place == "told_or_seen"


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


def test_an_alert_waits_while_somebody_asks_for_help_with_the_bot() -> None:
    """A question about the child's safety is not lost to /help; whoever opens whom to call has heeded it."""
    talk = Talk().open_with().answer(ALL_NO[:14]).press("Yes")
    alert = talk.session.overlay
    assert alert is not None
    assert alert.kind is Kind.ALERT

    talk.command("help")
    talk.press("Back")
    assert talk.session.overlay == alert

    talk.press("Urgent", "Back")
    assert talk.session.overlay is None


def test_an_open_case_calls_the_allocated_social_worker_first() -> None:
    """On the first page of the result, before ART and the Emergency Duty Team."""
    talk = Talk().open_with().answer(ALL_NO).press("Yes", "First", "Rest: No", "Health", "These are right", "No")

    assert "Call: the allocated social worker or their team. No answer: " in talk.text
