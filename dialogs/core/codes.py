"""A finished session as a SERAF that can be carried to its review, and the code that carries it."""

from dataclasses import replace
from datetime import date

from dialogs.core.script import Script
from dialogs.core.session import Session
from seraf.case_view import UNASKED
from seraf.form.circumstances import UNPUT
from seraf.form.instrument import Instrument
from seraf.form.responses import Responses
from seraf.pack import Pack
from seraf.review.carry_over import Carried, facts_in
from state_machines.assessment import Phase


def carried_of(session: Session, instrument: Instrument, *, today: date) -> Carried:
    """The session's SERAF. Its month is that of the judgement, or today's where the judgement had no date."""
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
    """The code of a session whose result is shown; empty elsewhere, and where there are no codes or the day is not known."""
    if script.codes is None or session.phase is not Phase.RESULT or not session.result.finished:
        return ""
    pack, day = script.pack, date.fromisoformat(session.result.finished)
    return script.codes.write(carried_of(_as_it_stands(session, pack), pack.instrument, today=day))


def _as_it_stands(session: Session, pack: Pack) -> Session:
    """Return the session without the answers that count as not asked, such as one that was given for fewer ticks."""
    # What such an answer was given for is in no code: there it would count again, and could hide a lead.
    settled, answers = session.view(pack.instrument).advice(pack.guidance).settled, session.answers
    for each in pack.guidance.circumstances:
        answers = answers.drop(each.id) if settled[each.id] == UNPUT else answers
    return replace(session, answers=answers)
