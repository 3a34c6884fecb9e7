"""The phases of an assessment, and the transitions between them. A question or item is a position within a phase."""

from dataclasses import dataclass
from enum import StrEnum

from state_machines.table import Edge, Table


class Phase(StrEnum):
    """A phase of an assessment."""

    WELCOME = "welcome"
    """No assessment has begun."""
    OPENING = "opening"
    """The questions before the first item."""
    ITEMS = "items"
    """The items: one at a time, or a section at a time in quick mode."""
    CLOSING = "closing"
    """The questions after the items, which decide whom to call."""
    CHECK = "check"
    """The check page, which lists all responses so that the person can check and change them."""
    JUDGEMENT = "judgement"
    """The question about the professional's own judgement, asked before any points or category are shown."""
    RESULT = "result"
    """The result: the action card, the points and category, and further steps."""
    PAUSED = "paused"
    """The assessment is paused, and can be resumed at the same place."""
    ELSEWHERE = "elsewhere"
    """SERAF does not apply to this case; the card says whom to talk to instead."""
    ERASED = "erased"
    """The case was erased, and nothing of it is stored."""


class Trigger(StrEnum):
    """An event in an assessment, such as an answer or a pause."""

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
    """The facts about a session that the guards of `TABLE` test."""

    is_first: bool = False  # the position is the first of its phase
    is_last: bool = False  # the position is the last of its phase
    is_changing: bool = False  # the person came from the check page to change one response
    is_outside: bool = False  # the answer shows that SERAF is not for this case
    is_settled: bool = False  # every question that must be answered even before an early finish is answered
    is_reopened: bool = (
        False  # only unknown items and the questions that they lead to are asked again, before the check page
    )
    target: Phase | None = None  # the phase to which a change or a resumption leads


def _first(facts: Facts) -> bool:
    return facts.is_first


def _last(facts: Facts) -> bool:
    return facts.is_last


def _changing(facts: Facts) -> bool:
    return facts.is_changing


def _reopened_done(facts: Facts) -> bool:
    return facts.is_reopened and facts.is_settled


def _not_first(facts: Facts) -> bool:
    return not facts.is_first


def _to_target(source: Phase, trigger: Trigger, phase: Phase) -> "Edge[Facts]":
    return Edge(source, trigger, phase, lambda facts: facts.target == phase)


ASKING = (Phase.OPENING, Phase.ITEMS, Phase.CLOSING)
"""The phases in which questions or items are asked."""

BEGUN = (*ASKING, Phase.CHECK, Phase.JUDGEMENT, Phase.RESULT)
"""The phases that can be paused."""

TABLE: Table[Facts] = Table(
    (
        Edge(Phase.WELCOME, Trigger.START, Phase.OPENING),
        Edge(Phase.ERASED, Trigger.START, Phase.OPENING),
        # Above `_changing`: an age corrected to an adult's ends the SERAF too.
        Edge(Phase.OPENING, Trigger.ANSWER, Phase.ELSEWHERE, lambda facts: facts.is_outside),
        Edge(Phase.OPENING, Trigger.ANSWER, Phase.CHECK, _changing),
        Edge(Phase.OPENING, Trigger.ANSWER, Phase.ITEMS, _last),
        Edge(Phase.OPENING, Trigger.ANSWER, Phase.OPENING),
        Edge(Phase.ITEMS, Trigger.ANSWER, Phase.CHECK, _changing),
        Edge(Phase.ITEMS, Trigger.ANSWER, Phase.CHECK, lambda facts: facts.is_last and _reopened_done(facts)),
        Edge(Phase.ITEMS, Trigger.ANSWER, Phase.CLOSING, _last),
        Edge(Phase.ITEMS, Trigger.ANSWER, Phase.ITEMS),
        Edge(Phase.CLOSING, Trigger.ANSWER, Phase.CHECK, _changing),
        Edge(Phase.CLOSING, Trigger.ANSWER, Phase.CHECK, _reopened_done),
        Edge(Phase.CLOSING, Trigger.ANSWER, Phase.CHECK, _last),
        Edge(Phase.CLOSING, Trigger.ANSWER, Phase.CLOSING),
        # The only way to a first result: nobody sees points before judging (“Analysing the information within
        # the SERAF and professional judgement”).
        Edge(Phase.JUDGEMENT, Trigger.ANSWER, Phase.RESULT),
        Edge(Phase.OPENING, Trigger.BACK, Phase.CHECK, _changing),
        Edge(Phase.OPENING, Trigger.BACK, Phase.WELCOME, _first),
        Edge(Phase.OPENING, Trigger.BACK, Phase.OPENING),
        Edge(Phase.ITEMS, Trigger.BACK, Phase.CHECK, _changing),
        Edge(Phase.ITEMS, Trigger.BACK, Phase.CHECK, lambda facts: facts.is_reopened and facts.is_first),
        Edge(Phase.ITEMS, Trigger.BACK, Phase.OPENING, _first),
        Edge(Phase.ITEMS, Trigger.BACK, Phase.ITEMS),
        Edge(Phase.CLOSING, Trigger.BACK, Phase.CHECK, _changing),
        Edge(Phase.CLOSING, Trigger.BACK, Phase.ITEMS, lambda facts: facts.is_reopened),
        Edge(Phase.CLOSING, Trigger.BACK, Phase.ITEMS, _first),
        Edge(Phase.CLOSING, Trigger.BACK, Phase.CLOSING),
        Edge(Phase.CHECK, Trigger.BACK, Phase.CHECK, _not_first),
        Edge(Phase.CHECK, Trigger.BACK, Phase.CLOSING),
        Edge(Phase.JUDGEMENT, Trigger.BACK, Phase.CHECK),
        Edge(Phase.RESULT, Trigger.BACK, Phase.RESULT, _not_first),
        Edge(Phase.RESULT, Trigger.BACK, Phase.JUDGEMENT),
        Edge(Phase.ELSEWHERE, Trigger.BACK, Phase.OPENING),
        # Whoever finishes early is still asked what the next steps depend on, such as who holds the case; otherwise a
        # school would not be told of its own duty (ADR 0025).
        *(
            Edge(phase, Trigger.FINISH, Phase.CHECK, lambda facts: facts.is_changing or facts.is_settled)
            for phase in ASKING
        ),
        *(Edge(phase, Trigger.FINISH, Phase.CLOSING) for phase in ASKING),
        Edge(Phase.CHECK, Trigger.PAGE, Phase.CHECK),
        *(_to_target(Phase.CHECK, Trigger.CHANGE, phase) for phase in ASKING),
        Edge(Phase.CHECK, Trigger.CONFIRM, Phase.JUDGEMENT),
        Edge(Phase.RESULT, Trigger.PAGE, Phase.RESULT),
        # Back to the check page, so that a changed case is judged again (ADR 0025).
        Edge(Phase.RESULT, Trigger.REVISE, Phase.CHECK),
        Edge(Phase.RESULT, Trigger.REOPEN, Phase.ITEMS),
        *(Edge(phase, Trigger.PAUSE, Phase.PAUSED) for phase in BEGUN),
        *(_to_target(Phase.PAUSED, Trigger.RESUME, phase) for phase in BEGUN),
        *(Edge(phase, Trigger.ERASE, Phase.ERASED) for phase in Phase),
    )
)
"""Every transition of an assessment. For a phase and a trigger, the first edge whose guard is true is taken."""
