"""A finished assessment as a `Carried` value, and the review code by which it is compared at the next review."""

from dataclasses import replace
from datetime import date

from dialogs.core.script import Script
from dialogs.core.session import Session
from seraf.advice.action_plan import urgency_of
from seraf.case_view import UNASKED, CaseView
from seraf.form.circumstances import UNPUT
from seraf.form.instrument import Instrument
from seraf.form.responses import Responses
from seraf.form.second_view import grounds_of, raised_to
from seraf.form.vocabulary import SECOND_VIEW
from seraf.review.carry_over import SECOND_GROUNDS, Carried, facts_in
from state_machines.assessment import Phase


def carried_of(session: Session, instrument: Instrument, *, today: date, floor: str = "") -> Carried:
    """Return the assessment for the next review, dated to the month of its judgement, or of `today` if that has no date.

    `floor` is the urgency of what led before the case changed hands, if the answers lead with less.
    """
    day = date.fromisoformat(session.result.finished) if session.result.finished else today
    view, answers = session.view(instrument), session.answers.around.by_item
    asked = ((each.id, answers.get(each.id)) for each in instrument.questions)
    views = session.result.views
    raised = {SECOND_VIEW: raised_to(views, floor), SECOND_GROUNDS: grounds_of(views)}
    return Carried(
        year=day.year,
        month=day.month,
        age=view.case.age,
        judgement=answers.get("judgement") or UNASKED["judgement"],
        responses=Responses.of({item.id: option.id for item, option in view.marks.given if option}),
        fingerprint=instrument.fingerprint,
        answers=Responses.of({question: answer for question, answer in asked if answer in ("yes", "no")}),
        facts=facts_in({**answers, **raised}),
    )


def carry_over_code(session: Session, script: Script) -> str:
    """Return the review code of a session that shows its result. It is empty if codes are off or the judgement has no date."""
    if script.codes is None or session.phase is not Phase.RESULT or not session.result.finished:
        return ""
    pack, day, answers = script.pack, date.fromisoformat(session.result.finished), session.answers
    # Answers that count as not asked are left out, such as one that was given for fewer ticks: the code does not hold
    # which ticks an answer was given for, so at the review it would count again and could hide a lead.
    view, floor = session.view(pack.instrument), session.result.owed.floor
    settled = view.advice(pack.guidance).settled
    for circumstance in pack.guidance.circumstances:
        if settled[circumstance.id] == UNPUT:
            answers = answers.drop(circumstance.id)
    if floor:  # the answers carry what they lead to themselves
        own = CaseView(pack.instrument, replace(view.case, views=(), floor="")).advice(pack.guidance).leads[0].urgency
        floor = floor if urgency_of(floor) > own else ""
    carried = carried_of(replace(session, answers=answers), pack.instrument, today=day, floor=floor)
    return script.codes.write(carried)
