"""What the people of a room or a pair share: seats that have no names, and what was answered from each.

Which seat is whose stands nowhere but in each person's own rehearsal. When the room is closed, all seats go; the room
itself goes when its key is opened.
"""

import json
from dataclasses import dataclass, field, replace

from seraf.form.responses import Responses
from seraf.rehearsal.critical_actions import ActionOutcome
from state_machines.rehearsal import Together

VERSION = 1
"""The version that is written. What a newer one wrote counts as no room."""

MOST = {Together.ROOM: 60, Together.PAIR: 2}
"""How many may take a seat."""

LENGTH = 8
"""Letters of a code: 39 bits, for a day, among colleagues."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's: the items answered so far, and once they have finished, all that they answered, which stays as it is.

    `call` says how their first call compares with the key, by a role that is not kept. `is_told` says that, in a pair, they
    have been shown where the two differ.
    """

    token: str = field(repr=False)
    answered: tuple[str, ...] = ()
    row: Responses | None = field(default=None, repr=False)
    is_told: bool = False
    call: ActionOutcome | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Room:
    """A room or a pair that is open: its code, its made-up case, the instrument that is asked there, and its seats.

    `is_full` says that nobody else may join, `is_closed` that nobody may answer either: then it has no seats, and stands
    only for the key that is not open yet. `screen` is what opens the screen of its host, once; empty where nothing
    does.
    """

    code: str = field(repr=False)
    together: Together
    case: str
    fingerprint: str
    seats: tuple[Seat, ...] = ()
    is_full: bool = False
    is_closed: bool = False
    screen: str = field(default="", repr=False)

    @property
    def finished(self) -> tuple[Seat, ...]:
        """The seats of those who have finished."""
        return tuple(seat for seat in self.seats if seat.row is not None)

    def seat(self, token: str) -> Seat | None:
        """The seat of that token; None where nobody has taken it."""
        return next((each for each in self.seats if each.token == token), None)

    def beside(self, token: str) -> Seat | None:
        """In a pair, the other one's seat; None where they have not come, or have left."""
        return next((each for each in self.seats if each.token != token), None)

    def with_seat(self, seat: Seat) -> "Room":
        """The room with this seat as it is now; the last one that is taken fills it, and then there is no other to take."""
        is_new = self.seat(seat.token) is None
        if is_new and self.is_full:
            return self
        seats = (
            (*self.seats, seat) if is_new else tuple(seat if each.token == seat.token else each for each in self.seats)
        )
        return replace(self, seats=seats, is_full=self.is_full or len(seats) >= MOST[self.together])

    def without(self, token: str) -> "Room":
        """The room without this seat, unless its person has finished: what was counted stays counted."""
        left = tuple(each for each in self.seats if each.token != token or each.row is not None)
        # Nobody takes the place of somebody who has left a pair (ADR 0036): both agreed to show
        # each other their answers. And nobody takes one in a room that is closed.
        stays_full = self.is_closed or self.together is Together.PAIR
        is_full = len(left) >= MOST[self.together] or (self.is_full and stays_full)
        return replace(self, seats=left, is_full=is_full)

    def closed(self) -> "Room":
        """The room without its seats, in which nobody may take one."""
        return replace(self, seats=(), is_full=True, is_closed=True)


def plain(words: str) -> str:
    """A code as it was made, from what somebody typed: upper case, without spaces and dashes."""
    return "".join(sign for sign in words.upper() if sign.isalnum())[:LENGTH]


def spoken(code: str) -> str:
    """A code for reading aloud, in two groups."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def encode_room(room: Room) -> str:
    """The room as one line of JSON."""
    seats = [[each.token, each.answered, _pairs(each.row), each.is_told, each.call] for each in room.seats]
    kept = {"v": VERSION, "code": room.code, "together": room.together, "case": room.case, "full": room.is_full}
    kept |= {"closed": room.is_closed, "screen": room.screen}
    return json.dumps({**kept, "asks": room.fingerprint, "seats": seats}, separators=(",", ":"))


def decode_room(text: str) -> Room | None:
    """The room in a text; None where a newer release wrote it."""
    raw = json.loads(text)
    if raw["v"] > VERSION:
        return None
    seats = tuple(
        Seat(token, tuple(answered), row and Responses.of(row), is_told, ActionOutcome(call[0]) if any(call) else None)
        for token, answered, row, is_told, *call in raw["seats"]
    )
    return Room(
        *(raw["code"], Together(raw["together"]), raw["case"], raw["asks"], seats, raw["full"]),
        is_closed=raw.get("closed", False),
        screen=raw.get("screen", ""),
    )


def _pairs(row: Responses | None) -> dict[str, str] | None:
    return None if row is None else dict(row)
