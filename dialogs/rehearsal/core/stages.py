"""The changes of stage in a rehearsal. The state machine gives the next stage; this module changes everything else in the state."""

from dataclasses import replace
from datetime import date
from typing import assert_never

from dialogs.core.acts import Kind, Overlay, Rehearse
from dialogs.core.events import Occasion
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import begin, move, to_check
from dialogs.rehearsal.core.drilling import drawn_set, drilled
from dialogs.rehearsal.core.practice import Practice, case_of, is_unfolding, left, next_case
from dialogs.rehearsal.core.rooms import LENGTH, Beside, Counts, Door, Ended, Room, Tickets
from seraf.cases.vignette import FirstCall
from seraf.form.responses import NOTHING, Responses
from seraf.form.vocabulary import NOT_KNOWN
from seraf.pack import Pack
from seraf.rehearsal.critical_actions import answered_case
from seraf.rehearsal.debrief import Debrief, debrief
from seraf.rehearsal.progress import Mode, Rehearsed, add
from seraf.rehearsal.unfolding import StageDebrief, debriefed_stages, parts_read, way_of
from state_machines.assessment import Phase, Trigger
from state_machines.rehearsal import REHEARSAL, Stage, Together, Turn, TurnFacts


def at_the_menu(practice: Practice, session: Session) -> Practice:
    """Return a new rehearsal at its first card. Of the real session, it has only the answers about the person."""
    alone = left(practice)
    return replace(alone, stage=_led(alone, Turn.OPEN), session=begin(session))


def beginning(practice: Practice, session: Session, *, together: Together) -> Practice:
    """Return a new rehearsal at the list of cases, from which the host of a room or pair picks one."""
    menu = at_the_menu(practice, session)
    return replace(menu, stage=_led(menu, Turn.TOGETHER), page=1, together=together)


def joining(practice: Practice, session: Session, *, room: Room) -> Practice:
    """Return a rehearsal at the card that describes the room or pair, before the person agrees to join it."""
    alone = left(practice)
    together, membership = room.together, replace(alone.membership, room=room.code)
    joined = replace(alone, together=together, mode=Mode(together), case=room.case, membership=membership)
    return replace(joined, stage=_led(alone, Turn.JOIN), session=begin(session))


def away(practice: Practice) -> Practice:
    """Return the rehearsal at the question whether to leave it, without an overlay."""
    if practice.stage is Stage.LEAVING:
        return practice
    session = practice.session and replace(practice.session, overlay=None)
    return replace(practice, stage=_led(practice, Turn.AWAY), came_from=practice.stage, session=session)


def urgent(practice: Practice) -> Practice:
    """Return the rehearsal with the urgent contacts as its overlay."""
    session = practice.session and replace(practice.session, overlay=Overlay(Kind.URGENT))
    return replace(practice, session=session)


