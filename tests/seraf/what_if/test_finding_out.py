"""Tests of what to find out and what could raise a result: exact effects, and nobody named who must not be asked."""

import random
from dataclasses import replace
from itertools import product

import pytest

from seraf.case_view import CaseView
from seraf.form.circumstances import Condition
from seraf.form.instrument import Instrument
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age, Informant
from seraf.score.scoring import band_of
from seraf.what_if.finding_out import Gap, GapEffect, gaps, order_to_ask, to_find_out
from seraf.what_if.ways_up import brings_discussion, has_open_facts, raising
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.oracle import M, S, V
from tests.support.pack import other_board
from tests.support.pack.small_boards import any_case, open_ticks, small_instrument, total_with
from tests.support.shipped import INSTRUMENT


def case_of(answers: dict[str, str] | None = None, /, **responses: str) -> Case:
    no = dict.fromkeys((*V, *M, *S), "no")
    return Case(Age.FROM_13_TO_15, Responses.of({**no, **responses}), answers or {})


def effect_by_trying(
    instrument: Instrument, case: Case, item: str, unknown: tuple[str, ...]
) -> tuple[GapEffect, int, int]:
    """Return the effect of an item, found by trying each of its ticks with every set of ticks of the other items."""
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


@each_seed(1_500, 40)
def test_the_effect_of_each_item_matches_an_exhaustive_search(seed: int) -> None:
    """On random small instruments, the effect, the category reached and the points are compared."""
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
    return [(gap.item.id, gap.effect.name, gap.category) for gap in found]


def test_a_sign_comes_before_what_needs_others_and_before_what_can_do_nothing() -> None:
    """At 4 points, a significant item alone reaches Category 2; a vulnerability needs another one."""
    four = dict.fromkeys(("V4", "V6", "V7", "V8"), "yes")

    assert shown(gaps(CaseView(INSTRUMENT, case_of(**four, V9="not-known", V10="not-known", S1="not-known")))) == [
        ("S1", "ALONE", 2),
        ("V9", "TOGETHER", 1),
        ("V10", "TOGETHER", 1),
    ]
    assert shown(gaps(CaseView(INSTRUMENT, case_of(V9="not-known")))) == [("V9", "NEITHER", 1)]


def test_unanswered_items_count_like_unknown_ones() -> None:
    assert sorted(order_to_ask(CaseView(INSTRUMENT, Case(Age.FROM_13_TO_15)))) == sorted((*V, *M, *S))
    assert {gap.item.id for gap in gaps(CaseView(INSTRUMENT, Case(Age.FROM_13_TO_15)))[:7]} == set(S)


def informants(case: Case, item: str) -> tuple[Informant, ...]:
    return next(gap.whom for gap in gaps(CaseView(INSTRUMENT, case)) if gap.item.id == item)


@pytest.mark.parametrize("harm", ["V1", "V2", "V3", "V5"])
@pytest.mark.parametrize("answer", ["yes", "not-known"])
def test_no_parent_is_asked_where_harm_at_home_is_ticked_or_not_ruled_out(harm: str, answer: str) -> None:
    assert Informant.PARENT in informants(case_of(M1="not-known"), "M1")
    assert Informant.PARENT not in informants(case_of(M1="not-known", **{harm: answer}), "M1")


def test_the_child_is_not_asked_anything_once_they_have_told() -> None:
    assert Informant.CHILD in informants(case_of(V8="not-known"), "V8")
    assert Informant.CHILD in informants(case_of({"told_or_seen": "not-known"}, V8="not-known"), "V8")
    assert Informant.CHILD not in informants(case_of({"told_or_seen": "yes"}, V8="not-known"), "V8")


def test_the_shipped_list_never_asks_a_parent_about_harm_at_home_nor_a_child_about_an_assault() -> None:
    """A parent is never asked about V1 to V3, V5 or an assault, nor the child about these or any significant item."""
    with_parent = {item.id for item in INSTRUMENT.items if Informant.PARENT in item.inquiry.ask}
    with_child = {item.id for item in INSTRUMENT.items if Informant.CHILD in item.inquiry.ask}

    assert with_parent & {"V1", "V2", "V3", "V5", "M6", "M7", "S2", "S3", "S7"} == set()
    assert with_child & {"V1", "V2", "V3", "V5", "M6", "M7", *S} == set()
    assert all(item.inquiry.ask and item.inquiry.why and item.inquiry.spoken for item in INSTRUMENT.items)
    assert all(item.inquiry.ask[0] not in (Informant.CHILD,) for item in INSTRUMENT.items)


def test_they_are_grouped_by_whom_to_ask_the_own_service_before_others_where_it_is_likely_to_know() -> None:
    """A school looks in its own records, and asks the police about theirs."""
    case = case_of({"profession": "school"}, M5="not-known", S1="not-known", M7="not-known", S4="not-known")

    found = [(group, [gap.item.id for gap in each]) for group, each in to_find_out(CaseView(INSTRUMENT, case))]

    assert found == [("police", ["S1"]), ("school", ["S4", "M5"]), ("health", ["M7"])]


def test_a_board_that_names_nobody_still_lists_what_is_not_known() -> None:
    found = to_find_out(CaseView(other_board.INSTRUMENT, Case(Age.FROM_13_TO_15)))

    assert [(group, len(each)) for group, each in found] == [(None, 5)]


def aged(age: str = "13-15", **responses: str) -> Case:
    no = {item.id: "no" for item in INSTRUMENT.items}
    return Case(Age(age), Responses.of({**no, **responses}))


