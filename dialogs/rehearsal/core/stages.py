"""Getting from stage to stage of a rehearsal: the table says which comes next, and here is what goes along with it."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Literal, assert_never

from dialogs.core.acts import Kind, Overlay, Rehearse
from dialogs.core.events import Occasion
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import begin, move
from dialogs.rehearsal.core.practice import MEASURED, Practice, case_of, is_measured, left, measured_case, next_case
from dialogs.rehearsal.core.rooms import LENGTH, Beside, Counts, Door, Ended, Room, Tickets
from seraf.cases.vignette import FirstCall
from seraf.form.responses import NOTHING, Responses
from seraf.pack import Pack
from seraf.rehearsal.critical_actions import answered_case
from seraf.rehearsal.debrief import Debrief, debrief
from seraf.rehearsal.progress import Mode, Rehearsed, add
from state_machines.assessment import Phase, Trigger
from state_machines.rehearsal import REHEARSAL, Stage, Together, Turn, TurnFacts


def at_the_menu(practice: Practice, session: Session) -> Practice:
    """The rehearsal at its menu; of the real session only what is remembered of the person goes along."""
    alone = left(practice)
    return replace(alone, stage=_led(alone, Turn.OPEN), session=begin(session))


def beginning(practice: Practice, session: Session, *, together: Together) -> Practice:
    """The rehearsal at the list of cases for a room or a pair."""
    menu = at_the_menu(practice, session)
    return replace(menu, stage=_led(menu, Turn.TOGETHER), page=1, together=together)


def joining(practice: Practice, session: Session, *, room: Room) -> Practice:
    """The rehearsal at what a room or a pair is, before anything is joined."""
    alone = left(practice)
    joined = replace(alone, stage=_led(alone, Turn.JOIN), session=begin(session), together=room.together)
    return replace(joined, mode=Mode(room.together), case=room.case, room=room.code)


def taking_part(practice: Practice, after: Practice, *, occasion: Occasion) -> Practice:
    """The rehearsal of somebody who opens a room or a pair, or takes a seat in one."""
    if practice.room:
        return replace(after, page=1, seat=occasion.code)
    seat = occasion.code if practice.together is Together.PAIR else ""
    mode = Mode(practice.together or Mode.TEST)
    return replace(after, page=1, mode=mode, room=occasion.code[:LENGTH], seat=seat)


def away(practice: Practice) -> Practice:
    """The rehearsal at the question whether to leave it, with nothing laid over it."""
    if practice.stage is Stage.LEAVING:
        return practice
    session = practice.session and replace(practice.session, overlay=None)
    return replace(practice, stage=_led(practice, Turn.AWAY), came_from=practice.stage, session=session)


def urgent(practice: Practice) -> Practice:
    """The rehearsal with whom to call laid over it."""
    session = practice.session and replace(practice.session, overlay=Overlay(Kind.URGENT))
    return replace(practice, session=session)


def acted(practice: Practice, act: Rehearse, *, occasion: Occasion, script: Script) -> Practice:
    """The rehearsal after one of its own buttons. A button is offered only where its turn leads somewhere."""
    after = replace(practice, stage=_led(practice, act.turn))
    match act.turn:
        case Turn.LEAVE:
            return left(practice) if after.stage is Stage.IDLE else away(practice)
        case Turn.PICK:
            return _still_together(practice, picked(after, act.about, occasion=occasion, pack=script.pack))
        case Turn.TELL:
            return replace(after, page=1, mode=Mode(act.about) if act.about else practice.mode)
        case Turn.PAGE:
            return replace(after, page=int(act.about))
        case Turn.BACK:
            return _back(practice, after)
        case Turn.HOST | Turn.AGREE | Turn.TOGETHER | Turn.RELEASE | Turn.SCREEN | Turn.FREE | Turn.DOOR | Turn.TICKETS:
            return _with_others(practice, after, turn=act.turn, about=act.about, occasion=occasion)
        case Turn.ASK:
            return replace(after, session=_begun(practice.session, occasion, pack=script.pack))
        case Turn.CALL:
            return _named(after, FirstCall(act.about))
        case Turn.REPORT if after.stage is Stage.REPORT:
            return in_the_course(replace(after, page=1), occasion.now.today, pack=script.pack)
        case Turn.GO_ON | Turn.DRAW:
            return after
        # Elsewhere the table leads, and there a stage begins at its first page.
        case Turn.OPEN | Turn.LIST | Turn.COURSE | Turn.ANSWER | Turn.JUDGE | Turn.REPORT:
            return replace(after, page=1)
        case Turn.JOIN | Turn.COMPARE | Turn.PAPERS | Turn.SEATS | Turn.END | Turn.CLOSE | Turn.AWAY:
            return replace(after, page=1)
    assert_never(act.turn)


SettingTurn = Literal[Turn.SCREEN, Turn.FREE, Turn.DOOR, Turn.TICKETS]
"""The turns by which the host of a room sets something in it."""

SharedTurn = Literal[Turn.HOST, Turn.AGREE, Turn.TOGETHER, Turn.RELEASE] | SettingTurn
"""The turns that begin, hold or end something in a room or a pair."""


def _with_others(practice: Practice, after: Practice, *, turn: SharedTurn, about: str, occasion: Occasion) -> Practice:
    match turn:
        case Turn.HOST | Turn.AGREE:
            return taking_part(practice, after, occasion=occasion)
        case Turn.TOGETHER:
            return replace(after, page=1, together=Together(about))
        case Turn.RELEASE:
            return replace(after, room="")
        case Turn.SCREEN | Turn.FREE | Turn.DOOR | Turn.TICKETS:
            return _with_room_set(after, turn, about=about, secret=occasion.code)
    assert_never(turn)


def _still_together(practice: Practice, fresh: Practice) -> Practice:
    """The rehearsal of a case that was picked: out of the list it is for the same room or pair."""
    return replace(fresh, together=practice.together) if practice.stage is Stage.LIST else fresh


def _with_room_set(practice: Practice, turn: SettingTurn, *, about: str, secret: str) -> Practice:
    """The rehearsal of the host of a room, with what is to be set there by this turn."""
    seen = practice.seen if isinstance(practice.seen, Counts) else Counts()
    match turn:
        case Turn.SCREEN:
            return replace(practice, seen=replace(seen, screen=secret))
        case Turn.FREE:
            return replace(practice, seen=replace(seen, frees=about))
        case Turn.DOOR:
            return replace(practice, seen=replace(seen, door=Door(about)))
        case Turn.TICKETS:
            before = seen.tickets or Tickets(secret, 0)
            made = Tickets(before.secret, max(before.count, int(about)))
            return replace(practice, seen=replace(seen, door=Door.LINKS, tickets=made))
    assert_never(turn)


def _named(practice: Practice, call: FirstCall) -> Practice:
    """The rehearsal with its first call named: what was answered by then is compared, whatever is changed later."""
    answered = Responses.of(practice.session.answers.by_place) if practice.session else NOTHING
    return replace(practice, first_call=call, answered=answered)


def picked(practice: Practice, name: str, *, occasion: Occasion, pack: Pack) -> Practice:
    """The rehearsal of another made-up case with nothing answered: of that name, made to measure, or else the next one."""
    case = measured_case(practice.course, pack, seed=_seed(occasion)) if name == MEASURED else name
    fresh = practice.session and begin(practice.session)
    return replace(left(practice), stage=Stage.CHOSEN, case=case or next_case(practice.course, pack), session=fresh)


def after_answer(practice: Practice, before: Session, *, pack: Pack) -> Practice:
    """The rehearsal after something was answered in its SERAF: the key is shown, the first call asked, or it just goes on."""
    session, place = practice.session, before.place
    if session is None or not _was_answered(before, session):
        return practice
    if before.phase is Phase.JUDGEMENT:
        is_asked = session.phase is Phase.RESULT and practice.first_call is None
        return replace(practice, stage=_led(practice, Turn.JUDGE)) if is_asked else practice
    if practice.mode is Mode.PRACTICE and case_of(practice, pack).key.of(place):
        return replace(practice, stage=_led(practice, Turn.ANSWER), asked=place)
    return practice


def debriefed(practice: Practice, pack: Pack) -> Debrief:
    """What was answered when the first call was named, compared with the key."""
    assert practice.session is not None, "only what is rehearsed has a debrief"
    given = dict(practice.answered) or practice.session.answers.by_place
    case = answered_case(pack.instrument, given)
    return debrief(pack, case_of(practice, pack).key, case=case, first_call=practice.first_call)


def in_the_course(practice: Practice, today: date, *, pack: Pack) -> Practice:
    """The rehearsal in the person's own course, where it goes once."""
    if practice.is_counted:
        return practice
    found = debriefed(practice, pack)
    made = Rehearsed(
        day=today.isoformat(),
        vignette=practice.case,
        mode=Mode.EDGES if is_measured(practice.case) else practice.mode,
        slips=found.slips,
        asked=found.asked,
        agreed=found.agreed,
        of=found.of,
        missed=found.missed,
        met=found.met,
    )
    return replace(practice, is_counted=True, course=add(practice.course, made))


