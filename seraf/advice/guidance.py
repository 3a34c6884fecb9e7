"""The guidance of a pack as rules that test the facts of a case: leads (reasons to act), next steps and remarks."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from operator import attrgetter

from seraf.advice.action_log import Logged, is_closed
from seraf.advice.action_plan import CALLS, ActionPlan, CardLine, Hour, Planned, Urgency
from seraf.advice.contacts import Contacts, LocalTime
from seraf.form.circumstances import EVIDENCE, Basis, Circumstance, Condition, Facts, applying, settle
from seraf.form.responses import Responses
from seraf.form.second_view import NOTHING_OWED, Owed, OwedCall, ViewReason
from seraf.form.vocabulary import ANSWERED_FACTS, FACT_WORDS, FLOOR, HEIGHTS, REASONABLE, SECOND_VIEW, Age

OF_THE_NUMBER = frozenset({"category", "highest", "manager_discussion", "mix"})
"""The facts that depend on the score. A person gives their own judgement before they see any of them."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead: a reason to act, and how soon. The result begins with the most urgent lead that applies.

    It applies if any of its conditions holds, or if it has none. Leads with the same `reason` differ only in wording,
    and the first of them that applies is used.
    """

    id: str
    reason: str
    urgency: Urgency
    title: str
    text: str
    basis: Basis
    conditions: tuple[Condition, ...]

    def rests_on(self, facts: Container[str]) -> bool:
        """Return True if any of its conditions tests one of these facts."""
        return any(key in facts for condition in self.conditions for key, _ in condition.asks)


@dataclass(frozen=True, slots=True)
class Step:
    """A next step that is not on the action card. It is one sentence, and never a call."""

    id: str
    text: str
    basis: Basis
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A remark shown with the score, for example that judgement and score differ."""

    id: str
    text: str
    basis: Basis
    condition: Condition


NO_PLAN = ActionPlan()


@dataclass(frozen=True, slots=True)
class Guidance:
    """The rules of a pack's guidance, each kind in the order in which it is tested."""

    leads: tuple[Lead, ...]
    steps: tuple[Step, ...]
    mixes: tuple[Note, ...]
    notes: tuple[Note, ...]
    circumstances: tuple[Circumstance, ...] = ()
    evidence: tuple[Condition, ...] = ()
    plan: ActionPlan = NO_PLAN
    view_reasons: tuple[ViewReason, ...] = ()
    _by_id: dict[str, Circumstance] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {circumstance.id: circumstance for circumstance in self.circumstances})

    def advise(self, facts: Facts) -> "Advice":
        """Return the advice on these facts of a `CaseView`."""
        return Advice(self, facts)

    def circumstance(self, circumstance_id: str) -> Circumstance | None:
        """Return the short question with this id, or None."""
        return self._by_id.get(circumstance_id)

    def no_longer_asked(self, question: str, answer: str) -> frozenset[str]:
        """Return the ids of the short questions that depend on `question` alone and to which `answer` does not lead."""
        return frozenset(
            circumstance.id
            for circumstance in self.circumstances
            if circumstance.matters
            and all({name for name, _ in condition.asks} == {question} for condition in circumstance.matters)
            and not any(all(answer in words for _, words in condition.asks) for condition in circumstance.matters)
        )

    def hour(self, now: LocalTime, contacts: Contacts) -> Hour:
        """Return whether social care's office is open at `now`, and whether children have already gone home."""
        home_time = self.plan.home_time
        return Hour(contacts["art"].is_open(now), home_time is not None and now.at.time() >= home_time.at)


