"""Whom the guidance would have somebody get in touch with first, as far as the facts of a case decide it.

It knows no telephone number and no profession: a school must discuss any concern with ART, whatever is said here.
"""

from seraf.conditions import Condition, Facts
from seraf.vignette import FirstCall

DANGER = (
    Condition((("danger", frozenset({"yes"})),)),
    Condition((("missing_now", frozenset({"yes"})),)),
)
"""Any of these: 999 first."""

A_CALL = (
    Condition((("told_or_seen", frozenset({"yes"})),)),
    Condition((("judgement", frozenset({"yes"})),)),
    Condition((("category", frozenset({"3", "4"})),)),
    Condition((("other_harm", frozenset({"yes"})),)),
    Condition((("evidence", frozenset({"yes"})), ("manager_discussion", frozenset({"no"})))),
)
"""Any of these: social care now (“Information sharing”, “Responding to the SERAF”, “SERAF categories of risk framework”)."""

A_TALK = (
    Condition((("manager_discussion", frozenset({"yes", "possible"})),)),
    Condition((("judgement", frozenset({"not-sure", "not-asked"})),)),
    Condition((("highest", frozenset({"3", "4"})),)),
)
"""Any of these: a talk today with the manager or safeguarding lead (“Responding to the SERAF”)."""

IS_ALLOCATED = Condition((("allocated", frozenset({"yes"})),))
LIVES_ELSEWHERE = Condition((("lives_elsewhere", frozenset({"yes"})),))


def first_calls(settled: Facts) -> tuple[FirstCall, ...]:
    """The first calls that fit, the likeliest first, for facts as `Guidance.settled` gives them.

    There is more than one only where nothing presses: an open case may hear of it from the lead or at once.
    """
    if _any(DANGER, settled):
        return (FirstCall.EMERGENCY,)
    if _any(A_CALL, settled):
        return (_social_care(settled),)
    open_case = (FirstCall.ALLOCATED,) if IS_ALLOCATED.holds(settled) else ()
    if _any(A_TALK, settled):
        return (FirstCall.LEAD, *open_case)
    return (FirstCall.NOBODY, FirstCall.LEAD, *open_case)


def _social_care(settled: Facts) -> FirstCall:
    if IS_ALLOCATED.holds(settled):
        return FirstCall.ALLOCATED
    return FirstCall.ELSEWHERE if LIVES_ELSEWHERE.holds(settled) else FirstCall.ART


def _any(conditions: tuple[Condition, ...], settled: Facts) -> bool:
    return any(condition.holds(settled) for condition in conditions)
