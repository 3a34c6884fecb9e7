"""Taking an answer: what is stored, where it leads, and what has to be said at once because of it."""

from dataclasses import replace

from dialogs.moves import onward
from dialogs.overlays import Kind, Overlay
from dialogs.path import section_at
from dialogs.questions import OUTSIDE
from dialogs.recording import say_recorded
from dialogs.session import Session
from seraf.findings import alert_for, is_enough_to_call
from seraf.instrument import Instrument
from state_machines.assessment import Phase


def say(session: Session, answer: str, instrument: Instrument) -> Session:
    """The session after the question or item at its place was answered; at a result, whether it is recorded."""
    if session.phase is Phase.RESULT:
        return say_recorded(session, answer)
    place = session.place
    if session.phase is Phase.ITEMS:
        given = replace(session, responses=session.responses.give(place, answer))
        return _speak_up(session, onward(given, instrument), place, instrument)
    if OUTSIDE.get(place) == answer:
        return onward(replace(session, answers=session.answers.drop(place)), instrument, is_outside=True)
    given = replace(session, answers=session.answers.give(place, answer))
    return _speak_up(session, onward(given, instrument), place, instrument)


def tick(session: Session, item_id: str, option: str | None, instrument: Instrument) -> Session:
    """The session with one item of a section card ticked (`option`) or not (None); the card stays."""
    responses = session.responses.give(item_id, option) if option else session.responses.drop(item_id)
    return _speak_up(session, replace(session, responses=responses), item_id, instrument)


def give_rest(session: Session, option: str, instrument: Instrument) -> Session:
    """The session after every item of the section that is not ticked was given one option."""
    section = section_at(session.place, instrument)
    assert section is not None, "only a section card offers the rest"
    ticks = {each.id for each in section.options if each.is_present}
    responses = session.responses
    for item in instrument.of_section(section.id):
        if responses.get(item.id) not in ticks:
            responses = responses.give(item.id, option)
    return onward(replace(session, responses=responses), instrument)


def _speak_up(before: Session, after: Session, place: str, instrument: Instrument) -> Session:
    """The session with what cannot wait laid over it: danger, a disclosure, an alert, or that there is enough to call."""
    overlay = _overlay(before, after, place, instrument)
    is_enough = is_enough_to_call(instrument, after.case())
    if overlay is None and is_enough and not after.is_told_enough:
        overlay = Overlay(Kind.ENOUGH)
    return replace(after, overlay=overlay, is_told_enough=after.is_told_enough or is_enough)


def _overlay(before: Session, after: Session, place: str, instrument: Instrument) -> Overlay | None:
    if place == "danger" and after.answers.get(place) == "yes":
        return Overlay(Kind.DANGER)
    if place == "told_or_seen" and after.answers.get(place) == "yes":
        return Overlay(Kind.TOLD)
    if place not in instrument or before.responses.get(place) == after.responses.get(place):
        return None
    alert = alert_for(instrument, after.case(), place)
    return Overlay(Kind.ALERT, alert.id) if alert else None
