"""A person's real conversation and their rehearsal, without a store. The bot keeps both side by side."""

from dataclasses import dataclass, field, replace

from dialogs.cards.show import show
from dialogs.core.events import Event
from dialogs.core.replies import Card, Effect
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import begin
from dialogs.rehearsal.core.practice import NOT_REHEARSING, Practice
from dialogs.rehearsal.core.rooms import Room
from dialogs.rehearsal.turn.alone import Person, is_rehearsed, rehearse, still_rehearsable
from dialogs.rehearsal.turn.cards import show_rehearsal
from dialogs.turn.step import step
from seraf.advice.contacts import LocalTime


@dataclass(frozen=True, slots=True)
class Held:
    """A person's real session, and their rehearsal, which hides the session while it is in progress."""

    session: Session
    practice: Practice = NOT_REHEARSING


@dataclass(frozen=True, slots=True)
class Turned:
    """The state after a turn, and its effects. `room` is a changed room; `ends` is the code of an ended one."""

    held: Held
    effects: tuple[Effect, ...] = ()
    room: Room | None = None
    ends: str = field(default="", repr=False)


def step_beside(held: Held, event: Event, script: Script, room: Room | None = None) -> Turned:
    """Return the state after an event. `room` is the room whose code the event names, if any."""
    practice = still_rehearsable(held.practice, script.pack)
    if not is_rehearsed(practice, event, session=held.session):
        reply = step(held.session, event, script)
        return Turned(Held(reply.session, practice), reply.effects)
    person = Person(held.session.card, begin(held.session))
    turn = rehearse(practice, event, script=script, person=person, room=room)
    session = replace(held.session, card=turn.card)
    return Turned(Held(session, turn.practice), turn.effects, turn.room, turn.ends)


def show_beside(held: Held, script: Script, now: LocalTime, notice: str = "") -> Card:
    """Return the card that the person sees: that of the rehearsal while one is in progress, otherwise the session's."""
    practice = still_rehearsable(held.practice, script.pack)
    if practice.is_under_way:
        return show_rehearsal(practice, script, now=now, card=held.session.card, notice=notice)
    return show(held.session, script, now, notice)
