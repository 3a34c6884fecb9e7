"""What the people of a room or a pair share: seats that have no names, and what was answered from each.

Which seat is whose stands nowhere but in each person's own rehearsal. When the room is closed, all seats go; the room
itself goes when its key is opened.
"""

import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from dialogs.rehearsal.core.tickets import TICKET_LENGTH, Tickets
from seraf.form.responses import Responses
from seraf.rehearsal.agreement import OPEN_GROUP, SMALLEST_GROUP
from seraf.rehearsal.critical_actions import ActionOutcome
from state_machines.rehearsal import Together

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
