"""A session at another place, or with the next card, is the same in all else."""

from dataclasses import fields, replace
from typing import Any, cast

from dialogs.core.acts import Kind, Overlay
from dialogs.core.session import Session, Told, fresh
from seraf.form.responses import NOTHING, Responses
from state_machines.assessment import Phase
from tests.support.shipped import INSTRUMENT


def test_a_session_that_moves_keeps_all_else() -> None:
    """Whatever it holds, of whatever fields there are."""
    session = Session(**cast(Any, {each.name: f"what is in {each.name}" for each in fields(Session)}))
    session = replace(session, card=7, phase=Phase.ITEMS, overlay=Overlay(Kind.MORE))

    assert session.moved(Phase.CHECK, "2") == replace(session, phase=Phase.CHECK, place="2", overlay=None)
    assert session.at("V1") == replace(session, place="V1", overlay=None)
    assert session.next_card(7) == replace(session, card=8)


def test_sessions_with_the_same_answers_share_what_follows_from_them() -> None:
    session = fresh(1, NOTHING).giving("danger", "yes")
    view = session.view(INSTRUMENT)

    assert session.moved(Phase.CHECK, "1").beneath(Overlay(Kind.MORE)).view(INSTRUMENT) is view
    assert replace(session, told=Told(3)).logged(()).view(INSTRUMENT) is view


def test_what_follows_from_other_answers_is_worked_out_again() -> None:
    session = fresh(1, NOTHING).giving("danger", "yes")
    before = session.view(INSTRUMENT).facts

    assert session.giving("danger", "no").view(INSTRUMENT).facts["danger"] == {"no"}
    assert session.responding(Responses.of({"V1": "yes"})).view(INSTRUMENT).facts["present"] > before["present"]
    assert session.answered(NOTHING).view(INSTRUMENT).facts["danger"] == {"not-asked"}
    assert session.view(INSTRUMENT).facts == before


def test_another_instrument_sees_the_same_answers_for_itself() -> None:
    session = fresh(1, NOTHING).responding(Responses.of({"V1": "yes"}))
    without = replace(INSTRUMENT, items=INSTRUMENT.items[1:])

    assert "V1" in session.view(INSTRUMENT).facts["present"]
    assert "V1" not in session.view(without).facts["present"]
