"""What time it is, and what that means for people in England: local time and bank holidays."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from seraf.contacts import LocalTime

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The time now, aware UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The time now, aware UTC."""
        return datetime.now(UTC)


def local_time(at: datetime) -> LocalTime:
    """A moment (aware) as people in England live it."""
    local = at.astimezone(LONDON)
    return LocalTime(local, _is_bank_holiday(local.date()))


@lru_cache(maxsize=64)
def _is_bank_holiday(day: date) -> bool:
    from holidays import country_holidays  # slow to import, and not needed before somebody asks for a contact

    return day in country_holidays("GB", subdiv="ENG", years=day.year)
