"""Getting from place to place: the table says which phase comes next, the path says which place in it."""

from dataclasses import replace
from typing import assert_never

from dialogs.core.events import Occasion
from dialogs.core.replies import Reply, Toast, Wipe
from dialogs.core.session import Session, fresh, profile_of
from dialogs.form.path import CHECKED_A_PAGE, checked, left_to_ask, phase_of, places, places_ahead
from seraf.form.responses import Responses
from seraf.pack import Pack
from seraf.what_if.finding_out import order_to_ask
from state_machines.assessment import ASKING, TABLE, Facts, Phase, Trigger


def begin(session: Session) -> Session:
    """The welcome, with nothing begun and only the person's own profile remembered."""
    return fresh(session.card, profile_of(session))


def move(session: Session, trigger: Trigger, *, occasion: Occasion, pack: Pack) -> Reply:
    """What a trigger does. A key is offered only where its trigger leads somewhere."""
    phase = _advance(session, trigger, pack=pack)
    match trigger:
        case Trigger.START:
            return Reply(_start(session, occasion, pack=pack))
        case Trigger.ERASE:
            return Reply(replace(begin(session), phase=phase), (Wipe(), Toast("erased")))
        case Trigger.PAUSE:
            return Reply(
                replace(session, phase=phase, overlay=None, detour=replace(session.detour, paused_in=session.phase))
            )
        case Trigger.RESUME:
            return Reply(replace(session, phase=phase, overlay=None, detour=replace(session.detour, paused_in=None)))
        case Trigger.REOPEN:
            asked = order_to_ask(session.view(pack.instrument))
            return Reply(replace(session, detour=replace(session.detour, reopened=asked)).moved(phase, asked[0]))
        case Trigger.BACK:
            return Reply(_back(session, phase, pack=pack))
        case Trigger.FINISH if phase is Phase.CLOSING:
            return Reply(session.moved(phase, left_to_ask(session, pack)[0]))
        case Trigger.FINISH | Trigger.ANSWER | Trigger.CHANGE | Trigger.PAGE | Trigger.CONFIRM | Trigger.REVISE:
            return Reply(
                to_check(session, "")
                if phase is Phase.CHECK
                else session.moved(phase, _first(session, phase, pack=pack))
            )
    assert_never(trigger)


def onward(session: Session, pack: Pack, *, is_outside: bool = False) -> Session:
    """The session after the question at its place was answered."""
    phase = _advance(session, Trigger.ANSWER, pack=pack, is_outside=is_outside)
    if phase is Phase.ELSEWHERE:
        return session.moved(phase, session.place)
    if phase is Phase.CHECK:
        return to_check(session, session.place if session.detour.is_changing else "", pack=pack)
    if phase is session.phase:
        return session.at(places_ahead(session, pack)[0])
    if phase is Phase.CLOSING and session.detour.reopened:
        return session.moved(phase, left_to_ask(session, pack)[0])
    return session.moved(phase, _first(session, phase, pack=pack))


def to_check(session: Session, place: str, *, pack: Pack | None = None) -> Session:
    """The check page that lists the place, or its first page where there is none to show."""
    listed = checked(session, pack) if pack else ()
    page = listed.index(place) // CHECKED_A_PAGE + 1 if place in listed else 1
    return replace(
        session.moved(Phase.CHECK, str(page)),
        detour=replace(session.detour, is_changing=False, reopened=()),
    )


def change(session: Session, place: str, *, pack: Pack) -> Session:
    """The session at the place of one response, with the check page waiting for it."""
    phase = _led(session, Trigger.CHANGE, facts=Facts(target=phase_of(place, pack.instrument)))
    return replace(session.moved(phase, place), detour=replace(session.detour, is_changing=True))


def _start(session: Session, occasion: Occasion, *, pack: Pack) -> Session:
    if not session.has_case:
        session = replace(session, reference=occasion.reference, fingerprint=pack.instrument.fingerprint)
    first, *others = places(session, pack, phase=Phase.OPENING)
    return session.moved(Phase.OPENING, others[0] if session.answers.get(first) else first)


def _back(session: Session, phase: Phase, *, pack: Pack) -> Session:
    if phase is session.phase:
        if phase in ASKING:
            return session.at(_place_before(session, pack))
        return session.at(str(int(session.place) - 1))
    if phase is Phase.CHECK:
        return to_check(session, session.place if session.detour.is_changing else "", pack=pack)
    if phase is Phase.WELCOME:
        return session.moved(phase, "")
    if session.phase is Phase.ELSEWHERE:
        return session.moved(phase, session.place)
    return session.moved(phase, places(session, pack, phase=phase)[-1])


def _advance(session: Session, trigger: Trigger, *, pack: Pack, is_outside: bool = False) -> Phase:
    path = places(session, pack, phase=session.phase)
    facts = Facts(
        is_first=session.place == path[0],
        is_last=session.place in path and not places_ahead(session, pack),
        is_changing=session.detour.is_changing,
        is_outside=is_outside,
        is_settled=_is_settled(session, trigger, pack=pack),
        is_reopened=bool(session.detour.reopened),
        target=session.detour.paused_in,
    )
    return _led(session, trigger, facts=facts)


def _is_settled(session: Session, trigger: Trigger, *, pack: Pack) -> bool:
    """Whether nothing has to be asked any more of somebody who finishes, or who answered what was not known."""
    return (trigger is Trigger.FINISH or bool(session.detour.reopened)) and not left_to_ask(session, pack)


def _led(session: Session, trigger: Trigger, *, facts: Facts) -> Phase:
    phase = TABLE.advance(session.phase, trigger, facts=facts)
    assert phase is not None, "a key is offered only where its trigger leads somewhere"
    return Phase(phase)


def _place_before(session: Session, pack: Pack) -> str:
    """Return the place before this one on the path; the first where this one is not on it."""
    path = places(session, pack, phase=session.phase)
    index = path.index(session.place) if session.place in path else 0
    return path[max(index - 1, 0)]


def _first(session: Session, phase: Phase, *, pack: Pack) -> str:
    return places(session, pack, phase=phase)[0]


def with_answer(session: Session, question: str, *, answer: str, pack: Pack) -> Session:
    """Return the session with the answer; of a question that may be put again also with what the answer was given for.

    What was answered to a question that this one alone had brought about falls, where it brings it about no more.
    """
    beside = session.view(pack.instrument).noted(pack.guidance, question)
    for each in pack.guidance.no_longer_asked(question, answer):
        session = replace(session, answers=session.answers.drop(each))
    if not beside:
        return session.giving(question, answer)
    return session.answered(Responses.of({**dict(session.answers.around), question: answer, **beside}))
