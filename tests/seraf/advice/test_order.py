"""P24 of docs/promises.md: the bot is never less urgent than a second order of urgency, from the guidance alone."""

import random
from dataclasses import replace

import pytest

from seraf.advice.action_plan import CardLine, Urgency
from seraf.advice.contacts import LocalTime
from seraf.advice.guidance import Guidance
from seraf.case_view import CaseView
from seraf.form.responses import Case
from seraf.form.vocabulary import EARLIER_CATEGORY, NOT_KNOWN, STILL_COUNTS
from seraf.rehearsal.critical_actions import keyed_case
from tests.seraf.advice.test_urgency import ROLES, random_case
from tests.support.counts import each_seed
from tests.support.order import DUTIES, Duty, Height, Known, due, owed
from tests.support.pack.rule_rows import case_of
from tests.support.promising import Promise
from tests.support.shipped import INSTRUMENT, NOON, PACK, at

GUIDANCE = PACK.guidance
NIGHT = at("2026-03-07T22:30")  # a Saturday
LINES = {
    Height.EMERGENCY: (CardLine.EMERGENCY,),
    Height.CALL: (CardLine.CARE,),
    Height.MANAGER: (CardLine.MANAGER,),
    Height.TODAY: (CardLine.MANAGER, CardLine.CARE),
}
"""For each urgency, the lines of the action card of which at least one must be present."""

LATEST = {
    Height.EMERGENCY: ("2026-03-04T12:00", "2026-03-07T22:30"),
    Height.CALL: ("2026-03-04T12:30", "2026-03-07T23:00"),
    Height.MANAGER: ("2026-03-04T17:00", "2026-03-07T23:30"),
    Height.TODAY: ("2026-03-04T17:00", "2026-03-09T10:00"),
}
"""For each urgency, the latest deadlines at noon and at night. They are our choice: the guidance gives no hours."""


def known(case: Case) -> Known:
    before = [int(word) for word in case.earlier.get(EARLIER_CATEGORY, ()) if word != NOT_KNOWN]
    still = case.earlier.get(STILL_COUNTS, frozenset())
    return Known(str(case.age), dict(case.responses), dict(case.answers), before=max(before, default=0), still=still)


def lower(case: Case, guidance: Guidance = GUIDANCE) -> list[str]:
    """Return where the product is less urgent than the second order, at noon or night: lead, or absent or late line."""
    facts, asked = CaseView(INSTRUMENT, case).facts, owed(known(case))
    lead = guidance.advise(facts).leads[0]
    found = [f"{lead.id} leads" for each in asked if lead.urgency < Urgency[each.name]]
    for number, now in enumerate((NOON, NIGHT)):
        times = by_when(case, now, guidance)
        for each in asked - {Height.PLAN}:
            by = at(LATEST[each][number]).at.isoformat()
            if not any(line in times and times[line] <= by for line in LINES[each]):
                found.append(f"{each.name.lower()} is not on the card of {now.at}")
    return found


def by_when(case: Case, now: LocalTime, guidance: Guidance) -> dict[CardLine, str]:
    hours = PACK.contacts["art"].hours
    planned = CaseView(INSTRUMENT, case).advice(guidance).planned(hour=guidance.hour(now, PACK.contacts))
    due_at = {each: each.deadline.due(now, hours).isoformat() for each in planned}
    return {line: time for each, time in due_at.items() for line in (each.action.line, *each.action.covers)}


@each_seed(400, 4)
def test_no_case_is_led_lower_than_the_guidance_has_it(seed: int, promise: Promise) -> None:
    """P24: in random cases of all roles, no lead is less urgent than the guidance has it, and no line is too late."""
    draw = random.Random(seed)
    for _ in range(100):
        case = random_case(draw)

        assert lower(case) == [], (due(known(case)), case)
    promise.reached(
        "P24", asked=100, reached=100, of="random cases, by day and by night, led no lower than the guidance"
    )


@pytest.mark.prove
@pytest.mark.parametrize("vignette", PACK.vignettes, ids=lambda vignette: vignette.id)
def test_no_vignette_is_led_lower_than_the_guidance_has_it(vignette: object, promise: Promise) -> None:
    """P24: this holds for the agreed answers of every vignette, for every role, by day and by night."""
    assert isinstance(vignette, type(PACK.vignettes[0]))
    case = keyed_case(INSTRUMENT, vignette.key)

    for role in ROLES:
        assert lower(replace(case, answers={**case.answers, "profession": role})) == [], role
    promise.reached(
        "P24", asked=len(ROLES), reached=len(ROLES), of="vignettes and roles led no lower than the guidance"
    )


WORKED = (
    *(("danger=yes", Height.EMERGENCY), ("danger=missing", Height.EMERGENCY)),
    *(("danger=not-known missing_now=not-known", Height.CALL), ("S1c safe=not-tonight", Height.CALL)),
    *(("told_or_seen=yes", Height.CALL), ("M6 going_on=no reported=no", Height.CALL)),
    *(("judgement=yes", Height.CALL), ("C3", Height.CALL), ("moved=yes", Height.CALL)),
    *(("M11 online=yes", Height.CALL), ("M8 network=yes", Height.CALL), ("M8 young_exploiter=yes", Height.CALL)),
    *(("S5c", Height.MANAGER), ("S5r", Height.MANAGER), ("profession=school", Height.TODAY)),
    *(("judgement=not-sure", Height.TODAY), ("danger=not-known missing_now=no", Height.TODAY)),
    *(("V2 going_on=not-known", Height.TODAY), ("V3 going_on=no", Height.TODAY)),
    *(("M6 going_on=no reported=yes", Height.TODAY), ("M7", Height.TODAY), ("S4?", Height.TODAY)),
    *(("earlier_category=3", Height.TODAY), ("V2 going_on=no", Height.PLAN), ("M4 going_on=no", Height.PLAN)),
    *(("M9?", Height.PLAN), ("C2", Height.PLAN)),
)
"""The urgency of simple cases, worked out by hand. Harm known to be over is PLAN, except sexual abuse."""


@pytest.mark.parametrize(("words", "height"), WORKED)
def test_the_second_order_has_plain_cases_where_a_reader_has_them(words: str, height: Height) -> None:
    """If no lead of the guidance were urgent, `lower` would report each of these cases that is above PLAN."""
    case = case_of(words)
    leads = tuple(replace(lead, urgency=Urgency.PLAN) for lead in GUIDANCE.leads)

    assert max(owed(known(case))) is height
    assert lower(case) == []
    assert bool(lower(case, replace(GUIDANCE, leads=leads))) is (height is not Height.PLAN)


def test_every_duty_of_the_second_order_decides_some_plain_case() -> None:
    """A duty that decides none of these cases would be useless, or hidden by another one."""
    deciding = [due(known(case_of(words))) for words, _ in WORKED]

    assert {duty for duty in DUTIES if duty not in deciding} == set[Duty]()
