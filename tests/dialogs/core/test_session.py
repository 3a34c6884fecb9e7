"""A session at another place, or with the next card, is the same in all else."""

from dataclasses import fields, replace
from typing import Any, cast

from dialogs.core.overlays import Kind, Overlay
from dialogs.core.session import Session
from state_machines.assessment import Phase


def test_a_session_that_moves_keeps_all_else() -> None:
    """Whatever it holds, of whatever fields there are."""
    session = Session(**cast(Any, {each.name: f"what is in {each.name}" for each in fields(Session)}))
    session = replace(session, card=7, phase=Phase.ITEMS, overlay=Overlay(Kind.MORE))

    assert session.moved(Phase.CHECK, "2") == replace(session, phase=Phase.CHECK, place="2", overlay=None)
    assert session.at("V1") == replace(session, place="V1", overlay=None)
    assert session.next_card(7) == replace(session, card=8)
