"""What the buttons of the action card do: log entries, their undoing, reminders, and news since the result."""

from dataclasses import replace
from datetime import datetime

from dialogs.core.acts import Go, Kind, Open, Overlay, Say
from dialogs.core.events import Occasion
from dialogs.core.keys import CLOSE, URGENT, Key, OverlayCard, Paragraphs, Rows, View, in_rows
from dialogs.core.replies import CallDone, CallDue, Effect, Paragraph, Reply, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import with_answer
from dialogs.result.actions import callees, clock, line_of, lines_of, to_ring
from seraf.advice import action_log
from seraf.advice.action_log import WORSE, is_closed, last_of, logged, of_line, taken_back
from seraf.advice.action_plan import CardLine
from seraf.pack import Pack
from state_machines.assessment import Trigger

# The answers after which 999 has to be called, or the police, if they are the reader, have to act at once.
DANGERS = (("danger", "yes"), ("danger", "missing"), ("missing_now", "yes"), ("safe", "danger"))


DECIDED = ("yes", "no")  # answers that decide the question asked when a line is closed


def log(session: Session, line: str, *, what: str, occasion: Occasion, script: Script) -> Reply:
    """Return the reply to an entry about an action, to the undoing of one, or to a request for a reminder.

    An action that stays open is shown, with any question that follows. One that is closed may have a short question.
    """
    of = CardLine(line)
    if what == action_log.REMIND:
        last = last_of(session.result.log, of)
        found = line_of(of, session, script=script, now=occasion.now)
        due = action_log.remind_at(last, found.due if found else None) if last else None
        if due is None or due <= occasion.now.at:
            return Reply(session, (Toast("call-reminder-past"),))
        time = clock(due, occasion.now)
        return Reply(session.beneath(None), (CallDue(due), Toast("call-reminder", (("time", time),))))
    if what == action_log.UNDO:
        return Reply(_shown(session.logged(taken_back(session.result.log, of)), line, what=""))
    found = line_of(line, session, script=script, now=occasion.now)
    order = callees(found, session, script=script, now=occasion.now) if found else ()
    first = to_ring(order, of_line(session.result.log, of), now=occasion.now)
    # Advice alone closes no referral, whatever the call concluded (ADR 0038).
    is_due = what == "settled" and found is not None and found.planned.action.refers
    said = action_log.NOT_SETTLED if is_due else what
    taps = logged(session.result.log, of, what=said, at=occasion.now.at, to=first.id if first else "")
    after = session.logged(taps)
    if not is_closed(after.result.log, of):
        return Reply(_shown(after, line, what=said))
    if found and found.planned.action.asks:
        return Reply(after.beneath(Overlay(Kind.FOLLOW_UP, found.planned.action.asks, Overlay(Kind.ACTION, line))))
    lines = lines_of(after, script, now=occasion.now)
    is_call_open = any(each.planned.action.calls and not each.is_closed for each in lines)
    done: tuple[Effect, ...] = () if is_call_open else (CallDone(),)
    shown = _shown(after, line, what=what) if what == "referral" else after.beneath(None)
    return Reply(shown, done)


def say_decided(session: Session, question: str, *, answer: str) -> Session:
    """Return the session with the answer to the question of a closed action. If it decides nothing, the action is open again."""
    line = session.overlay and session.overlay.under
    assert line is not None, "it is asked over its line"
    after = replace(session, answers=session.answers.give(question, answer), overlay=None)
    return after if answer in DECIDED else after.logged(taken_back(session.result.log, CardLine(line.about)))


def opened_again(before: Session, after: Session, *, occasion: Occasion) -> Session:
    """Return the session in which the action to call 999 is open again, if a new danger was reported after it was closed."""
    if not is_closed(after.result.log, CardLine.EMERGENCY) or not _dangers(after) - _dangers(before):
        return after
    return _opened(after, CardLine.EMERGENCY, at=occasion.now.at)


def _opened(session: Session, line: CardLine, *, at: datetime) -> Session:
    """Return the session in which a closed action is open again. Its time to act is counted from now."""
    log, due = logged(session.result.log, line, what=WORSE, at=at), session.result.due.drop(line)
    return replace(session, result=replace(session.result, log=log, due=due))


def _dangers(session: Session) -> set[tuple[str, str]]:
    return {(name, answer) for name, answer in DANGERS if session.answers.get(name) == answer}


def _shown(session: Session, line: str, *, what: str) -> Session:
    """Return the session with the card of this action, and over it the question that follows from the entry, if any."""
    card = Overlay(Kind.ACTION, line)
    asks = action_log.asks_of(what, CardLine(line)) if what else ()
    return session.beneath(Overlay(Kind.OUTCOME, line, card) if asks else card)


SOMETHING_CHANGED = Key(Open(Overlay(Kind.NEWS)), "something-changed")
MISSING, FOUND = ("danger", "missing"), ("danger", "no")  # the child is missing; the child is found

# Possible news: a question, and its answer.
NEWS = (("danger", "yes"), MISSING, ("told_or_seen", "yes"), ("safe", "not-tonight"))
SEPARATOR = "="  # between the question and its answer on a button


def say_news(session: Session, said: str, *, occasion: Occasion, pack: Pack) -> Session:
    """Return the session with the news. Closed calls are open again, because they did not cover it.

    An answer that is given again is news too: after 999 yesterday, a danger today needs another call to 999.
    """
    question, _, answer = said.partition(SEPARATOR)
    after = _given(session, question, answer, pack=pack).beneath(None)
    if (question, answer) == FOUND:
        return after
    for line in (*((CardLine.EMERGENCY,) if question == "danger" else ()), CardLine.CARE, CardLine.POLICE):
        after = _opened(after, line, at=occasion.now.at) if is_closed(after.result.log, line) else after
    return after


def _given(session: Session, question: str, answer: str, *, pack: Pack) -> Session:
    """Return the session with this answer. “Danger” and “missing” are answers to one question; neither replaces the other."""
    danger, said = session.answers.get("danger"), (question, answer)
    if said == FOUND and danger != "missing":
        return with_answer(session, "missing_now", answer="no", pack=pack)
    if said == MISSING and danger == "yes":
        return with_answer(session, "missing_now", answer="yes", pack=pack)
    after = with_answer(session, question, answer=answer, pack=pack)
    is_both = answer == "yes" and danger == "missing"
    return with_answer(after, "missing_now", answer="yes", pack=pack) if is_both else after


def _words(view: View) -> Paragraphs:
    say = view.script.wording.say
    return (
        Paragraph(say("place.action", reference=view.session.reference)),
        Paragraph(say("news.title"), is_strong=True),
        Paragraph(say("news.text")),
        *((Paragraph(say("news.back")),) if _is_missing(view.session) else ()),
    )


def _is_missing(session: Session) -> bool:
    return session.answers.get("danger") == "missing" or session.answers.get("missing_now") in ("yes", "not-known")


def _rows(view: View) -> Rows:
    given = view.session.answers
    keys = [
        Key(Say(f"{question}{SEPARATOR}{answer}"), f"news.{question}-{answer}", is_chosen=given.get(question) == answer)
        for question, answer in (*NEWS, *((FOUND,) if _is_missing(view.session) else ()))
    ]
    return (*in_rows(keys, 2), (Key(Go(Trigger.REVISE), "revise"),), (CLOSE, URGENT))


NEWS_CARD = OverlayCard(_words, _rows)
