"""When a rule of a pack holds. It compares words with words and knows nothing of what the words mean."""

from collections.abc import Mapping
from dataclasses import dataclass

Facts = Mapping[str, frozenset[str]]
"""What is so of a case: for each fact, the words that hold for it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a rule asks for: every key must be met, and any one of a key's words meets it. With no keys it always holds."""

    asks: tuple[tuple[str, frozenset[str]], ...] = ()

    def holds(self, facts: Facts) -> bool:
        """Whether the facts meet every key; a fact that is not there meets nothing."""
        for key, words in self.asks:  # a loop, since a turn asks this a thousand times
            known = facts.get(key)
            if known is None or words.isdisjoint(known):
                return False
        return True


ALWAYS = Condition()
"""The condition that asks for nothing."""


def any_holds(conditions: tuple[Condition, ...], facts: Facts) -> bool:
    """Whether any of the conditions is met; with none there is nothing to meet, and it always holds."""
    for condition in conditions:
        for key, words in condition.asks:  # as `holds` does, which a turn would call a few hundred times from here
            known = facts.get(key)
            if known is None or words.isdisjoint(known):
                break
        else:
            return True
    return not conditions
