"""Short questions, in words and keys: on their cards, put at once, on the check page; and what is already called for."""

from dialogs.core.acts import Say
from dialogs.core.keys import Key, Rows, fitting
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.at_once import lead_so_far
from dialogs.form.path import on_card
from seraf.advice.guidance import Lead
from seraf.advice.urgency import Urgency
from seraf.form.circumstances import Circumstance
from seraf.form.vocabulary import NOT_KNOWN
from state_machines.assessment import Phase


def follow_up_paragraphs(question_id: str, session: Session, *, script: Script) -> tuple[Paragraph, ...]:
    """A short question that is put at once: what is already so, the question, and how to answer it.

    Once a line of the action card is done, the question alone.
    """
    say, question = script.wording.say, script.pack.guidance.circumstance(question_id)
    is_after = session.phase is Phase.RESULT
    head = Paragraph(say("place.action" if is_after else "place.follow-up", reference=session.reference))
    if question is None:
        return (head,)
    if is_after:
        return (head, Paragraph(question.ask, is_strong=True))
    said = so_far_line(session, script)
    known = (Paragraph(said),) if said else ()
    note = (Paragraph(question.note),) if question.note else ()
    return (head, *known, Paragraph(question.ask, is_strong=True), *note)


def so_far_line(session: Session, script: Script) -> str:
    """What is already called for, in one line without any number; empty where nothing is, or it is not said here.

    What a role alone calls for would read as what to do in danger where that is asked, and answer for whoever rehearses.
    """
    lead = lead_so_far(session, script.pack)
    is_early = session.place == "danger" or script.is_rehearsal
    if script.is_silent or lead.urgency <= Urgency.PLAN or (is_early and _rests_on_role(lead)):
        return ""
    if lead.urgency < Urgency.CALL:
        return lead.title
    if lead.urgency is Urgency.CALL:
        return enough_line(session, script)
    role = session.answers.get("profession")
    return script.wording.say_first(f"so-far.emergency-{role}", "so-far.emergency")


def _rests_on_role(lead: Lead) -> bool:
    """Whether the lead asks for nothing of the child."""
    asked = {key for condition in lead.conditions for key, _ in condition.asks}
    return asked == {"profession"}


def enough_line(session: Session, script: Script) -> str:
    """That what was answered is enough to call; to those who decide on the child's file, enough to act."""
    role = session.answers.get("profession")
    return script.wording.say_first(f"enough.line-{role}", "enough.line")


def ticks_paragraphs(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """The card of all short questions that matter, a line each, with the ticks that were given."""
    say = script.wording.say
    asked = on_card(session.place, session, pack=script.pack)
    ticked = {each.id for each in asked for tick in each.ticks if session.answers.get(each.id) == tick.answer}
    lines = [say("section.ticked" if each.id in ticked else "section.item", label=each.ask) for each in asked]
    return (
        Paragraph(say(f"ask.{session.place}"), is_strong=True),
        Paragraph("\n".join(lines)),
        Paragraph(say("hint.circumstances")),
    )


def ticked_line(place: str, session: Session, *, script: Script) -> str:
    """One line of the check page for all short questions: what was ticked, and whether all were answered."""
    say, asked = script.wording.say, on_card(place, session, pack=script.pack)
    ticked = [tick.short for each in asked for tick in each.ticks if session.answers.get(each.id) == tick.answer]
    is_open = any(session.answers.get(each.id) is None for each in asked)
    answer = [*ticked, *([say("check.unanswered")] if is_open else [] if ticked else [say("check.nothing")])]
    return say("check.question", about=say(f"about.{place}"), answer=", ".join(answer))


def alone_rows(question: Circumstance, session: Session) -> Rows:
    """What may be answered to a short question that is asked alone."""
    given = session.answers.get(question.id)
    keys = [Key(Say(tick.answer), text=tick.short, is_chosen=tick.answer == given) for tick in question.ticks]
    return fitting((*keys, Key(Say(NOT_KNOWN), f"answer.{NOT_KNOWN}", is_chosen=given == NOT_KNOWN)))
