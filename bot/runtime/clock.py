"""The current time, local time and bank holidays in England, and times as whole microseconds for the store."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from seraf.advice.contacts import LocalTime

LONDON = ZoneInfo("Europe/London")

DAY_BEGINS, DAY_ENDS = time(9), time(17)  # the hours between which the bot may send messages that nobody asked for
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
TIMELESS = "a moment without a time zone cannot be kept"


class Clock(Protocol):
    """A source of the current time."""

    def now(self) -> datetime:
        """Return the current time as a UTC datetime with a time zone."""


class BankHolidays:
    """The bank holidays of England, as a container of dates. Those of a year are computed when one is first asked for."""

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _bank_holidays(day.year)


BANK_HOLIDAYS = BankHolidays()


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def local_time(at: datetime) -> LocalTime:
    """Return a datetime, which must have a time zone, as local time in England."""
    return LocalTime(at.astimezone(LONDON), BANK_HOLIDAYS)


def morning_of(day: date) -> datetime:
    """Return nine o'clock in England on this day, as a UTC datetime with a time zone."""
    return datetime.combine(day, DAY_BEGINS, LONDON).astimezone(UTC)


def is_daytime(at: datetime) -> bool:
    """Return True if it is between 9:00 and 17:00 in England. At 17:00 it is not."""
    return DAY_BEGINS <= at.astimezone(LONDON).time() < DAY_ENDS


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays  # slow to import, and only needed for contacts

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def aware(moment: datetime) -> datetime:
    """Return the datetime unchanged. Raise `ValueError` if it has no time zone."""
    if moment.utcoffset() is None:
        raise ValueError(TIMELESS)
    return moment


def to_micros(moment: datetime) -> int:
    """Return the microseconds from the start of 1970 (UTC) to this datetime. Raise `ValueError` if it has no time zone."""
    if moment.utcoffset() is None:  # repeats `aware`, since every tap calls this
        raise ValueError(TIMELESS)
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return the datetime this many microseconds after the start of 1970, in UTC with a time zone."""
    return EPOCH + timedelta(microseconds=micros)
