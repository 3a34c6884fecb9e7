"""The turns of a rehearsal, alone or with others: from a rehearsal and an event, they compute the rehearsal after it."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from dialogs.core.acts import Rehearse, Say, act_of, code_of
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, LookedUp, Noted, Occasion, Pressed, Typed
from dialogs.core.keys import URGENT
from dialogs.core.replies import Document, Effect, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.rehearsal.core.practice import DRILLS, Practice, is_drills, left, vignette_of
from dialogs.rehearsal.core.rooms import NotOpen, Room, plain
from dialogs.rehearsal.core.stage_card import rehearsed_script, without_hints
from dialogs.rehearsal.core.stages import acted, after_answer, at_the_menu, away, urgent
from dialogs.rehearsal.together.cards import LINKS
from dialogs.rehearsal.together.room_turn import JOIN, NAMES, begun, followed, gathered, is_freed, is_refused, refusal
from dialogs.rehearsal.turn.cards import acts_on, shows_seraf
from dialogs.turn.step import step
from seraf.pack import Pack
from seraf.rehearsal.drills import sections_of
from seraf.rehearsal.unfolding import is_way
from state_machines.assessment import Phase
from state_machines.rehearsal import Stage, Together, Turn


@dataclass(frozen=True, slots=True)
class Person:
    """The person who rehearses: the token of their live card, and a session with only the answers about them."""

    card: int
    remembered: Session = field(repr=False)


@dataclass(frozen=True, slots=True)
class RehearsalTurn:
    """The result of a turn: the rehearsal after it, the token of its card, and its effects.

    `room` is the room that the turn changed, or None; `ends` is the code of the room that it ended, or empty.
    """

    practice: Practice
    card: int
    effects: tuple[Effect, ...] = ()
    room: Room | None = None
    ends: str = field(default="", repr=False)


def on_its_card(before: Practice, turned: RehearsalTurn) -> RehearsalTurn:
    """Return the turn with a new card token, unless nothing changed and no document was requested.

    While the assessment itself is shown, the token also stays the same if the assessment's own turn did not change it.
    """
    practice, inner = turned.practice, turned.practice.session
    if practice == before and not any(isinstance(effect, Document) for effect in turned.effects):
        return turned
    is_same = inner is not None and inner.card == turned.card and practice.stage is before.stage
    if is_same and shows_seraf(practice) and practice.stage is Stage.SERAF:
        return turned
    card = turned.card + 1
    return replace(turned, practice=replace(practice, session=inner and replace(inner, card=card)), card=card)


ERASING = ("erase", "cancel")  # the commands that end a rehearsal


def alone(practice: Practice, event: Event, *, script: Script, person: Person) -> RehearsalTurn:
    """Return the turn of a person who rehearses alone, or who asks to."""
    card, asks_for_drills = person.card, False
    if isinstance(event, Commanded):
        asks_for_drills = (event.name, event.words.strip().casefold()) == ("rehearse", DRILLS)
    if isinstance(event, Lapsed):
        return RehearsalTurn(practice, card)
    if practice.is_under_way and not (asks_for_drills and practice.is_free):
        return _go_on(practice, event, script=script, card=card)
    if not script.pack.vignettes or practice.newer:
        return RehearsalTurn(practice, card, (Toast("newer-rehearsal" if practice.newer else "no-vignettes"),))
    opened = at_the_menu(practice, person.remembered)
    if asks_for_drills and sections_of(script.pack.instrument):
        opened = acted(opened, Rehearse(Turn.DRILL), occasion=event.occasion, script=script)
    return RehearsalTurn(opened, card)


def _go_on(practice: Practice, event: Event, *, script: Script, card: int) -> RehearsalTurn:
    match event:
        case Pressed(_, token, _) if token != card:
            return RehearsalTurn(practice, card, (Toast("stale"),))
        case Pressed(occasion, _, code):
            act = next((act for act in acts_on(practice, script) if code_of(act) == code), None)
            if act is not None:
                return _acted(practice, act, occasion=occasion, script=script, card=card)
            if code == code_of(URGENT.act) and practice.session is not None:
                return RehearsalTurn(urgent(practice), card)
        case Commanded(_, "rehearse", _):
            return RehearsalTurn(practice, card, (Toast("rehearsing"),))
        case Commanded(_, name, _) if name in ERASING:
            return RehearsalTurn(left(practice), card, (Toast("rehearsal-left"),))
        case Began() | Commanded(_, "start" | "review", _):
            return RehearsalTurn(away(practice), card)
        case Commanded() | Typed() | Noted() | LookedUp() | Ignored() | Lapsed():
            pass
        case _:
            assert_never(event)
    # The SERAF of the rehearsal handles the event. Of its effects only toasts are returned.
    before = practice.session
    if before is None or (isinstance(event, Pressed) and not shows_seraf(practice)):
        return RehearsalTurn(practice, card, (Toast("no-button"),))
    reply = step(before, event, rehearsed_script(practice, script))
    toasts = tuple(effect for effect in reply.effects if isinstance(effect, Toast))
    after = replace(practice, session=reply.session)
    if isinstance(event, Pressed) and isinstance(act_of(event.code), Say):
        after = after_answer(after, before, pack=script.pack)
    return RehearsalTurn(without_hints(after), card, toasts)


def _acted(practice: Practice, act: Rehearse, *, occasion: Occasion, script: Script, card: int) -> RehearsalTurn:
    """Return the turn in which the person pressed one of the rehearsal's own buttons, with a toast or requested document."""
    after = acted(practice, act, occasion=occasion, script=script)
    effects: tuple[Effect, ...] = ()
    if act.turn in (Turn.DRAW, Turn.TICKETS):
        kind = act.about if act.turn is Turn.DRAW else LINKS
        effects = (Document(kind), Toast(f"document-{kind}"))
    elif act.turn is Turn.FREE:
        effects = (Toast("seats-freed"),)
    elif act.turn is Turn.RELEASE:
        effects = (Toast("key-released"),)
    elif act.turn is Turn.PAGE and after == practice:
        effects = (Toast("stage-waits"),)
    elif practice.stage is Stage.HELD and after.stage is Stage.HELD:
        effects = (Toast("key-held"),)
    return RehearsalTurn(after, card, effects)


