"""Many rules judged at once: for each word of a fact, which conditions it leaves standing is worked out once a pack."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from seraf.form.conditions import ALWAYS, Condition, Facts

Rule = TypeVar("Rule")

Layer = tuple[str, int, dict[str, int]]
"""A fact, the conditions that do not ask about it, and by each word those besides that it meets."""


class RuleIndex(Generic[Rule]):
    """Rules with their conditions, of which any one is enough; a rule with none always holds.

    Conditions are bits of one number. Of each fact, what its words leave standing is a number too, so that a case is judged
    by as many of these as there are facts, however many rules there are.
    """

    def __init__(self, rules: Iterable[tuple[Rule, tuple[Condition, ...]]]) -> None:
        pairs = [(rule, condition) for rule, conditions in rules for condition in conditions or (ALWAYS,)]
        pairs.reverse()  # the highest bit, which is found first, is that of the first
        self._rules = tuple(rule for rule, _ in pairs)
        self._every = (1 << len(pairs)) - 1
        self._layers = tuple(_layers([condition for _, condition in pairs], every=self._every))

    def holding(self, facts: Facts) -> list[Rule]:
        """The rules that hold, each once, in their order."""
        left = self._every
        for fact, unasked, met_by in self._layers:
            met = unasked
            for word in facts.get(fact, ()):
                if word in met_by:
                    met |= met_by[word]
            left &= met
        found: list[Rule] = []
        while left:
            highest = left.bit_length() - 1
            rule = self._rules[highest]
            if not found or found[-1] is not rule:  # the conditions of a rule follow each other
                found.append(rule)
            left ^= 1 << highest
        return found


def _layers(conditions: list[Condition], *, every: int) -> Iterable[Layer]:
    """A layer for each fact; where a condition asks twice of one, the second time is a layer of its own."""
    layers: dict[tuple[str, int], Layer] = {}
    for at, condition in enumerate(conditions):
        asked: list[str] = []
        for fact, words in condition.asks:
            name, unasked, met_by = layers.get((fact, asked.count(fact)), (fact, every, {}))
            met_by.update({word: met_by.get(word, 0) | 1 << at for word in words})
            layers[fact, asked.count(fact)] = (name, unasked & ~(1 << at), met_by)
            asked.append(fact)
    return layers.values()
