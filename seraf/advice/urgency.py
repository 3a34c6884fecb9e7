"""How soon somebody has to act, in one order for the whole conversation. More evidence never lowers it."""

from enum import IntEnum


class Urgency(IntEnum):
    """By how much a matter presses, the least first. `word` is how a pack writes it."""

    PLAN = 1
    """Plan, and look again."""
    TODAY = 2
    """Talk about it today."""
    MANAGER = 3
    """Talk to a manager now; call yourself if none is reached within the hour, or in doubt."""
    CALL = 4
    """Call now, day or night."""
    EMERGENCY = 5
    """999."""

    @property
    def word(self) -> str:
        """The word of a pack for it."""
        return self.name.lower()


WORDS = tuple(each.word for each in Urgency)
"""Every word that a pack may use, the least urgent first."""


def urgency_of(word: str) -> Urgency:
    """The urgency of a pack's word; `KeyError` where there is none such."""
    return Urgency[word.upper()]
