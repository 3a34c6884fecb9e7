"""By when something is to be done, as a clock time that people there live by. It knows no clock; the time is given to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from seraf.advice.contacts import SATURDAY, Hours, LocalTime, months_after

FIVE = time(17)
"""When a day ends, for what is due on a day."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long there is, by the clock of a board.

    `minutes` from now, at any hour (0: at once). With `at_close`, until the office shuts instead, though never less than
    `minutes`; outside office hours `minutes` still count, unless `opens` says at what time of the next working day, which
    is this one where it has not begun.
    With `before` it is due no later than that time of today, where it has not passed: before a child leaves, say.
    `working_days` or `months` from today count where they are not 0. With `from_now` nothing is due: what a line says holds
    from the moment it is shown, until it is said to be over.
    """

    id: str
    minutes: int = 0
    at_close: bool = False
    opens: time | None = None
    working_days: int = 0
    months: int = 0
    from_now: bool = False
    before: time | None = None

    @property
    def is_at_once(self) -> bool:
        """Whether there is no time at all: it is done before anything else."""
        waits = self.minutes or self.at_close or self.opens or self.working_days or self.months
        return not waits and not self.from_now

    def due(self, now: LocalTime, hours: Iterable[Hours]) -> datetime:
        """The time (local, aware, whole minutes) by which it is due for somebody who is told now."""
        at = now.minute
        if self.months:
            return _on(months_after(now.today, self.months), FIVE, like=at)
        if self.working_days:
            return _on(now.working_day(self.working_days), FIVE, like=at)
        closes = closing_time(now, hours) if self.at_close or self.opens else None
        if self.opens and (not closes or not self.at_close):
            return _on(_opening(now, self.opens), self.opens, like=at)
        # By way of UTC: Python adds to a local time by the clock on the wall, an hour out in the
        # nights when that changes.
        soon = (now.moment + timedelta(minutes=self.minutes)).astimezone(at.tzinfo) if self.minutes else at
        if self.before and at.time() < self.before:
            soon = min(soon, _on(now.today, self.before, like=at))
        return max(soon, _on(now.today, closes, like=at)) if self.at_close and closes else soon


def closing_time(now: LocalTime, hours: Iterable[Hours]) -> time | None:
    """When the office shuts today, if it is open at this moment."""
    for each in hours:
        if each.holds(now):
            return each.closes
    return None


def _opening(now: LocalTime, opens: time) -> date:
    """The day on which the office next opens: today too, where it is a working day and still early."""
    is_working = now.at.weekday() < SATURDAY and not now.is_bank_holiday
    return now.today if is_working and now.at.time() < opens else now.working_day(1)


def _on(day: date, at: time, *, like: datetime) -> datetime:
    return datetime.combine(day, at, like.tzinfo)
