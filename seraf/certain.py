"""Which next steps follow whatever else is answered: whoever is asking, and whatever the short questions bring."""

from seraf.circumstances import EVIDENCE
from seraf.conditions import Condition, Facts
from seraf.guidance import Guidance
from seraf.responses import Case
from seraf.vocabulary import ANSWERED_FACTS, FACT_WORDS

SEVERAL = frozenset({"present", "current", "not_known"})
"""Facts with many words that are so at once; of all others one word is so, and several are what it could be."""


def certain_steps(guidance: Guidance, facts: Facts, case: Case) -> tuple[str, ...]:
    """The ids of the steps that follow from these facts alone, in the order in which they are shown."""
    could_be = {key: frozenset(FACT_WORDS[key]) for key in ANSWERED_FACTS if key not in case.answers}
    settled = {**facts, **_circumstances(guidance, facts)}
    settled[EVIDENCE] = _evidence(guidance, settled)
    return tuple(step.id for step in guidance.steps if _is_certain(step.condition, {**settled, **could_be}))


def _circumstances(guidance: Guidance, facts: Facts) -> Facts:
    """Each circumstance: what the facts imply, or else anything that may be answered."""
    return {
        each.id: frozenset({each.ticks[0].answer}) if each.is_implied(facts) else frozenset(each.words)
        for each in guidance.circumstances
    }


def _evidence(guidance: Guidance, facts: Facts) -> frozenset[str]:
    is_there = any(_is_certain(condition, facts) for condition in guidance.evidence)
    return frozenset({"yes"}) if is_there else frozenset({"yes", "no"})


def _is_certain(condition: Condition, facts: Facts) -> bool:
    """Whether it holds whatever the facts turn out to be."""
    return all(
        bool(words & facts.get(key, frozenset())) if key in SEVERAL else bool(facts.get(key)) and facts[key] <= words
        for key, words in condition.asks
    )
