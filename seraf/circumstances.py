"""Short questions that decide which next steps are meant, and when each of them matters. It knows no card."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seraf.conditions import Condition, Facts
from seraf.vocabulary import NOT_KNOWN

EVIDENCE = "evidence"
"""The fact that there is evidence of exploitation, by the pack's own conditions."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One tick of a circumstance: the answer that it gives, and the label of its button."""

    answer: str
    short: str


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One short question, asked only where it matters.

    `rest` is what it gets when it is not ticked and the rest is No: where No must never be given unsaid, another word.
    `matters` holds conditions any of which makes it matter (none: always); where any of `implied` holds, the first
    tick is so without asking. `is_urgent` says that the first tick is a reason to ring 999 at once.
    """

    id: str
    ask: str
    ticks: tuple[Choice, ...]
    rest: str
    what: str
    source: str
    matters: tuple[Condition, ...] = ()
    implied: tuple[Condition, ...] = ()
    is_urgent: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that may be its answer."""
        return tuple(dict.fromkeys((*(tick.answer for tick in self.ticks), self.rest, NOT_KNOWN)))

    def is_implied(self, facts: Facts) -> bool:
        """Whether the facts answer it without asking."""
        return any(condition.holds(facts) for condition in self.implied)

    def is_asked(self, facts: Facts) -> bool:
        """Whether it stands on the card: it matters, or was ticked and may have to be taken back; never where it is implied."""
        matters = not self.matters or any(condition.holds(facts) for condition in self.matters)
        return (matters or self.tick_in(facts) is not None) and not self.is_implied(facts)

    def tick_in(self, facts: Facts) -> Choice | None:
        """The tick that was given, if any."""
        return next((tick for tick in self.ticks if tick.answer in facts.get(self.id, frozenset())), None)

    def settled(self, facts: Facts) -> frozenset[str]:
        """What is so of it: what the facts imply, else what was answered; what was not asked is not known."""
        if self.is_implied(facts):
            return frozenset({self.ticks[0].answer})
        return facts.get(self.id, frozenset()) & frozenset(self.words) or frozenset({NOT_KNOWN})


def settle(circumstances: Iterable[Circumstance], evidence: Sequence[Condition], facts: Facts) -> Facts:
    """The facts with every circumstance settled, in their order, and with whether there is evidence of exploitation."""
    known = _weighed(evidence, dict(facts))
    for each in circumstances:
        known = _weighed(evidence, {**known, each.id: each.settled(known)})
    return known


def _weighed(evidence: Sequence[Condition], known: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    is_there = any(condition.holds(known) for condition in evidence)
    return {**known, EVIDENCE: frozenset({"yes" if is_there else "no"})}
