"""Tests of a made-up case: its questions, its filler sentences, its result, and the totals at category bounds."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from seraf.case_view import CaseView
from seraf.cases.fragments import Telling, filled, places_of
from seraf.cases.seed import Seed
from seraf.cases.vignette import Keyed, Rule, Vignette
from seraf.form.circumstances import Condition
from seraf.form.instrument import Addition, Instrument
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age, Meaning
from seraf.rehearsal.made.made_case import QUESTIONS, measure
from seraf.rehearsal.made.narrate import CaseRequest, fillers_of, weight
from seraf.rehearsal.made.targets import ANY_AGE, PLANS, AnswerCounts, AnswerKind, Outlook, Target, category_at, outlook
from tests.seraf.rehearsal.test_edges import fragments
from tests.support.counts import times
from tests.support.pack.small_boards import small_instrument
from tests.support.shipped import INSTRUMENT, PACK

REASONS = {
    **{("danger", "no"): "safe", ("told_or_seen", "no"): "untold"},
    **{("allocated", "yes"): "worker", ("allocated", "no"): "no_worker"},
    **{("stage", "first"): "first", ("stage", "review"): "review"},
}
"""For each answer to a question, the key under which the pack has its reasons."""


def reasons(vignette: Vignette, keyed: Keyed) -> set[str]:
    own = [each.because for each in fragments().today if getattr(each, keyed.place, "") == keyed.answer]
    found = fragments().because[REASONS[keyed.place, keyed.answer]] if (keyed.place, keyed.answer) in REASONS else own
    ruled = [each.because for each in fragments().keyed if (each.place, each.answer) == (keyed.place, keyed.answer)]
    name, _, years = vignette.title.partition(", ")
    child = next(each for each in fragments().children if each.name == name)
    return {filled(text, places_of(child, int(years), home="")) for text in (*found, *ruled)}


def test_every_question_is_answered_for_a_reason_of_that_answer() -> None:
    """The rule that a disclosure comes first is only practised by the question whether something was told or seen."""
    cases = [measure(fragments(), PACK, aim=aim, seed=seed) for aim in Target for seed in range(20)]
    asked = [(it, each) for it in cases for each in it.key.keyed if each.place in QUESTIONS[:-1]]

    assert {(each.place, each.answer) for _, each in asked} > {*REASONS, ("danger", "yes"), ("told_or_seen", "yes")}
    assert [(it.id, each) for it, each in asked if each.because not in reasons(it, each)] == []
    trained = {(each.place, each.answer) for _, each in asked if Rule.TOLD_OR_SEEN in each.rules}
    assert trained == {("told_or_seen", "yes")}


def test_a_judgement_rests_on_harm_in_itself_and_then_on_points() -> None:
    plain = {(each.item, each.answer): each for each in fragments().said if each.telling is Telling.PLAIN}
    rising = (("V1", "not-known"), ("V4", "yes"), ("S1", "current"), ("S1", "both"), ("V1", "yes"))

    weights = [weight(INSTRUMENT, plain[each]) for each in rising]

    assert weights == sorted(set(weights))


@pytest.mark.parametrize("age", ANY_AGE)
def test_a_short_case_is_filled_with_every_detail_that_fits_its_child(age: Age) -> None:
    """Fillers are sentences without points. At each age, every one that fits occurs in some case, and no other does."""
    calm = Case(age, Responses.of({item.id: "no" for item in INSTRUMENT.items}))
    orders = [CaseRequest(fragments(), INSTRUMENT, Target.LITTLE, Seed(f"fill {seed}")) for seed in range(100)]

    found = {said for order in orders for said in fillers_of(order, calm, taken=())}

    plain = (Telling.PLAIN, Telling.OUTSIDE)
    assert found == {
        said for said in fragments().said if said.answer == "no" and said.telling in plain and age in (said.ages or Age)
    }


def by_section(draw: random.Random) -> Instrument:
    instrument = small_instrument(draw)
    ids = [section.id for section in instrument.sections]
    asks = [("age", frozenset({"under-13"})), *((key, frozenset({draw.choice(ids)})) for key in ("present", "current"))]
    conditions = [Condition(tuple(draw.sample(asks, draw.randint(1, 2)))) for _ in range(2)]
    added = (Addition(f"x{at}", "l", draw.randint(1, 5), each, "s") for at, each in enumerate(conditions))
    return replace(instrument, additions=tuple(added))


def test_an_outlook_is_the_score_of_every_case_with_such_answers() -> None:
    """On random small instruments, `outlook` equals the score: total, additions, categories, and counts of answers."""
    draw = random.Random("tally")

    for _ in range(times(5_000, 500)):
        instrument = by_section(draw)
        given = {item.id: draw.choice(item.section.options) for item in instrument.items}
        case = Case(draw.choice(ANY_AGE), Responses.of({item: option.id for item, option in given.items()}))
        result = [
            (instrument.item(key).section, each) for key, each in given.items() if each.means is not Meaning.ABSENT
        ]
        counted = [(AnswerKind(section, option, ()), count) for (section, option), count in Counter(result).items()]

        found, expected = (
            outlook(instrument, case.age, counted=counted, opening=0, sign=0),
            CaseView(instrument, case).score,
        )

        added = sum(points for _, points in expected.additions)
        assert (found.total, found.added, found.category) == (expected.total, added, expected.category)
        assert (found.counts.told, found.counts.unknown) == (len(result), len(expected.unknown))
        assert found.highest == expected.highest.category


STARTS = {1: 0, 2: 6, 3: 11, 4: 16}
EDGES = {
    **{5: Target.BELOW_2, 6: Target.AT_2},
    **{10: Target.BELOW_3, 11: Target.AT_3},
    **{15: Target.BELOW_4, 16: Target.AT_4},
}
"""For each total at a bound of a category, the target whose cases have it."""


def come_to(total: int, *, signs: int) -> Outlook:
    category = category_at(STARTS, total)
    return Outlook(
        total=total,
        added=0,
        category=category,
        highest=category,
        counts=AnswerCounts(told=5, signs=signs, current=0, wide=0, unknown=0),
        opening=0,
        sign=5,
        is_low=category < 3,
        starts=STARTS,
    )


@pytest.mark.parametrize("total", range(22))
def test_a_total_is_at_most_one_edge_and_needs_a_sign(total: int) -> None:
    hit = {signs: [aim for aim in EDGES.values() if PLANS[aim].goal(come_to(total, signs=signs))] for signs in range(3)}

    expected = [EDGES[total]] if total in EDGES else []
    assert hit == {0: [], 1: expected, 2: expected}
