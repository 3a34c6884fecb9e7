"""The time: now, in England, on bank holidays, and as whole microseconds in the store."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from seraf.advice.contacts import LocalTime

LONDON = ZoneInfo("Europe/London")

DAY_BEGINS, DAY_ENDS = time(9), time(17)
"""The hours in which the bot may send a message that nobody has just asked for."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the time now, aware UTC."""
        ...


class BankHolidays:
    """The bank holidays of England; those of a year are looked up when somebody asks for a day in it."""

    def __contains__(self, day: object) -> bool:
        """Return True if it is one."""
        return isinstance(day, date) and day in _bank_holidays(day.year)


BANK_HOLIDAYS = BankHolidays()


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the time now, aware UTC."""
        return datetime.now(UTC)


def local_time(at: datetime) -> LocalTime:
    """Return an aware moment as local time in England."""
    return LocalTime(at.astimezone(LONDON), BANK_HOLIDAYS)


def morning_of(day: date) -> datetime:
    """Return nine in the morning in England on this day, as aware UTC."""
    return datetime.combine(day, DAY_BEGINS, LONDON).astimezone(UTC)


def is_daytime(at: datetime) -> bool:
    """Return True if it is between nine and five in England."""
    return DAY_BEGINS <= at.astimezone(LONDON).time() < DAY_ENDS


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    """Return those of a year, looked up together."""
    from holidays import country_holidays  # slow to import, and not needed before somebody asks for a contact

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 24 * 60 * 60


TIMELESS = "a moment without a time zone cannot be kept"


def aware(moment: datetime) -> datetime:
    """Return the moment itself; a moment without a time zone is a mistake of the caller and raises `ValueError`."""
    if moment.utcoffset() is None:
        raise ValueError(TIMELESS)
    return moment


def to_micros(moment: datetime) -> int:
    """Return microseconds since 1970, UTC, without loss."""
    if moment.utcoffset() is None:
        raise ValueError(TIMELESS)
    since = moment - EPOCH
    return (since.days * DAY + since.seconds) * 1_000_000 + since.microseconds


def from_micros(micros: int) -> datetime:
    """Return the aware UTC moment of so many microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)
