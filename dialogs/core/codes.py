"""A finished session as a SERAF that can be carried to its review, and the code that carries it."""

from datetime import date

from dialogs.core.script import Script
from dialogs.core.session import Session
from seraf.form.evidence import UNASKED, given_to
from seraf.form.instrument import Instrument
from seraf.form.remembered import remembered
from seraf.form.responses import Case, Responses
from seraf.review.carried import Carried
from seraf.review.carry_over import facts_in
from state_machines.assessment import Phase


def carried_of(session: Session, instrument: Instrument, *, today: date) -> Carried:
    """The session's SERAF. Its month is that of the judgement, or today's where the judgement had no date."""
    day = date.fromisoformat(session.finished) if session.finished else today
    return _carried(session.case(), instrument, day=day)


@remembered(date)
def _carried(case: Case, instrument: Instrument, *, day: date) -> Carried:
    """The case as a SERAF that was finished on this day."""
    answers = case.answers
    asked = ((each.id, answers.get(each.id)) for each in instrument.questions)
    return Carried(
        year=day.year,
        month=day.month,
        age=case.age,
        judgement=answers.get("judgement") or UNASKED["judgement"],
        responses=Responses.of({item.id: option.id for item, option in given_to(instrument, case) if option}),
        fingerprint=instrument.fingerprint,
        answers=Responses.of({question: answer for question, answer in asked if answer in ("yes", "no")}),
        facts=facts_in(answers),
    )


def carry_over_code(session: Session, script: Script) -> str:
    """The code of a session whose result is shown; empty elsewhere, and where there are no codes or the day is not known."""
    if script.codes is None or session.phase is not Phase.RESULT or not session.finished:
        return ""
    day = date.fromisoformat(session.finished)
    return script.codes.write(carried_of(session, script.pack.instrument, today=day))
