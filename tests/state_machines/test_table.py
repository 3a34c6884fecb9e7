"""Tests of an assessment's transition table: every phase is reachable, every trigger used, every path has an end."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import product

import pytest

from state_machines.assessment import ASKING, BEGUN, TABLE, Facts, Phase, Trigger
from state_machines.table import Edge, Table, mermaid


def all_facts() -> Iterator[Facts]:
    for first, last, changing, outside, settled, reopened in product((False, True), repeat=6):
        for target in (None, *Phase):
            yield Facts(first, last, changing, outside, settled, reopened, target)


def reached_from(start: Phase) -> set[str]:
    reached: set[str] = {start}
    while found := {edge.dest for edge in TABLE.edges if edge.source in reached} - reached:
        reached |= found
    return reached


def taken(phase: StrEnum, trigger: StrEnum, facts: Facts) -> Edge[Facts] | None:
    edges = (edge for edge in TABLE.edges if (edge.source, edge.trigger) == (phase, trigger))
    return next((edge for edge in edges if edge.guard is None or edge.guard(facts)), None)


def test_every_phase_can_be_reached() -> None:
    assert reached_from(Phase.WELCOME) == set(Phase)


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_leads_to_a_result_and_to_an_erasure(phase: Phase) -> None:
    assert {Phase.RESULT, Phase.ERASED} <= reached_from(phase)


def test_every_trigger_is_used() -> None:
    assert {edge.trigger for edge in TABLE.edges} == set(Trigger)


def test_no_edge_is_shadowed_by_those_above_it() -> None:
    used = {taken(phase, trigger, facts) for phase in Phase for trigger in Trigger for facts in all_facts()}

    assert [edge for edge in TABLE.edges if edge not in used] == []


def test_the_machine_takes_the_first_edge_that_fits() -> None:
    """For every phase, trigger and facts, the result is compared with the table read from top to bottom."""
    for phase, trigger, facts in product(Phase, Trigger, all_facts()):
        edge = taken(phase, trigger, facts)
        assert TABLE.advance(phase, trigger, facts=facts) == (edge.dest if edge else None)


@pytest.mark.parametrize("phase", BEGUN)
def test_a_pause_ends_where_it_began(phase: Phase) -> None:
    paused = TABLE.advance(phase, Trigger.PAUSE, facts=Facts())
    resumed = TABLE.advance(Phase.PAUSED, Trigger.RESUME, facts=Facts(target=phase))

    assert (paused, resumed) == (Phase.PAUSED, phase)


@pytest.mark.parametrize("phase", ASKING)
def test_finishing_now_leads_to_the_check_once_what_must_be_asked_was(phase: Phase) -> None:
    assert TABLE.advance(phase, Trigger.FINISH, facts=Facts(is_settled=True)) == Phase.CHECK
    assert TABLE.advance(phase, Trigger.FINISH, facts=Facts(is_changing=True)) == Phase.CHECK
    assert TABLE.advance(phase, Trigger.FINISH, facts=Facts()) == Phase.CLOSING


def test_forbidden_transitions_lead_nowhere() -> None:
    assert TABLE.advance(Phase.WELCOME, Trigger.FINISH, facts=Facts()) is None
    assert TABLE.advance(Phase.PAUSED, Trigger.RESUME, facts=Facts(target=Phase.WELCOME)) is None


class Place(StrEnum):
    HERE = "here"
    THERE = "there"


def test_a_turn_within_a_turn_does_not_mix_with_it() -> None:
    """Two conversations are in the same phase, and the guard of one makes a turn of the other."""
    inner: list[str | None] = []

    def guard(goes: bool) -> bool:
        if goes and not inner:
            inner.append(None)
            inner[0] = table.advance(Place.HERE, Trigger.PAGE, facts=False)
        return goes

    table: Table[bool] = Table(
        (Edge(Place.HERE, Trigger.PAGE, Place.THERE, guard), Edge(Place.HERE, Trigger.PAGE, Place.HERE))
    )

    assert (table.advance(Place.HERE, Trigger.PAGE, facts=True), inner) == ("there", ["here"])


def test_equal_turns_one_after_another_leave_nothing_behind() -> None:
    assert {TABLE.advance(Phase.ITEMS, Trigger.ANSWER, facts=Facts(is_last=True)) for _ in range(50)} == {Phase.CLOSING}


def test_the_diagram_draws_each_way_once_with_every_trigger() -> None:
    table: Table[bool] = Table(
        (
            Edge(Place.HERE, Trigger.PAGE, Place.THERE, bool),
            Edge(Place.HERE, Trigger.BACK, Place.THERE),
            Edge(Place.HERE, Trigger.PAGE, Place.THERE),
            Edge(Place.THERE, Trigger.BACK, Place.HERE),
        )
    )

    assert mermaid(table) == "stateDiagram-v2\n    here --> there: page, back\n    there --> here: back\n"


def test_the_diagram_of_an_assessment_has_every_pair_of_phases() -> None:
    arrows = [line.partition(":")[0].strip() for line in mermaid(TABLE).splitlines()[1:]]

    assert arrows == list(dict.fromkeys(f"{edge.source} --> {edge.dest}" for edge in TABLE.edges))
