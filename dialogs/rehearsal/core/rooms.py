"""A rehearsal for a group (a room) or for two people (a pair) as a value, and what each person in it sees."""

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
from seraf.rehearsal import agreement
from seraf.rehearsal.agreement import OPEN_GROUP, SMALLEST_GROUP, Compared, TooFew
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, CriticalAction
from state_machines.rehearsal import Together

COUNTS = (12, 24, 60)  # how many links a host can make at once: a sheet has space for 12, a room has 60 seats
TICKET_LENGTH = 10  # characters in a link's code, which is 50 random bits, valid for a day


@dataclass(frozen=True, slots=True)
class Tickets:
    """Personal links to a room, for one person each: the secret that their codes are derived from, and how many there are."""

    secret: str = field(repr=False)
    count: int

    def ticket(self, number: int) -> str:
        """Return the code of the link with this number. The first has number 1."""
        drawn = hmac.digest(self.secret.encode(), str(number).encode(), hashlib.sha256)
        return base64.b32encode(drawn).decode()[:TICKET_LENGTH]

    def number_of(self, ticket: str) -> int:
        """Return the number of the link with this code, or 0 if no link has it. The first link has number 1."""
        for number in range(1, self.count + 1):
            if hmac.compare_digest(self.ticket(number).encode(), ticket.encode()):
                return number
        return 0


VERSION = 1  # the version of the stored format; a room of a newer version is ignored
MOST = {Together.ROOM: 60, Together.PAIR: 2}  # maximum number of seats
LENGTH = 8  # characters in a room's code, which is 39 random bits, valid for a day, and known to colleagues


UNUSED, UNFINISHED = "unused", "unfinished"  # the seats that a host can free: not begun, or not finished


class Door(StrEnum):
    """Who can still join a room. People with an account need no personal link, since the audit names them."""

    OPEN = "open"  # anyone with the code
    LINKS = "links"  # anyone with an account and the code, or with a link for one person
    SHUT = "shut"  # nobody


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's seat in a room. `answered` are the items answered so far; `row` has all answers once the person has
    finished.

    `call` is how their first call compares with the agreed one, for their profession, which is not stored. `is_told`: the
    person has seen how their pair differs. `ticket` is the number of the personal link that was used, or 0; `is_anyones`:
    the person had neither such a link nor an account; `is_begun`: they have begun. `stages` says of each stage of a case in
    stages how what they did there compares with what was due.
    """

    token: str = field(repr=False)
    answered: tuple[str, ...] = ()
    row: Responses | None = field(default=None, repr=False)
    is_told: bool = False
    call: ActionOutcome | None = field(default=None, repr=False)
    ticket: int = 0
    is_anyones: bool = False
    is_begun: bool = False
    stages: tuple[ActionOutcome, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Room:
    """A room or pair: its code, its made-up case, the fingerprint of its instrument, and its seats.

    `is_full` is True if no seat is left. `is_closed` is True if nobody can answer any more: the room then has no seats,
    and exists only until the host releases the agreed answers. `screen` is the token that opens the host's screen once,
    or empty. `door` says who can join; `tickets` is None if no personal links were made. `opened` is how many stages of a
    case in stages the host has opened.
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
    opened: int = 1

    @property
    def takes_nobody(self) -> bool:
        """Return True if nobody can join, because the room is full or shut."""
        return self.is_full or self.door is Door.SHUT

    @property
    def fewest(self) -> int:
        """Return how many people must finish before results are shown. It is more if one person may have taken several seats."""
        return OPEN_GROUP if any(seat.is_anyones for seat in self.finished) else SMALLEST_GROUP

    @property
    def finished(self) -> tuple[Seat, ...]:
        """Return the seats of the people who have finished."""
        return tuple(seat for seat in self.seats if seat.row is not None)

    @property
    def unused(self) -> tuple[Seat, ...]:
        """Return the seats of the people who have not begun."""
        return tuple(seat for seat in self.seats if not seat.is_begun)

    def seat(self, token: str) -> Seat | None:
        """Return the seat with this token, or None."""
        return next((seat for seat in self.seats if seat.token == token), None)

    def beside(self, token: str) -> Seat | None:
        """Return the other person's seat in a pair, or None if they have not joined or have left."""
        return next((seat for seat in self.seats if seat.token != token), None)

    def with_seat(self, seat: Seat) -> "Room":
        """Return the room with this seat added or updated. A full or shut room stays unchanged instead of getting a new seat."""
        if self.seat(seat.token) is not None:
            seats = tuple(seat if other.token == seat.token else other for other in self.seats)
        elif self.takes_nobody:
            return self
        else:
            seats = (*self.seats, seat)
        return replace(self, seats=seats, is_full=self.is_full or len(seats) >= MOST[self.together])

    def without(self, token: str) -> "Room":
        """Return the room without this seat. If its person has finished, the seat stays, since the answers were counted."""
        left = tuple(seat for seat in self.seats if seat.token != token or seat.row is not None)
        # No seat of a pair is ever taken over (ADR 0035), since both people agreed to show each other their answers;
        # nor is one of a closed room.
        stays_full = self.is_closed or self.together is Together.PAIR
        is_full = len(left) >= MOST[self.together] or (self.is_full and stays_full)
        return replace(self, seats=left, is_full=is_full)

    def freed(self, *, is_all: bool) -> "Room":
        """Return the room without the seats of people who have not begun, or, if `is_all`, of all who have not finished.

        Answers that were counted remain. The people can join again.
        """
        gone = {seat.token for seat in (self.seats if is_all else self.unused) if seat.row is None}
        left = tuple(seat for seat in self.seats if seat.token not in gone)
        return replace(self, seats=left, is_full=len(left) >= MOST[self.together])

    def is_ticket(self, letters: str) -> bool:
        """Return True if this is the code of a personal link to the room."""
        return self.tickets is not None and self.tickets.number_of(letters) > 0

    def ticket(self, letters: str) -> int:
        """Return the number of the personal link with this code, or 0 if there is none or its seat is taken."""
        number = self.tickets.number_of(letters) if self.tickets is not None else 0
        return 0 if any(seat.ticket == number for seat in self.seats) else number

    def closed(self) -> "Room":
        """Return a copy of the room that is closed and has no seats."""
        return replace(self, seats=(), is_full=True, is_closed=True)


