"""The phases of one assessment and every way from one to another. Items and questions are places within a phase, never phases."""

from dataclasses import dataclass
from enum import StrEnum

from state_machines.table import Edge, Table


class Phase(StrEnum):
    """Where the conversation is."""

    WELCOME = "welcome"
    """Nothing has begun."""
    OPENING = "opening"
    """The five questions before item 1."""
    ITEMS = "items"
    """The items of the form, one at a time, or a section at a time in quick mode."""
    CLOSING = "closing"
    """The questions after the items that decide who is called."""
    CHECK = "check"
    """All responses, to be looked over and changed."""
    JUDGEMENT = "judgement"
    """The professional's own judgement, asked before any number is shown."""
    RESULT = "result"
    """What to do, the number, and more steps."""
    PAUSED = "paused"
    """Set aside, to be taken up at the same place."""
    ELSEWHERE = "elsewhere"
    """SERAF is not for this: whom to talk to instead."""
    ERASED = "erased"
    """Nothing is kept any more."""


class Trigger(StrEnum):
    """What may happen."""

    START = "start"
    ANSWER = "answer"
    BACK = "back"
    FINISH = "finish"
    CHANGE = "change"
    PAGE = "page"
    CONFIRM = "confirm"
    REVISE = "revise"
    REOPEN = "reopen"
    PAUSE = "pause"
    RESUME = "resume"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards may ask of a turn."""

    is_first: bool = False
    """The place is the first of its phase."""
    is_last: bool = False
    """The place is the last of its phase."""
    is_changing: bool = False
    """The person came from the check page to change one response."""
    is_outside: bool = False
    """The answer says that SERAF is not for this case."""
    is_settled: bool = False
    """Nothing is left that has to be asked even of somebody who finishes now."""
    is_reopened: bool = False
    """Only what was not known is asked again, and what matters because of it; then comes the check page."""
    target: Phase | None = None
    """The phase that a change or a resumption leads to."""


def _first(facts: Facts) -> bool:
    return facts.is_first


def _last(facts: Facts) -> bool:
    return facts.is_last


def _changing(facts: Facts) -> bool:
    return facts.is_changing


def _outside(facts: Facts) -> bool:
    return facts.is_outside


def _done(facts: Facts) -> bool:
    return facts.is_changing or facts.is_settled


def _reopened(facts: Facts) -> bool:
    return facts.is_reopened


def _reopened_first(facts: Facts) -> bool:
    return facts.is_reopened and facts.is_first


def _reopened_done(facts: Facts) -> bool:
    return facts.is_reopened and facts.is_settled


def _reopened_last(facts: Facts) -> bool:
    return facts.is_last and _reopened_done(facts)


def _not_first(facts: Facts) -> bool:
    return not facts.is_first


def _leads_to(phase: Phase) -> "Edge[Facts]":
    return Edge(Phase.PAUSED, Trigger.RESUME, phase, lambda facts: facts.target == phase)


def _change(phase: Phase) -> "Edge[Facts]":
    return Edge(Phase.CHECK, Trigger.CHANGE, phase, lambda facts: facts.target == phase)


ASKING = (Phase.OPENING, Phase.ITEMS, Phase.CLOSING)
"""The phases in which questions are put, one at a time."""

BEGUN = (*ASKING, Phase.CHECK, Phase.JUDGEMENT, Phase.RESULT)
"""The phases in which there is something to set aside."""

TABLE: Table[Facts] = Table(
    (
        Edge(Phase.WELCOME, Trigger.START, Phase.OPENING),
        Edge(Phase.ERASED, Trigger.START, Phase.OPENING),
        # Above `_changing`: an age that is put right to an adult's ends the SERAF too.
        Edge(Phase.OPENING, Trigger.ANSWER, Phase.ELSEWHERE, _outside),
        Edge(Phase.OPENING, Trigger.ANSWER, Phase.CHECK, _changing),
        Edge(Phase.OPENING, Trigger.ANSWER, Phase.ITEMS, _last),
        Edge(Phase.OPENING, Trigger.ANSWER, Phase.OPENING),
        Edge(Phase.ITEMS, Trigger.ANSWER, Phase.CHECK, _changing),
        Edge(Phase.ITEMS, Trigger.ANSWER, Phase.CHECK, _reopened_last),
        Edge(Phase.ITEMS, Trigger.ANSWER, Phase.CLOSING, _last),
        Edge(Phase.ITEMS, Trigger.ANSWER, Phase.ITEMS),
        Edge(Phase.CLOSING, Trigger.ANSWER, Phase.CHECK, _changing),
        Edge(Phase.CLOSING, Trigger.ANSWER, Phase.CHECK, _reopened_done),
        Edge(Phase.CLOSING, Trigger.ANSWER, Phase.CHECK, _last),
        Edge(Phase.CLOSING, Trigger.ANSWER, Phase.CLOSING),
        # The one way to a first result: nobody sees a number before they judged (“Analysing the information within the
        # SERAF and professional judgement”).
        Edge(Phase.JUDGEMENT, Trigger.ANSWER, Phase.RESULT),
        Edge(Phase.OPENING, Trigger.BACK, Phase.CHECK, _changing),
        Edge(Phase.OPENING, Trigger.BACK, Phase.WELCOME, _first),
        Edge(Phase.OPENING, Trigger.BACK, Phase.OPENING),
        Edge(Phase.ITEMS, Trigger.BACK, Phase.CHECK, _changing),
        Edge(Phase.ITEMS, Trigger.BACK, Phase.CHECK, _reopened_first),
        Edge(Phase.ITEMS, Trigger.BACK, Phase.OPENING, _first),
        Edge(Phase.ITEMS, Trigger.BACK, Phase.ITEMS),
        Edge(Phase.CLOSING, Trigger.BACK, Phase.CHECK, _changing),
        Edge(Phase.CLOSING, Trigger.BACK, Phase.ITEMS, _reopened),
        Edge(Phase.CLOSING, Trigger.BACK, Phase.ITEMS, _first),
        Edge(Phase.CLOSING, Trigger.BACK, Phase.CLOSING),
        Edge(Phase.CHECK, Trigger.BACK, Phase.CHECK, _not_first),
        Edge(Phase.CHECK, Trigger.BACK, Phase.CLOSING),
        Edge(Phase.JUDGEMENT, Trigger.BACK, Phase.CHECK),
        Edge(Phase.RESULT, Trigger.BACK, Phase.RESULT, _not_first),
        Edge(Phase.RESULT, Trigger.BACK, Phase.JUDGEMENT),
        Edge(Phase.ELSEWHERE, Trigger.BACK, Phase.OPENING),
        # Who finishes early is still asked what the next steps hang on, such as who holds the case; otherwise a school
        # would not hear of its own duty (ADR 0025).
        *(Edge(phase, Trigger.FINISH, Phase.CHECK, _done) for phase in ASKING),
        *(Edge(phase, Trigger.FINISH, Phase.CLOSING) for phase in ASKING),
        Edge(Phase.CHECK, Trigger.PAGE, Phase.CHECK),
        *(_change(phase) for phase in ASKING),
        Edge(Phase.CHECK, Trigger.CONFIRM, Phase.JUDGEMENT),
        Edge(Phase.RESULT, Trigger.PAGE, Phase.RESULT),
        # Back to the check page, so that a changed case is judged again: a judgement on less is
        # not taken over (ADR 0025).
        Edge(Phase.RESULT, Trigger.REVISE, Phase.CHECK),
        Edge(Phase.RESULT, Trigger.REOPEN, Phase.ITEMS),
        *(Edge(phase, Trigger.PAUSE, Phase.PAUSED) for phase in BEGUN),
        *(_leads_to(phase) for phase in BEGUN),
        *(Edge(phase, Trigger.ERASE, Phase.ERASED) for phase in Phase),
    )
)
"""Every way through an assessment."""