def acted(practice: Practice, act: Rehearse, *, occasion: Occasion, script: Script) -> Practice:
    """Return the rehearsal after its button `act`. A button is only offered if its trigger is allowed at this stage."""
    after, session = replace(practice, stage=_led(practice, act.turn)), practice.session
    membership = practice.membership
    seen = membership.seen if isinstance(membership.seen, Counts) else Counts()
    match act.turn:
        case Turn.LEAVE:
            return left(practice) if after.stage is Stage.IDLE else away(practice)
        case Turn.PICK:
            fresh = picked(after, act.about, pack=script.pack)
            # A case that was picked from the list is for the same room or pair.
            return replace(fresh, together=practice.together) if practice.stage is Stage.LIST else fresh
        case Turn.TELL:
            return at_the_latest(replace(after, page=1, mode=Mode(act.about or practice.mode)), script.pack)
        case Turn.PAGE if practice.stage is Stage.STORY:
            # The page after the last one exists once the trainer has opened the next stage.
            return replace(after, page=min(int(act.about), len(case_of(practice, script.pack).parts)))
        case Turn.PAGE | Turn.LIST if act.about:
            return replace(after, page=int(act.about))
        case Turn.BACK if after.stage is practice.stage:
            return replace(after, page=practice.page - 1)
        case Turn.BACK:
            return replace(after, page=1, together=None if after.stage is Stage.MENU else practice.together)
        case Turn.HOST | Turn.AGREE if membership.room:
            return replace(after, page=1, membership=replace(membership, seat=occasion.code))
        case Turn.HOST | Turn.AGREE:
            seat = occasion.code if practice.together is Together.PAIR else ""
            mode = Mode(practice.together or Mode.TEST)
            opened = replace(membership, room=occasion.code[:LENGTH], seat=seat)
            return replace(after, page=1, mode=mode, membership=opened)
        case Turn.TOGETHER:
            return replace(after, page=1, together=Together(act.about))
        case Turn.RELEASE:
            return replace(after, membership=replace(membership, room=""))
        case Turn.SCREEN | Turn.FREE | Turn.DOOR | Turn.TICKETS:
            return after.seeing(_of_the_host(seen, act, occasion))
        case Turn.ASK if session is not None and not session.has_case:
            return replace(after, session=move(session, Trigger.START, occasion=occasion, pack=script.pack).session)
        case Turn.CALL:
            # The answers at this point are compared, whatever is changed later.
            answered = Responses.of(session.answers.by_place) if session else NOTHING
            return replace(after, result=replace(after.result, first_call=FirstCall(act.about), answered=answered))
        case Turn.REPORT if after.stage is Stage.REPORT:
            return _in_the_course(replace(after, page=1), occasion.now.today, pack=script.pack)
        case Turn.GO_ON if practice.stage is Stage.ROOM:
            return after.seeing(_of_the_host(seen, act, occasion))
        case Turn.ASK | Turn.GO_ON | Turn.DRAW:
            return after
        case Turn.ANSWER if practice.stage is Stage.STORY:
            return _chosen(after, act.about, pack=script.pack)
        case Turn.DRILL | Turn.ANSWER:
            return _drilled(after, act, occasion=occasion, pack=script.pack)
        # The other triggers only change the stage, which begins at its first page.
        case Turn.OPEN | Turn.LIST | Turn.PAGE | Turn.COURSE | Turn.JUDGE | Turn.REPORT:
            return replace(after, page=1)
        case Turn.JOIN | Turn.COMPARE | Turn.PAPERS | Turn.SEATS | Turn.END | Turn.CLOSE | Turn.AWAY:
            return replace(after, page=1)
    assert_never(act.turn)


def _of_the_host(seen: Counts, act: Rehearse, occasion: Occasion) -> Counts:
    """Return what the host of an open room sees after a button that changes the room."""
    if act.turn is Turn.SCREEN:
        return replace(seen, screen=occasion.code)
    if act.turn is Turn.FREE:
        return replace(seen, frees=act.about)
    if act.turn is Turn.DOOR:
        return replace(seen, door=Door(act.about))
    if act.turn is Turn.TICKETS:
        before = seen.tickets or Tickets(occasion.code, 0)
        return replace(seen, door=Door.LINKS, tickets=Tickets(before.secret, max(before.count, int(act.about))))
    return replace(seen, opened=seen.opened + 1)


def picked(practice: Practice, name: str, *, pack: Pack) -> Practice:
    """Return a rehearsal of another case, without answers. An empty name means the next case."""
    case, fresh = name or next_case(practice.history.course, pack), practice.session and begin(practice.session)
    return replace(left(practice), stage=Stage.CHOSEN, case=case, session=fresh)


def at_the_latest(practice: Practice, pack: Pack) -> Practice:
    """Return the rehearsal at the latest page of a case in stages. Any other story begins at its first page."""
    case = case_of(practice, pack)
    return replace(practice, page=len(case.parts)) if case.stages else practice


def _chosen(practice: Practice, option: str, *, pack: Pack) -> Practice:
    """Return the rehearsal after a choice or a reply in a case in stages, at the page that tells what follows."""
    way, result, before = way_of(case_of(practice, pack), practice.asked), practice.result, practice.session
    if way[-1].choice is None:
        given = Responses.of(before.answers.by_place) if before is not None and before.has_case else NOTHING
        result = replace(result, by_stage=(*result.by_stage, given))
    return replace(practice, asked=practice.asked + option, page=len(parts_read(way)) + 1, result=result)


