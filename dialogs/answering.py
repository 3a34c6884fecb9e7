"""Taking an answer: what is stored, where it leads, and what has to be said at once because of it."""

from dataclasses import replace

from dialogs.moves import onward
from dialogs.overlays import Kind, Overlay
from dialogs.path import asked_circumstances, section_at
from dialogs.questions import CIRCUMSTANCES, OUTSIDE
from dialogs.recording import say_recorded
from dialogs.session import Session
from seraf.findings import alert_for, is_enough_to_call
from seraf.pack import Pack
from seraf.responses import Responses
from seraf.vocabulary import NOT_KNOWN
from state_machines.assessment import Phase


def say(session: Session, answer: str, pack: Pack) -> Session:
    """The session after the question or item at its place was answered; at a result, whether it is recorded."""
    if session.phase is Phase.RESULT:
        return say_recorded(session, answer)
    place = session.place
    if session.phase is Phase.ITEMS:
        given = replace(session, responses=session.responses.give(place, answer))
        return _speak_up(session, onward(given, pack), place, pack)
    if OUTSIDE.get(place) == answer:
        return onward(replace(session, answers=session.answers.drop(place)), pack, is_outside=True)
    given = replace(session, answers=session.answers.give(place, answer))
    return _speak_up(session, onward(given, pack), place, pack)


def tick(session: Session, ticked: str, option: str | None, pack: Pack) -> Session:
    """The session with one item of a section card, or one circumstance, ticked (`option`) or not (None); the card stays."""
    if ticked in pack.instrument:
        after = replace(session, responses=_given(session.responses, ticked, option))
    else:
        after = replace(session, answers=_given(session.answers, ticked, option))
    return _speak_up(session, after, ticked, pack)


def give_rest(session: Session, option: str, pack: Pack) -> Session:
    """The session after everything of the card that is not ticked was given one option."""
    if session.place == CIRCUMSTANCES:
        return onward(_rest_of_circumstances(session, option, pack), pack)
    section = section_at(session.place, pack.instrument)
    assert section is not None, "only a card of ticks offers the rest"
    ticks = {each.id for each in section.options if each.is_present}
    responses = session.responses
    for item in pack.instrument.of_section(section.id):
        if responses.get(item.id) not in ticks:
            responses = responses.give(item.id, option)
    return onward(replace(session, responses=responses), pack)


def _given(responses: Responses, place: str, option: str | None) -> Responses:
    return responses.give(place, option) if option else responses.drop(place)


def _rest_of_circumstances(session: Session, option: str, pack: Pack) -> Session:
    """The session with every circumstance of the card that is not ticked answered; No gives each its own word for it."""
    answers = session.answers
    for each in asked_circumstances(session, pack):
        if answers.get(each.id) not in {tick.answer for tick in each.ticks}:
            answers = answers.give(each.id, NOT_KNOWN if option == NOT_KNOWN else each.rest)
    return replace(session, answers=answers)


def _speak_up(before: Session, after: Session, place: str, pack: Pack) -> Session:
    """The session with what cannot wait laid over it: danger, a disclosure, an alert, or that there is enough to call."""
    overlay = _overlay(before, after, place, pack)
    is_enough = is_enough_to_call(pack.instrument, after.case())
    if overlay is None and is_enough and not after.is_told_enough:
        overlay = Overlay(Kind.ENOUGH)
    return replace(after, overlay=overlay, is_told_enough=after.is_told_enough or is_enough)


def _overlay(before: Session, after: Session, place: str, pack: Pack) -> Overlay | None:
    given = after.answers.get(place)
    if place == "told_or_seen" and given == "yes":
        return Overlay(Kind.TOLD)
    if (place == "danger" and given == "yes") or (
        _is_urgent(place, given, pack) and before.answers.get(place) != given
    ):
        return Overlay(Kind.DANGER)
    if place not in pack.instrument or before.responses.get(place) == after.responses.get(place):
        return None
    alert = alert_for(pack.instrument, after.case(), place)
    return Overlay(Kind.ALERT, alert.id) if alert else None


def _is_urgent(place: str, given: str | None, pack: Pack) -> bool:
    circumstance = pack.guidance.circumstance(place)
    return circumstance is not None and circumstance.is_urgent and given == circumstance.ticks[0].answer
