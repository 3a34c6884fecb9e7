"""What to find out: what each thing not known could do is exact, and nobody is named who must not be asked."""

import random
from dataclasses import replace
from itertools import product

import pytest

from seraf.case_view import CaseView
from seraf.form.instrument import Instrument
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age, Informant
from seraf.score.scoring import band_of
from seraf.what_if.finding_out import Gap, GapEffect, gaps, order_to_ask, to_find_out
from seraf.what_if.ways_up import brings_discussion
from tests.support.counts import each_seed
from tests.support.oracle import M, S, V
from tests.support.pack import other_board
from tests.support.pack.small_boards import any_case, open_ticks, small_instrument, total_with
from tests.support.shipped import INSTRUMENT

NO_HARM = {"V1": "no", "V2": "no", "V3": "no", "V5": "no"}


def case_of(answers: dict[str, str] | None = None, /, **responses: str) -> Case:
    """A case where what is not named is No."""
    no = dict.fromkeys((*V, *M, *S), "no")
    return Case(Age.FROM_13_TO_15, Responses.of({**no, **responses}), answers or {})


def effect_by_trying(
    instrument: Instrument, case: Case, item: str, unknown: tuple[str, ...]
) -> tuple[GapEffect, int, int]:
    """What an item could do, found by giving it and every set of the others every tick."""
    offered = open_ticks(instrument, case, unknown)
    now = total_with(instrument, case, frozenset())
    best = max((total_with(instrument, case, frozenset({(item, tick)})) for tick in offered[item]), default=now)
    reached = band_of(instrument, best).category
    if reached > band_of(instrument, now).category:
        return GapEffect.ALONE, reached, best - now
    if any(item in each.items for each in brings_discussion(CaseView(instrument, case))):
        return GapEffect.DISCUSSION, reached, best - now
    others = [each for each in unknown if each != item]
    for ticks in product(*([None, *offered[each]] for each in others)):
        given = frozenset((each, tick) for each, tick in zip(others, ticks, strict=True) if tick)
        before = band_of(instrument, total_with(instrument, case, given)).category
        for tick in offered[item]:
            after = total_with(instrument, case, given | {(item, tick)})
            if band_of(instrument, after).category > before:
                return GapEffect.TOGETHER, reached, best - now
    return GapEffect.NEITHER, reached, best - now


@each_seed(1_500, 150)
def test_what_each_could_do_is_what_trying_everything_finds(seed: int) -> None:
    """Alone, by bringing the talk about, with others, or not at all; and how far, on any small board."""
    draw = random.Random(f"gaps {seed}")
    instrument = small_instrument(draw)
    case = any_case(draw, instrument)
    unknown = tuple(item.id for item in instrument.items if case.responses.get(item.id) in (None, "not-known"))
    if len(unknown) > 6:
        case, unknown = Case(case.age, Responses.of(dict.fromkeys(unknown[6:], "no")), case.answers), unknown[:6]

    found = gaps(CaseView(instrument, case))

    assert {gap.item.id for gap in found} >= set(unknown)
    if len(found) <= 6:
        tried = {item: effect_by_trying(instrument, case, item, unknown) for item in unknown}
        assert {gap.item.id: (gap.effect, gap.category, gap.points) for gap in found} == tried
    order = [(gap.effect, -gap.category, -gap.points) for gap in found]
    assert order == sorted(order)


def shown(found: tuple[Gap, ...]) -> list[tuple[str, str, int]]:
    """Item, effect, and category alone."""
    return [(gap.item.id, gap.effect.name, gap.category) for gap in found]


def test_a_sign_comes_before_what_needs_others_and_before_what_can_do_nothing() -> None:
    """From 4 points: a sign reaches Category 2 alone, a vulnerability only with another."""
    four = dict.fromkeys(("V4", "V6", "V7", "V8"), "yes")

    assert shown(gaps(CaseView(INSTRUMENT, case_of(**four, V9="not-known", V10="not-known", S1="not-known")))) == [
        ("S1", "ALONE", 2),
        ("V9", "TOGETHER", 1),
        ("V10", "TOGETHER", 1),
    ]
    assert shown(gaps(CaseView(INSTRUMENT, case_of(V9="not-known")))) == [("V9", "NEITHER", 1)]


