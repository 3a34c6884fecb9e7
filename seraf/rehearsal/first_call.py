"""Whom to contact first: step 1 of the action card, for each role; and a check that agreed answers say the same."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from seraf.advice.action_plan import CardLine, Hour, Planned, Urgency, first_lines
from seraf.advice.guidance import Advice, Guidance
from seraf.case_view import CaseView
from seraf.cases.vignette import AgreedKey, FirstCall
from seraf.form.circumstances import Condition, Facts
from seraf.form.instrument import Instrument
from seraf.form.responses import Case
from seraf.form.vocabulary import DECIDER, FACT_WORDS, NOT_KNOWN, SCHOOL, Age

IS_ALLOCATED = Condition((("allocated", frozenset({"yes"})),))
LIVES_ELSEWHERE = Condition((("lives_elsewhere", frozenset({"yes"})),))

EMERGENCIES = ("missing", "yes")
"""The answers about danger that both mean 999. Neither protects more than the other."""

REACHES: Mapping[FirstCall, int] = {
    FirstCall.NOBODY: 0,
    FirstCall.LEAD: 1,
    FirstCall.ART: 2,
    FirstCall.ALLOCATED: 2,
    FirstCall.ELSEWHERE: 2,
    FirstCall.EMERGENCY: 3,
}
"""How far each first call goes: 0 is nobody, 1 a manager or safeguarding lead, 2 social care, 3 the number 999."""

MEANS: Mapping[FirstCall, Urgency] = {
    call: (Urgency.PLAN, Urgency.MANAGER, Urgency.CALL, Urgency.EMERGENCY)[reach] for call, reach in REACHES.items()
}
"""The highest urgency for which each first call is sufficient."""


class FirstStep(NamedTuple):
    """Step 1 of the action card: the first call that it means, and its title, empty if nothing is due today."""

    call: FirstCall
    title: str


def first_step(guidance: Guidance, facts: Facts, *, is_open: bool) -> FirstStep:
    """Return step 1 of the action card for facts that include a profession, with the office open or closed.

    An immediate act at the top of the card that is not a call, such as to stay with the child, is not returned. Whoever
    decides on the child's file brings in a manager instead of calling social care. A school whose only reason is its
    own duty discusses the concern with ART (“Schools role in …”).
    """
    return _first_step(guidance.advise(facts), facts, is_open=is_open)


def _first_step(advice: Advice, facts: Facts, *, is_open: bool) -> FirstStep:
    urgency = advice.leads[0].urgency
    lines = {planned.action.line: planned for planned in advice.planned(hour=Hour(is_open))}
    if urgency is Urgency.EMERGENCY:
        return FirstStep(FirstCall.EMERGENCY, _title(lines.get(CardLine.EMERGENCY)))
    care, manager = lines.get(CardLine.CARE), lines.get(CardLine.MANAGER)
    is_talk = manager and CardLine.MANAGER in first_lines(urgency, is_adult=Age.FROM_18_TO_25 in facts["age"])
    if care and care.action.calls and not is_talk and not (manager and DECIDER in facts["profession"]):
        return FirstStep(_social_care(advice.settled), care.title)
    if care and SCHOOL in facts["profession"]:
        others = advice.guidance.advise({**facts, "profession": frozenset({NOT_KNOWN})}).leads[0].urgency
        if others is Urgency.PLAN:
            return FirstStep(FirstCall.ART, care.title)
    # With a plan alone the manager is told in time, and nobody has to act today.
    return FirstStep(FirstCall.LEAD if urgency > Urgency.PLAN else FirstCall.NOBODY, _title(manager or care))


def _title(line: Planned | None) -> str:
    return line.title if line else ""


def _social_care(settled: Facts) -> FirstCall:
    # Before the other area's front door: the team that has the child's case open goes first (ADR 0030).
    if IS_ALLOCATED.holds(settled):
        return FirstCall.ALLOCATED
    return FirstCall.ELSEWHERE if LIVES_ELSEWHERE.holds(settled) else FirstCall.ART


def first_calls(guidance: Guidance, facts: Facts) -> tuple[FirstCall, ...]:
    """Return the first calls that fit the facts of a case: step 1 of the card first, then those that fit as well.

    The office is open or closed, whichever demands more. Nothing replaces 999, and nothing less a call that is due.
    Before that a manager or the worker of an open case may be told, or ART asked for advice; if nobody has to act
    today, ART is left to schools.
    """
    advice = guidance.advise(facts)
    urgency = advice.leads[0].urgency
    if urgency is Urgency.EMERGENCY:
        return (FirstCall.EMERGENCY,)
    steps = [_first_step(advice, facts, is_open=is_open).call for is_open in (True, False)]
    step, own = max(steps, key=REACHES.__getitem__), _social_care(advice.settled)
    fitting: list[FirstCall] = [step, FirstCall.LEAD]
    if own is FirstCall.ALLOCATED or urgency >= Urgency.CALL:
        fitting.append(own)
    if urgency > Urgency.PLAN:
        fitting.append(FirstCall.ART)
    least = REACHES[step] if urgency >= Urgency.CALL else min(REACHES[step], REACHES[FirstCall.LEAD])
    return tuple(call for call in dict.fromkeys(fitting) if REACHES[call] >= least)


def agreed_calls(key: AgreedKey, *, role: str, instrument: Instrument, guidance: Guidance) -> tuple[FirstCall, ...]:
    """Return the first calls that agree with the card for these agreed answers and this profession, as `first_calls`."""
    case = key.case(frozenset(item.id for item in instrument.items))
    return first_calls(guidance, card_view(case, instrument, role=role, guidance=guidance).facts)


def card_view(case: Case, instrument: Instrument, *, role: str, guidance: Guidance) -> CaseView:
    """Return the case for a profession, in which every unanswered short question that is asked is not known."""
    view = CaseView(instrument, replace(case, answers={**case.answers, "profession": role}))
    left = {each.id: NOT_KNOWN for each in view.advice(guidance).asked if each.id not in case.answers}
    if not left:
        return view
    # Again, since an answer of not known can lead to another question; the loop ends, as each is answered once.
    return card_view(replace(case, answers={**case.answers, **left}), instrument, role=role, guidance=guidance)


def key_faults(key: AgreedKey, instrument: Instrument, *, guidance: Guidance) -> Iterator[tuple[str, str]]:
    """Yield, once each, the paths where agreed answers say something else than the bot's card for them, with the reason."""
    faults = (*_of_the_card(key, instrument, guidance=guidance), *_judged_low(key, instrument, guidance=guidance))
    yield from dict(reversed(faults)).items()


