"""Whom the guidance would have somebody get in touch with first: by the order of urgency of the result, and by step 1 of its card.

It knows no telephone number.
"""

from typing import NamedTuple

from seraf.advice.action_plan import CardLine, Hour, Planned, first_lines
from seraf.advice.guidance import Guidance
from seraf.advice.urgency import Urgency
from seraf.cases.vignette import FirstCall
from seraf.form.conditions import Condition, Facts
from seraf.form.vocabulary import Age

HARM = (Condition((("other_harm", frozenset({"yes"})),)), Condition((("family", frozenset({"yes"})),)))
"""Any of these: social care, today (“Analysing the information within the SERAF and professional judgement”)."""

IS_ALLOCATED = Condition((("allocated", frozenset({"yes"})),))
LIVES_ELSEWHERE = Condition((("lives_elsewhere", frozenset({"yes"})),))


def first_calls(guidance: Guidance, facts: Facts) -> tuple[FirstCall, ...]:
    """The first calls that fit, the likeliest first, for the facts of a case.

    There is more than one only where nothing presses: an open case may hear of it from the lead or at once.
    """
    settled, urgency = guidance.advise(facts).settled, guidance.advise(facts).leads[0].urgency
    if urgency is Urgency.EMERGENCY:
        return (FirstCall.EMERGENCY,)
    if urgency is Urgency.CALL or any(condition.holds(settled) for condition in HARM):
        return (_social_care(settled),)
    open_case = (FirstCall.ALLOCATED,) if IS_ALLOCATED.holds(settled) else ()
    if urgency is Urgency.PLAN:
        return (FirstCall.NOBODY, FirstCall.LEAD, *open_case)
    return (FirstCall.LEAD, *open_case)


class FirstStep(NamedTuple):
    """Step 1 of the action card: the first call that it comes to, and its title; empty where nobody has to be told today."""

    call: FirstCall
    title: str


def first_step(guidance: Guidance, facts: Facts, *, is_open: bool) -> FirstStep:
    """Return step 1 of the action card for the facts of a case, which name a profession, with the office open or closed.

    Before it the card may ask somebody to do something at once themselves, such as to stay with the child: that is no call.
    """
    settled, urgency = guidance.advise(facts).settled, guidance.advise(facts).leads[0].urgency
    lines = {each.action.line: each for each in guidance.advise(facts).planned(hour=Hour(is_open))}
    if urgency is Urgency.EMERGENCY:
        return FirstStep(FirstCall.EMERGENCY, _title(lines.get(CardLine.EMERGENCY)))
    care, manager = lines.get(CardLine.CARE), lines.get(CardLine.MANAGER)
    first = first_lines(urgency, is_adult=Age.FROM_18_TO_25 in facts["age"])
    # With a plan alone the manager is told in time, and nobody has to act today.
    if care and care.action.calls and not (manager and CardLine.MANAGER in first):
        return FirstStep(_social_care(settled), care.title)
    return FirstStep(FirstCall.LEAD if urgency > Urgency.PLAN else FirstCall.NOBODY, _title(manager or care))


def _title(line: Planned | None) -> str:
    return line.title if line else ""


def _social_care(settled: Facts) -> FirstCall:
    # Before the other area's front door: the team that has the child's case open goes first (ADR 0030).
    if IS_ALLOCATED.holds(settled):
        return FirstCall.ALLOCATED
    return FirstCall.ELSEWHERE if LIVES_ELSEWHERE.holds(settled) else FirstCall.ART