def standing(practice: Practice) -> TurnFacts:
    """What the guards of the table ask."""
    return TurnFacts(
        has_begun=practice.session is not None and practice.session.has_case,
        is_practice=practice.mode is Mode.PRACTICE,
        is_first_page=practice.page == 1,
        came_from=practice.came_from,
        together=practice.together,
        is_joined=isinstance(practice.seen, Beside) and practice.seen.is_here,
        is_paired=practice.together is Together.PAIR and practice.first_call is not None,
        is_bound=practice.is_bound,
        awaits_call=practice.awaits_call,
        is_held=practice.is_held,
        loses=practice.loses,
        room=Stage.ROOM_REPORT if isinstance(practice.seen, Ended) else Stage.ROOM if practice.room else None,
    )


def _back(practice: Practice, after: Practice) -> Practice:
    if after.stage is practice.stage:
        return replace(after, page=practice.page - 1)
    return replace(after, page=1, together=None if after.stage is Stage.MENU else practice.together)


def _led(practice: Practice, turn: Turn) -> Stage:
    stage = REHEARSAL.advance(practice.stage, turn, facts=standing(practice))
    assert stage is not None, "a button is offered only where its turn leads somewhere"
    return Stage(stage)


def _begun(session: Session | None, occasion: Occasion, *, pack: Pack) -> Session | None:
    if session is None or session.has_case:
        return session
    return move(session, Trigger.START, occasion=occasion, pack=pack).session


def _was_answered(before: Session, after: Session) -> bool:
    """Whether the place of the session before was answered just now, and not only left."""
    if before.phase is Phase.RESULT:
        return False
    given = after.answers.items if before.phase is Phase.ITEMS else after.answers
    return given.get(before.place) is not None and after.place != before.place


def _seed(occasion: Occasion) -> int:
    """A seed from what the occasion brought along, so that the same turn always draws the same."""
    return int.from_bytes(hashlib.sha256(f"{occasion.reference} {occasion.now.at}".encode()).digest()[:4])
