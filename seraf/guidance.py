"""What the guidance asks for, as rules over the facts of a case: what leads, the next steps, and what else has to be said."""

from dataclasses import dataclass
from enum import StrEnum

from seraf.conditions import Condition, Facts


class When(StrEnum):
    """By when a step is due. Nothing that means contacting ART, a social worker or the police stands after `NOW`."""

    NOW = "now"
    TODAY = "today"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Lead:
    """What stands first on a result, with the reason; the first of the pack's leads that holds is the one shown whole."""

    id: str
    title: str
    text: str
    source: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Step:
    """One next step: when, who, what, and the heading that it rests on."""

    id: str
    when: When
    who: str
    text: str
    source: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to say beside the number: what the mix of points says, or where judgement and number part."""

    id: str
    text: str
    source: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Guidance:
    """The rules of a pack, each kind in the order in which it is read."""

    leads: tuple[Lead, ...]
    steps: tuple[Step, ...]
    mixes: tuple[Note, ...]
    notes: tuple[Note, ...]

    def leads_for(self, facts: Facts) -> tuple[Lead, ...]:
        """The leads that hold, the one that leads first. The reader makes sure that there is always one."""
        return tuple(lead for lead in self.leads if lead.condition.holds(facts))

    def steps_for(self, facts: Facts) -> tuple[Step, ...]:
        """The next steps that hold: now, then today, then by the review; within each in the order of the pack."""
        held = [step for step in self.steps if step.condition.holds(facts)]
        return tuple(sorted(held, key=lambda step: list(When).index(step.when)))

    def mix_for(self, facts: Facts) -> tuple[Note, ...]:
        """What the mix of points says about the child's situation, never as reassurance."""
        return tuple(note for note in self.mixes if note.condition.holds(facts))

    def notes_for(self, facts: Facts) -> tuple[Note, ...]:
        """What has to be said beside the result."""
        return tuple(note for note in self.notes if note.condition.holds(facts))
