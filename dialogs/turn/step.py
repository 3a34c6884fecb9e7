"""A turn: from a session and an event, it computes the session after it and the effects. It is pure and can be replayed."""

from dataclasses import replace
from typing import assert_never

from dialogs.asking import put_first
from dialogs.cards.show import pressed, within_pages
from dialogs.core import acts
from dialogs.core.acts import Act, Kind, Overlay, act_of
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, LookedUp, Noted, Occasion, Pressed, Typed
from dialogs.core.replies import Reply, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import CARDS, OUTSIDE, begin, change, given_at, move, onward, with_answer, with_rest
from dialogs.form.reasons import ask_at_once, is_stopped, say_reason, speak_up, stopped_again
from dialogs.notes.noting import decide_note, take_note, without_stale
from dialogs.result.actions import with_due
from dialogs.result.call_taps import log, opened_again, say_decided, say_news
from dialogs.result.result_pages import say_recorded
from dialogs.result.stop_card import finished_later, heeded, in_call_order
from dialogs.review.reviewing import remind, review
from dialogs.summary.carried import fetch
from dialogs.turn.commands import command
from state_machines.assessment import Phase, Trigger


def step(session: Session, event: Event, script: Script) -> Reply:
    """Return the reply to an event. If it is impossible now, the session stays unchanged, and a toast says so."""
    begun = session
    if session.phase is Phase.ERASED and not isinstance(event, Pressed | Lapsed):
        session = begin(session)
    match event:
        case Began():
            is_under_way = session.has_case and (session.answers.items or session.place)
            reply = Reply(session.beneath(Overlay(Kind.AGAIN)) if is_under_way else begin(session))
        case Pressed(occasion):
            shown = within_pages(session, script)
            act = pressed(event.code, shown, script=script, now=occasion.now) if event.card == session.card else None
            if act is None:
                return Reply(session, (Toast("stale" if event.card != session.card else "no-button"),))
            reply = _act(shown, act, occasion=occasion, script=script)
            after = reply.session
            if after.result.log:  # a call may have been made
                after = opened_again(shown, after, occasion=occasion)
            if shown.overlay or after.overlay:  # a stop card may have come or gone
                after = in_call_order(shown, after, occasion=occasion, script=script)
                after = heeded(shown, after, occasion=occasion, script=script)
            reply = Reply(after, reply.effects)
        case Commanded(occasion, "review", words):
            reply = review(session, words, occasion=occasion, script=script)
        case Commanded(_, name):
            reply = command(session, name)
        case Typed():
            reply = Reply(session, (Toast("typed"),))
        case Noted():
            reply = take_note(session, event, script=script)
        case LookedUp(_, about):
            reply = Reply(session.opened(Overlay(Kind.ASK, about)))
        case Ignored(_, kind):
            reply = Reply(session, (Toast(f"ignored-{kind}"),))
        case Lapsed():
            reply = Reply(session)
        case _:
            assert_never(event)
    after = without_stale(reply.session)
    # Buttons of the previous card stay valid if nothing changed, or only ticks on a card of ticks.
    is_tick = isinstance(event, Pressed) and isinstance(act_of(event.code), acts.Tick)
    if begun != after and not (is_tick and begun.overlay == after.overlay):
        after = after.next_card(begun.card)
    return Reply(after, reply.effects)


def _act(session: Session, act: Act, *, occasion: Occasion, script: Script) -> Reply:
    pack = script.pack
    match act:
        case acts.Say(answer):
            if session.overlay and session.overlay.kind is Kind.NEWS:
                after = with_due(say_news(session, answer, occasion=occasion, pack=pack), script, now=occasion.now)
                return Reply(after, (Toast("news"),))
            return Reply(_answered(session, answer, occasion=occasion, script=script))
        case acts.Tick(item, option):
            responses = session.answers.items if item in pack.instrument else session.answers.around
            responses = responses.give(item, option) if option else responses.drop(item)
            ticked = session.responding(responses) if item in pack.instrument else session.answered(responses)
            # A person who ticks several is asked again only once, when they leave the card.
            return Reply(speak_up(ticked, pack, is_again=False))
        case acts.Rest(option):
            given = with_rest(session, option, pack=pack)
            # A tick that was looked at again and left unchanged still leads to its question before the form continues.
            return Reply(speak_up(given, pack) if session.place in CARDS else ask_at_once(given, pack))
        case acts.Given():
            filled = given_at(act, session, pack)
            if filled is None:
                return Reply(session, (Toast("rest-missing"),))
            is_here = (filled.phase, filled.place) == (session.phase, session.place)
            return Reply(speak_up(filled, pack), (Toast("more-boxes"),) if is_here else ())
        case acts.Go(trigger):
            reply = move(session, trigger, occasion=occasion, pack=script.pack)
            if trigger is Trigger.PAUSE and is_stopped(session):
                return finished_later(session, reply, occasion=occasion, script=script)
            if trigger is Trigger.RESUME and reply.session.phase is not Phase.RESULT:
                return Reply(stopped_again(reply.session, script.pack))
            return reply
        case acts.Page(number):
            return Reply(session.at(str(number)))
        case acts.Change(place):
            return Reply(change(session, place, pack=pack))
        case acts.Open(overlay):
            return Reply(session.opened(overlay))
        case acts.Close():
            return Reply(session.beneath(session.overlay and session.overlay.under))
        case acts.PutFirst():
            return Reply(put_first(session, occasion=occasion, script=script))
        case acts.Copy() | acts.Rehearse() | acts.Administer() | acts.ToCases() | acts.OpenCase() | acts.Share():
            return Reply(session)
        case acts.Log(line, what):
            return log(session, line, what=what, occasion=occasion, script=script)
        case acts.Noting(deed):
            return decide_note(session, deed, script=script)
        case acts.Remind(when):
            return remind(session.beneath(None), when, occasion=occasion, script=script)
        case acts.Fetch(kind):
            return fetch(session, kind)
    assert_never(act)


def _answered(session: Session, answer: str, *, occasion: Occasion, script: Script) -> Session:
    """Return the session after an answer to the question or item at its place, or to that of its overlay.

    If something cannot wait, such as the stop card, it becomes the overlay.
    """
    pack, place, overlay = script.pack, session.place, session.overlay
    if overlay and overlay.kind is Kind.FOLLOW_UP:
        if session.phase is Phase.RESULT:
            # A decision at a line may lead to other lines, which are due from now.
            return with_due(say_decided(session, overlay.about, answer=answer), script, now=occasion.now)
        after = with_answer(session, overlay.about, answer=answer, pack=pack).beneath(None)
    elif overlay and overlay.kind is Kind.REASONS:
        return say_reason(session, overlay.about, answer=answer, pack=pack)
    elif session.phase is Phase.RESULT:
        return say_recorded(session, answer)
    elif session.phase is Phase.ITEMS:
        after = onward(session.responding(session.answers.items.give(place, answer)), pack)
    elif OUTSIDE.get(place) == answer:
        return onward(replace(session, answers=session.answers.drop(place)), pack, is_outside=True)
    else:
        after = onward(with_answer(session, place, answer=answer, pack=pack), pack)
    if after.phase is not Phase.RESULT:
        return speak_up(after, pack)
    return with_due(after, script, now=occasion.now, finished=occasion.now.today.isoformat())
