"""How the time of a taught session on one made-up case is spent: its steps in order, each with its minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class SessionStep(StrEnum):
    """What a group does together, in the order in which a debrief is usually held."""

    PRE_BRIEF = "pre-brief"
    """What is hard to read, who may leave when, and who is there for support."""
    ALONE = "alone"
    """Everyone reads the case and answers by themselves."""
    PAIRS = "pairs"
    """Two and two compare, before anyone has heard the model answers."""
    REACTIONS = "reactions"
    """How it was to read and to answer, before anything is judged."""
    ANALYSIS = "analysis"
    """First what could have left the child unsafe, then where people differ."""
    BREAK = "break"
    SECOND_CASE = "second-case"
    """A matched case, answered alone."""
    SECOND_ANALYSIS = "second-analysis"
    """What changed from the first case to the second."""
    SUMMARY = "summary"
    """What each takes along; and support, named again."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of a session: how many minutes after the start it begins, and how many it takes."""

    step: SessionStep
    begins: int
    minutes: int


MINUTES: Mapping[int, Mapping[SessionStep, int]] = {
    45: {
        SessionStep.PRE_BRIEF: 5,
        SessionStep.ALONE: 17,
        SessionStep.REACTIONS: 4,
        SessionStep.ANALYSIS: 14,
        SessionStep.SUMMARY: 5,
    },
    90: {
        SessionStep.PRE_BRIEF: 10,
        SessionStep.ALONE: 25,
        SessionStep.PAIRS: 10,
        SessionStep.REACTIONS: 5,
        SessionStep.ANALYSIS: 30,
        SessionStep.SUMMARY: 10,
    },
    180: {
        SessionStep.PRE_BRIEF: 10,
        SessionStep.ALONE: 25,
        SessionStep.PAIRS: 15,
        SessionStep.REACTIONS: 10,
        SessionStep.ANALYSIS: 40,
        SessionStep.BREAK: 15,
        SessionStep.SECOND_CASE: 25,
        SessionStep.SECOND_ANALYSIS: 25,
        SessionStep.SUMMARY: 15,
    },
}
"""The lengths that a session may have (minutes), and how each is spent."""


def session_plan(length: int) -> tuple[PlannedStep, ...]:
    """The steps of a session of so many minutes, which fill it; `KeyError` for a length that there is no plan for."""
    steps, begins = [], 0
    for step, minutes in MINUTES[length].items():
        steps.append(PlannedStep(step, begins, minutes))
        begins += minutes
    return tuple(steps)
