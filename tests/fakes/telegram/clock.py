"""The clocks that the fake Telegram can use."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the real time, timezone-aware, in UTC."""
    return datetime.now(UTC)


class FakeClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, start: datetime = datetime(2025, 1, 15, 12, 0, tzinfo=UTC)) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def advance(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0) -> None:
        """Move the clock forward, or back if the duration is negative."""
        self._now += timedelta(seconds=seconds, minutes=minutes, hours=hours)

    def set(self, moment: datetime) -> None:
        """Set the clock. `moment` must be timezone-aware."""
        self._now = moment.astimezone(UTC)
