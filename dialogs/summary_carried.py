"""The summary of what a carry-over code holds, which says what no code can tell."""

from dataclasses import replace
from datetime import date

from dialogs.script import Script
from dialogs.session import Session
from dialogs.summarising import summarise
from dialogs.summary import Summary
from seraf.carried import Carried
from seraf.contacts import LocalTime
from seraf.guidance import Lead, Note, Step
from seraf.responses import Responses
from seraf.vocabulary import ANSWERED_FACTS, NOT_KNOWN
from state_machines.assessment import Phase

FIRST = 1
"""The day that stands for a month of which no day is known, so that no review comes too late."""

UNASKED = frozenset(ANSWERED_FACTS) - {"judgement"}
"""Facts of which a carry-over code says nothing."""


def summarise_carried(carried: Carried, script: Script, now: LocalTime) -> Summary:
    """The summary of what a carry-over code holds. What no code holds is left out, and named in `gaps`."""
    answers = Responses.of({**dict(carried.answers), "age": carried.age, "judgement": carried.judgement})
    session = Session(
        card=0,
        phase=Phase.RESULT,
        place="1",
        fingerprint=carried.fingerprint,
        answers=answers,
        responses=carried.responses,
        finished=date(carried.year, carried.month, FIRST).isoformat(),
    )
    made = summarise(session, _claiming_nothing(script, UNASKED), now)
    say = script.wording.say
    held = tuple(each for each in made.facts if answers.get(each.id))
    missing = [each.label for each in made.facts if each not in held]
    gaps = (say("summary.gap.reference"), say("summary.gap.day"), *missing, say("summary.gap.notes"))
    return replace(made, finished=f"{carried.year:04}-{carried.month:02}", facts=held, gaps=gaps)


def _claiming_nothing(script: Script, unasked: frozenset[str]) -> Script:
    """The script without the rules that say of these facts that they are not known: here nobody was asked."""

    def is_fair(rule: Lead | Step | Note) -> bool:
        return not any(key in unasked and words == {NOT_KNOWN} for key, words in rule.condition.asks)

    guidance = script.pack.guidance
    fair = replace(
        guidance,
        leads=tuple(filter(is_fair, guidance.leads)),
        steps=tuple(filter(is_fair, guidance.steps)),
        notes=tuple(filter(is_fair, guidance.notes)),
    )
    return replace(script, pack=replace(script.pack, guidance=fair))
