"""A turn of a rehearsal: an event gives the next practice, alone or with others."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from dialogs.core.acts import Rehearse, Say, act_of, code_of
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, Noted, Occasion, Pressed, Typed
from dialogs.core.keys import URGENT
from dialogs.core.replies import Document, Effect, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.rehearsal.core.practice import MEASURED, Practice, left, vignette_of
from dialogs.rehearsal.core.rooms import NotOpen, Room, plain
from dialogs.rehearsal.core.stage_card import rehearsed_script, without_hints
from dialogs.rehearsal.core.stages import acted, after_answer, at_the_menu, away, picked, urgent
from dialogs.rehearsal.together.commands import JOIN, NAMES, begun, is_refused, why_refused
from dialogs.rehearsal.together.keys import LINKS
from dialogs.rehearsal.together.room_turn import followed, gathered, is_freed
from dialogs.rehearsal.turn.cards import acts_on, shows_seraf
from dialogs.turn.step import step
from seraf.pack import Pack
from state_machines.assessment import Phase
from state_machines.rehearsal import Stage, Together, Turn


@dataclass(frozen=True, slots=True)
class Person:
    """Who rehearses: the token of their live card, and a session with what is remembered of them and nothing of a case."""

    card: int
    remembered: Session = field(repr=False)


@dataclass(frozen=True, slots=True)
class RehearsalTurn:
    """What a turn comes to: the rehearsal, the token of its card, and what else is to happen.

    `room` is one that it changed, `ends` the code of one that is over.
    """

    practice: Practice
    card: int
    effects: tuple[Effect, ...] = ()
    room: Room | None = None
    ends: str = field(default="", repr=False)


def on_its_card(before: Practice, turned: RehearsalTurn) -> RehearsalTurn:
    """The same on the next card, unless nothing changed and no document was asked for.

    The SERAF within it also stays on its card, where it says itself that the card still counts.
    """
    practice, inner = turned.practice, turned.practice.session
    if practice == before and not any(isinstance(each, Document) for each in turned.effects):
        return turned
    is_same = inner is not None and inner.card == turned.card and practice.stage is before.stage
    if is_same and shows_seraf(practice) and practice.stage is Stage.SERAF:
        return turned
    card = turned.card + 1
    return replace(turned, practice=replace(practice, session=inner and replace(inner, card=card)), card=card)


ERASING = ("erase", "cancel")
"""Commands that end a rehearsal."""


def alone(practice: Practice, event: Event, *, script: Script, person: Person) -> RehearsalTurn:
    """What an event comes to for somebody who rehearses, or is about to."""
    if isinstance(event, Lapsed):
        return RehearsalTurn(practice, person.card)
    if not practice.is_under_way or (_asks_to_measure(event) and practice.is_free):
        return _open(practice, event, script=script, person=person)
    return _go_on(practice, event, script=script, card=person.card)


def _asks_to_measure(event: Event) -> bool:
    """Whether the event asks for a case that is made to measure."""
    return isinstance(event, Commanded) and (event.name, event.words.strip().casefold()) == ("rehearse", MEASURED)


def _open(practice: Practice, event: Event, *, script: Script, person: Person) -> RehearsalTurn:
    if not script.pack.vignettes or practice.newer:
        why = "newer-rehearsal" if practice.newer else "no-vignettes"
        return RehearsalTurn(practice, person.card, (Toast(why),))
    opened = at_the_menu(practice, person.remembered)
    if _asks_to_measure(event) and script.pack.fragments:
        opened = picked(opened, MEASURED, occasion=event.occasion, pack=script.pack)
    return RehearsalTurn(opened, person.card)


def _go_on(practice: Practice, event: Event, *, script: Script, card: int) -> RehearsalTurn:
    match event:
        case Pressed(_, token, _) if token != card:
            return RehearsalTurn(practice, card, (Toast("stale"),))
        case Pressed(occasion, _, code):
            act = next((each for each in acts_on(practice, script) if code_of(each) == code), None)
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
        case Commanded() | Typed() | Noted() | Ignored() | Lapsed():
            pass  # the SERAF within it answers
        case _:
            assert_never(event)
    return _within(practice, event, script=script, card=card)


def _acted(practice: Practice, act: Rehearse, *, occasion: Occasion, script: Script, card: int) -> RehearsalTurn:
    """One of the rehearsal's own buttons, with what is said in passing; a document that it asks for comes with the card."""
    after = acted(practice, act, occasion=occasion, script=script)
    said: tuple[Effect, ...] = ()
    if act.turn is Turn.DRAW:
        said = (Document(act.about), Toast(f"document-{act.about}"))
    elif act.turn is Turn.TICKETS:
        said = (Document(LINKS), Toast(f"document-{LINKS}"))
    elif act.turn is Turn.FREE:
        said = (Toast("seats-freed"),)
    elif act.turn is Turn.RELEASE:
        said = (Toast("key-released"),)
    elif practice.stage is Stage.HELD and after.stage is Stage.HELD:
        said = (Toast("key-held"),)
    return RehearsalTurn(after, card, said)


def _within(practice: Practice, event: Event, *, script: Script, card: int) -> RehearsalTurn:
    """What the SERAF within the rehearsal makes of an event. Only what it says in passing goes out of it."""
    before = practice.session
    if before is None or (isinstance(event, Pressed) and not shows_seraf(practice)):
        return RehearsalTurn(practice, card, (Toast("no-button"),))
    reply = step(before, event, rehearsed_script(practice, script))
    said = tuple(each for each in reply.effects if isinstance(each, Toast))
    after = replace(practice, session=reply.session)
    if isinstance(event, Pressed) and isinstance(act_of(event.code), Say):
        after = after_answer(after, before, pack=script.pack)
    return RehearsalTurn(without_hints(after), card, said)


