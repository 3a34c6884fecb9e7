"""Whom to contact first under the guidance; and a check that the agreed answers of a made-up case are urgent enough."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from seraf.advice.action_plan import CardLine, Hour, Planned, Urgency, first_lines
from seraf.advice.guidance import Guidance
from seraf.case_view import CaseView
from seraf.cases.vignette import AgreedKey, FirstCall
from seraf.form.circumstances import Condition, Facts
from seraf.form.instrument import Instrument
from seraf.form.responses import Case
from seraf.form.vocabulary import DECIDER, FACT_WORDS, NOT_KNOWN, SCHOOL, Age

HARM = (Condition((("other_harm", frozenset({"yes"})),)), Condition((("family", frozenset({"yes"})),)))
"""If any of these conditions holds, social care has to be called today (“Analysing the information within the SERAF
and professional judgement”).
"""

IS_ALLOCATED = Condition((("allocated", frozenset({"yes"})),))
LIVES_ELSEWHERE = Condition((("lives_elsewhere", frozenset({"yes"})),))


def first_calls(guidance: Guidance, facts: Facts) -> tuple[FirstCall, ...]:
    """Return the first calls that fit the facts of a case, the likeliest first.

    There are several only if nothing is urgent: the worker of an open case may be told directly or by the manager.
    """
    advice = guidance.advise(facts)
    settled, urgency = advice.settled, advice.leads[0].urgency
    if urgency is Urgency.EMERGENCY:
        return (FirstCall.EMERGENCY,)
    if urgency is Urgency.CALL or any(condition.holds(settled) for condition in HARM):
        return (_social_care(settled),)
    open_case = (FirstCall.ALLOCATED,) if IS_ALLOCATED.holds(settled) else ()
    if urgency is Urgency.PLAN:
        return (FirstCall.NOBODY, FirstCall.LEAD, *open_case)
    return (FirstCall.LEAD, *open_case)


class FirstStep(NamedTuple):
    """Step 1 of the action card: the first call that it means, and its title, empty if nothing is due today."""

    call: FirstCall
    title: str


def first_step(guidance: Guidance, facts: Facts, *, is_open: bool) -> FirstStep:
    """Return step 1 of the action card for facts that include a profession, with the office open or closed.

    An immediate act at the top of the card that is not a call, such as to stay with the child, is not returned.
    """
    advice = guidance.advise(facts)
    urgency = advice.leads[0].urgency
    lines = {planned.action.line: planned for planned in advice.planned(hour=Hour(is_open))}
    if urgency is Urgency.EMERGENCY:
        return FirstStep(FirstCall.EMERGENCY, _title(lines.get(CardLine.EMERGENCY)))
    care, manager = lines.get(CardLine.CARE), lines.get(CardLine.MANAGER)
    first = first_lines(urgency, is_adult=Age.FROM_18_TO_25 in facts["age"])
    # With a plan alone the manager is told in time, and nobody has to act today.
    if care and care.action.calls and not (manager and CardLine.MANAGER in first):
        return FirstStep(_social_care(advice.settled), care.title)
    return FirstStep(FirstCall.LEAD if urgency > Urgency.PLAN else FirstCall.NOBODY, _title(manager or care))


def _title(line: Planned | None) -> str:
    return line.title if line else ""


def _social_care(settled: Facts) -> FirstCall:
    # Before the other area's front door: the team that has the child's case open goes first (ADR 0030).
    if IS_ALLOCATED.holds(settled):
        return FirstCall.ALLOCATED
    return FirstCall.ELSEWHERE if LIVES_ELSEWHERE.holds(settled) else FirstCall.ART


MEANS: Mapping[FirstCall, Urgency] = {
    FirstCall.EMERGENCY: Urgency.EMERGENCY,
    FirstCall.ART: Urgency.CALL,
    FirstCall.ALLOCATED: Urgency.CALL,
    FirstCall.ELSEWHERE: Urgency.CALL,
    FirstCall.LEAD: Urgency.MANAGER,
    FirstCall.NOBODY: Urgency.PLAN,
}
"""The highest urgency for which each first call is sufficient."""

REACHES: Mapping[FirstCall, int] = {
    FirstCall.NOBODY: 0,
    FirstCall.LEAD: 1,
    FirstCall.ART: 2,
    FirstCall.ALLOCATED: 2,
    FirstCall.ELSEWHERE: 2,
    FirstCall.EMERGENCY: 3,
}
"""How far each first call goes: 0 is nobody, 1 a manager or safeguarding lead, 2 social care, 3 the number 999."""


def low_keys(key: AgreedKey, instrument: Instrument, *, guidance: Guidance) -> Iterator[tuple[str, str]]:
    """Yield, once each, the paths where agreed answers are less urgent than the bot's advice, with the reason."""
    faults = (
        *_less_urgent(key, instrument, guidance=guidance),
        *_lowered(key, instrument, guidance=guidance),
        *_below_the_card(key, instrument, guidance=guidance),
    )
    yield from dict(reversed(faults)).items()


