"""A turn of somebody in a room or a pair: what one does alone, with what is read of the others before and left for them after."""

from typing import assert_never

from dialogs.core.acts import Rehearse
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, Noted, Pressed, Typed
from dialogs.core.replies import Toast
from dialogs.core.script import Script
from dialogs.rehearsal.core.practice import Practice, left
from dialogs.rehearsal.core.room_views import NotOpen
from dialogs.rehearsal.core.rooms import Room
from dialogs.rehearsal.core.stages import acted
from dialogs.rehearsal.together.commands import NAMES, begun, is_refused, why_refused
from dialogs.rehearsal.together.room_turn import followed, gathered, is_freed
from dialogs.rehearsal.turn.alone import ERASING, alone
from dialogs.rehearsal.turn.values import Person, RehearsalTurn, on_its_card
from state_machines.rehearsal import Together, Turn

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
