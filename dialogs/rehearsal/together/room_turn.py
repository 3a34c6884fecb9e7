"""The turns of people in a room or a pair: the commands, what each person sees, and their seats. No names are stored."""

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import takewhile

from dialogs.core.acts import Rehearse, code_of
from dialogs.core.events import Commanded, Event, Pressed
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import QUICK, order_of
from dialogs.rehearsal.core.practice import Membership, Practice, case_of, left, vignette_of
from dialogs.rehearsal.core.rooms import (
    UNFINISHED,
    Beside,
    Counts,
    Ended,
    NotOpen,
    Room,
    RoomView,
    Seat,
    StagesOpen,
    plain,
)
from dialogs.rehearsal.core.stages import beginning, joining, stages_of
from dialogs.rehearsal.together.room_report import asked_of
from seraf.cases.vignette import AgreedKey
from seraf.form.instrument import Instrument
from seraf.form.responses import Responses
from seraf.form.vocabulary import NOT_KNOWN
from seraf.pack import Pack
from seraf.rehearsal.agreement import Compared, Row, compare_group
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, CriticalAction, critical_actions
from state_machines.rehearsal import Stage, Together, Turn

JOIN = "join"
NAMES = (*Together, JOIN)  # the commands of rooms and pairs
AGREEING = code_of(Rehearse(Turn.AGREE))  # the code of the button that joins a room or pair


def is_refused(practice: Practice, event: Event, *, card: int, room: Room | None) -> bool:
    """Return True if the person has just agreed to join a room that became full or shut after they were asked."""
    is_agreed = isinstance(event, Pressed) and (event.card, event.code) == (card, AGREEING)
    return is_agreed and practice.stage is Stage.JOINING and room is not None and room.takes_nobody


def refusal(practice: Practice, event: Commanded, *, script: Script, room: Room | None) -> str:
    """Return the key of the toast that says why a room cannot be opened or joined, or an empty text if it can."""
    is_joining = event.name == JOIN
    is_known = room is not None and vignette_of(room.case, script.pack) is not None
    joined, counted_in = room if is_joining else None, dict(practice.history.counted_in)
    checks = {
        "newer-rehearsal": bool(practice.newer),
        "no-vignettes": not script.pack.vignettes,
        "no-rooms": not script.link,
        "join-how": is_joining and not plain(event.words),
        "no-room": is_joining and not is_known,
        "room-been": joined is not None and joined.code in counted_in,
        # Two rooms on one case with nearly the same people would differ by what one of them answered.
        "case-been": bool(joined and joined.together is Together.ROOM and joined.case in counted_in.values()),
        "room-full": joined is not None and joined.takes_nobody,
    }
    return next((key for key, is_so in checks.items() if is_so), "")


def begun(practice: Practice, session: Session, *, event: Commanded, room: Room | None) -> Practice:
    """Return a rehearsal in which the person opens or joins a room or a pair. Callers check `refusal` before they call this."""
    if event.name != JOIN:
        return beginning(practice, session, together=Together(event.name))
    assert room is not None, "where no room is open, joining it is refused"
    return joining(practice, session, room=room)


REMEMBERED = 20  # maximum length of `History.counted_in`, which is more rooms than a person joins in a day


@dataclass(frozen=True, slots=True)
class Gathered:
    """The effect of a turn on a room: the rehearsal, the changed room (None if unchanged), and the code of a room that ended."""

    practice: Practice
    room: Room | None = None
    ends: str = field(default="", repr=False)


def followed(practice: Practice, room: Room | None, *, pack: Pack) -> Practice:
    """Return the rehearsal with what the person sees of their room now. If the room is gone, they go on alone.

    A person whose seat was freed has left the room, and can join again.
    """
    if not practice.membership.room:
        return practice
    if room is not None:
        return left(practice) if is_freed(practice, room) else practice.seeing(_view(practice, room, pack=pack))
    if practice.stage is Stage.JOINING:
        return left(practice)
    seen = practice.membership.seen
    alone = replace(practice, membership=Membership(seen=seen if isinstance(seen, Ended) else None))
    # The card tells a host, or a person who waits in a pair, that it is over.
    return alone if practice.is_host or practice.together is Together.PAIR else replace(alone, together=None)