def _less_urgent(key: AgreedKey, instrument: Instrument, *, guidance: Guidance) -> Iterator[tuple[str, str]]:
    """Yield a fault if the first call, or a judgement other than Yes, is less urgent than the case's first lead."""
    case = key.case(frozenset(item.id for item in instrument.items))
    leading = CaseView(instrument, _careful(case, instrument, guidance=guidance)).advice(guidance).leads[0]
    if MEANS[key.first_call] < leading.urgency:
        yield "first_call", f"{key.first_call!s} is less urgent than the result for these answers: {leading.title!r}"
    # With the judgement set to No: a judgement must not be the reason for itself (ADR 0032).
    calm = replace(case, answers={**case.answers, "judgement": "no"})
    leading = CaseView(instrument, calm).advice(guidance).leads[0]
    judgement = key.of("judgement")
    if leading.urgency >= Urgency.CALL and judgement and "yes" not in (judgement.answer, judgement.other):
        yield "answers.judgement", f"neither reading is 'yes', and without it the result is {leading.title!r}"


def _below_the_card(key: AgreedKey, instrument: Instrument, *, guidance: Guidance) -> Iterator[tuple[str, str]]:
    """Yield each path where an accepted answer, or the card for any profession at any hour, demands more."""
    others = (key.read_as({each.place: each.other}) for each in key.keyed if each.is_contested)
    for reading in (key, *others):
        case = reading.case(frozenset(item.id for item in instrument.items))
        danger = case.answers.get("danger", NOT_KNOWN)
        asked = {each.id for each in CaseView(instrument, case).advice(guidance).asked}
        if "missing_now" in asked and "missing_now" not in case.answers:
            what = "missing; say whether anybody knows where the child is: step 1 of the card hangs on it"
            yield "answers.missing_now", what
        leading = CaseView(instrument, _careful(case, instrument, guidance=guidance)).advice(guidance).leads[0]
        if leading.urgency is Urgency.EMERGENCY and danger == "no":
            yield "answers.danger", f"'no', and the result is {leading.title!r}; write 'yes' or 'missing'"
    for role in FACT_WORDS["profession"]:
        step = step_of(key, role, instrument=instrument, guidance=guidance)
        if REACHES[called_by(key.first_call, role)] < REACHES[step.call]:
            what = f"{key.first_call!s} is less than step 1 of the card ({role}): {step.title!r}; write {step.call!s}"
            yield "first_call", what


def called_by(first_call: FirstCall, role: str) -> FirstCall:
    """Return the agreed first call for a profession. Where others would call nobody, a school calls ART."""
    return FirstCall.ART if first_call is FirstCall.NOBODY and role == SCHOOL else first_call


def step_of(key: AgreedKey, role: str, *, instrument: Instrument, guidance: Guidance) -> FirstStep:
    """Return step 1 of the card for the agreed answers, with the office open or closed, whichever demands more.

    A person who decides on the child's file talks with a manager instead of calling social care.
    """
    case = _careful(key.case(frozenset(item.id for item in instrument.items)), instrument, guidance=guidance)
    facts = CaseView(instrument, replace(case, answers={**case.answers, "profession": role})).facts
    steps = (first_step(guidance, facts, is_open=is_open) for is_open in (True, False))
    step = max(steps, key=lambda each: REACHES[each.call])
    is_own = role == DECIDER and REACHES[step.call] == REACHES[FirstCall.ART]
    return FirstStep(FirstCall.LEAD, step.title) if is_own else step


def _careful(case: Case, instrument: Instrument, *, guidance: Guidance) -> Case:
    """Return the case in which every unanswered short question that is asked has the answer “not known”."""
    asked = CaseView(instrument, case).advice(guidance).asked
    left = {each.id: NOT_KNOWN for each in asked if each.id not in case.answers}
    # Again, since an answer of not known can lead to another question; the loop ends, as each is answered once.
    return _careful(replace(case, answers={**case.answers, **left}), instrument, guidance=guidance) if left else case


def _lowered(key: AgreedKey, instrument: Instrument, *, guidance: Guidance) -> Iterator[tuple[str, str]]:
    """Yield the paths of accepted second answers that would allow a less urgent first call."""

    def least_urgent(reading: AgreedKey) -> Urgency:
        case = reading.case(frozenset(item.id for item in instrument.items))
        return min(MEANS[call] for call in first_calls(guidance, CaseView(instrument, case).facts))

    first = least_urgent(key)
    for keyed in key.keyed:
        if keyed.is_contested and least_urgent(key.read_as({keyed.place: keyed.other})) < first:
            yield f"answers.{keyed.place}", f"the other reading, {keyed.other!r}, would make the first call less urgent"
