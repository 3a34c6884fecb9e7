"""Made-up cases that are alike in what they ask of a reader and differ in their story, for before and after a session.

Alike by rule, not by trial: nobody has measured whether two of them are equally hard.
"""

from dataclasses import dataclass

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