SEAT_FREED = Toast("seat-freed")
"""What somebody is told at their next press whose seat the host of their room has freed."""


def with_others(
    practice: Practice, event: Event, *, script: Script, person: Person, room: Room | None, is_own: bool
) -> RehearsalTurn:
    """What an event comes to; `room` is what is open under the code asked for, and whether that is the person's own (`is_own`)."""
    now = followed(practice, room, pack=script.pack) if is_own else practice
    is_out = is_own and room is not None and is_freed(practice, room)
    is_over = bool(practice.room) and not now.room and not isinstance(event, Lapsed)
    if isinstance(event, Lapsed):
        turned = RehearsalTurn(now, person.card)
    elif is_over and not now.is_under_way:
        turned = on_its_card(practice, RehearsalTurn(now, person.card))
    else:
        turned = on_its_card(now, _answered(now, event, script=script, person=person, room=room))
    left_there = gathered(practice, turned.practice, room=room, pack=script.pack, today=event.occasion.now.today)
    told = (SEAT_FREED,) if is_out else _told_of_room(practice, now, is_over=is_over)
    effects = (*turned.effects, *told)
    return RehearsalTurn(left_there.practice, turned.card, effects, left_there.room, left_there.ends)


def _answered(practice: Practice, event: Event, *, script: Script, person: Person, room: Room | None) -> RehearsalTurn:
    if is_refused(practice, event, card=person.card, room=room):
        return RehearsalTurn(left(practice), person.card, (Toast("room-full"),))
    match event:
        case Commanded(_, name, _) if name in NAMES and practice.is_free:
            return _gather(practice, event, script=script, person=person, room=room)
        case Commanded(_, name, _) if name in NAMES:
            return RehearsalTurn(practice, person.card, (Toast("rehearsing-first"),))
        case Commanded(occasion, name, _) if name in ERASING and practice.is_running_room:
            asked = acted(practice, Rehearse(Turn.END), occasion=occasion, script=script)
            return RehearsalTurn(asked, person.card)
        case Began() | Pressed() | Commanded() | Typed() | Noted() | Ignored() | Lapsed():
            return alone(practice, event, script=script, person=person)
    assert_never(event)


def _gather(
    practice: Practice, event: Commanded, *, script: Script, person: Person, room: Room | None
) -> RehearsalTurn:
    """Begin a room or a pair, or come to the one of that code."""
    why = why_refused(practice, event, script=script, room=room)
    if why:
        return RehearsalTurn(practice, person.card, (Toast(why),))
    return RehearsalTurn(begun(practice, person.remembered, event=event, room=room), person.card)


def _told_of_room(before: Practice, now: Practice, *, is_over: bool) -> tuple[Toast, ...]:
    """What somebody in a room or a pair is told once: that it is over, or that it was closed before they had finished."""
    if before.is_host:
        return ()
    is_finished = before.first_call is not None
    if is_over:
        is_open = before.together is Together.ROOM and is_finished
        return (Toast("key-open" if is_open else "room-over" if before.seat else "no-room"),)
    is_closed = isinstance(now.seen, NotOpen) and before.seen != now.seen
    return (Toast("room-closed"),) if is_closed and before.seat and not is_finished else ()


OPENING = code_of(Rehearse(Turn.OPEN))
"""The code of the welcome's button."""


def is_rehearsed(practice: Practice, event: Event, *, session: Session) -> bool:
    """Whether an event is a rehearsal's: one is under way, or the event asks for one from the real session's card."""
    if practice.is_under_way:
        return True
    match event:
        case Commanded(_, name, _):
            return name == "rehearse" or name in NAMES
        case Pressed(_, card, code):
            is_welcome = session.phase is Phase.WELCOME and session.overlay is None
            return is_welcome and (card, code) == (session.card, OPENING)
        case Began() | Typed() | Noted() | Ignored() | Lapsed():
            return False
    assert_never(event)


def room_asked(practice: Practice, event: Event) -> str:
    """The code of the room that a turn has to know of; empty where it needs none."""
    if isinstance(event, Commanded) and event.name == JOIN and practice.is_free:
        return plain(event.words)
    return practice.room


def still_rehearsable(practice: Practice, pack: Pack) -> Practice:
    """The practice; left where the pack has made-up cases no more, or not this one, or asks other items by now."""
    session = practice.session
    is_gone = practice.case and vignette_of(practice.case, pack) is None
    is_outdated = session and session.has_case and session.fingerprint != pack.instrument.fingerprint
    return left(practice) if practice.is_under_way and (is_gone or is_outdated or not pack.vignettes) else practice


def rehearse(practice: Practice, event: Event, *, script: Script, person: Person, room: Room | None) -> RehearsalTurn:
    """What an event of a rehearsal comes to (see `is_rehearsed`); `room` is what is open under the code asked for.

    A rehearsal taken alone meets nothing of rooms.
    """
    if practice.together is None and not (isinstance(event, Commanded) and event.name in NAMES):
        return on_its_card(practice, alone(practice, event, script=script, person=person))
    own = room if room and room.fingerprint == script.pack.instrument.fingerprint else None
    is_own = room_asked(practice, event) == practice.room
    return with_others(practice, event, script=script, person=person, room=own, is_own=is_own)
