"""Passes to a room, for browsers without an account: a guest's seat, or the screen of its host.

They lie apart from people: a pass has no place for a case, a profile or a standing, and its turn can leave none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.runtime.clock import aware
from bot.storage.values import Refused, Shared

LINGERS = timedelta(hours=1)
"""How long passes last after their room has ended, so that people can see how they did."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What is kept of it, under a name that its browser alone knows, until a time.

    `room` is the code of its room, `card` a counter that nothing resets, and `text` what is rehearsed there. `host` is the
    person whose screen it is; empty for a guest.
    """

    name: str = field(repr=False)
    room: str = field(repr=False)
    until: datetime
    card: int = 0
    text: str = field(default="", repr=False)
    host: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        aware(self.until)


@dataclass(frozen=True, slots=True)
class PassDecision:
    """What a turn comes to: the pass as it is to be kept, None where it is given back; and the text that it leaves in its room,
    empty where that stays as it was. Nothing else can come of it.
    """

    kept: Pass | None
    effects: tuple[object, ...] = ()
    leaves: str = field(default="", repr=False)


DecidePass = Callable[[Pass | None, Shared | None], PassDecision | None]
"""What an event makes of a pass and of what its room is; None where there is nothing to keep."""


@dataclass(frozen=True, slots=True)
class PassTurn:
    """One event of a browser, to be counted once: its key, its time, the name of the pass, and what answers it.

    `room` is the code that somebody comes with who has no pass yet.
    """

    key: str
    at: datetime
    name: str = field(repr=False)
    decide: DecidePass = field(repr=False)
    room: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        aware(self.at)


@dataclass(frozen=True, slots=True)
class PassDone:
    """The event was accepted, or came a second time: the pass as it is kept now, None where there is none."""

    key: str
    kept: Pass | None
    effects: tuple[object, ...] = ()


PassOutcome = PassDone | Refused


@dataclass(frozen=True, slots=True)
class PassView:
    """A pass; at a screen with what its room is, and what its host rehearses. Never a person's record."""

    kept: Pass
    room: Shared | None = None
    hosted: str = field(default="", repr=False)


class Passes(Protocol):
    """What those are served from who have a pass. It has no way to people."""

    async def turns(self, turns: Sequence[PassTurn]) -> tuple[PassOutcome, ...]:
        """Answer a batch in order and in one transaction, each in a savepoint of its own. Of people it changes nothing."""
        ...

    async def view(self, name: str, now: datetime) -> PassView | None:
        """Return a pass, and at a screen what its room is and what its host rehearses, or None if there is none, or it is over."""
        ...

    async def room(self, code: str, now: datetime) -> Shared | None:
        """Return the room of this code, for somebody who has no pass yet, or None if there is none."""
        ...


def decide_pass(turn: PassTurn, before: Pass | None, room: Shared | None) -> PassDecision | None:
    """Return the decision, once it keeps to the rules; `ValueError` names the one it broke."""
    decision = turn.decide(before, room)
    if decision is None:
        return None
    after, of_room = decision.kept, before.room if before else turn.room
    if after is not None and (after.name, after.room) != (turn.name, of_room):
        raise ValueError("a decision may not change whose pass it is, or to which room")
    if before is not None and after is not None and after.card < before.card:
        raise ValueError("a card counter may not go back")
    if decision.leaves and room is None:
        raise ValueError("nothing can be left in a room that is not there")
    return decision


def ending(kept: Pass, now: datetime) -> datetime:
    """Return until when a pass lasts whose room ends now."""
    return min(kept.until, now + LINGERS)
