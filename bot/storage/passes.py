"""Passes to a room, for browsers without an account: a guest's seat, or the screen of its host.

They are stored apart from people: a pass has no field for a case, a profile or an account, and a turn can add none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.storage.values import Aware, Refused, Shared

LINGERS = timedelta(hours=1)  # time that passes last after their room has ended, so that people can see how they did


@dataclass(frozen=True, slots=True)
class Pass(Aware):
    """A pass under a name that its browser alone knows, with an end.

    `room` is the code of its room, `card` a counter that nothing resets, and `text` the rehearsal. `host` is the person
    whose screen it is, empty for a guest.
    """

    name: str = field(repr=False)
    room: str = field(repr=False)
    until: datetime
    card: int = 0
    text: str = field(default="", repr=False)
    host: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PassDecision:
    """The result of a turn: the pass to store, or None to delete it; and the new text of its room, empty to leave it."""

    kept: Pass | None
    effects: tuple[object, ...] = ()
    leaves: str = field(default="", repr=False)


DecidePass = Callable[[Pass | None, Shared | None], PassDecision | None]
"""Decides what an event does to a pass, given its room; None if there is nothing to store."""


@dataclass(frozen=True, slots=True)
class PassTurn(Aware):
    """One event of a browser, which counts once, and the function that answers it; `room` is the code given without a pass."""

    key: str
    at: datetime
    name: str = field(repr=False)
    decide: DecidePass = field(repr=False)
    room: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PassDone:
    """The event was accepted, or its key was known: the pass as it is stored now, or None."""

    key: str
    kept: Pass | None
    effects: tuple[object, ...] = ()


PassOutcome = PassDone | Refused


@dataclass(frozen=True, slots=True)
class PassView:
    """A pass; for a screen also its room, and the rehearsal of its host. Never a person's record."""

    kept: Pass
    room: Shared | None = None
    hosted: str = field(default="", repr=False)


class Passes(Protocol):
    """The store of passes, which has no access to people."""

    async def turns(self, turns: Sequence[PassTurn]) -> tuple[PassOutcome, ...]:
        """Answer a batch in order and in one transaction, each event in a savepoint. No person's row changes."""

    async def view(self, name: str, now: datetime) -> PassView | None:
        """Return a pass, for a screen with its room and the rehearsal of its host, or None without one or if it has expired."""

    async def room(self, code: str, now: datetime) -> Shared | None:
        """Return the room of this code, for somebody without a pass, or None if there is none."""
