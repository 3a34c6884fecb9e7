"""What could raise a result is exact: each higher band by its points, what is not known by what it could call for."""

import random
from dataclasses import replace

import pytest

from seraf.case_view import CaseView
from seraf.form.circumstances import Condition
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.score.scoring import band_of
from seraf.what_if.ways_up import brings_discussion, has_open_facts, raising
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.oracle import M, S, V
from tests.support.pack import other_board
from tests.support.pack.small_boards import any_case, open_ticks, small_instrument, total_with
from tests.support.shipped import INSTRUMENT


def case_of(age: str = "13-15", **responses: str) -> Case:
    """A case where all that is not named is No."""
    no = {item.id: "no" for item in INSTRUMENT.items}
    return Case(Age(age), Responses.of({**no, **responses}))


@each_seed(2_000, 120)
def test_each_higher_band_is_so_many_points_away_and_open_where_what_is_not_known_reaches_it(seed: int) -> None:
    """Over random cases: none is left out, and the highest total that there could be decides."""
    age, responses = random_seraf(random.Random(seed))
    case = Case(Age(age), Responses.of(responses))

    found, result = raising(CaseView(INSTRUMENT, case)), CaseView(INSTRUMENT, case).score

    assert [each.band for each in found.rises] == [band for band in INSTRUMENT.bands if band.lowest > result.total]
    assert [each.points for each in found.rises] == [each.band.lowest - result.total for each in found.rises]
    assert [each.is_open for each in found.rises] == [result.highest.total >= each.band.lowest for each in found.rises]
    assert (found.total, found.band) == (result.total, band_of(INSTRUMENT, result.total))


@each_seed(2_000, 120)
def test_everything_that_is_not_known_is_listed_once(seed: int) -> None:
    """By what it could call for: a call by itself, harm of its own, or the rest."""
    age, responses = random_seraf(random.Random(seed))
    case = Case(Age(age), Responses.of(responses))

    found = raising(CaseView(INSTRUMENT, case))

    listed = [*found.serious, *found.harm, *found.others]
    assert sorted(item.id for item in listed) == sorted(item.id for item in CaseView(INSTRUMENT, case).marks.unknown)
    assert {item.section.id for item in found.serious} <= {"significant"}
    assert {item.id for item in found.harm} <= set(INSTRUMENT.other_harm)
    assert not {item.id for item in found.others} & {*INSTRUMENT.other_harm, *S}


def test_nothing_lies_above_the_highest_band() -> None:
    """Category 4 has no higher one."""
    found = raising(CaseView(INSTRUMENT, case_of(S2="both", S3="both", S4="both")))

    assert (found.band.category, found.rises) == (4, ())


def test_an_age_that_nobody_knows_is_supposed_where_it_would_add_points() -> None:
    """Under 13 with a significant indicator: five more; without one it would change nothing."""
    with_sign = raising(CaseView(INSTRUMENT, case_of("not-known", S1="recent")))
    without = raising(CaseView(INSTRUMENT, case_of("not-known", V1="yes")))

    assert [(each.fact, each.word, each.total, each.band.category) for each in with_sign.supposed] == [
        ("age", "under-13", 6, 2)
    ]
    assert without.supposed == ()


def test_a_question_of_a_boards_own_is_supposed_too() -> None:
    """Where a yes to it would add points."""
    instrument = other_board.SCRIPT.pack.instrument
    no = {item.id: "no" for item in instrument.items}

    found = raising(CaseView(instrument, Case(Age.FROM_13_TO_15, Responses.of(no), {"disabled": "not-known"})))

    assert [(each.fact, each.word, each.total) for each in found.supposed] == [("disabled", "yes", 1)]


@pytest.mark.parametrize(
    ("answers", "is_open"), [({}, True), ({"disabled": "not-known"}, True), ({"disabled": "no"}, False)]
)
def test_a_question_of_a_boards_own_is_open_until_it_was_answered(answers: dict[str, str], *, is_open: bool) -> None:
    """Once it was, nothing is supposed of it, and it can raise the score no further."""
    instrument = other_board.SCRIPT.pack.instrument
    case = Case(Age.FROM_13_TO_15, Responses.of({item.id: "no" for item in instrument.items}), answers)

    assert bool(raising(CaseView(instrument, case)).supposed) is is_open
    assert has_open_facts(CaseView(instrument, case)) is is_open


def test_a_question_that_adds_the_same_whatever_the_answer_is_not_open() -> None:
    """It is Yes or No, and never both."""
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
    """Without any significant indicator an age adds nothing, so it could raise nothing."""
    assert has_open_facts(CaseView(INSTRUMENT, case_of(age, S1=sign))) is is_open


def test_the_first_sign_brings_the_talk_about_while_the_category_stays_low() -> None:
    """Every significant item could, in each way of ticking it; where one is ticked already, none is the first."""
    firsts = brings_discussion(CaseView(INSTRUMENT, case_of()))

    assert {option.option: option.items for option in firsts} == dict.fromkeys(("current", "recent", "both"), tuple(S))
    assert brings_discussion(CaseView(INSTRUMENT, case_of(S1="recent"))) == ()


def test_it_brings_no_talk_about_where_the_category_would_be_high() -> None:
    """At ten points a current sign leads to Category 3, where the talk is another one."""
    ticked = dict.fromkeys((*V[:8], *M[:2]), "yes")

    firsts = {each.option for each in brings_discussion(CaseView(INSTRUMENT, case_of(**ticked)))}

    assert firsts == set()


@pytest.mark.parametrize(("age", "options"), [("13-15", {"current", "recent"}), ("under-13", set())])
def test_the_points_for_age_come_with_a_sign_of_either_window(age: str, options: set[str]) -> None:
    """From five points a sign of the earlier window is a sixth; under 13 it is six more, which lead to Category 3."""
    firsts = brings_discussion(CaseView(INSTRUMENT, case_of(age, **dict.fromkeys(V[:5], "yes"))))

    assert {each.option for each in firsts} == options


@each_seed(1_000, 100)
def test_what_brings_the_talk_about_is_what_trying_everything_finds(seed: int) -> None:
    """Over small boards: each response is given, and the category looked at."""
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
