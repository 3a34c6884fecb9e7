"""By when a line of the action card is due, and when something was done, as people say it."""

from datetime import datetime, time, timedelta

from dialogs.core.script import Script
from dialogs.phrases.number import in_words
from dialogs.result.actions import CaseLine
from seraf.advice.contacts import LocalTime

MIDNIGHT = time()
"""The first minute of a day, which people take for the last of the day before."""

WEEK = timedelta(days=7)

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def due_words(line: CaseLine, now: LocalTime, *, script: Script) -> str:
    """By when a line is due, as a clock time or a day; at once, or from now on, where no time says it."""
    if line.planned.deadline.from_now:
        return script.wording.say("by.from-now")
    if line.planned.deadline.is_at_once:
        return script.wording.say("by.at-once")
    by = _by(line.due, now, script=script)
    if line.is_late(now):
        return script.wording.say("by.late", by=by)
    return script.wording.say("by.before-leaving", by=by) if line.planned.deadline.before else by


def _by(due: datetime, now: LocalTime, *, script: Script) -> str:
    say, due = script.wording.say, due.astimezone(now.at.tzinfo)
    day, today = due.date(), now.today
    if due.time() == MIDNIGHT:
        evening = day - timedelta(days=1)
        near = today in (evening, day)
        return say("by.midnight") if near else say("by.midnight-of", day=WEEKDAYS[evening.weekday()])
    if day == today:
        return say("by.time", time=_minutes(due))
    if today < day and day - today < WEEK:  # a weekday of the past would be taken for the next
        return say("by.day", day=WEEKDAYS[day.weekday()], time=_minutes(due))
    return say("by.date", date=in_words(day) if day.year != today.year else f"{day.day} {day:%b}")


def clock(at: datetime, now: LocalTime) -> str:
    """A time of today, or with its day, by the clock of the place: what was kept has the clock of its own day."""
    at = at.astimezone(now.at.tzinfo)
    return _minutes(at) if at.date() == now.today else f"{WEEKDAYS[at.weekday()]} {at.day} {at:%b}, {_minutes(at)}"


def _minutes(at: datetime) -> str:
    """The time on the clock, such as 14:05."""
    return at.time().isoformat("minutes")
