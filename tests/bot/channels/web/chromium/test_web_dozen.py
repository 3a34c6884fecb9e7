"""Tests that the dozen recorded conversations (walks) played in a real browser show every kind of card."""

from dialogs.core.acts import Kind
from state_machines.assessment import Phase
from state_machines.rehearsal import Stage
from tests.support.shipped import INSTRUMENT
from tests.support.web.dozen import DOZEN, shown_in

TOGETHER = frozenset(
    {Stage.IDLE, Stage.HELD, Stage.JOINING, Stage.WAITING, Stage.ROOM, Stage.CLOSING, Stage.ROOM_REPORT}
    | {Stage.DIFFERENCES, Stage.PAPERS, Stage.SEATS}
)
"""Stages of a rehearsal that need several people. The dozen walks need not show them."""


def test_the_dozen_show_every_kind_of_card() -> None:
    wanted = {
        *(f"phase: {each}" for each in Phase),
        *(f"overlay: {each}" for each in Kind),
        *(f"items: {each}" for each in ("V", "M", "S", "vulnerability", "moderate")),
        *(f"answer: {each.id}" for section in INSTRUMENT.sections for each in section.options),
        *(f"rehearsal: {each}" for each in set(Stage) - TOGETHER),
        *(f"Category {each}" for each in range(1, 5)),
    }

    assert len(DOZEN) == 12
    assert wanted - {each for number in DOZEN for each in shown_in(number)} == set()
