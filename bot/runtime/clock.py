"""What time it is, and what that means for people in England: local time and bank holidays."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from seraf.advice.contacts import LocalTime

LONDON = ZoneInfo("Europe/London")

DAY_BEGINS, DAY_ENDS = time(9), time(17)
"""The hours in which the bot may send a message that nobody has just asked for."""

NIGHT_BEGINS, NIGHT_ENDS = time(1), time(5)
"""The hours in which it does what people would have to wait for."""


NEAR = 21
"""How many days ahead bank holidays are looked up, and how many back, since cards still name the day on which something was done."""


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
    """An aware moment as local time in England."""
    local = at.astimezone(LONDON)
    return LocalTime(local, _is_bank_holiday(local.date()), _holidays_near(local.date()))


def morning_of(day: date) -> datetime:
    """Nine in the morning in England on this day, as aware UTC."""
    return datetime.combine(day, DAY_BEGINS, LONDON).astimezone(UTC)


def is_daytime(at: datetime) -> bool:
    """Whether it is between nine and five in England."""
    return DAY_BEGINS <= at.astimezone(LONDON).time() < DAY_ENDS


def is_night(at: datetime) -> bool:
    """Whether it is between one and five in England, when hardly anybody has to wait for what takes long."""
    return NIGHT_BEGINS <= at.astimezone(LONDON).time() < NIGHT_ENDS


def _is_bank_holiday(day: date) -> bool:
    return day in _bank_holidays(day.year)


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    """Those of a year, looked up together: a card asks for six weeks."""
    from holidays import country_holidays  # slow to import, and not needed before somebody asks for a contact

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


@lru_cache(maxsize=64)
def _holidays_near(day: date) -> frozenset[date]:
    """The bank holidays near this day: ahead, where something may fall due, and just past."""
    days = (day + timedelta(days=number) for number in range(-NEAR, NEAR + 1))
    return frozenset(each for each in days if each != day and _is_bank_holiday(each))