def is_freed(practice: Practice, room: Room) -> bool:
    """Return True if the person had a seat in this room and the host has freed it."""
    own = practice.membership
    is_seated = practice.together is Together.ROOM and bool(own.seat) and own.room == room.code
    return is_seated and not room.is_closed and room.seat(own.seat) is None


def gathered(before: Practice, after: Practice, *, room: Room | None, pack: Pack, today: date) -> Gathered:
    """Return the effect of a turn on a room. `before` and `after` are the rehearsal before and after the turn.

    `room` is the room that was looked up for the turn, which may not be the person's own. Only that room is changed. A
    room is created only by the turn that opens it.
    """
    own, earlier = after.membership, before.membership
    if room is not None and room.code == earlier.room and own.room != earlier.room:
        return _departed(before, after, room=room)
    now = room
    if room is None and after.together and own.room not in ("", earlier.room):
        now = Room(own.room, after.together, after.case, pack.instrument.fingerprint)
    if now is None or now.code != own.room:
        return Gathered(after)
    if after.stage is Stage.ROOM_REPORT and not now.is_closed:
        return Gathered(after.seeing(ended(now, pack, key=case_of(after, pack).key, today=today)), now.closed())
    if isinstance(own.seen, Counts):
        seen = own.seen
        now = replace(now, screen=seen.screen, door=seen.door, tickets=seen.tickets, opened=seen.opened)
        now = now.freed(is_all=own.seen.frees == UNFINISHED) if own.seen.frees else now
    if own.seat:
        now = now.with_seat(_seat(after, now.seat(own.seat), pack=pack))
    return _told(_counted(after.seeing(_view(after, now, pack=pack)), now), now, before=room)


def _counted(practice: Practice, room: Room) -> Practice:
    """Return the rehearsal with the room added to its history, if the person has finished there, so that their answers count."""
    seat = room.seat(practice.membership.seat) if room.together is Together.ROOM else None
    if seat is None or seat.row is None or room.code in dict(practice.history.counted_in):
        return practice
    counted_in = (*practice.history.counted_in, (room.code, room.case))[-REMEMBERED:]
    return replace(practice, history=replace(practice.history, counted_in=counted_in))


def ended(room: Room, pack: Pack, *, key: AgreedKey, today: date) -> Ended:
    """Return the results of a room, as far as they may be shown. Answers that the instrument does not have are left out."""
    items = asked_of(pack.instrument, key)
    options = {asked.place: asked.options for asked in items}
    rows: tuple[Row, ...] = tuple(
        {place: given for place, given in seat.row or () if given in options.get(place, ())} for seat in room.finished
    )
    actions = tuple(seat_actions(seat, pack, key=key) for seat in room.finished)
    outcome = compare_group(rows, items, actions=actions, fewest=room.fewest)
    return Ended(len(room.seats), today, outcome, _stages_counted(room) if isinstance(outcome, Compared) else ())


def _stages_counted(room: Room) -> tuple[tuple[int, int], ...]:
    """Return, for each stage, how many of those who finished acted there, and how many of them not in line. A stage at which
    fewer acted than have to finish is left out, and all after it.
    """
    ways = [seat.stages for seat in room.finished]
    reached = [[way[at] for way in ways if at < len(way)] for at in range(max(map(len, ways), default=0))]
    counts = ((len(at), at.count(ActionOutcome.MISSED)) for at in reached)
    return tuple(takewhile(lambda count: count[0] >= room.fewest, counts))


def _departed(before: Practice, after: Practice, *, room: Room) -> Gathered:
    """Return the effect of leaving a room or pair. If the host leaves or releases the model answers, the room ends.

    Anybody else gives up their seat, unless they have finished. A pair ends when no seat is left.
    """
    if before.is_host:
        return Gathered(after, ends=room.code)
    now = room.without(before.membership.seat)
    if not now.seats and room.together is Together.PAIR:
        return Gathered(after, ends=room.code)
    return Gathered(after, now if now != room else None)


def _told(practice: Practice, room: Room, *, before: Room | None) -> Gathered:
    """Return the effect of showing a person how their pair differs. After the first of the two, the pair stays for the second."""
    own = practice.membership
    seen, seat = own.seen, room.seat(own.seat)
    if not (isinstance(seen, Beside) and seen.is_compared) or seat is None:
        return Gathered(practice, room if room != before else None)
    alone, other = replace(practice, membership=Membership(seen=seen)), room.beside(own.seat)
    if other is None or other.is_told:
        return Gathered(alone, ends=room.code)
    return Gathered(alone, room.with_seat(replace(seat, is_told=True)))


