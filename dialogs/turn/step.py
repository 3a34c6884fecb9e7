"""A turn: a session and an event give the next session and its effects. It is pure, and may be replayed."""

from typing import assert_never

from dialogs.cards.show import pressed, within_pages
from dialogs.core.act_codes import act_of
from dialogs.core.acts import (
    Act,
    Administer,
    Change,
    Close,
    Copy,
    Fetch,
    Go,
    Log,
    Noting,
    Open,
    Page,
    Rehearse,
    Remind,
    Rest,
    Say,
    Tick,
)
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, Noted, Occasion, Pressed, Typed
from dialogs.core.overlays import Kind, Overlay, laid_over
from dialogs.core.replies import Reply, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.at_once import is_stopped, stopped_again
from dialogs.form.moves import begin, change, move
from dialogs.notes.noting import decide_note, take_note, typed, without_stale
from dialogs.result.actions import with_due
from dialogs.result.call_taps import log, opened_again
from dialogs.result.news import is_news, say_news
from dialogs.result.stop_card import finished_later, heeded, in_call_order
from dialogs.review.reminder import remind
from dialogs.review.reviewing import review
from dialogs.summary.summary_offer import fetch
from dialogs.turn.answering import give_rest, say, tick
from dialogs.turn.commands import command
from state_machines.assessment import Phase, Trigger


def step(session: Session, event: Event, script: Script) -> Reply:
    """The session after an event. What cannot be done changes nothing and is answered kindly."""
    reply = _step(session, event, script=script)
    after = without_stale(reply.session)
    if not _is_same_card(session, after, event=event):
        after = after.next_card(session.card)
    return Reply(after, reply.effects)


def _step(session: Session, event: Event, *, script: Script) -> Reply:
    if session.phase is Phase.ERASED and not isinstance(event, Pressed | Lapsed):
        session = begin(session)
    match event:
        case Began(occasion):
            return _begin(session, occasion, script=script)
        case Pressed():
            return _press(session, event, script=script)
        case Commanded(occasion, "review", words):
            return review(session, words, occasion=occasion, script=script)
        case Commanded(_, name, words):
            return command(session, name, words=words, script=script)
        case Typed():
            return typed(session, script)
        case Noted(_, text):
            return take_note(session, text, script=script)
        case Ignored(_, kind):
            return Reply(session, (Toast(f"ignored-{kind}"),))
        case Lapsed():
            return Reply(session)
    assert_never(event)


def _is_same_card(before: Session, after: Session, *, event: Event) -> bool:
    """Whether a button of the card before may still be pressed: nothing changed, or only ticks of a section card did."""
    if before == after:
        return True
    is_tick = isinstance(event, Pressed) and isinstance(act_of(event.code), Tick)
    return is_tick and before.overlay == after.overlay


def _begin(session: Session, occasion: Occasion, *, script: Script) -> Reply:
    if session.has_case and (session.answers.items or session.place):
        return Reply(session.beneath(Overlay(Kind.AGAIN)))
    return Reply(begin(session))


def _press(session: Session, event: Pressed, *, script: Script) -> Reply:
    if event.card != session.card:
        return Reply(session, (Toast("stale"),))
    now = event.occasion.now
    shown = within_pages(session, script)
    act = pressed(event.code, shown, script=script, now=now)
    if act is None:
        return Reply(session, (Toast("no-button"),))
    reply = _act(shown, act, occasion=event.occasion, script=script)
    after = opened_again(shown, reply.session, occasion=event.occasion)
    after = in_call_order(shown, after, occasion=event.occasion, script=script)
    return Reply(heeded(shown, after, occasion=event.occasion, script=script), reply.effects)


def _dated(after: Session, before: Session, *, occasion: Occasion, script: Script) -> Session:
    """The session with the day on which it was finished, and by when each line is due, once the judgement is given.

    What a line asked once it was done may bring about others, which are due from then.
    """
    if after.phase is Phase.RESULT and before.overlay and before.overlay.kind in (Kind.FOLLOW_UP, Kind.NEWS):
        return with_due(after, script, now=occasion.now)
    if before.phase is not Phase.JUDGEMENT or after.phase is not Phase.RESULT:
        return after
    return with_due(after, script, now=occasion.now, finished=occasion.now.today.isoformat())


def _act(session: Session, act: Act, *, occasion: Occasion, script: Script) -> Reply:
    pack = script.pack
    match act:
        case Say(answer):
            said = _said(session, answer, occasion=occasion, script=script)
            return Reply(said, (Toast("news"),) if is_news(session) else ())
        case Tick(item, option):
            return Reply(tick(session, item, option=option, pack=pack))
        case Rest(option):
            return Reply(give_rest(session, option, pack=pack))
        case Go(trigger):
            return _gone(session, trigger, occasion=occasion, script=script)
        case Page(number):
            return Reply(session.at(str(number)))
        case Change(place):
            return Reply(change(session, place, pack=pack))
        case Open(overlay):
            return Reply(session.beneath(laid_over(overlay, session.overlay)))
        case Close():
            return Reply(session.beneath(session.overlay and session.overlay.under))
        case Copy() | Rehearse() | Administer():
            return Reply(session)
        case Log(line, what):
            return log(session, line, what=what, occasion=occasion, script=script)
        case Noting(deed):
            return decide_note(session, deed)
        case Remind(when):
            return remind(session.beneath(None), when, occasion=occasion, script=script)
        case Fetch(kind):
            return fetch(session, kind)
    assert_never(act)


def _said(session: Session, answer: str, *, occasion: Occasion, script: Script) -> Session:
    """Return the session with the answer: to a question of the form, or to what has changed since the result."""
    pack = script.pack
    said = (
        say_news(session, answer, occasion=occasion, pack=pack) if is_news(session) else say(session, answer, pack=pack)
    )
    return _dated(said, session, occasion=occasion, script=script)


def _gone(session: Session, trigger: Trigger, *, occasion: Occasion, script: Script) -> Reply:
    """The phase moves; who puts a call off is reminded of it, and who comes back is stopped again while it is due."""
    reply = move(session, trigger, occasion=occasion, pack=script.pack)
    if trigger is Trigger.PAUSE and is_stopped(session):
        return finished_later(session, reply, occasion=occasion, script=script)
    if trigger is Trigger.RESUME and reply.session.phase is not Phase.RESULT:
        return Reply(stopped_again(reply.session, script.pack))
    return reply
