"""Tests of teaching with a case: length of a session, effect of a second answer, cases and cases that match."""

from dataclasses import replace
from itertools import pairwise

import pytest

from seraf.cases.vignette import FirstCall, Keyed, Vignette
from seraf.rehearsal.critical_actions import other_readings
from seraf.rehearsal.session_plan import (
    CLOSE,
    MINUTES,
    Demand,
    SessionStep,
    best_match,
    demand,
    matched_pairs,
    session_plan,
)
from tests.support.pack.made_up import REHEARSING, ROBIN
from tests.support.shipped import PACK


@pytest.mark.parametrize("length", MINUTES)
def test_a_session_fills_its_time_and_keeps_its_order(length: int) -> None:
    plan = session_plan(length)
    order = [each.step for each in plan]

    assert sum(each.minutes for each in plan) == length
    assert all(before.begins + before.minutes == after.begins for before, after in pairwise(plan))
    assert (order[0], order[-1], plan[0].begins) == (SessionStep.PRE_BRIEF, SessionStep.SUMMARY, 0)
    assert order == [step for step in SessionStep if step in order]
    assert order.index(SessionStep.REACTIONS) < order.index(SessionStep.ANALYSIS)


def test_the_effect_of_the_other_reading_is_computed() -> None:
    """V4's second answer scores 6 instead of 7, still Category 2. The judgement's may change the first call."""
    key = ROBIN.key
    judged = replace(key.keyed[-1], other="not-sure", other_because="It could wait until Monday.")
    both = replace(key, keyed=(*key.keyed[:-1], judged))

    quarrel, judgement = other_readings(REHEARSING, both)

    assert (quarrel.keyed.place, quarrel.total, quarrel.category, quarrel.moves_category) == ("V4", 6, 2, False)
    assert (quarrel.calls, quarrel.moves_call) == ((FirstCall.ART,), False)
    assert (judgement.keyed.place, judgement.total, judgement.moves_category) == ("judgement", 7, False)
    assert judgement.moves_call is (FirstCall.ART not in judgement.calls)
    assert [each.keyed.place for each in other_readings(REHEARSING, key)] == ["V4"]


def test_matched_cases_ask_the_same_of_a_reader() -> None:
    pairs = matched_pairs(PACK)

    assert pairs
    for pair in pairs:
        one, other = pair.demands
        assert (one.lead, one.call, one.category) == (other.lead, other.call, other.category)
        assert abs(one.ticked - other.ticked) <= CLOSE
        assert pair.first.text != pair.second.text
    named = {frozenset((pair.first.id, pair.second.id)) for pair in pairs}
    nearest = [found for each in PACK.vignettes if (found := best_match(PACK, each)) and found.is_matched]
    assert {frozenset((pair.first.id, pair.second.id)) for pair in nearest} <= named
    assert best_match(REHEARSING, ROBIN) is None


def test_a_tick_more_is_near_and_another_lead_is_not() -> None:
    twin = replace(ROBIN, id="twin", title="Another child")
    calm = replace(ROBIN, id="calm", key=replace(ROBIN.key, keyed=_with(ROBIN, "judgement", "no")))
    pack = replace(REHEARSING, vignettes=(ROBIN, calm, twin))

    found, other = best_match(pack, ROBIN), best_match(replace(pack, vignettes=(ROBIN, calm)), ROBIN)

    assert found is not None
    assert other is not None
    assert (found.second.id, found.is_matched) == ("twin", True)
    assert (other.second.id, other.is_matched) == ("calm", False)
    assert other.demands[0].ticked == other.demands[1].ticked == 3


def test_a_case_asks_for_lead_category_call_and_ticks_and_its_twin_for_the_same() -> None:
    """Robin's case: the most urgent lead is the judgement; Category 2, a call to ART, and three ticked items."""
    twin = replace(ROBIN, id="twin", title="Another child")

    assert demand(PACK, ROBIN) == Demand("judgement", 2, "art", 3)
    assert [(each.first.id, each.second.id) for each in matched_pairs(replace(PACK, vignettes=(ROBIN, twin)))] == [
        ("robin", "twin")
    ]


def _with(vignette: Vignette, place: str, answer: str) -> tuple[Keyed, ...]:
    return tuple(replace(each, answer=answer) if each.place == place else each for each in vignette.key.keyed)
