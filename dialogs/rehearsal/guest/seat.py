"""A turn and a card of a guest, who came to a room by its link: the rehearsal's own, without what leads out of the room.

It is given what is rehearsed and the room, and nothing else; there is no session of a real case that it could reach.
"""

from dataclasses import dataclass, field, replace

from dialogs.core.act_codes import act_of
from dialogs.core.acts import Rehearse
from dialogs.core.events import Commanded, Occasion, Pressed
from dialogs.core.replies import Card, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.rehearsal.core.practice import NOT_REHEARSING, Practice
from dialogs.rehearsal.core.rooms import Door, Room
from dialogs.rehearsal.together.commands import AGREEING, JOIN
from dialogs.rehearsal.turn.cards import show_rehearsal
from dialogs.rehearsal.turn.rehearsing import rehearse, still_rehearsable
from dialogs.rehearsal.turn.values import Person, RehearsalTurn
from seraf.advice.contacts import LocalTime
from state_machines.rehearsal import Stage, Together, Turn

OFFERED = frozenset({Turn.TELL, Turn.PAGE, Turn.BACK, Turn.ASK, Turn.CALL, Turn.REPORT, Turn.LEAVE, Turn.GO_ON})
"""The rehearsal's own buttons that a guest has. All others lead out of the room: to other cases, files and one's own course."""

NEEDS_LINK = Toast("needs-link")

NOBODY = Session(0)
"""What is remembered of a guest: nothing."""


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who comes to a room: when, with which link for one person, if any, and what their browser did there before."""

    occasion: Occasion
    ticket: str = field(default="", repr=False)
    before: Practice = NOT_REHEARSING


def before_joining(room: Room, coming: Coming, *, script: Script) -> RehearsalTurn:
    """What somebody is asked before they join a room; where they may not, it is not under way and says why."""
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
    """What becomes of somebody who joins: they have a seat, or are told why not."""
    first = before_joining(room, coming, script=script)
    if first.practice.stage is not Stage.JOINING:
        return first
    number = room.ticket(coming.ticket)
    # Not before: whoever has the seat that a link opened finds it by that link, and by no other sign where a cookie was not sent.
    if room.door is Door.LINKS and not number:
        return RehearsalTurn(coming.before, 0, (NEEDS_LINK,))
    event = Pressed(coming.occasion, first.card, AGREEING)
    turned = rehearse(first.practice, event, script=script, person=Person(first.card, NOBODY), room=room)
    seat = turned.room.seat(turned.practice.seat) if turned.room is not None else None
    if turned.room is None or seat is None:
        return turned
    taken = replace(seat, ticket=number, is_anyones=not number)
    return replace(turned, room=turned.room.with_seat(taken))


def seat_pressed(practice: Practice, event: Pressed, *, script: Script, card: int, room: Room | None) -> RehearsalTurn:
    """What a button of a guest's card comes to."""
    kept, act = still_rehearsable(practice, script.pack), act_of(event.code)
    if not kept.is_under_way:
        return RehearsalTurn(kept, card)
    if isinstance(act, Rehearse) and act.turn not in OFFERED:
        return RehearsalTurn(kept, card, (Toast("no-button"),))
    return rehearse(kept, event, script=script, person=Person(card, NOBODY), room=room)


def guest_card(practice: Practice, script: Script, *, now: LocalTime, card: int) -> Card | None:
    """The card of a guest; None where they have left."""
    kept = still_rehearsable(practice, script.pack)
    if not kept.is_under_way:
        return None
    shown = show_rehearsal(kept, script, now=now, card=card)
    is_joining = kept.stage is Stage.JOINING
    rows = (
        tuple(each for each in row if is_joining or not isinstance(each.act, Rehearse) or each.act.turn in OFFERED)
        for row in shown.rows
    )
    return replace(shown, rows=tuple(row for row in rows if row))