class Advice:
    """The advice of a guidance on the facts of one case. Its short questions and its evidence are settled first."""

    def __init__(self, guidance: Guidance, facts: Facts) -> None:
        self.guidance, self.facts = guidance, facts
        self._held: dict[Hour, tuple[Planned, ...]] = {}

    @cached_property
    def settled(self) -> Facts:
        """The facts, extended by the value of every short question and by whether there is evidence of exploitation."""
        return settle(self.guidance.circumstances, self.guidance.evidence, facts=self.facts)

    @cached_property
    def asked(self) -> tuple[Circumstance, ...]:
        """The short questions to ask, in pack order."""
        return tuple([question for question in self.guidance.circumstances if question.is_asked(self.settled)])

    @cached_property
    def leads(self) -> tuple[Lead, ...]:
        """The leads that apply, most urgent first, one for each reason. A valid pack always has at least one."""
        held: dict[str, Lead] = {}
        for lead in applying(self.guidance.leads, self.settled):
            held.setdefault(lead.reason, lead)
        # Nothing is weighed or summed, so that one more reason never makes a case less urgent (ADR 0038). `sorted` is
        # stable: of two equally urgent leads the pack's first one leads.
        return tuple(sorted(held.values(), key=attrgetter("urgency"), reverse=True))

    @cached_property
    def _weighed(self) -> Facts:
        """The settled facts, extended by the urgency of the case and by the reasons of its leads."""
        urgency, reasons = self.leads[0].urgency.word, frozenset([lead.reason for lead in self.leads])
        return {**self.settled, "urgency": frozenset({urgency}), "lead": reasons}

    def planned(
        self, *, hour: Hour, owed: tuple[CardLine, ...] = (), brought: tuple[OwedCall, ...] = ()
    ) -> tuple[Planned, ...]:
        """Return the lines of the action card at this hour.

        Conditions can test the facts of the case, `urgency`, `lead` (the reasons of its leads), `hours` and `home`. A
        line in `owed` is kept if it would be on the card in the office's other state (open or closed). One in `brought`
        is kept in any case. Neither is kept if another action takes its place.
        """
        plan, due = self.guidance.plan, tuple[Planned, ...]()
        if owed:
            others = plan.fitted(self._held_at(replace(hour, is_open=not hour.is_open)))
            due = tuple([line for line in others if line.action.line in owed])
        if brought:
            ids = {call.action for call in brought}
            kept = {action.line: action for action in plan.actions if action.id in ids}
            due = (*due, *plan.named(kept, plan.hour_facts(self._weighed, hour)))
        return plan.fitted(self._held_at(hour), owed=due)

    def handed_on(self, log: tuple[Logged, ...], *, hour: Hour, due: Responses, before: Owed = NOTHING_OWED) -> Owed:
        """Return what the case keeps when its holder, or the holder's profession, changes now.

        That is the height of what leads, and every open call and talk with its deadline (`due`, by line). What was kept
        `before` is kept again.
        """
        known = {call.line: call for call in before.calls if not is_closed(log, CardLine(call.line))}
        for planned in self.planned(hour=hour):
            line = planned.action.line
            if (line in CALLS or planned.action.calls) and not is_closed(log, line):
                times = [at for at in (due.get(line), known[line].due if line in known else "") if at]
                known[str(line)] = OwedCall(
                    str(line), min(times, key=datetime.fromisoformat, default=""), planned.action.id
                )
        heights = {self.leads[0].urgency.word, before.floor}
        return Owed(next((each for each in reversed(HEIGHTS) if each in heights), ""), tuple(known.values()))

    def _held_at(self, hour: Hour) -> tuple[Planned, ...]:
        """Return every line that applies at this hour, even if not all of them fit on the card."""
        if hour not in self._held:
            plan = self.guidance.plan
            self._held[hour] = plan.held(plan.hour_facts(self._weighed, hour))
        return self._held[hour]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The next steps that apply, in pack order."""
        return tuple(applying(self.guidance.steps, self._weighed))

    @property
    def mixes(self) -> tuple[Note, ...]:
        """The remarks on the mix of points that apply. None of them reassures."""
        return tuple([note for note in self.guidance.mixes if note.condition.holds(self.settled)])

    @property
    def notes(self) -> tuple[Note, ...]:
        """The other remarks on the result that apply."""
        return tuple([note for note in self.guidance.notes if note.condition.holds(self.settled)])


ABOUT_THE_READER = frozenset({"profession", "allocated", "known", "stage"})
"""Facts about the professional and earlier contact. They only affect the wording of leads; codes omit them."""


def read_by_leads(guidance: Guidance) -> Mapping[str, tuple[str, ...]]:
    """Return each fact on which a lead depends, directly or through another fact, with its possible values.

    The result is for `carry_over.uncarried`: facts that are answered, and how others raise a case. Facts derived from
    the items, such as the category, are left out.
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
        SECOND_VIEW: (*HEIGHTS, REASONABLE),
        FLOOR: HEIGHTS,
    }
    asked = {fact: words[fact] for fact in words if fact in read and fact not in ABOUT_THE_READER}
    return {"age": tuple(Age), **asked}


def _keys(conditions: Iterable[Condition]) -> frozenset[str]:
    return frozenset(key for condition in conditions for key, _ in condition.asks)
