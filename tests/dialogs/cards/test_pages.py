"""Pages and places that are no longer what they were: nobody is lost by it."""

from dataclasses import replace

import pytest

from dialogs.cards.show import show
from dialogs.core.events import Pressed
from dialogs.core.session import Session
from state_machines.assessment import Phase
from tests.support.shipped import NOON, OCCASION, SCRIPT
from tests.support.talk.talking import Talk


def at_page(phase: Phase, place: str) -> Talk:
    """A talk whose session stands on this page of a phase that has pages."""
    talk = Talk().open_with().finish()
    talk.session = replace(talk.session, phase=phase, place=place)
    talk.cards = [show(talk.session, SCRIPT, NOON)]
    return talk


@pytest.mark.parametrize("phase", [Phase.CHECK, Phase.RESULT])
def test_a_page_that_there_is_no_more_is_shown_as_the_last_one(phase: Phase) -> None:
    """A pack of today may need fewer pages than the one of yesterday: the last one is shown."""
    talk = at_page(phase, "99")
    head = talk.text.splitlines()[0]

    assert head.split()[-1] == head.split()[-3]


def test_every_button_of_such_a_page_can_be_pressed() -> None:
    """What is shown is what counts: each key of the last page does what it says."""
    shown = at_page(Phase.CHECK, "99")

    for button in shown.card.buttons:
        talk = at_page(Phase.CHECK, "99")
        talk.take(Pressed(OCCASION, talk.session.card, button.code))
        assert talk.toasts == [], button.label


def test_a_place_that_is_not_on_the_path_leads_to_the_beginning_of_its_phase() -> None:
    """An item that is taken alone while the path has its section: going on begins the path, and loses no response."""
    talk = Talk().open_with(order="Quick").press("Emotional neglect")
    talk.session = talk.session.at("M4")
    talk.cards = [show(talk.session, SCRIPT, NOON)]

    talk.press("No")

    assert talk.session.place == "vulnerability"
    assert dict(talk.session.answers.items) == {"V1": "yes", "M4": "no"}


def test_a_notice_stands_above_the_card_and_changes_nothing_else() -> None:
    """An outage is said in a line of its own; the buttons and the words below are the same."""
    session = Session(card=3)

    plain, noticed = show(session, SCRIPT, NOON), show(session, SCRIPT, NOON, "Look again.")

    assert noticed.text == f"Look again.\n\n{plain.text}"
    assert (noticed.rows, noticed.token) == (plain.rows, plain.token)
