"""What the guidance asks for, as rules over the facts of a case: what leads, the next steps, and what else has to be said."""

from dataclasses import dataclass
from enum import StrEnum

from seraf.circumstances import Circumstance, settle
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
    """One next step: when, who, what, and the heading that it rests on. `contacts` says that it means getting in touch
    with ART, a social worker or the police; such a step is always due now.
    """

    id: str
    when: When
    who: str
    text: str
    source: str
    condition: Condition
    contacts: bool


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to say beside the number: what the mix of points says, or where judgement and number part."""

    id: str
    text: str
    source: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Guidance:
    """The rules of a pack, each kind in the order in which it is read.

    The facts that its methods take are those of `findings.facts_of`; circumstances and evidence are settled here.
    """

    leads: tuple[Lead, ...]
    steps: tuple[Step, ...]
    mixes: tuple[Note, ...]
    notes: tuple[Note, ...]
    circumstances: tuple[Circumstance, ...] = ()
    evidence: tuple[Condition, ...] = ()

    def settled(self, facts: Facts) -> Facts:
        """The facts with every circumstance, and with whether there is evidence of exploitation."""
        return settle(self.circumstances, self.evidence, facts)

    def asked(self, facts: Facts) -> tuple[Circumstance, ...]:
        """The circumstances to be asked about, in the order of the pack."""
        settled = self.settled(facts)
        return tuple(each for each in self.circumstances if each.is_asked(settled))

    def circumstance(self, circumstance_id: str) -> Circumstance | None:
        """The circumstance of that id, if there is one."""
        return next((each for each in self.circumstances if each.id == circumstance_id), None)

    def leads_for(self, facts: Facts) -> tuple[Lead, ...]:
        """The leads that hold, the one that leads first. The reader makes sure that there is always one."""
        settled = self.settled(facts)
        return tuple(lead for lead in self.leads if lead.condition.holds(settled))

    def steps_for(self, facts: Facts) -> tuple[Step, ...]:
        """The next steps that hold: now, then today, then by the review; within each in the order of the pack."""
        settled = self.settled(facts)
        held = [step for step in self.steps if step.condition.holds(settled)]
        return tuple(sorted(held, key=lambda step: list(When).index(step.when)))

    def mix_for(self, facts: Facts) -> tuple[Note, ...]:
        """What the mix of points says about the child's situation, never as reassurance."""
        settled = self.settled(facts)
        return tuple(note for note in self.mixes if note.condition.holds(settled))

    def notes_for(self, facts: Facts) -> tuple[Note, ...]:
        """What has to be said beside the result."""
        settled = self.settled(facts)
        return tuple(note for note in self.notes if note.condition.holds(settled))
