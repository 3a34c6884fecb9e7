"""Passes to rooms in which people rehearse together, for browsers without an account: a guest's browser, or a screen of the host.

They are stored apart from people. A pass has no field for a case, a profile or an account, and an event can add none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.storage.values import Aware, Refused, Shared

TRAINER = "trainer"  # the host in the pass of a trainer without an account: their own rehearsal is in the pass
LINGERS = timedelta(hours=1)  # how long passes outlast their room, so that people can see how they did


@dataclass(frozen=True, slots=True)
class Pass(Aware):
    """A pass to a room, valid until `until`. `name` is a secret that only its browser has.

    `room` is the code of its room, `card` a counter that never decreases, and `text` the rehearsal. `host` is
    the person whose screen it is, empty for a guest, and `TRAINER` for a trainer without an account, who may open rooms.
    """

    name: str = field(repr=False)
    room: str = field(repr=False)
    until: datetime
    card: int = 0
    text: str = field(default="", repr=False)
    host: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PassDecision:
    """The decision on an event: the pass to store, or None to delete it, and the new text of its room, empty to leave it as it is.

    Only a trainer's decision may open a room (`opens`) or end theirs (`ends`).
    """

    kept: Pass | None
    effects: tuple[object, ...] = ()
    leaves: str = field(default="", repr=False)
    opens: Shared | None = None
    ends: bool = False


DecidePass = Callable[[Pass | None, Shared | None], PassDecision | None]
"""A function that decides what an event does to a pass, given the pass and its room. It returns None if nothing is to be stored."""


@dataclass(frozen=True, slots=True)
class PassTurn(Aware):
    """One event of a browser: its key, its time, its pass's name, and the function that answers it. `room` is used without a pass."""

    key: str
    at: datetime
    name: str = field(repr=False)
    decide: DecidePass = field(repr=False)
    room: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PassDone:
    """The outcome of an event that was accepted, or whose key was known: the pass as it is stored now, or None."""

    key: str
    kept: Pass | None
    effects: tuple[object, ...] = ()


PassOutcome = PassDone | Refused


@dataclass(frozen=True, slots=True)
class PassView:
    """A pass, and for a host's screen or console also its room and the host's rehearsal. It never contains a person's record."""

    kept: Pass
    room: Shared | None = None
    hosted: str = field(default="", repr=False)


class Passes(Protocol):
    """The operations of the store on passes. They give no access to people's records."""

    async def turns(self, turns: Sequence[PassTurn]) -> tuple[PassOutcome, ...]:
        """Answer a batch of events in order and in one transaction, each in a savepoint. Of people's rows, only due times can change."""

    async def view(self, name: str, now: datetime) -> PassView | None:
        """Return the pass with this name, for a host's screen with room and rehearsal, or None if there is none or it has expired."""

    async def room(self, code: str, now: datetime) -> Shared | None:
        """Return the room with this code, for a browser without a pass, or None if there is none."""
