"""What the guidance asks for, as rules over the facts of a case: what leads, what to do, and what else has to be said."""

from collections.abc import Container
from dataclasses import dataclass, field, replace
from operator import attrgetter

from seraf.advice.action_plan import ActionPlan, CardLine, Hour, Planned
from seraf.advice.contacts import Contacts, LocalTime
from seraf.advice.urgency import Urgency
from seraf.form.basis import Basis
from seraf.form.circumstances import Circumstance, settle
from seraf.form.conditions import Condition, Facts
from seraf.form.remembered import CHANGEABLE, remembered
from seraf.form.rule_index import RuleIndex

OF_THE_NUMBER = frozenset({"category", "highest", "manager_discussion", "mix"})
"""Facts that rest on the number, which nobody is shown before they gave their judgement."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A reason to act, and how soon; the most urgent that holds leads a result, whatever else is so.

    It holds where any of its conditions does; with none, always. Of leads with the same `reason`, which differ in their
    words alone, the first that holds is taken.
    """

    id: str
    reason: str
    urgency: Urgency
    title: str
    text: str
    basis: Basis
    conditions: tuple[Condition, ...]

    def rests_on(self, facts: Container[str]) -> bool:
        """Return whether a condition of it asks for one of these facts."""
        return any(key in facts for condition in self.conditions for key, _ in condition.asks)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do besides the lines of the action card, in one line, with what it rests on. It is no call."""

    id: str
    text: str
    basis: Basis
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to say with the number: what the mix of points says, or where judgement and number part."""

    id: str
    text: str
    basis: Basis
    condition: Condition


NO_PLAN = ActionPlan()
"""No lines."""

URGENT = {urgency: frozenset({urgency.word}) for urgency in Urgency}
"""What is so of how urgent a case is."""

URGENCY = attrgetter("urgency")


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
    plan: ActionPlan = NO_PLAN
    _by_id: dict[str, Circumstance] = field(init=False, repr=False, compare=False)
    _matters: RuleIndex[str] = field(init=False, repr=False, compare=False)
    _leads: RuleIndex[Lead] = field(init=False, repr=False, compare=False)
    _steps: RuleIndex[Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {each.id: each for each in self.circumstances})
        object.__setattr__(self, "_matters", RuleIndex((each.id, each.matters) for each in self.circumstances))
        object.__setattr__(self, "_leads", RuleIndex((lead, lead.conditions) for lead in self.leads))
        object.__setattr__(self, "_steps", RuleIndex((step, step.conditions) for step in self.steps))

    @remembered(*CHANGEABLE)
    def settled(self, facts: Facts) -> Facts:
        """The facts with every circumstance, and with whether there is evidence of exploitation."""
        return settle(self.circumstances, self.evidence, facts=facts)

    @remembered(*CHANGEABLE)
    def asked(self, facts: Facts) -> tuple[Circumstance, ...]:
        """The circumstances to be asked about, in the order of the pack."""
        settled = self.settled(facts)
        mattering = set(self._matters.holding(settled))
        return tuple(
            [
                each
                for each in self.circumstances
                if (each.id in mattering or each.is_kept(settled)) and not each.is_implied(settled)
            ]
        )

    def circumstance(self, circumstance_id: str) -> Circumstance | None:
        """The circumstance of that id, if there is one."""
        return self._by_id.get(circumstance_id)

    @remembered(*CHANGEABLE)
    def leads_for(self, facts: Facts) -> tuple[Lead, ...]:
        """The leads that hold, the most urgent first, of each reason one. The reader makes sure that there is always one."""
        held: dict[str, Lead] = {}
        for lead in self._leads.holding(self.settled(facts)):
            held.setdefault(lead.reason, lead)
        # Nothing is weighed or summed, so one reason more never makes a case less urgent (ADR 0038). `sorted` is
        # stable: of two alike the pack's first leads.
        return tuple(sorted(held.values(), key=URGENCY, reverse=True))

    def hour(self, now: LocalTime, contacts: Contacts) -> Hour:
        """Return what the clock says of the office of social care and of the time at which children go home."""
        home_time = self.plan.home_time
        return Hour(contacts["art"].is_open(now), home_time is not None and now.at.time() >= home_time.at)

    @remembered(*CHANGEABLE, Hour)
    def planned_for(self, facts: Facts, *, hour: Hour, owed: tuple[CardLine, ...] = ()) -> tuple[Planned, ...]:
        """Return the lines of the action card at this hour.

        Apart from the facts of the case they may rest on `urgency`, on `lead`, the reasons that hold, on `hours` and on `home`.
        What is `owed` stays where it would stand at the other hour: an office that opens settles nothing.
        """
        others = self.plan.planned(self._at(facts, replace(hour, is_open=not hour.is_open))) if owed else ()
        due = tuple([each for each in others if each.action.line in owed])
        return self.plan.fitted(self._held(facts, hour), owed=due)

    @remembered(*CHANGEABLE, Hour)
    def _held(self, facts: Facts, hour: Hour) -> tuple[Planned, ...]:
        """The lines that hold, as many as there are."""
        return self.plan.held(self._at(facts, hour))

    def _at(self, facts: Facts, hour: Hour) -> Facts:
        """All that the lines of the action card are judged on."""
        return self.plan.hour_facts(self._weighed(facts), hour)

    def steps_for(self, facts: Facts) -> tuple[Step, ...]:
        """What else there is to do, in the order of the pack."""
        return tuple(self._steps.holding(self._weighed(facts)))

    def _weighed(self, facts: Facts) -> Facts:
        """The facts with how urgent they are, and for which reasons."""
        # There is always a first: a pack whose last lead has a condition does not start.
        leads = self.leads_for(facts)
        urgency, reasons = URGENT[leads[0].urgency], frozenset([lead.reason for lead in leads])
        return {**self.settled(facts), "urgency": urgency, "lead": reasons}

    def mix_for(self, facts: Facts) -> tuple[Note, ...]:
        """What the mix of points says about the child's situation, never as reassurance."""
        settled = self.settled(facts)
        return tuple(note for note in self.mixes if note.condition.holds(settled))

    def notes_for(self, facts: Facts) -> tuple[Note, ...]:
        """What has to be said with the result."""
        settled = self.settled(facts)
        return tuple(note for note in self.notes if note.condition.holds(settled))