@each_seed(2_000, 36)
def test_each_higher_band_shows_its_distance_and_whether_unknowns_reach_it(seed: int) -> None:
    age, responses = random_seraf(random.Random(seed))
    case = Case(Age(age), Responses.of(responses))

    found, result = raising(CaseView(INSTRUMENT, case)), CaseView(INSTRUMENT, case).score

    assert [each.band for each in found.rises] == [band for band in INSTRUMENT.bands if band.lowest > result.total]
    assert [each.points for each in found.rises] == [each.band.lowest - result.total for each in found.rises]
    assert [each.is_open for each in found.rises] == [result.highest.total >= each.band.lowest for each in found.rises]
    assert (found.total, found.band) == (result.total, band_of(INSTRUMENT, result.total))


@each_seed(2_000, 36)
def test_everything_that_is_not_known_is_listed_once(seed: int) -> None:
    age, responses = random_seraf(random.Random(seed))
    case = Case(Age(age), Responses.of(responses))

    found = raising(CaseView(INSTRUMENT, case))

    listed = [*found.serious, *found.harm, *found.others]
    assert sorted(item.id for item in listed) == sorted(item.id for item in CaseView(INSTRUMENT, case).marks.unknown)
    assert {item.section.id for item in found.serious} <= {"significant"}
    assert {item.id for item in found.harm} <= set(INSTRUMENT.other_harm)
    assert not {item.id for item in found.others} & {*INSTRUMENT.other_harm, *S}


def test_nothing_lies_above_the_highest_band() -> None:
    found = raising(CaseView(INSTRUMENT, aged(S2="both", S3="both", S4="both")))

    assert (found.band.category, found.rises) == (4, ())


def test_an_age_that_nobody_knows_is_supposed_where_it_would_add_points() -> None:
    """Under 13 with a significant item adds five points. Otherwise the age changes nothing."""
    with_sign = raising(CaseView(INSTRUMENT, aged("not-known", S1="recent")))
    without = raising(CaseView(INSTRUMENT, aged("not-known", V1="yes")))

    assert [(each.fact, each.word, each.total, each.band.category) for each in with_sign.supposed] == [
        ("age", "under-13", 6, 2)
    ]
    assert without.supposed == ()


def test_a_question_of_a_boards_own_is_supposed_too() -> None:
    instrument = other_board.SCRIPT.pack.instrument
    no = {item.id: "no" for item in instrument.items}

    found = raising(CaseView(instrument, Case(Age.FROM_13_TO_15, Responses.of(no), {"disabled": "not-known"})))

    assert [(each.fact, each.word, each.total) for each in found.supposed] == [("disabled", "yes", 1)]


@pytest.mark.parametrize(
    ("answers", "is_open"), [({}, True), ({"disabled": "not-known"}, True), ({"disabled": "no"}, False)]
)
def test_a_question_of_a_boards_own_is_open_until_it_was_answered(answers: dict[str, str], *, is_open: bool) -> None:
    instrument = other_board.SCRIPT.pack.instrument
    case = Case(Age.FROM_13_TO_15, Responses.of({item.id: "no" for item in instrument.items}), answers)

    assert bool(raising(CaseView(instrument, case)).supposed) is is_open
    assert has_open_facts(CaseView(instrument, case)) is is_open


def test_a_question_that_adds_the_same_whatever_the_answer_is_not_open() -> None:
    board = other_board.INSTRUMENT
    yes = next(each for each in board.additions if ("disabled", frozenset({"yes"})) in each.when.asks)
    no = replace(yes, id="not-disabled", when=Condition((("disabled", frozenset({"no"})),)))
    case = Case(Age.FROM_13_TO_15, Responses.of({item.id: "no" for item in board.items}))

    assert has_open_facts(CaseView(board, case))
    assert not has_open_facts(CaseView(replace(board, additions=(*board.additions, no)), case))


@pytest.mark.parametrize(
    ("age", "sign", "is_open"),
    [
        *(("not-known", "recent", True), ("not-known", "not-known", True), ("not-known", "no", False)),
        *((age, "recent", False) for age in ("under-13", "13-15", "16-17")),
    ],
)
def test_an_age_is_open_while_nobody_knows_it_and_a_sign_may_be_there(age: str, sign: str, *, is_open: bool) -> None:
    """Without a significant item, the age adds no points."""
    assert has_open_facts(CaseView(INSTRUMENT, aged(age, S1=sign))) is is_open


def test_the_first_sign_brings_the_talk_about_while_the_category_stays_low() -> None:
    firsts = brings_discussion(CaseView(INSTRUMENT, aged()))

    assert {option.option: option.items for option in firsts} == dict.fromkeys(("current", "recent", "both"), tuple(S))
    assert brings_discussion(CaseView(INSTRUMENT, aged(S1="recent"))) == ()


@each_seed(1_000, 30)
def test_the_answers_that_lead_to_a_talk_match_an_exhaustive_search(seed: int) -> None:
    draw = random.Random(f"talk {seed}")
    instrument = small_instrument(draw)
    case = any_case(draw, instrument)
    rule = instrument.manager_discussion
    ids = tuple(item.id for item in instrument.items)
    covered = [item for item in instrument.items if rule.present & {item.id, item.section.id}]
    tried = {
        (item.id, tick)
        for item in covered
        for tick in open_ticks(instrument, case, ids)[item.id]
        if band_of(instrument, total_with(instrument, case, frozenset({(item.id, tick)}))).category in rule.categories
    }
    is_there = any(
        case.responses.get(item.id) in {option.id for option in item.section.options if option.is_present}
        for item in covered
    )

    found = {(item, each.option) for each in brings_discussion(CaseView(instrument, case)) for item in each.items}

    assert found == (set() if is_there else tried)
