"""What the leads of a pack rest on, with every word that it may be: what a carry-over code has to hold, lest another lead."""

from collections.abc import Iterable, Mapping

from seraf.advice.guidance import Guidance
from seraf.form.circumstances import EVIDENCE, Circumstance
from seraf.form.conditions import Condition
from seraf.form.vocabulary import ANSWERED_FACTS, FACT_WORDS, Age

OF_WHOEVER_READS = frozenset({"profession", "allocated", "known", "stage"})
"""Facts that say who acts and whom to ring, never whether something leads: of these no code says anything."""


def read_by_leads(guidance: Guidance) -> Mapping[str, tuple[str, ...]]:
    """The age, and each answer around the items that a lead reads, or that what it reads follows from; with all its words.

    It is made for `carry_over.uncarried`. What is worked out of the items, such as the category, is not in it.
    """
    circumstances = {each.id: each for each in guidance.circumstances}
    read = _keys(condition for lead in guidance.leads for condition in lead.conditions)
    # Again until nothing comes: evidence may rest on a circumstance, and that on another one.
    while (more := read | _behind(read, circumstances, guidance=guidance)) != read:
        read = more
    words = {
        **{fact: FACT_WORDS[fact] for fact in ANSWERED_FACTS},
        **{key: each.words for key, each in circumstances.items()},
    }
    asked = {fact: words[fact] for fact in words if fact in read and fact not in OF_WHOEVER_READS}
    return {"age": tuple(Age), **asked}


def _behind(read: frozenset[str], circumstances: Mapping[str, Circumstance], *, guidance: Guidance) -> frozenset[str]:
    """What these facts follow from: evidence from its conditions, a circumstance from whatever implies it."""
    evidence = _keys(guidance.evidence) if EVIDENCE in read else frozenset()
    implied = (_keys(each.implied) for key, each in circumstances.items() if key in read)
    return frozenset().union(evidence, *implied)


def _keys(conditions: Iterable[Condition]) -> frozenset[str]:
    return frozenset(key for condition in conditions for key, _ in condition.asks)
