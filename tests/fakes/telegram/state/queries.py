"""Taps on buttons, and their answers."""

from dataclasses import dataclass
from datetime import datetime

from tests.fakes.telegram.clock import Clock
from tests.fakes.telegram.state.refusals import QUERY_TOO_OLD, Refusal
from tests.fakes.telegram.state.updates import TAP_LIFE


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a tap. If its text is empty, it only stops the spinner on the button."""

    query_id: str
    text: str
    alert: bool


@dataclass(frozen=True, slots=True)
class Tap:
    """One tap on a button, with the ids that Telegram gave it."""

    query_id: str
    update_id: int | None
    person: int
    chat_id: int
    message_id: int
    callback_data: str
    at: datetime


class Queries:
    """All unanswered taps. Each can be answered once, within `TAP_LIFE`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Tap] = {}
        self._count = 4_000_000_000_000_000_000

    def new_id(self) -> str:
        self._count += 1
        return str(self._count)

    def open(self, tap: Tap) -> None:
        """Register a tap, so that it can be answered."""
        self._open[tap.query_id] = tap

    def close(self, query_id: str) -> Tap:
        """Return the tap with this id, and count it as answered. Raise a Refusal if it was answered or is too old."""
        tap = self._open.pop(query_id, None)
        if tap is None or self._clock() - tap.at > TAP_LIFE:
            raise Refusal(400, QUERY_TOO_OLD)
        return tap

    def is_open(self, query_id: str) -> bool:
        tap = self._open.get(query_id)
        return tap is not None and self._clock() - tap.at <= TAP_LIFE

    def open_for(self, person: int) -> tuple[Tap, ...]:
        return tuple(tap for tap in self._open.values() if tap.person == person and self.is_open(tap.query_id))
