"""The plan of a session with a group, and cases that match well enough to be taken one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from seraf.case_view import CaseView
from seraf.cases.vignette import Vignette
from seraf.pack import Pack
from seraf.rehearsal.critical_actions import keyed_case


@dataclass(frozen=True, slots=True)
class Demand:
    """What a case asks of a careful reader: the lead of its result, its category, the first call, and how many items are ticked."""

    lead: str
    category: int
    call: str
    ticked: int


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """Two cases and what each asks. `is_matched` says that all is the same but the story, up to `CLOSE` ticked items."""

    first: Vignette
    second: Vignette
    demands: tuple[Demand, Demand]

    @property
    def is_matched(self) -> bool:
        """Whether lead, category and first call are the same, and nearly as many items are ticked."""
        return self.distance[:3] == (False, False, False) and self.distance[3] <= CLOSE

    @property
    def distance(self) -> tuple[bool, bool, bool, int, int]:
        """How far they are from alike, what matters most first: lead, first call, category, ticked items, shared themes."""
        one, other = self.demands
        return (
            one.lead != other.lead,
            one.call != other.call,
            one.category != other.category,
            abs(one.ticked - other.ticked),
            len({*self.first.themes} & {*self.second.themes}),
        )


CLOSE = 2
"""The most items by which two matched cases may differ in how many are ticked."""


def demand(pack: Pack, vignette: Vignette) -> Demand:
    """What a case asks of a reader, by its own key."""
    case = keyed_case(pack.instrument, vignette.key)
    lead, *_ = CaseView(pack.instrument, case).advice(pack.guidance).leads
    items = ((item, case.responses.get(item.id)) for item in pack.instrument.items)
    ticked = sum(given is not None and item.option(given).is_present for item, given in items)
    return Demand(lead.id, vignette.key.category, vignette.key.first_call, ticked)


def best_match(pack: Pack, vignette: Vignette) -> MatchedPair | None:
    """The case of the pack that is most like this one, which may still differ; None where there is no other."""
    pairs = (_paired(pack, vignette, other) for other in pack.vignettes if other.id != vignette.id)
    return min(pairs, key=lambda pair: pair.distance, default=None)


def matched_pairs(pack: Pack) -> tuple[MatchedPair, ...]:
    """Every two cases of the pack that are matched, the most alike first."""
    cases = pack.vignettes
    pairs = (_paired(pack, one, other) for at, one in enumerate(cases) for other in cases[at + 1 :])
    return tuple(sorted((pair for pair in pairs if pair.is_matched), key=lambda pair: pair.distance))


def _paired(pack: Pack, first: Vignette, second: Vignette) -> MatchedPair:
    return MatchedPair(first, second, (demand(pack, first), demand(pack, second)))


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
