"""Codes of acts: each comes back as the act that it was made of, and what is no code is no act."""

from dataclasses import replace
from typing import get_args

import pytest

from dialogs.core.acts import (
    Act,
    Administer,
    Agree,
    Change,
    Clear,
    Close,
    Copy,
    Digit,
    Fetch,
    GateAct,
    Go,
    Kind,
    Log,
    Noting,
    Open,
    Overlay,
    Page,
    PeopleDeed,
    Rehearse,
    Remind,
    Rest,
    Say,
    Tick,
    act_of,
    code_of,
)
from docs.phone.cards import shown_in
from state_machines.assessment import Trigger
from state_machines.rehearsal import Turn
from tests.support.walks.reading import walk_files

ACTS: list[Act | GateAct] = [
    *map(Go, Trigger),
    *map(Rehearse, Turn),
    *map(Administer, PeopleDeed),
    Administer(PeopleDeed.ROLE, "0a0b0c0d:manager"),
    Rehearse(Turn.OPEN, "2"),
    *(Open(Overlay(kind)) for kind in Kind),
    Open(Overlay(Kind.GUIDE, "chapter?1.2")),
    Open(Overlay(Kind.REASONS, "S1:who")),
    *(Say("yes"), Tick("M1", "yes"), Tick("M1", None), Rest("no"), Page(12), Change("S1"), Close(), Copy("")),
    *(Noting("keep"), Remind("2026-11-26"), Fetch("pdf"), Log("care", "called")),
    *(Digit(0, 0), Digit(5, 9), Clear(), Agree()),
]


def test_every_act_comes_back_from_its_code() -> None:
    """Each kind of act, each trigger, each turn of a rehearsal and each overlay."""
    assert [act_of(code_of(act)) for act in ACTS] == ACTS
    assert len({code_of(act) for act in ACTS}) == len(ACTS)
    assert {type(act) for act in ACTS} == {*get_args(Act), *get_args(GateAct)}


def test_every_button_of_a_walk_comes_back_from_its_code() -> None:
    """What a card says, as its channel hands it back; a copied text and what lies under an overlay are not in a code."""
    acts = {button.act for path in walk_files()[::9] for each in shown_in(path) for button in each.card.buttons}
    assert len(acts) > 100

    for act in acts:
        match act:
            case Copy():
                assert act_of(code_of(act)) == Copy("")
            case Open(overlay):
                assert act_of(code_of(act)) == Open(replace(overlay, under=None))
            case _:
                assert act_of(code_of(act)) == act


@pytest.mark.parametrize("code", ["", ":", "q:1", "o:nothing:", "g:nothing", "p:one", "p:", "z:nothing:", "k:x", "xx"])
def test_what_is_no_code_is_no_act(code: str) -> None:
    """Words that no act has, in every place of a code."""
    assert act_of(code) is None