def _of_the_card(key: AgreedKey, instrument: Instrument, *, guidance: Guidance) -> Iterator[tuple[str, str]]:
    """Yield each path where a reading, for some profession at some hour, disagrees with the card for its own answers."""
    others = {each.place: key.read_as({each.place: each.other}) for each in key.keyed if each.is_contested}
    for role in FACT_WORDS["profession"]:
        calls: dict[str, FirstCall] = {}
        for place, reading in {"": key, **others}.items():
            case = reading.case(frozenset(item.id for item in instrument.items))
            view = card_view(case, instrument, role=role, guidance=guidance)
            advice, danger = view.advice(guidance), case.answers.get("danger", NOT_KNOWN)
            if reading.of("missing_now") is None and "missing_now" in {each.id for each in advice.asked}:
                what = "missing; say whether anybody knows where the child is: step 1 of the card hangs on it"
                yield "answers.missing_now", what
            if advice.leads[0].urgency is Urgency.EMERGENCY and danger not in EMERGENCIES:
                what = f"{danger!r}, and the result is {advice.leads[0].title!r}; write 'yes' or 'missing'"
                yield "answers.danger", what
            calls[place] = first_calls(guidance, view.facts)[0]
            if REACHES[calls[place]] < REACHES[calls[""]]:
                less = f"{calls[place]!s}, not {calls['']!s}"
                yield (
                    f"answers.{place}",
                    f"the other reading makes the first call less urgent ({role}): {less}; take it out",
                )
        if role == NOT_KNOWN and key.first_call is not calls[""]:
            yield "first_call", f"{key.first_call!s} is not step 1 of the card for these answers; write {calls['']!s}"


def _judged_low(key: AgreedKey, instrument: Instrument, *, guidance: Guidance) -> Iterator[tuple[str, str]]:
    """Yield a fault if a judgement other than Yes is less urgent than what leads without it."""
    # With the judgement set to No: a judgement must not be the reason for itself (ADR 0032).
    case = key.case(frozenset(item.id for item in instrument.items))
    calm = replace(case, answers={**case.answers, "judgement": "no"})
    leading = CaseView(instrument, calm).advice(guidance).leads[0]
    judgement = key.of("judgement")
    if leading.urgency >= Urgency.CALL and judgement and "yes" not in (judgement.answer, judgement.other):
        yield (
            "answers.judgement",
            f"neither reading is 'yes', and without it the result is {leading.title!r}; let one be 'yes'",
        )
