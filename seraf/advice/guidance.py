"""What the guidance asks for, as rules over the facts of a case: what leads, what to do, and what else has to be said."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter

from seraf.advice.action_plan import ActionPlan, CardLine, Hour, Planned, Urgency
from seraf.advice.contacts import Contacts, LocalTime
from seraf.form.circumstances import EVIDENCE, Basis, Circumstance, Condition, Facts, any_holds, settle
from seraf.form.vocabulary import ANSWERED_FACTS, FACT_WORDS, Age

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
    """The rules of a pack, each kind in the order in which it is read."""

    leads: tuple[Lead, ...]
    steps: tuple[Step, ...]
    mixes: tuple[Note, ...]
    notes: tuple[Note, ...]
    circumstances: tuple[Circumstance, ...] = ()
    evidence: tuple[Condition, ...] = ()
    plan: ActionPlan = NO_PLAN
    _by_id: dict[str, Circumstance] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {each.id: each for each in self.circumstances})

    def advise(self, facts: Facts) -> "Advice":
        """Return what the guidance says of these facts, which are those of a `CaseView`."""
        return Advice(self, facts)

    def circumstance(self, circumstance_id: str) -> Circumstance | None:
        """Return the circumstance of that id, if there is one."""
        return self._by_id.get(circumstance_id)

    def no_longer_asked(self, question: str, answer: str) -> frozenset[str]:
        """Return the questions that the answer to this one alone brings about, and that this answer does not: theirs fall with it."""
        return frozenset(
            each.id
            for each in self.circumstances
            if each.matters
            and all({name for name, _ in condition.asks} == {question} for condition in each.matters)
            and not any(all(answer in words for _, words in condition.asks) for condition in each.matters)
        )

    def hour(self, now: LocalTime, contacts: Contacts) -> Hour:
        """Return what the clock says of the office of social care and of the time at which children go home."""
        home_time = self.plan.home_time
        return Hour(contacts["art"].is_open(now), home_time is not None and now.at.time() >= home_time.at)


class Advice:
    """What a guidance says of the facts of one case. Circumstances and evidence are settled here."""

    def __init__(self, guidance: Guidance, facts: Facts) -> None:
        self.guidance, self.facts = guidance, facts
        self._held: dict[Hour, tuple[Planned, ...]] = {}

    @cached_property
    def settled(self) -> Facts:
        """The facts with every circumstance, and with whether there is evidence of exploitation."""
        return settle(self.guidance.circumstances, self.guidance.evidence, facts=self.facts)

    @cached_property
    def asked(self) -> tuple[Circumstance, ...]:
        """The circumstances to be asked about, in the order of the pack."""
        return tuple([each for each in self.guidance.circumstances if each.is_asked(self.settled)])

    @cached_property
    def leads(self) -> tuple[Lead, ...]:
        """The leads that hold, the most urgent first, of each reason one. The reader makes sure that there is always one."""
        held: dict[str, Lead] = {}
        for lead in self.guidance.leads:
            if lead.reason not in held and any_holds(lead.conditions, self.settled):
                held[lead.reason] = lead
        # Nothing is weighed or summed, so one reason more never makes a case less urgent (ADR 0038). `sorted` is
        # stable: of two alike the pack's first leads.
        return tuple(sorted(held.values(), key=URGENCY, reverse=True))

    @cached_property
    def _weighed(self) -> Facts:
        """The facts with how urgent they are, and for which reasons."""
        # There is always a first: a pack whose last lead has a condition does not start.
        reasons = frozenset([lead.reason for lead in self.leads])
        return {**self.settled, "urgency": URGENT[self.leads[0].urgency], "lead": reasons}

    def planned(self, *, hour: Hour, owed: tuple[CardLine, ...] = ()) -> tuple[Planned, ...]:
        """Return the lines of the action card at this hour.

        Apart from the facts of the case they may rest on `urgency`, on `lead`, the reasons that hold, on `hours` and on `home`.
        What is `owed` stays where it would stand at the other hour: an office that opens settles nothing.
        """
        plan, due = self.guidance.plan, tuple[Planned, ...]()
        if owed:
            others = plan.fitted(self._held_at(replace(hour, is_open=not hour.is_open)))
            due = tuple([each for each in others if each.action.line in owed])
        return plan.fitted(self._held_at(hour), owed=due)

    def _held_at(self, hour: Hour) -> tuple[Planned, ...]:
        """The lines that hold, as many as there are."""
        if hour not in self._held:
            plan = self.guidance.plan
            self._held[hour] = plan.held(plan.hour_facts(self._weighed, hour))
        return self._held[hour]

    @property
    def steps(self) -> tuple[Step, ...]:
        """What else there is to do, in the order of the pack."""
        return tuple([step for step in self.guidance.steps if any_holds(step.conditions, self._weighed)])

    @property
    def mixes(self) -> tuple[Note, ...]:
        """What the mix of points says about the child's situation, never as reassurance."""
        return tuple([note for note in self.guidance.mixes if note.condition.holds(self.settled)])

    @property
    def notes(self) -> tuple[Note, ...]:
        """What has to be said with the result."""
        return tuple([note for note in self.guidance.notes if note.condition.holds(self.settled)])


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
