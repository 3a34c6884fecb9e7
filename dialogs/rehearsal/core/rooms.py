"""A room or pair as a value, and what somebody in it may be shown."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, assert_never

from seraf.form.responses import Responses
from seraf.rehearsal.agreement import (
    OPEN_GROUP,
    SMALLEST_GROUP,
    Coefficient,
    Compared,
    ComparedAction,
    Estimate,
    Hidden,
    Interval,
    Numbers,
    PlaceOutcome,
    ScaleNumbers,
    Spread,
    TooFew,
    Unanimous,
    Undefined,
    Why,
)
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, CriticalAction
from state_machines.rehearsal import Together

COUNTS = (12, 24, 60)
"""How many a host may hand out: a sheet has twelve, and a room sixty seats."""

TICKET_LENGTH = 10
"""Letters of one: 50 bits, for a day."""


@dataclass(frozen=True, slots=True)
class Tickets:
    """The secret that they follow from, and how many there are; they are numbered from 1."""

    secret: str = field(repr=False)
    count: int

    def ticket(self, number: int) -> str:
        """The letters of one."""
        drawn = hmac.digest(self.secret.encode(), str(number).encode(), hashlib.sha256)
        return base64.b32encode(drawn).decode()[:TICKET_LENGTH]

    def number_of(self, ticket: str) -> int:
        """Which one has these letters; 0 where none has."""
        said = ticket.encode()
        return next(
            (each for each in range(1, self.count + 1) if hmac.compare_digest(self.ticket(each).encode(), said)), 0
        )


VERSION = 1
"""The version that is written. What a newer one wrote counts as no room."""

MOST = {Together.ROOM: 60, Together.PAIR: 2}
"""How many may take a seat."""

LENGTH = 8
"""Letters of a code: 39 bits, for a day, among colleagues."""


UNUSED, UNFINISHED = "unused", "unfinished"
"""The seats that the host of a room may free: those of people who have not begun, and those of all who have not finished."""


class Door(StrEnum):
    """Who may still take a seat in a room. People with an account are in the audit, and need no link."""

    OPEN = "open"
    """Whoever has the code."""
    LINKS = "links"
    """Whoever has an account and the code, or a link for one person."""
    SHUT = "shut"
    """Nobody."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's: the items answered so far, and once they have finished, all that they answered, which stays as it is.

    `call` says how their first call compares with the key, by a role that is not kept. `is_told` says that, in a pair, they
    have been shown where the two differ. `ticket` is the number of the link for one person by which it was taken, 0 where it
    was not; `is_anyones` says that whoever took it had neither such a link nor an account; `is_begun` that they have begun the SERAF.
    """

    token: str = field(repr=False)
    answered: tuple[str, ...] = ()
    row: Responses | None = field(default=None, repr=False)
    is_told: bool = False
    call: ActionOutcome | None = field(default=None, repr=False)
    ticket: int = 0
    is_anyones: bool = False
    is_begun: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A room or a pair that is open: its code, its made-up case, the instrument that is asked there, and its seats.

    `is_full` says that there is no seat left, `is_closed` that nobody may answer either: then it has no seats, and stands
    only for the key that is not open yet. `screen` is what opens the screen of its host, once; empty where nothing
    does. `door` says who may join, and `tickets` what links for one person there are; None where none were made.
    """

    code: str = field(repr=False)
    together: Together
    case: str
    fingerprint: str
    seats: tuple[Seat, ...] = ()
    is_full: bool = False
    is_closed: bool = False
    screen: str = field(default="", repr=False)
    door: Door = Door.OPEN
    tickets: Tickets | None = None

    @property
    def takes_nobody(self) -> bool:
        """Whether nobody may join, whoever they are."""
        return self.is_full or self.door is Door.SHUT

    @property
    def fewest(self) -> int:
        """How many have to finish for anything to be shown: more where one person could have taken several seats."""
        return OPEN_GROUP if any(seat.is_anyones for seat in self.finished) else SMALLEST_GROUP

    @property
    def finished(self) -> tuple[Seat, ...]:
        """The seats of those who have finished."""
        return tuple(seat for seat in self.seats if seat.row is not None)

    @property
    def unused(self) -> tuple[Seat, ...]:
        """The seats of those who have not begun to answer."""
        return tuple(seat for seat in self.seats if not seat.is_begun)

    def seat(self, token: str) -> Seat | None:
        """The seat of that token; None where nobody has taken it."""
        return next((each for each in self.seats if each.token == token), None)

    def beside(self, token: str) -> Seat | None:
        """In a pair, the other one's seat; None where they have not come, or have left."""
        return next((each for each in self.seats if each.token != token), None)

    def with_seat(self, seat: Seat) -> "Room":
        """The room with this seat as it is now; the last one that is taken fills it, and then there is no other to take."""
        is_new = self.seat(seat.token) is None
        if is_new and self.takes_nobody:
            return self
        seats = (
            (*self.seats, seat) if is_new else tuple(seat if each.token == seat.token else each for each in self.seats)
        )
        return replace(self, seats=seats, is_full=self.is_full or len(seats) >= MOST[self.together])

    def without(self, token: str) -> "Room":
        """The room without this seat, unless its person has finished: what was counted stays counted."""
        left = tuple(each for each in self.seats if each.token != token or each.row is not None)
        # Nobody takes the place of somebody who has left a pair (ADR 0035): both agreed to show
        # each other their answers. And nobody takes one in a room that is closed.
        stays_full = self.is_closed or self.together is Together.PAIR
        is_full = len(left) >= MOST[self.together] or (self.is_full and stays_full)
        return replace(self, seats=left, is_full=is_full)

    def freed(self, *, is_all: bool) -> "Room":
        """The room without the seats of those who have not begun, or without those of all who have not finished (`is_all`).

        What was counted stays counted. Whoever sat there may come again.
        """
        gone = {seat.token for seat in (self.seats if is_all else self.unused) if seat.row is None}
        left = tuple(seat for seat in self.seats if seat.token not in gone)
        return replace(self, seats=left, is_full=len(left) >= MOST[self.together])

    def is_ticket(self, letters: str) -> bool:
        """Whether these are the letters of a link for one person to this room."""
        return self.tickets is not None and self.tickets.number_of(letters) > 0

    def ticket(self, letters: str) -> int:
        """The number of such a link, where nobody has taken a seat by it; else 0."""
        number = self.tickets.number_of(letters) if self.tickets is not None else 0
        return 0 if any(seat.ticket == number for seat in self.seats) else number

    def closed(self) -> "Room":
        """The room without its seats, in which nobody may take one."""
        return replace(self, seats=(), is_full=True, is_closed=True)


