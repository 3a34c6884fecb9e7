"""What a turn of somebody in a room or a pair reads of it, and what it leaves there. Nobody's name is in any of it."""

from dataclasses import dataclass, replace
from datetime import date

from dialogs.made_up import vignette_of
from dialogs.practice import Practice, left
from dialogs.reporting_room import BESIDE, FIRST_CALL, asked_of
from dialogs.room_views import Beside, Counts, Ended, View
from dialogs.rooms import Room, Seat
from seraf.agreement import Row, compare
from seraf.instrument import Instrument
from seraf.pack import Pack
from seraf.responses import Responses
from state_machines.rehearsal import Stage, Together


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a turn leaves: the rehearsal, the room as it is to be kept (None where it stays as it was), and the code that ends."""

    practice: Practice
    room: Room | None = None
    ends: str = ""


def followed(practice: Practice, room: Room | None) -> Practice:
    """The rehearsal with what its card shows of the room; where that is gone, the person goes on alone."""
    if not practice.room:
        return practice
    if room is None:
        return _alone(practice)
    return replace(practice, seen=_view(practice, room))


def gathered(before: Practice, after: Practice, room: Room | None, pack: Pack, today: date) -> Gathered:
    """What a turn from one rehearsal to another leaves in the room that it was looked up for."""
    is_gone = bool(before.room) and after.room != before.room and (room is None or room.code == before.room)
    if is_gone:
        return _departed(before, after, room)
    if not after.room:
        return Gathered(after)
    if after.stage is Stage.ROOM_REPORT and room is not None:
        closed = replace(after, room="", seen=ended(room, pack.instrument, today))
        return Gathered(closed, ends=room.code)
    now = room or Room(after.room, after.together or Together.ROOM, after.case)
    if after.seat:
        now = now.with_seat(_seat(after, now.seat(after.seat), pack))
    return _told(replace(after, seen=_view(after, now)), now, before=room)


def ended(room: Room, instrument: Instrument, today: date) -> Ended:
    """What may be shown of a room, worked out once. What is no option of the instrument is left out."""
    items = asked_of(instrument)
    options = {asked.place: asked.options for asked in (*items, *BESIDE)}
    rows: tuple[Row, ...] = tuple(
        {place: given for place, given in row if given in options.get(place, ())} for row in room.finished
    )
    return Ended(len(room.seats), today, compare(rows, items, beside=BESIDE))


def _departed(before: Practice, after: Practice, room: Room | None) -> Gathered:
    """Whoever runs a room ends it by leaving; everybody else leaves a seat, and what they finished."""
    if room is None:
        return Gathered(after)
    if before.is_host:
        return Gathered(after, ends=room.code)
    now = room.without(before.seat)
    if not now.seats and room.together is Together.PAIR:
        return Gathered(after, ends=room.code)
    return Gathered(after, now if now != room else None)


def _told(practice: Practice, room: Room, *, before: Room | None) -> Gathered:
    """In a pair of which both have finished, whoever is shown the differences lets go of it; the last one ends it."""
    seen, seat = practice.seen, room.seat(practice.seat)
    if not (isinstance(seen, Beside) and seen.theirs is not None) or seat is None:
        return Gathered(practice, room if room != before else None)
    alone, other = replace(practice, room="", seat=""), room.beside(practice.seat)
    if other is None or other.is_told:
        return Gathered(alone, ends=room.code)
    return Gathered(alone, room.with_seat(replace(seat, is_told=True)))


def _alone(practice: Practice) -> Practice:
    """The rehearsal of somebody whose room is gone. Who runs one, or waits in a pair, is told so by the card."""
    if practice.stage is Stage.JOINING:
        return left(practice)
    alone = replace(practice, room="", seat="", seen=None)
    return alone if practice.is_host or practice.together is Together.PAIR else replace(alone, together=None)


def _view(practice: Practice, room: Room) -> View | None:
    if practice.is_host:
        places = dict.fromkeys(place for seat in room.seats for place in seat.answered)
        counts = tuple((place, sum(place in seat.answered for seat in room.seats)) for place in places)
        return Counts(len(room.seats), len(room.finished), counts)
    if practice.together is not Together.PAIR or not practice.seat:
        return None
    mine, other = room.seat(practice.seat), room.beside(practice.seat)
    row = mine.row if mine else None
    return Beside(other is not None, row, other.row if other and row is not None else None)


def _seat(practice: Practice, seat: Seat | None, pack: Pack) -> Seat:
    """One's own seat by what was answered; once all of it is finished it stays as it is."""
    seat, session, vignette = seat or Seat(practice.seat), practice.session, vignette_of(practice.case, pack)
    if session is None or vignette is None or seat.row is not None:
        return seat
    given = {**dict(session.answers), **dict(session.responses)}
    asked = {each.place: given[each.place] for each in vignette.key.keyed if each.place in given}
    answered = tuple(place for place in asked if place in pack.instrument)
    first = practice.first_call
    return replace(
        seat, answered=answered, row=None if first is None else Responses.of({**asked, FIRST_CALL.place: first})
    )
