"""What a made-up case says of its questions, what its judgement rests on, and what it is filled with."""

import pytest

from seraf.cases.fragments import Telling, filled, places_of
from seraf.cases.seed import Seed
from seraf.cases.vignette import Keyed, Rule, Vignette
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.rehearsal.made.made_case import QUESTIONS, measure
from seraf.rehearsal.made.narrate import CaseRequest, fillers_of, weight
from seraf.rehearsal.made.targets import ANY_AGE, Target
from tests.seraf.rehearsal.test_edges import fragments
from tests.support.shipped import INSTRUMENT, PACK

REASONS = {
    **{("danger", "no"): "safe", ("told_or_seen", "no"): "untold"},
    **{("allocated", "yes"): "worker", ("allocated", "no"): "no_worker"},
    **{("stage", "first"): "first", ("stage", "review"): "review"},
}
"""A question and its answer to the reasons that the pack has for it; of what presses today it is the way in which it is told."""


def reasons(vignette: Vignette, keyed: Keyed) -> set[str]:
    """Every reason that the pack has for the answer to a question, in a case about that child."""
    own = [each.because for each in fragments().today if getattr(each, keyed.place, "") == keyed.answer]
    found = fragments().because[REASONS[keyed.place, keyed.answer]] if (keyed.place, keyed.answer) in REASONS else own
    ruled = [each.because for each in fragments().keyed if (each.place, each.answer) == (keyed.place, keyed.answer)]
    name, _, years = vignette.title.partition(", ")
    child = next(each for each in fragments().children if each.name == name)
    return {filled(text, places_of(child, int(years), home="")) for text in (*found, *ruled)}


def test_every_question_is_answered_for_a_reason_of_that_answer() -> None:
    """And whoever misses that something was told or seen has missed the rule of that name, at no other answer."""
    cases = [measure(fragments(), PACK, aim=aim, seed=seed) for aim in Target for seed in range(20)]
    asked = [(it, each) for it in cases for each in it.key.keyed if each.place in QUESTIONS[:-1]]

    assert {(each.place, each.answer) for _, each in asked} > {*REASONS, ("danger", "yes"), ("told_or_seen", "yes")}
    assert [(it.id, each) for it, each in asked if each.because not in reasons(it, each)] == []
    trained = {(each.place, each.answer) for _, each in asked if Rule.TOLD_OR_SEEN in each.rules}
    assert trained == {("told_or_seen", "yes")}


def test_a_judgement_rests_on_harm_in_itself_and_then_on_points() -> None:
    """What is not so weighs least, whatever it would be."""
    plain = {(each.item, each.answer): each for each in fragments().said if each.telling is Telling.PLAIN}
    rising = (("V1", "not-known"), ("V4", "yes"), ("S1", "current"), ("S1", "both"), ("V1", "yes"))

    weights = [weight(INSTRUMENT, plain[each]) for each in rising]

    assert weights == sorted(set(weights))


@pytest.mark.parametrize("age", ANY_AGE)
def test_a_short_case_is_filled_with_all_that_may_be_said_of_such_a_child(age: Age) -> None:
    """Whatever adds nothing and is for that age comes up in some case, and nothing else does."""
    calm = Case(age, Responses.of({item.id: "no" for item in INSTRUMENT.items}))
    orders = [CaseRequest(fragments(), INSTRUMENT, Target.LITTLE, Seed(f"fill {seed}")) for seed in range(100)]

    found = {said for order in orders for said in fillers_of(order, calm, taken=())}

    plain = (Telling.PLAIN, Telling.OUTSIDE)
    assert found == {
        said for said in fragments().said if said.answer == "no" and said.telling in plain and age in (said.ages or Age)
    }
