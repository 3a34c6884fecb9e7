"""A finished assessment as a `Carried` value, and the review code by which it is compared at the next review."""

from dataclasses import replace
from datetime import date

from dialogs.core.script import Script
from dialogs.core.session import Session
from seraf.case_view import UNASKED
from seraf.form.circumstances import UNPUT
from seraf.form.instrument import Instrument
from seraf.form.responses import Responses
from seraf.review.carry_over import Carried, facts_in
from state_machines.assessment import Phase


def carried_of(session: Session, instrument: Instrument, *, today: date) -> Carried:
    """Return the assessment for the next review, dated to the month of its judgement, or of `today` if that has no date."""
    day = date.fromisoformat(session.result.finished) if session.result.finished else today
    view, answers = session.view(instrument), session.answers.around.by_item
    asked = ((each.id, answers.get(each.id)) for each in instrument.questions)
    return Carried(
        year=day.year,
        month=day.month,
        age=view.case.age,
        judgement=answers.get("judgement") or UNASKED["judgement"],
        responses=Responses.of({item.id: option.id for item, option in view.marks.given if option}),
        fingerprint=instrument.fingerprint,
        answers=Responses.of({question: answer for question, answer in asked if answer in ("yes", "no")}),
        facts=facts_in(answers),
    )


def carry_over_code(session: Session, script: Script) -> str:
    """Return the review code of a session that shows its result. It is empty if codes are off or the judgement has no date."""
    if script.codes is None or session.phase is not Phase.RESULT or not session.result.finished:
        return ""
    pack, day, answers = script.pack, date.fromisoformat(session.result.finished), session.answers
    # Answers that count as not asked are left out, such as one that was given for fewer ticks: the code does not hold
    # which ticks an answer was given for, so at the review it would count again and could hide a lead.
    settled = session.view(pack.instrument).advice(pack.guidance).settled
    for circumstance in pack.guidance.circumstances:
        if settled[circumstance.id] == UNPUT:
            answers = answers.drop(circumstance.id)
    return script.codes.write(carried_of(replace(session, answers=answers), pack.instrument, today=day))
