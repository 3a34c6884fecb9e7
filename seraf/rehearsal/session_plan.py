"""The plan of a training session with a group, and pairs of cases that are similar enough to compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from seraf.case_view import CaseView
from seraf.cases.vignette import Vignette
from seraf.pack import Pack
from seraf.rehearsal.critical_actions import keyed_case


@dataclass(frozen=True, slots=True)
class Demand:
    """The result of a case with its agreed answers: lead id, category, first call, and number of ticked items."""

    lead: str
    category: int
    call: str
    ticked: int


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """Two cases to compare, and the `Demand` of each."""

    first: Vignette
    second: Vignette
    demands: tuple[Demand, Demand]

    @property
    def is_matched(self) -> bool:
        """True if lead, category and first call are equal, and the counts of ticked items differ by at most `CLOSE`."""
        return self.distance[:3] == (False, False, False) and self.distance[3] <= CLOSE

    @property
    def distance(self) -> tuple[bool, bool, bool, int, int]:
        """How far the cases differ in lead, first call, category and ticked items, then how many themes they share."""
        one, other = self.demands
        return (
            one.lead != other.lead,
            one.call != other.call,
            one.category != other.category,
            abs(one.ticked - other.ticked),
            len({*self.first.themes} & {*self.second.themes}),
        )


CLOSE = 2
"""The maximum difference between the numbers of ticked items of two matched cases."""


def demand(pack: Pack, vignette: Vignette) -> Demand:
    """Return the demand of a case with its agreed answers."""
    case = keyed_case(pack.instrument, vignette.key)
    lead, *_ = CaseView(pack.instrument, case).advice(pack.guidance).leads
    items = ((item, case.responses.get(item.id)) for item in pack.instrument.items)
    ticked = sum(given is not None and item.option(given).is_present for item, given in items)
    return Demand(lead.id, vignette.key.category, vignette.key.first_call, ticked)


def best_match(pack: Pack, vignette: Vignette) -> MatchedPair | None:
    """Return the pair of this case and the most similar other case of the pack; None if there is no other."""
    pairs = (_paired(pack, vignette, other) for other in pack.vignettes if other.id != vignette.id)
    return min(pairs, key=lambda pair: pair.distance, default=None)


def matched_pairs(pack: Pack) -> tuple[MatchedPair, ...]:
    """Return every pair of matched cases of the pack. The most similar pair comes first."""
    cases = pack.vignettes
    pairs = (_paired(pack, one, other) for at, one in enumerate(cases) for other in cases[at + 1 :])
    return tuple(sorted((pair for pair in pairs if pair.is_matched), key=lambda pair: pair.distance))


def _paired(pack: Pack, first: Vignette, second: Vignette) -> MatchedPair:
    return MatchedPair(first, second, (demand(pack, first), demand(pack, second)))


class SessionStep(StrEnum):
    """A step of a training session, in the order in which a debrief is usually held."""

    PRE_BRIEF = "pre-brief"
    """What may distress people, when they may leave, and who supports them."""
    ALONE = "alone"
    """Everyone reads the case and answers alone."""
    PAIRS = "pairs"
    """People compare their answers in pairs, before anybody has heard the agreed answers."""
    REACTIONS = "reactions"
    """How people felt while reading and answering, before anything is judged."""
    ANALYSIS = "analysis"
    """First the answers that could have left the child unsafe, then the differences."""
    BREAK = "break"
    SECOND_CASE = "second-case"
    """A matched case, answered alone."""
    SECOND_ANALYSIS = "second-analysis"
    """The changes from the first case to the second."""
    SUMMARY = "summary"
    """What people have learned, and where they find support."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of a session: when it begins (minutes after the start), and how long it takes (minutes)."""

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
"""For each possible length of a session (minutes), the minutes of each step."""


def session_plan(length: int) -> tuple[PlannedStep, ...]:
    """Return the steps of a session of this length (minutes). Raise `KeyError` if there is no plan for the length."""
    steps, begins = [], 0
    for step, minutes in MINUTES[length].items():
        steps.append(PlannedStep(step, begins, minutes))
        begins += minutes
    return tuple(steps)
