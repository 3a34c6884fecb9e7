"""A `CaseView` depends on its case and instrument only, in whatever order its properties are read."""

import random
from dataclasses import replace
from datetime import date

from seraf.advice.action_plan import Hour, Urgency
from seraf.case_view import CaseView
from seraf.form.instrument import Instrument
from seraf.form.responses import Case, Responses
from tests.seraf.advice.test_urgency import random_case
from tests.support.counts import each_seed
from tests.support.shipped import INSTRUMENT, PACK

TODAY = date(2026, 3, 4)

PARTS = {
    "facts": lambda view: view.facts,
    "facts_so_far": lambda view: view.facts_so_far,
    "score": lambda view: view.score,
    "findings": lambda view: view.find(today=TODAY),
    "leads": lambda view: view.advice(PACK.guidance).leads,
    "leads_so_far": lambda view: view.advice_so_far(PACK.guidance).leads,
    "asked": lambda view: view.advice(PACK.guidance).asked,
    "planned": lambda view: view.advice(PACK.guidance).planned(hour=Hour(is_open=True)),
    "planned_at_night": lambda view: view.advice(PACK.guidance).planned(hour=Hour(is_open=False)),
}


@each_seed(300, 8)
def test_the_order_in_which_parts_are_asked_for_changes_none_of_them(seed: int) -> None:
    draw = random.Random(seed)
    case = random_case(draw)
    view = CaseView(INSTRUMENT, case)

    for name in draw.choices(list(PARTS), k=2 * len(PARTS)):
        assert PARTS[name](view) == PARTS[name](CaseView(INSTRUMENT, case))


def test_another_edition_with_the_same_case_is_another_view() -> None:
    first = INSTRUMENT.items[0]
    case = Case(responses=Responses.of({first.id: "yes"}))
    without: Instrument = replace(INSTRUMENT, items=INSTRUMENT.items[1:])

    assert first.id in CaseView(INSTRUMENT, case).certain["present"]
    assert first.id not in CaseView(without, case).certain["present"]


def test_another_guidance_is_other_advice() -> None:
    view = CaseView(INSTRUMENT, Case(answers={"danger": "yes"}))
    last = replace(PACK.guidance, leads=PACK.guidance.leads[-1:])

    assert view.advice(PACK.guidance).leads[0].urgency is Urgency.EMERGENCY
    assert view.advice(last).leads == last.leads
    assert view.advice(PACK.guidance).leads[0].urgency is Urgency.EMERGENCY


def test_facts_at_a_review_replace_the_earlier_ones() -> None:
    view = CaseView(INSTRUMENT, Case())

    for category in ("3", "4", "3"):
        assert view.at_review({"earlier_category": frozenset({category})}).facts["earlier_category"] == {category}


def test_a_case_stays_what_it_was() -> None:
    answers = {"danger": "no"}
    case = Case(answers=answers)

    answers["danger"] = "yes"

    assert case.answers == {"danger": "no"}
    assert CaseView(INSTRUMENT, case).advice_so_far(PACK.guidance).leads[0].urgency is not Urgency.EMERGENCY
