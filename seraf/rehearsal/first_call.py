"""Whom the guidance would have somebody get in touch with first, by the same order of urgency as the result.

It knows no telephone number and no profession: a school must discuss any concern with ART, whatever is said here.
"""

from seraf.advice.guidance import Guidance
from seraf.advice.urgency import Urgency
from seraf.cases.vignette import FirstCall
from seraf.form.conditions import Condition, Facts

HARM = (Condition((("other_harm", frozenset({"yes"})),)), Condition((("family", frozenset({"yes"})),)))
"""Any of these: social care, today (“Analysing the information within the SERAF and professional judgement”)."""

IS_ALLOCATED = Condition((("allocated", frozenset({"yes"})),))
LIVES_ELSEWHERE = Condition((("lives_elsewhere", frozenset({"yes"})),))


def first_calls(guidance: Guidance, facts: Facts) -> tuple[FirstCall, ...]:
    """The first calls that fit, the likeliest first, for the facts of a case.

    There is more than one only where nothing presses: an open case may hear of it from the lead or at once.
    """
    settled, urgency = guidance.settled(facts), guidance.leads_for(facts)[0].urgency
    if urgency is Urgency.EMERGENCY:
        return (FirstCall.EMERGENCY,)
    if urgency is Urgency.CALL or any(condition.holds(settled) for condition in HARM):
        return (_social_care(settled),)
    open_case = (FirstCall.ALLOCATED,) if IS_ALLOCATED.holds(settled) else ()
    if urgency is Urgency.PLAN:
        return (FirstCall.NOBODY, FirstCall.LEAD, *open_case)
    return (FirstCall.LEAD, *open_case)


def _social_care(settled: Facts) -> FirstCall:
    # Before the other area's front door: the team that has the child's case open goes first (ADR 0030).
    if IS_ALLOCATED.holds(settled):
        return FirstCall.ALLOCATED
    return FirstCall.ELSEWHERE if LIVES_ELSEWHERE.holds(settled) else FirstCall.ART
