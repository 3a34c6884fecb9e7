"""The turns and the card of a guest, who has no account."""

from dataclasses import dataclass, field, replace

from dialogs.core.acts import Rehearse, act_of
from dialogs.core.events import Commanded, Occasion, Pressed
from dialogs.core.replies import Card, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.rehearsal.core.practice import NOT_REHEARSING, Practice
from dialogs.rehearsal.core.rooms import Door, Room
from dialogs.rehearsal.together.room_turn import AGREEING, JOIN
from dialogs.rehearsal.turn.alone import Person, RehearsalTurn, rehearse, still_rehearsable
from dialogs.rehearsal.turn.cards import EVERY, show_rehearsal
from seraf.advice.contacts import LocalTime
from state_machines.rehearsal import Stage, Together, Turn

# The triggers of a guest's buttons. The others lead to what guests may not use: other cases, files, past rehearsals.
OFFERED = frozenset(
    {Turn.TELL, Turn.PAGE, Turn.BACK, Turn.ASK, Turn.ANSWER, Turn.CALL, Turn.REPORT, Turn.LEAVE, Turn.GO_ON}
)
NEEDS_LINK = Toast("needs-link")
NOBODY = Session(0)  # a session without any answers about the guest


@dataclass(frozen=True, slots=True)
class Coming:
    """A visitor of a room: the occasion, the code of their personal link or "", and the rehearsal that their browser already has."""

    occasion: Occasion
    ticket: str = field(default="", repr=False)
    before: Practice = NOT_REHEARSING


def before_joining(room: Room, coming: Coming, *, script: Script) -> RehearsalTurn:
    """Return the turn that asks a visitor whether to join the room, or that tells them why they cannot."""
    before = coming.before
    if room.together is not Together.ROOM:
        return RehearsalTurn(before, 0, (Toast("no-room"),))
    event = Commanded(coming.occasion, JOIN, room.code)
    turned = rehearse(before, event, script=script, person=Person(0, NOBODY), room=room)
    is_asked = turned.practice.stage is Stage.JOINING
    if is_asked and room.door is Door.LINKS and not room.is_ticket(coming.ticket):
        return RehearsalTurn(before, 0, (NEEDS_LINK,))
    return turned


def seated(room: Room, coming: Coming, *, script: Script) -> RehearsalTurn:
    """Return the turn of a visitor who agreed to join. It gives them a seat, or says in a toast why it cannot."""
    first = before_joining(room, coming, script=script)
    if first.practice.stage is not Stage.JOINING:
        return first
    number = room.ticket(coming.ticket)
    # Checked only now: a person who lost their cookie finds the seat that their link opened by the link alone.
    if room.door is Door.LINKS and not number:
        return RehearsalTurn(coming.before, 0, (NEEDS_LINK,))
    event = Pressed(coming.occasion, first.card, AGREEING)
    turned = rehearse(first.practice, event, script=script, person=Person(first.card, NOBODY), room=room)
    seat = turned.room.seat(turned.practice.membership.seat) if turned.room is not None else None
    if turned.room is None or seat is None:
        return turned
    taken = replace(seat, ticket=number, is_anyones=not number)
    return replace(turned, room=turned.room.with_seat(taken))


def seat_pressed(practice: Practice, event: Pressed, *, script: Script, card: int, room: Room | None) -> RehearsalTurn:
    """Return the turn after a guest pressed a button."""
    kept, act = still_rehearsable(practice, script.pack), act_of(event.code)
    if not kept.is_under_way:
        return RehearsalTurn(kept, card)
    if isinstance(act, Rehearse) and act.turn not in OFFERED:
        return RehearsalTurn(kept, card, (Toast("no-button"),))
    return rehearse(kept, event, script=script, person=Person(card, NOBODY), room=room)


def guest_card(practice: Practice, script: Script, *, now: LocalTime, card: int) -> Card | None:
    """Return the card of a guest, or None if the guest has left the room."""
    kept = still_rehearsable(practice, script.pack)
    if not kept.is_under_way:
        return None
    return show_rehearsal(kept, script, now=now, card=card, turns=EVERY if kept.stage is Stage.JOINING else OFFERED)
