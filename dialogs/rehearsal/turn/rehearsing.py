"""A turn of a rehearsal. It has no real session, and no way to one: what is answered here is nobody's."""

from typing import assert_never

from dialogs.core.act_codes import code_of
from dialogs.core.acts import Rehearse
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, Noted, Pressed, Typed
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.rehearsal.core.made_up import vignette_of
from dialogs.rehearsal.core.practice import Practice, left
from dialogs.rehearsal.core.rooms import Room, plain
from dialogs.rehearsal.together.commands import JOIN, NAMES
from dialogs.rehearsal.turn.alone import alone
from dialogs.rehearsal.turn.values import Person, RehearsalTurn, on_its_card
from dialogs.rehearsal.turn.with_others import with_others
from seraf.pack import Pack
from state_machines.assessment import Phase
from state_machines.rehearsal import Turn

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