def test_a_vulnerability_that_lands_between_the_edges_does_nothing() -> None:
    """From 1 point, under 13: a sign comes with the five for age, to 7, 11 or 12; one more point is over no edge (6, 11, 16)."""
    young = replace(case_of(V4="yes", V9="not-known", S1="not-known"), age=Age.UNDER_13)

    assert shown(gaps(CaseView(INSTRUMENT, young))) == [("S1", "ALONE", 3), ("V9", "NEITHER", 1)]


def test_a_first_sign_that_leaves_the_category_brings_the_talk_about() -> None:
    """From 6 points, 12 would be Category 3: alone; from 0, on a board of one window, the talk."""
    no_sign = case_of(V9="not-known", S1="not-known")

    assert gaps(CaseView(INSTRUMENT, no_sign))[0].effect is GapEffect.ALONE
    board = other_board.INSTRUMENT
    low = Case(Age.FROM_13_TO_15, Responses.of({"B1": "no", "B2": "no", "G2": "no", "G3": "no"}))
    assert gaps(CaseView(board, low))[0].effect is GapEffect.ALONE


def test_what_nobody_answered_counts_like_what_is_not_known() -> None:
    """An empty case asks about every item, the signs first."""
    order = order_to_ask(CaseView(INSTRUMENT, Case(Age.FROM_13_TO_15)))

    assert sorted(order) == sorted((*V, *M, *S))
    assert {gap.item.id for gap in gaps(CaseView(INSTRUMENT, Case(Age.FROM_13_TO_15)))[:7]} == set(S)


def whom(case: Case, item: str) -> tuple[Informant, ...]:
    """Who may be asked about an item of a case."""
    return next(gap.whom for gap in gaps(CaseView(INSTRUMENT, case)) if gap.item.id == item)


@pytest.mark.parametrize("harm", ["V1", "V2", "V3", "V5"])
@pytest.mark.parametrize("answer", ["yes", "not-known"])
def test_no_parent_is_asked_where_harm_at_home_is_ticked_or_not_ruled_out(harm: str, answer: str) -> None:
    """Only where the form itself says No to each of these may a parent or carer be the one to ask."""
    assert Informant.PARENT in whom(case_of(M1="not-known"), "M1")
    assert Informant.PARENT not in whom(case_of(M1="not-known", **{harm: answer}), "M1")


def test_the_child_is_not_asked_anything_once_they_have_told() -> None:
    """Questions then are for those who will investigate."""
    assert Informant.CHILD in whom(case_of(V8="not-known"), "V8")
    assert Informant.CHILD in whom(case_of({"told_or_seen": "not-known"}, V8="not-known"), "V8")
    assert Informant.CHILD not in whom(case_of({"told_or_seen": "yes"}, V8="not-known"), "V8")


def test_the_shipped_list_never_asks_a_parent_about_harm_at_home_nor_a_child_about_an_assault() -> None:
    """V1 to V3 and V5 have no parent; V1 to V3, M6, M7 and every significant indicator have no child."""
    with_parent = {item.id for item in INSTRUMENT.items if Informant.PARENT in item.inquiry.ask}
    with_child = {item.id for item in INSTRUMENT.items if Informant.CHILD in item.inquiry.ask}

    assert with_parent & {"V1", "V2", "V3", "V5", "M6", "M7", "S2", "S3", "S7"} == set()
    assert with_child & {"V1", "V2", "V3", "V5", "M6", "M7", *S} == set()
    assert all(item.inquiry.ask and item.inquiry.why and item.inquiry.spoken for item in INSTRUMENT.items)
    assert all(item.inquiry.ask[0] not in (Informant.CHILD,) for item in INSTRUMENT.items)


def test_they_are_grouped_by_whom_to_ask_the_own_service_before_others_where_it_is_likely_to_know() -> None:
    """A school looks in its own records for what it is likely to know, and rings the police for what they hold."""
    case = case_of({"profession": "school"}, M5="not-known", S1="not-known", M7="not-known", S4="not-known")

    found = [(group, [gap.item.id for gap in each]) for group, each in to_find_out(CaseView(INSTRUMENT, case))]

    assert found == [("police", ["S1"]), ("school", ["S4", "M5"]), ("health", ["M7"])]


def test_a_board_that_names_nobody_still_lists_what_is_not_known() -> None:
    """One group of nobody in particular."""
    found = to_find_out(CaseView(other_board.INSTRUMENT, Case(Age.FROM_13_TO_15)))

    assert [(group, len(each)) for group, each in found] == [(None, 5)]