def _view(practice: Practice, room: Room, *, pack: Pack) -> RoomView | None:
    if room.is_closed:
        return practice.membership.seen if practice.is_host else NotOpen()
    if practice.is_host:
        places = dict.fromkeys(place for seat in room.seats for place in seat.answered)
        counts = tuple((place, sum(place in seat.answered for seat in room.seats)) for place in places)
        told = Counts(len(room.seats), len(room.finished), counts, room.screen, len(room.unused))
        acted = sum(len(seat.stages) >= room.opened for seat in room.seats)
        told = replace(told, opened=room.opened, acted=acted)
        return replace(told, door=room.door, tickets=room.tickets, fewest=room.fewest)
    token = practice.membership.seat
    if practice.together is Together.ROOM and case_of(practice, pack).stages:
        return StagesOpen(room.opened)
    if practice.together is not Together.PAIR or not token:
        return None
    mine, other = room.seat(token), room.beside(token)
    if other is None:
        return Beside(has_left=room.is_full)
    if mine is None or mine.row is None or other.row is None:
        return Beside(is_here=True)
    # A place that only one of them was asked is no difference.
    theirs, key = dict(other.row), case_of(practice, pack).key
    both = [(place, given, theirs[place]) for place, given in mine.row if place in theirs]
    # Only the person's own profession is known here, and only their own model answers are shown.
    own = practice.session.answers.get("profession") if practice.session is not None else None
    rows = (seat_actions(seat, pack, key=key, role=own or NOT_KNOWN) for seat in (mine, other))
    return Beside(
        is_here=True,
        of=sum(place in pack.instrument for place, _, _ in both),
        critical=tuple(zip(*rows, strict=True)),
        differing=tuple(each for each in both if each[0] not in tuple(Critical) and each[1] != each[2]),
    )


def seat_actions(seat: Seat, pack: Pack, *, key: AgreedKey, role: str = NOT_KNOWN) -> tuple[CriticalAction, ...]:
    """Return the critical actions of a seat whose person has finished.

    The outcome of the first call is the one stored in the seat: it depends on the profession, which could identify a person.
    Its model answer is that for the profession `role`.
    """
    assert seat.row is not None, "only a seat that has finished is compared"
    return tuple(
        replace(action, outcome=seat.call) if action.critical is Critical.FIRST_CALL and seat.call else action
        for action in critical_actions(pack, key, given={**dict(seat.row), "profession": role})
    )


def _answered(session: Session, instrument: Instrument) -> tuple[str, ...]:
    """Return the ids of the answered items; in `QUICK` order only those of complete sections, so that no tick is revealed."""
    given = tuple(item for item in instrument.items if session.answers.items.get(item.id) is not None)
    if order_of(session) != QUICK:
        return tuple(item.id for item in given)
    whole = {section.id for section in instrument.sections if set(instrument.of_section(section.id)) <= set(given)}
    return tuple(item.id for item in given if item.section.id in whole)


def _seat(practice: Practice, seat: Seat | None, *, pack: Pack) -> Seat:
    """Return the person's seat with their present answers. If the person has finished, the seat stays as it is."""
    seat, session = seat or Seat(practice.membership.seat), practice.session
    if session is None or seat.row is not None:
        return seat
    # A tick would reveal too much; the start of the SERAF reveals no answer.
    is_begun = session.has_case or bool(practice.result.by_stage)
    seat = replace(seat, answered=_answered(session, pack.instrument), is_begun=is_begun)
    if case_of(practice, pack).stages:
        seat = replace(seat, stages=tuple(each.outcome for each in stages_of(practice, pack)))
    if practice.result.first_call is None:
        return seat
    given = {**session.answers.by_place, Critical.FIRST_CALL: practice.result.first_call}
    key = case_of(practice, pack).key
    compared = {action.critical: action.outcome for action in critical_actions(pack, key, given=given)}
    places = (*(action.place for action in key.places), Critical.FIRST_CALL)
    row = Responses.of({place: given[place] for place in places if place in given})
    return replace(seat, row=row, call=compared[Critical.FIRST_CALL])
