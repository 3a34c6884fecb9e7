"""Tests of a rehearsal's transition table: every stage is reachable, every trigger used, every stage can be left."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice, product

import pytest

from state_machines.rehearsal import LOSING, REHEARSAL, REHEARSING, Stage, Together, Turn, TurnFacts
from state_machines.table import Edge
from tests.support.counts import times

STEP = times(1, 61)
"""Of all combinations of facts, one in this many is tried. It is coprime to their number."""


def all_facts() -> Iterator[TurnFacts]:
    """Yield every combination of the facts that the guards read."""
    yield from (TurnFacts(together=Together.ROOM, room=room) for room in (Stage.ROOM, Stage.ROOM_REPORT))
    yield TurnFacts(loses=True)
    for begun, practice, first, joined, paired, bound, awaits, held in product((False, True), repeat=8):
        for together in (None, *Together):
            yield from (
                TurnFacts(begun, practice, first, came_from, together, joined, paired, bound, awaits, held)
                for came_from in (None, *REHEARSING)
            )


def some_facts() -> Iterator[TurnFacts]:
    return islice(all_facts(), 0, None, STEP)


def reached_from(start: Stage) -> set[str]:
    reached: set[str] = {start}
    while found := {edge.dest for edge in REHEARSAL.edges if edge.source in reached} - reached:
        reached |= found
    return reached


def taken(edges: list[Edge[TurnFacts]], facts: TurnFacts) -> Edge[TurnFacts] | None:
    return next((edge for edge in edges if edge.guard is None or edge.guard(facts)), None)


def test_every_stage_can_be_reached_and_left() -> None:
    assert reached_from(Stage.IDLE) == set(Stage)
    assert all(Stage.IDLE in reached_from(stage) for stage in Stage)


@pytest.mark.prove
@pytest.mark.parametrize("stage", [*REHEARSING, Stage.LEAVING])
def test_the_way_out_is_one_turn_from_every_stage(stage: Stage) -> None:
    """Distressing content disappears at once. If something would be lost, leaving needs a second tap."""
    for facts in some_facts():
        out = Stage.LEAVING if facts.loses and stage in LOSING else Stage.IDLE
        assert REHEARSAL.advance(stage, Turn.LEAVE, facts=facts) == out
    assert REHEARSAL.advance(Stage.LEAVING, Turn.LEAVE, facts=TurnFacts(loses=True)) == Stage.IDLE


def test_every_turn_is_used_and_no_edge_is_shadowed() -> None:
    result = list(all_facts())
    asked = defaultdict[tuple[str, str], list[Edge[TurnFacts]]](list)
    for edge in REHEARSAL.edges:
        asked[edge.source, edge.trigger].append(edge)
    shadowed = [
        edge for edges in asked.values() for edge in edges if not any(taken(edges, each) == edge for each in result)
    ]

    assert shadowed == []
    assert {edge.trigger for edge in REHEARSAL.edges} == set(Turn)


@pytest.mark.parametrize("stage", REHEARSING)
def test_staying_changes_nothing(stage: Stage) -> None:
    asked = REHEARSAL.advance(stage, Turn.AWAY, facts=TurnFacts())
    stayed = REHEARSAL.advance(Stage.LEAVING, Turn.GO_ON, facts=TurnFacts(came_from=stage))

    assert (asked, stayed) == (Stage.LEAVING, stage)


@pytest.mark.prove
@pytest.mark.parametrize("stage", Stage)
def test_a_document_is_requested_on_its_card_and_moves_nobody(stage: Stage) -> None:
    to = {REHEARSAL.advance(stage, Turn.DRAW, facts=facts) for facts in some_facts()}

    assert to == {stage if stage in (Stage.COURSE, Stage.ROOM, Stage.ROOM_REPORT, Stage.PAPERS) else None}


def test_the_key_is_shown_after_an_answer_in_practice_alone() -> None:
    assert REHEARSAL.advance(Stage.SERAF, Turn.ANSWER, facts=TurnFacts(is_practice=True)) == Stage.FEEDBACK
    assert REHEARSAL.advance(Stage.SERAF, Turn.ANSWER, facts=TurnFacts()) is None