def plain(words: str) -> str:
    """A code as it was made, from what somebody typed: upper case, without spaces and dashes."""
    return "".join(sign for sign in words.upper() if sign.isalnum())[:LENGTH]


def plain_ticket(words: str) -> str:
    """The letters of a link for one person, from what somebody typed, in the same way."""
    return "".join(sign for sign in words.upper() if sign.isalnum())[:TICKET_LENGTH]


def spoken(code: str) -> str:
    """A code for reading aloud, in groups."""
    return "-".join(code[at : at + LENGTH // 2] for at in range(0, len(code), LENGTH // 2))


def encode_room(room: Room) -> str:
    """The room as one line of JSON."""
    seats = [
        [
            *(each.token, each.answered, _pairs(each.row), each.is_told),
            *(each.call, each.ticket, each.is_anyones, each.is_begun),
        ]
        for each in room.seats
    ]
    kept = {"v": VERSION, "code": room.code, "together": room.together, "case": room.case, "full": room.is_full}
    kept |= {"closed": room.is_closed, "screen": room.screen, "door": room.door}
    kept |= {"tickets": room.tickets and [room.tickets.secret, room.tickets.count]}
    return json.dumps({**kept, "asks": room.fingerprint, "seats": seats}, separators=(",", ":"))


def decode_room(text: str) -> Room | None:
    """The room in a text; None where a newer release wrote it."""
    raw = json.loads(text)
    if raw["v"] > VERSION:
        return None
    tickets = raw.get("tickets")
    return Room(
        *(
            raw["code"],
            Together(raw["together"]),
            raw["case"],
            raw["asks"],
            tuple(map(_seat, raw["seats"])),
            raw["full"],
        ),
        is_closed=raw.get("closed", False),
        screen=raw.get("screen", ""),
        door=Door(raw.get("door", Door.OPEN)),
        tickets=Tickets(*tickets) if tickets else None,
    )


UNWRITTEN_OF_SEATS: tuple[Any, ...] = ("", (), None, False, None, 0, False, True)
"""What stands for what earlier releases did not write of a seat."""


def _seat(raw: list[Any]) -> Seat:
    """A seat in what JSON has. Earlier releases wrote less."""
    token, answered, row, is_told, call, *more = [*raw, *UNWRITTEN_OF_SEATS[len(raw) :]]
    given = row and Responses.of(row)
    return Seat(token, tuple(answered), given, is_told, call and ActionOutcome(call), *more)


def _pairs(row: Responses | None) -> dict[str, str] | None:
    return None if row is None else dict(row)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many have joined, how many have finished, and how many have answered each item: numbers alone.

    `screen` is what opens the screen of the host of the room, once. `unused` counts the seats of those who have not begun;
    `door` and `tickets` say who may join; so many as `fewest` have to finish before anything is shown. `frees` names the
    seats that this very turn frees, if any.
    """

    joined: int = 0
    finished: int = 0
    answered: tuple[tuple[str, int], ...] = ()
    screen: str = field(default="", repr=False)
    unused: int = 0
    door: Door = Door.OPEN
    tickets: Tickets | None = None
    fewest: int = SMALLEST_GROUP
    frees: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """A room that was closed on a day (local): how many had joined, and what may be shown of their responses."""

    joined: int
    day: date
    outcome: TooFew | Compared


@dataclass(frozen=True, slots=True)
class Beside:
    """A pair: whether the other one is there, or was and has left; and once both have finished, how the two compare.

    `critical` are the critical actions, one's own and the other's, and none before. `of` counts the items that both were
    asked. `differing` are the other places at which they differ, with one's own answer and the other's: what they answered
    alike there is not kept.
    """

    is_here: bool = False
    has_left: bool = False
    of: int = 0
    critical: tuple[tuple[CriticalAction, CriticalAction], ...] = field(default=(), repr=False)
    differing: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)

    @property
    def is_compared(self) -> bool:
        """Whether both have finished."""
        return bool(self.critical)


@dataclass(frozen=True, slots=True)
class NotOpen:
    """To somebody in a room: it was closed, and its host has not opened the key for everybody yet."""


RoomView = Counts | Ended | Beside | NotOpen


def to_plain(view: RoomView | None) -> Any:
    """The view as JSON has it."""
    match view:
        case None:
            return None
        case Counts(joined, finished, answered, screen):
            tickets = view.tickets and [view.tickets.secret, view.tickets.count]
            return ["counts", joined, finished, answered, screen, view.unused, view.door, tickets, view.fewest]
        case Ended(joined, day, outcome):
            return ["ended", joined, day.isoformat(), _outcome_to_plain(outcome)]
        case Beside(is_here, has_left, of, critical, differing):
            return [
                "beside",
                is_here,
                has_left,
                of,
                [list(map(_action_to_plain, both)) for both in critical],
                differing,
            ]
        case NotOpen():
            return ["not-open"]
    assert_never(view)


UNWRITTEN_OF_COUNTS: tuple[Any, ...] = ("", 0, Door.OPEN, None, SMALLEST_GROUP)
"""What stands for what earlier releases did not write of counts."""


def from_plain(raw: Any) -> RoomView | None:
    """The view in what JSON has."""
    match raw:
        case None:
            return None
        case ["counts", joined, finished, answered, *more]:
            # Earlier releases wrote less; what is not there is looked up with the next turn.
            screen, unused, door, tickets, fewest = [*more, *UNWRITTEN_OF_COUNTS[len(more) :]]
            counts = tuple((place, count) for place, count in answered)
            made = Tickets(*tickets) if tickets else None
            return Counts(joined, finished, counts, screen, unused, Door(door), made, fewest)
        case ["ended", joined, day, outcome]:
            return Ended(joined, date.fromisoformat(day), _outcome(outcome))
        case ["beside", is_here, has_left, of, critical, differing]:
            both = tuple((_action(mine), _action(theirs)) for mine, theirs in critical)
            return Beside(
                is_here, has_left, of, both, tuple((place, mine, theirs) for place, mine, theirs in differing)
            )
        case ["beside", is_here, has_left, *_]:  # before there were critical actions: it is compared anew, or over
            return Beside(is_here, has_left)
        case ["not-open"]:
            return NotOpen()
        case _:
            raise ValueError("no view of a room")


def _action_to_plain(action: CriticalAction) -> list[Any]:
    return [action.critical, action.done, action.keys, action.outcome]


def _action(raw: Any) -> CriticalAction:
    critical, done, keys, outcome = raw
    return CriticalAction(Critical(critical), done, tuple(keys), ActionOutcome(outcome))


def _outcome_to_plain(outcome: TooFew | Compared) -> Any:
    match outcome:
        case TooFew(people, fewest):
            return [people, fewest]
        case Compared(people, actions, items, numbers, fewest):
            told = [[_place_to_plain(each.done), each.agreed, each.missed, each.over] for each in actions]
            scales = [
                [each.options, each.items, _number_to_plain(each.alpha), _number_to_plain(each.ac1)]
                for each in numbers.scales
            ]
            shares = [_to_plain(numbers.percent), _to_plain(numbers.keyed)]
            return [people, told, [_place_to_plain(each) for each in items], [*shares, scales], fewest]
    assert_never(outcome)


def _outcome(raw: Any) -> TooFew | Compared:
    if len(raw) <= 2:
        return TooFew(*raw)
    people, actions, items, (percent, keyed, scales), *fewest = raw
    kinds = (ScaleNumbers(options, count, _number(alpha), _number(ac1)) for options, count, alpha, ac1 in scales)
    numbers = Numbers(_fraction(percent), _fraction(keyed), tuple(kinds))
    return Compared(people, tuple(map(_compared_action, actions)), tuple(map(_place, items)), numbers, *fewest)


def _compared_action(raw: Any) -> ComparedAction:
    done, agreed, missed, over = raw
    place = _place(done)
    return ComparedAction(Critical(place.place), place, agreed, missed, over)


def _place_to_plain(outcome: PlaceOutcome) -> Any:
    match outcome:
        case Spread(place, counts, missed):
            return ["spread", place, counts, missed]
        case Unanimous(place, people, is_missed, given):
            return ["alike", place, people, is_missed, given]
        case Hidden(place, people):
            return ["hidden", place, people]
    assert_never(outcome)


def _place(raw: Any) -> PlaceOutcome:
    match raw:
        case ["spread", place, counts, missed]:
            return Spread(place, tuple((option, count) for option, count in counts), missed)
        case ["alike", place, people, is_missed, given]:
            return Unanimous(place, people, is_missed, given)
        case ["hidden", place, people]:
            return Hidden(place, people)
        case _:
            raise ValueError("no outcome of a place")


def _number_to_plain(number: Coefficient) -> Any:
    if isinstance(number, Undefined):
        return str(number.why)
    around = number.interval
    return [_to_plain(number.value), around and [_to_plain(around.low), _to_plain(around.high)]]


def _number(raw: Any) -> Coefficient:
    if isinstance(raw, str):
        return Undefined(Why(raw))
    value, around = raw
    return Estimate(Fraction(*value), around and Interval(*(Fraction(*end) for end in around)))


def _to_plain(share: Fraction | None) -> list[int] | None:
    return None if share is None else [share.numerator, share.denominator]


def _fraction(raw: Any) -> Fraction | None:
    return None if raw is None else Fraction(*raw)
