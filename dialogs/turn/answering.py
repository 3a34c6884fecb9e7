"""Taking an answer: what is stored, where it leads, and what has to be said at once because of it."""

from dataclasses import replace

from dialogs.core.overlays import Kind
from dialogs.core.session import Session
from dialogs.form.at_once import ask_at_once, speak_up
from dialogs.form.moves import onward, with_answer
from dialogs.form.path import is_place_answered, on_card, section_at
from dialogs.form.questions import CARDS, OUTSIDE, PREPARE
from dialogs.form.reasons import say_reason
from dialogs.result.call_taps import say_decided
from dialogs.result.in_the_record import say_recorded
from seraf.form.responses import Responses
from seraf.form.vocabulary import NOT_KNOWN
from seraf.pack import Pack
from state_machines.assessment import Phase


def say(session: Session, answer: str, *, pack: Pack) -> Session:
    """The session after the question or item at its place was answered; at a result, whether it is recorded.

    A question that was put at once lies over the card, and is answered where it lies.
    """
    if session.overlay and session.overlay.kind is Kind.FOLLOW_UP:
        if session.phase is Phase.RESULT:
            return say_decided(session, session.overlay.about, answer=answer)
        given = with_answer(session, session.overlay.about, answer=answer, pack=pack).beneath(None)
        return speak_up(given, pack)
    if session.overlay and session.overlay.kind is Kind.REASONS:
        return say_reason(session, session.overlay.about, answer=answer, pack=pack)
    if session.phase is Phase.RESULT:
        return say_recorded(session, answer)
    place = session.place
    if session.phase is Phase.ITEMS:
        given = session.responding(session.answers.items.give(place, answer))
        return _spoken(onward(given, pack), pack)
    if OUTSIDE.get(place) == answer:
        return onward(replace(session, answers=session.answers.drop(place)), pack, is_outside=True)
    return _spoken(onward(with_answer(session, place, answer=answer, pack=pack), pack), pack)


def _spoken(after: Session, pack: Pack) -> Session:
    """Return the session with what cannot wait, unless it is finished: a result says all of it."""
    return after if after.phase is Phase.RESULT else speak_up(after, pack)


def tick(session: Session, ticked: str, *, option: str | None, pack: Pack) -> Session:
    """The session with one item of a section card, or one circumstance, ticked (`option`) or not (None); the card stays."""
    if ticked in pack.instrument:
        after = session.responding(_given(session.answers.items, ticked, option=option))
    else:
        after = session.answered(_given(session.answers.around, ticked, option=option))
    # Who ticks several is asked again once, when they leave the card.
    return speak_up(after, pack, is_again=False)


def give_rest(session: Session, option: str, *, pack: Pack) -> Session:
    """The session after everything of the card that is not ticked was given one option."""
    place = session.place
    if place in CARDS:
        return _spoken(onward(_rest_of_circumstances(session, option, pack=pack), pack), pack)
    section = section_at(place, pack.instrument)
    assert section is not None, "only a card of ticks offers the rest"
    ticks = {each.id for each in section.options if each.is_present}
    given = dict(session.answers.items)
    # Before a call the items that were answered one by one stay as they were; whoever comes back to the card puts them right.
    is_first = session.answers.get("how") == PREPARE and not is_place_answered(place, session, pack=pack)
    keeps = set(given) if is_first else set()
    of_section = [item.id for item in pack.instrument.of_section(section.id)]
    left = (item_id for item_id in of_section if given.get(item_id) not in ticks and item_id not in keeps)
    responses = Responses.of({**given, **dict.fromkeys(left, option)})
    # A tick that was gone back to and left as it is still brings its question, before anybody goes on.
    return ask_at_once(onward(session.responding(responses), pack), pack)


def _given(responses: Responses, place: str, *, option: str | None) -> Responses:
    return responses.give(place, option) if option else responses.drop(place)


def _rest_of_circumstances(session: Session, option: str, *, pack: Pack) -> Session:
    """The session with every circumstance of the card that is not ticked answered; No gives each its own word for it."""
    answers = dict(session.answers.around)
    for each in on_card(session.place, session, pack=pack):
        if answers.get(each.id) not in [tick.answer for tick in each.ticks]:
            answers[each.id] = NOT_KNOWN if option == NOT_KNOWN else each.rest
    return session.answered(Responses.of(answers))
