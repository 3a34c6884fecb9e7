"""The guidance as rules over the facts of a case: what leads, what to do, and what else to say."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter

from seraf.advice.action_plan import ActionPlan, CardLine, Hour, Planned, Urgency
from seraf.advice.contacts import Contacts, LocalTime
from seraf.form.circumstances import EVIDENCE, Basis, Circumstance, Condition, Facts, applying, settle
from seraf.form.vocabulary import ANSWERED_FACTS, FACT_WORDS, Age

OF_THE_NUMBER = frozenset({"category", "highest", "manager_discussion", "mix"})
"""Facts that follow from the number, which nobody sees before giving a judgement."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A reason to act, and how soon. The most urgent lead that holds heads the result.

    It holds if any condition does, or if there is none. Leads with the same `reason` differ only in wording, and the first
    of them that holds is taken.
    """

    id: str
    reason: str
    urgency: Urgency
    title: str
    text: str
    basis: Basis
    conditions: tuple[Condition, ...]

    def rests_on(self, facts: Container[str]) -> bool:
        """True if any of its conditions depends on one of these facts."""
        return any(key in facts for condition in self.conditions for key, _ in condition.asks)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do apart from the lines of the action card, in one line. It is never a call."""

    id: str
    text: str
    basis: Basis
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """One remark on the number: what the mix of points means, or that judgement and number differ."""

    id: str
    text: str
    basis: Basis
    condition: Condition


NO_PLAN = ActionPlan()


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
        object.__setattr__(self, "_by_id", {circumstance.id: circumstance for circumstance in self.circumstances})

    def advise(self, facts: Facts) -> "Advice":
        """Return what the guidance says about the facts of a `CaseView`."""
        return Advice(self, facts)

    def circumstance(self, circumstance_id: str) -> Circumstance | None:
        """Return the short question of that id, if there is one."""
        return self._by_id.get(circumstance_id)

    def no_longer_asked(self, question: str, answer: str) -> frozenset[str]:
        """Return the questions that only this one can lead to, and that this answer does not lead to."""
        return frozenset(
            circumstance.id
            for circumstance in self.circumstances
            if circumstance.matters
            and all({name for name, _ in condition.asks} == {question} for condition in circumstance.matters)
            and not any(all(answer in words for _, words in condition.asks) for condition in circumstance.matters)
        )

    def hour(self, now: LocalTime, contacts: Contacts) -> Hour:
        """Return what the clock says about social care's office and about home time."""
        home_time = self.plan.home_time
        return Hour(contacts["art"].is_open(now), home_time is not None and now.at.time() >= home_time.at)


class Advice:
    """What the guidance says about one case. Short questions and evidence are settled here."""

    def __init__(self, guidance: Guidance, facts: Facts) -> None:
        self.guidance, self.facts = guidance, facts
        self._held: dict[Hour, tuple[Planned, ...]] = {}

    @cached_property
    def settled(self) -> Facts:
        """The facts with every short question settled, and with whether there is evidence of exploitation."""
        return settle(self.guidance.circumstances, self.guidance.evidence, facts=self.facts)

    @cached_property
    def asked(self) -> tuple[Circumstance, ...]:
        """The short questions to ask, in pack order."""
        return tuple([question for question in self.guidance.circumstances if question.is_asked(self.settled)])

    @cached_property
    def leads(self) -> tuple[Lead, ...]:
        """The leads that hold, most urgent first, one for each reason. The reader ensures that there is always one."""
        held: dict[str, Lead] = {}
        for lead in applying(self.guidance.leads, self.settled):
            held.setdefault(lead.reason, lead)
        # Nothing is weighed or summed, so that one more reason never makes a case less urgent (ADR 0038). `sorted` is
        # stable: of two equally urgent leads the pack's first one leads.
        return tuple(sorted(held.values(), key=attrgetter("urgency"), reverse=True))

    @cached_property
    def _weighed(self) -> Facts:
        """The settled facts with the urgency of the case and its reasons."""
        urgency, reasons = self.leads[0].urgency.word, frozenset([lead.reason for lead in self.leads])
        return {**self.settled, "urgency": frozenset({urgency}), "lead": reasons}

    def planned(self, *, hour: Hour, owed: tuple[CardLine, ...] = ()) -> tuple[Planned, ...]:
        """Return the lines of the action card at this hour.

        Their conditions may use the facts of the case, `urgency`, `lead` (the reasons that hold), `hours` and `home`.
        Lines in `owed` stay if they would be on the card at the other hour: an office that opens settles nothing.
        """
        plan, due = self.guidance.plan, tuple[Planned, ...]()
        if owed:
            others = plan.fitted(self._held_at(replace(hour, is_open=not hour.is_open)))
            due = tuple([line for line in others if line.action.line in owed])
        return plan.fitted(self._held_at(hour), owed=due)

    def _held_at(self, hour: Hour) -> tuple[Planned, ...]:
        """Return every line that holds at this hour, without a limit."""
        if hour not in self._held:
            plan = self.guidance.plan
            self._held[hour] = plan.held(plan.hour_facts(self._weighed, hour))
        return self._held[hour]

    @property
    def steps(self) -> tuple[Step, ...]:
        """What else there is to do, in pack order."""
        return tuple(applying(self.guidance.steps, self._weighed))

    @property
    def mixes(self) -> tuple[Note, ...]:
        """What the mix of points says about the child's situation, never as reassurance."""
        return tuple([note for note in self.guidance.mixes if note.condition.holds(self.settled)])

    @property
    def notes(self) -> tuple[Note, ...]:
        """The remarks that belong to the result."""
        return tuple([note for note in self.guidance.notes if note.condition.holds(self.settled)])


ABOUT_THE_READER = frozenset({"profession", "allocated", "known", "stage"})
"""Facts about the professional and the contacts. They never decide what leads, so review codes leave them out."""


def read_by_leads(guidance: Guidance) -> Mapping[str, tuple[str, ...]]:
    """Return every answered fact that decides what leads, with its words; also facts that such a fact follows from.

    It is meant for `carry_over.uncarried`. Facts derived from the items, such as the category, are left out.
    """
    circumstances = {circumstance.id: circumstance for circumstance in guidance.circumstances}
    conditions = [condition for lead in guidance.leads for condition in lead.conditions]
    read, more = frozenset[str](), _keys(conditions)
    # Repeated until nothing is added: evidence may depend on a circumstance, and that on another one.
    while more != read:
        read = more
        more |= _keys(guidance.evidence) if EVIDENCE in read else frozenset()
        more |= _keys(condition for key in read if key in circumstances for condition in circumstances[key].implied)
    words = {
        **{fact: FACT_WORDS[fact] for fact in ANSWERED_FACTS},
        **{key: circumstance.words for key, circumstance in circumstances.items()},
    }
    asked = {fact: words[fact] for fact in words if fact in read and fact not in ABOUT_THE_READER}
    return {"age": tuple(Age), **asked}


def _keys(conditions: Iterable[Condition]) -> frozenset[str]:
    return frozenset(key for condition in conditions for key, _ in condition.asks)