def with_others(
    practice: Practice, event: Event, *, script: Script, person: Person, room: Room | None, is_own: bool
) -> RehearsalTurn:
    """Return the turn after an event. `room` is the room that the event concerns; with `is_own`, it is the person's own."""
    now = followed(practice, room, pack=script.pack) if is_own else practice
    is_out = is_own and room is not None and is_freed(practice, room)
    is_over = bool(practice.membership.room) and not now.membership.room and not isinstance(event, Lapsed)
    if isinstance(event, Lapsed):
        turned = RehearsalTurn(now, person.card)
    elif is_over and not now.is_under_way:
        turned = on_its_card(practice, RehearsalTurn(now, person.card))
    else:
        turned = on_its_card(now, _answered(now, event, script=script, person=person, room=room))
    result = gathered(practice, turned.practice, room=room, pack=script.pack, today=event.occasion.now.today)
    toasts = (Toast("seat-freed"),) if is_out else _room_toasts(practice, now, is_over=is_over)
    return RehearsalTurn(result.practice, turned.card, (*turned.effects, *toasts), result.room, result.ends)


def _answered(practice: Practice, event: Event, *, script: Script, person: Person, room: Room | None) -> RehearsalTurn:
    if is_refused(practice, event, card=person.card, room=room):
        return RehearsalTurn(left(practice), person.card, (Toast("room-full"),))
    match event:
        case Commanded(_, name, _) if name in NAMES and not practice.is_free:
            return RehearsalTurn(practice, person.card, (Toast("rehearsing-first"),))
        case Commanded(_, name, _) if name in NAMES:
            if why := refusal(practice, event, script=script, room=room):
                return RehearsalTurn(practice, person.card, (Toast(why),))
            return RehearsalTurn(begun(practice, person.remembered, event=event, room=room), person.card)
        case Commanded(occasion, name, _) if name in ERASING and practice.is_running_room:
            asked = acted(practice, Rehearse(Turn.END), occasion=occasion, script=script)
            return RehearsalTurn(asked, person.card)
        case Began() | Pressed() | Commanded() | Typed() | Noted() | LookedUp() | Ignored() | Lapsed():
            return alone(practice, event, script=script, person=person)
    assert_never(event)


def _room_toasts(before: Practice, now: Practice, *, is_over: bool) -> tuple[Toast, ...]:
    """Return the toast that a room or pair is over, or that it closed before the person had finished, or none."""
    if before.is_host:
        return ()
    is_finished = before.result.first_call is not None
    if is_over:
        is_open = before.together is Together.ROOM and is_finished
        return (Toast("key-open" if is_open else "room-over" if before.membership.seat else "no-room"),)
    seen = now.membership.seen
    is_closed = isinstance(seen, NotOpen) and before.membership.seen != seen
    return (Toast("room-closed"),) if is_closed and before.membership.seat and not is_finished else ()


OPENING = code_of(Rehearse(Turn.OPEN))  # the code of the button on the welcome card


def is_rehearsed(practice: Practice, event: Event, *, session: Session) -> bool:
    """Return True if the event belongs to the rehearsal that the person is in, or begins one."""
    if practice.is_under_way:
        return True
    match event:
        case Commanded(_, name, _):
            return name == "rehearse" or name in NAMES
        case Pressed(_, card, code):
            is_welcome = session.phase is Phase.WELCOME and session.overlay is None
            return is_welcome and (card, code) == (session.card, OPENING)
        case Began() | Typed() | Noted() | LookedUp() | Ignored() | Lapsed():
            return False
    assert_never(event)


def room_asked(practice: Practice, event: Event) -> str:
    """Return the code of the room that has to be looked up for this event, or an empty text if none has."""
    if isinstance(event, Commanded) and event.name == JOIN and practice.is_free:
        return plain(event.words)
    return practice.membership.room


def still_rehearsable(practice: Practice, pack: Pack) -> Practice:
    """Return the rehearsal. If the pack no longer has its case, or has other items, the person has left it."""
    session = practice.session
    is_other = is_drills(practice.case) and pack.instrument.fingerprint[:8] not in practice.case.split("/")
    vignette = vignette_of(practice.case, pack)
    if vignette is None:
        is_gone = bool(practice.case) and (is_other or not is_drills(practice.case))
    else:  # choices among other stages, of an earlier version of the case, lead nowhere
        is_gone = bool(vignette.stages) and not is_way(vignette, practice.asked)
    is_outdated = session and session.has_case and session.fingerprint != pack.instrument.fingerprint
    return left(practice) if practice.is_under_way and (is_gone or is_outdated or not pack.vignettes) else practice


def rehearse(practice: Practice, event: Event, *, script: Script, person: Person, room: Room | None) -> RehearsalTurn:
    """Return the turn after an event for which `is_rehearsed` is True. `room` is the open room with the code `room_asked`.

    For a person who rehearses alone, it only matters if the event is a command about rooms or pairs.
    """
    if practice.together is None and not (isinstance(event, Commanded) and event.name in NAMES):
        return on_its_card(practice, alone(practice, event, script=script, person=person))
    own = room if room and room.fingerprint == script.pack.instrument.fingerprint else None
    is_own = room_asked(practice, event) == practice.membership.room
    return with_others(practice, event, script=script, person=person, room=own, is_own=is_own)
