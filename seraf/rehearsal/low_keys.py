"""What a key may never be: less urgent than the bot's own result for its answers, by the leads of the pack. It lists no cases."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from seraf.advice.guidance import Guidance
from seraf.advice.urgency import Urgency
from seraf.cases.vignette import AgreedKey, FirstCall
from seraf.form.instrument import Instrument
from seraf.form.responses import Case
from seraf.form.vocabulary import NOT_KNOWN
from seraf.rehearsal.first_call import first_calls
from seraf.score.findings import facts_of

MEANS: Mapping[FirstCall, Urgency] = {
    FirstCall.EMERGENCY: Urgency.EMERGENCY,
    FirstCall.ART: Urgency.CALL,
    FirstCall.ALLOCATED: Urgency.CALL,
    FirstCall.ELSEWHERE: Urgency.CALL,
    FirstCall.LEAD: Urgency.MANAGER,
    FirstCall.NOBODY: Urgency.PLAN,
}
"""How urgent each first call is at most."""


def low_keys(key: AgreedKey, instrument: Instrument, *, guidance: Guidance) -> Iterator[tuple[str, str]]:
    """Every place of a key that lets somebody wait where the bot would not, with what is wrong there."""
    case = key.case(frozenset(item.id for item in instrument.items))
    leading = guidance.leads_for(facts_of(instrument, _careful(case, instrument, guidance=guidance)))[0]
    if MEANS[key.first_call] < leading.urgency:
        yield "first_call", f"{key.first_call!s} is less urgent than the result for these answers: {leading.title!r}"
    # As if it had been judged No: a judgement must not be the reason for itself (ADR 0048).
    calm = replace(case, answers={**case.answers, "judgement": "no"})
    leading = guidance.leads_for(facts_of(instrument, calm))[0]
    judgement = key.of("judgement")
    if leading.urgency >= Urgency.CALL and judgement and "yes" not in (judgement.answer, judgement.other):
        yield "answers.judgement", f"neither reading is 'yes', and without it the result is {leading.title!r}"
    yield from _lowered(key, instrument, guidance=guidance)


def _careful(case: Case, instrument: Instrument, *, guidance: Guidance) -> Case:
    """The case with every short question that is asked of it and not answered taken as not known, as the bot takes it."""
    asked = guidance.asked(facts_of(instrument, case))
    left = {each.id: NOT_KNOWN for each in asked if each.id not in case.answers}
    # Again, since what is not known can make another question matter; it ends, as each is answered once.
    return _careful(replace(case, answers={**case.answers, **left}), instrument, guidance=guidance) if left else case


def _lowered(key: AgreedKey, instrument: Instrument, *, guidance: Guidance) -> Iterator[tuple[str, str]]:
    """Other readings with which a less urgent first call would do: to differ must never mean to wait."""
    first = _least_urgent(key, instrument, guidance=guidance)
    for keyed in (each for each in key.keyed if each.is_contested):
        other = key.read_as({keyed.place: keyed.other})
        if _least_urgent(other, instrument, guidance=guidance) < first:
            yield f"answers.{keyed.place}", f"the other reading, {keyed.other!r}, would make the first call less urgent"


def _least_urgent(key: AgreedKey, instrument: Instrument, *, guidance: Guidance) -> Urgency:
    """How urgent the least urgent first call is that fits the answers."""
    case = key.case(frozenset(item.id for item in instrument.items))
    return min(MEANS[call] for call in first_calls(guidance, facts_of(instrument, case)))