def after_answer(practice: Practice, before: Session, *, pack: Pack) -> Practice:
    """Return the rehearsal after an answer to an item or question: at the feedback, at the first call, or at the same stage."""
    session, place = practice.session, before.place
    if session is None or before.phase is Phase.RESULT:
        return practice
    # The place may have been left without an answer.
    given = session.answers.items if before.phase is Phase.ITEMS else session.answers
    if given.get(place) is None or session.place == place:
        return practice
    if before.phase is Phase.JUDGEMENT:
        is_asked = session.phase is Phase.RESULT and practice.result.first_call is None
        if is_asked and is_unfolding(practice, pack):
            # What can be known goes on changing. The answers stay, to be looked over at the end.
            told = replace(practice, stage=_led(practice, Turn.TELL), session=to_check(session, ""))
            return at_the_latest(told, pack)
        return replace(practice, stage=_led(practice, Turn.JUDGE)) if is_asked else practice
    if practice.mode is Mode.PRACTICE and case_of(practice, pack).key.of(place):
        return replace(practice, stage=_led(practice, Turn.ANSWER), asked=place)
    return practice


def debriefed(practice: Practice, pack: Pack) -> Debrief:
    """Return the comparison with the agreed answers. It uses the person's answers from when they chose the first call."""
    assert practice.session is not None, "only what is rehearsed has a debrief"
    given = dict(practice.result.answered) or practice.session.answers.by_place
    case = answered_case(pack.instrument, given)
    return debrief(pack, case_of(practice, pack).key, case=case, first_call=practice.result.first_call)


def stages_of(practice: Practice, pack: Pack) -> tuple[StageDebrief, ...]:
    """Return the debrief of each stage of a case in stages, or nothing for any other case."""
    case, session = case_of(practice, pack), practice.session
    role = session.answers.get("profession") if session is not None else None
    by_stage = practice.result.by_stage
    return (
        debriefed_stages(pack, case, practice.asked, role=role or NOT_KNOWN, by_stage=by_stage) if case.stages else ()
    )


def _in_the_course(practice: Practice, today: date, *, pack: Pack) -> Practice:
    """Return the rehearsal with its result among the person's past rehearsals, to which it is only added once."""
    if practice.result.is_counted:
        return practice
    result = debriefed(practice, pack)
    rehearsed = Rehearsed(
        day=today.isoformat(),
        vignette=practice.case,
        mode=practice.mode,
        slips=result.slips,
        asked=result.asked,
        agreed=result.agreed,
        of=result.of,
        missed=result.missed,
        met=result.met,
    )
    return replace(
        practice,
        result=replace(practice.result, is_counted=True),
        history=replace(practice.history, course=add(practice.history.course, rehearsed)),
    )


def _drilled(practice: Practice, act: Rehearse, *, occasion: Occasion, pack: Pack) -> Practice:
    """Return the rehearsal with a new set of drills, or after the answer to a drill.

    Once the set is finished, its result is among the past rehearsals.
    """
    if act.turn is Turn.DRILL:
        return replace(practice, case=drawn_set(practice, pack, occasion=occasion), asked="")
    after = replace(practice, asked=practice.asked + act.about)
    result = drilled(after, pack, today=occasion.now.today.isoformat())
    if result is None:
        return after
    return replace(after, history=replace(after.history, course=add(after.history.course, result)))


def standing(practice: Practice) -> TurnFacts:
    """Return what the guards of the state machine `REHEARSAL` have to know about this rehearsal."""
    room, seen = practice.membership.room, practice.membership.seen
    return TurnFacts(
        has_begun=practice.session is not None and practice.session.has_case,
        is_practice=practice.mode is Mode.PRACTICE,
        is_first_page=practice.page == 1,
        came_from=practice.came_from,
        together=practice.together,
        is_joined=isinstance(seen, Beside) and seen.is_here,
        is_paired=practice.together is Together.PAIR and practice.result.first_call is not None,
        is_bound=practice.is_bound,
        awaits_call=practice.awaits_call,
        is_held=practice.is_held,
        loses=practice.loses,
        room=Stage.ROOM_REPORT if isinstance(seen, Ended) else Stage.ROOM if room else None,
    )


def _led(practice: Practice, turn: Turn) -> Stage:
    stage = REHEARSAL.advance(practice.stage, turn, facts=standing(practice))
    assert stage is not None, "a button is offered only where its turn leads somewhere"
    return Stage(stage)