def plain(words: str) -> str:
    """Return a typed room code in the spelling of `Room.code`: in upper case, without spaces and dashes, cut to its length."""
    return "".join(sign for sign in words.upper() if sign.isalnum())[:LENGTH]


def plain_ticket(words: str) -> str:
    """Return a typed link code in the spelling of `Tickets.ticket`: in upper case, without spaces and dashes, cut to its length."""
    return "".join(sign for sign in words.upper() if sign.isalnum())[:TICKET_LENGTH]


def spoken(code: str) -> str:
    """Return a code in groups of four characters with dashes between them, so that it can be read aloud."""
    return "-".join(code[at : at + LENGTH // 2] for at in range(0, len(code), LENGTH // 2))


def encode_room(room: Room) -> str:
    """Return the room as one line of JSON."""
    seats = []
    for seat in room.seats:
        row = None if seat.row is None else dict(seat.row)
        more = (seat.call, seat.ticket, seat.is_anyones, seat.is_begun, seat.stages)
        seats.append([seat.token, seat.answered, row, seat.is_told, *more])
    stored = {"v": VERSION, "code": room.code, "together": room.together, "case": room.case, "full": room.is_full}
    stored |= {"closed": room.is_closed, "screen": room.screen, "door": room.door}
    stored |= {"tickets": room.tickets and [room.tickets.secret, room.tickets.count], "opened": room.opened}
    return json.dumps({**stored, "asks": room.fingerprint, "seats": seats}, separators=(",", ":"))


def decode_room(text: str) -> Room | None:
    """Return the room from its stored text, or None if a newer release wrote it."""
    raw = json.loads(text)
    if raw["v"] > VERSION:
        return None
    seats = []
    for seat in raw["seats"]:
        fields: list[Any] = [*seat, *UNWRITTEN_OF_SEATS[len(seat) :]]
        token, answered, row, is_told, call, *more = fields
        given, more[-1] = row and Responses.of(row), tuple(map(ActionOutcome, more[-1]))
        seats.append(Seat(token, tuple(answered), given, is_told, call and ActionOutcome(call), *more))
    tickets = raw.get("tickets")
    return Room(
        code=raw["code"],
        together=Together(raw["together"]),
        case=raw["case"],
        fingerprint=raw["asks"],
        seats=tuple(seats),
        is_full=raw["full"],
        is_closed=raw.get("closed", False),
        screen=raw.get("screen", ""),
        door=Door(raw.get("door", Door.OPEN)),
        tickets=Tickets(*tickets) if tickets else None,
        opened=raw.get("opened", 1),
    )


# The values to use for those fields of a seat that an earlier release did not write.
UNWRITTEN_OF_SEATS: tuple[Any, ...] = ("", (), None, False, None, 0, False, True, ())


@dataclass(frozen=True, slots=True)
class Counts:
    """What the host of an open room sees: how many people joined, finished, and answered each item, but no answers.

    `screen` is the token that opens the host's screen once. `unused` is the number of seats of people who have not
    begun; `door` and `tickets` say who can join; `fewest` is how many people must finish before results are shown.
    `frees` is which seats this turn frees (`UNUSED` or `UNFINISHED`), or empty. `opened` is how many stages of a case in
    stages are open, and `acted` how many people have chosen at the latest of them.
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
    opened: int = 1
    acted: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """What the host of a closed room sees: how many people joined, the local day of closing, and the results.

    `stages` has, for each stage of a case in stages, how many acted there and how many of them were not in line.
    """

    joined: int
    day: date
    outcome: TooFew | Compared
    stages: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What a person in a pair sees: whether the other one has joined or left, and how their answers compare.

    `critical` has each critical action twice, as this person did it and as the other did; it is empty until both finish.
    `of` is the number of items that both were asked. `differing` are the other items and questions on which they differ,
    each with this person's answer and the other's; equal answers are not stored.
    """

    is_here: bool = False
    has_left: bool = False
    of: int = 0
    critical: tuple[tuple[CriticalAction, CriticalAction], ...] = field(default=(), repr=False)
    differing: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)

    @property
    def is_compared(self) -> bool:
        """Return True if both people have finished, so that their answers could be compared."""
        return bool(self.critical)


@dataclass(frozen=True, slots=True)
class NotOpen:
    """What a participant sees of a closed room while the host has not released the agreed answers."""


@dataclass(frozen=True, slots=True)
class StagesOpen:
    """What a participant sees of an open room on a case in stages: how many of them the trainer has opened."""

    count: int


RoomView = Counts | Ended | Beside | NotOpen | StagesOpen


def to_plain(view: RoomView | None) -> Any:
    """Return what a person sees of a room as values that JSON can store."""
    match view:
        case None:
            return None
        case Counts(joined, finished, answered, screen):
            tickets = view.tickets and [view.tickets.secret, view.tickets.count]
            more = (screen, view.unused, view.door, tickets, view.fewest, view.opened, view.acted)
            return ["counts", joined, finished, answered, *more]
        case Ended(joined, day, outcome):
            return ["ended", joined, day.isoformat(), _outcome_to_plain(outcome), view.stages]
        case Beside(is_here, has_left, of, critical, differing):
            actions = [[[one.critical, one.done, one.keys, one.outcome] for one in both] for both in critical]
            return ["beside", is_here, has_left, of, actions, differing]
        case NotOpen():
            return ["not-open"]
        case StagesOpen(count):
            return ["stages", count]
    assert_never(view)


# The values to use for those fields of `Counts` that an earlier release did not write.
UNWRITTEN_OF_COUNTS: tuple[Any, ...] = ("", 0, Door.OPEN, None, SMALLEST_GROUP, 1, 0)


def from_plain(raw: Any) -> RoomView | None:
    """Return what a person sees of a room from values that `to_plain` returned. Raise `ValueError` for any others."""
    match raw:
        case None:
            return None
        case ["counts", joined, finished, answered, *more]:
            # Earlier releases wrote less; missing fields are looked up with the next turn.
            screen, unused, door, tickets, fewest, opened, acted = [*more, *UNWRITTEN_OF_COUNTS[len(more) :]]
            counts = tuple((place, count) for place, count in answered)
            links = Tickets(*tickets) if tickets else None
            shown = Counts(joined, finished, counts, screen, unused, Door(door), links, fewest)
            return replace(shown, opened=opened, acted=acted)
        case ["ended", joined, day, outcome, *more]:
            stages = tuple((acted, missed) for acted, missed in more[0]) if more else ()
            return Ended(joined, date.fromisoformat(day), _outcome(outcome), stages)
        case ["beside", is_here, has_left, of, critical, differing]:
            actions = tuple((_action(mine), _action(theirs)) for mine, theirs in critical)
            places = tuple((place, mine, theirs) for place, mine, theirs in differing)
            return Beside(is_here, has_left, of, actions, places)
        case ["beside", is_here, has_left, *_]:  # written before critical actions existed; the next turn compares again
            return Beside(is_here, has_left)
        case ["not-open"]:
            return NotOpen()
        case ["stages", count]:
            return StagesOpen(count)
        case _:
            raise ValueError("no view of a room")


def _action(raw: Any) -> CriticalAction:
    critical, done, keys, outcome = raw
    return CriticalAction(Critical(critical), done, tuple(keys), ActionOutcome(outcome))


def _outcome_to_plain(outcome: TooFew | Compared) -> Any:
    if isinstance(outcome, TooFew):
        return [outcome.people, outcome.fewest]
    numbers = outcome.numbers
    actions = [[_place_to_plain(action.done), action.agreed, action.missed, action.over] for action in outcome.actions]
    scales = [
        [scale.options, scale.items, _number_to_plain(scale.alpha), _number_to_plain(scale.ac1)]
        for scale in numbers.scales
    ]
    shares = [_to_plain(numbers.percent), _to_plain(numbers.keyed), scales]
    return [outcome.people, actions, list(map(_place_to_plain, outcome.items)), shares, outcome.fewest]


def _outcome(raw: Any) -> TooFew | Compared:
    if len(raw) <= 2:
        return TooFew(*raw)
    people, actions, items, (percent, keyed, scales), *fewest = raw
    kinds = (agreement.ScaleNumbers(options, of, _number(alpha), _number(ac1)) for options, of, alpha, ac1 in scales)
    numbers = agreement.Numbers(_fraction(percent), _fraction(keyed), tuple(kinds))
    compared = []
    for done, agreed, missed, over in actions:
        place = _place(done)
        compared.append(agreement.ComparedAction(Critical(place.place), place, agreed, missed, over))
    return Compared(people, tuple(compared), tuple(map(_place, items)), numbers, *fewest)


def _place_to_plain(outcome: agreement.PlaceOutcome) -> Any:
    match outcome:
        case agreement.Spread(place, counts, missed):
            return ["spread", place, counts, missed]
        case agreement.Unanimous(place, people, is_missed, given):
            return ["alike", place, people, is_missed, given]
        case agreement.Hidden(place, people):
            return ["hidden", place, people]
    assert_never(outcome)


def _place(raw: Any) -> agreement.PlaceOutcome:
    match raw:
        case ["spread", place, counts, missed]:
            return agreement.Spread(place, tuple((option, count) for option, count in counts), missed)
        case ["alike", place, people, is_missed, given]:
            return agreement.Unanimous(place, people, is_missed, given)
        case ["hidden", place, people]:
            return agreement.Hidden(place, people)
        case _:
            raise ValueError("no outcome of a place")


def _number_to_plain(number: agreement.Coefficient) -> Any:
    if isinstance(number, agreement.Undefined):
        return str(number.why)
    around = number.interval
    return [_to_plain(number.value), around and [_to_plain(around.low), _to_plain(around.high)]]


def _number(raw: Any) -> agreement.Coefficient:
    if isinstance(raw, str):
        return agreement.Undefined(agreement.Why(raw))
    value, around = raw
    return agreement.Estimate(Fraction(*value), around and agreement.Interval(*(Fraction(*end) for end in around)))


def _to_plain(share: Fraction | None) -> list[int] | None:
    return None if share is None else [share.numerator, share.denominator]


def _fraction(raw: Any) -> Fraction | None:
    return None if raw is None else Fraction(*raw)
