"""By when a line of the action card is due, and when something was done, as people say it."""

from datetime import datetime, time, timedelta

from dialogs.core.script import Script
from dialogs.phrases.number import in_words
from dialogs.result.actions import CaseLine
from seraf.advice.contacts import LocalTime

MIDNIGHT = time()
"""The first minute of a day, which people take for the last of the day before."""


def due_words(line: CaseLine, now: LocalTime, *, script: Script) -> str:
    """By when a line is due, as a clock time or a day; at once, or from now on, where no time says it."""
    if line.planned.deadline.from_now:
        return script.wording.say("by.from-now")
    return script.wording.say("by.at-once") if line.planned.deadline.is_at_once else _by(line.due, now, script=script)


def _by(due: datetime, now: LocalTime, *, script: Script) -> str:
    say, due = script.wording.say, due.astimezone(now.at.tzinfo)
    if due.time() == MIDNIGHT:
        evening = due.date() - timedelta(days=1)
        near = evening == now.today or due.date() == now.today
        return say("by.midnight") if near else say("by.midnight-of", day=f"{evening:%a}")
    if due.date() == now.today:
        return say("by.time", time=f"{due:%H:%M}")
    if timedelta() < due.date() - now.today < timedelta(days=7):  # a weekday of the past would be taken for the next
        return say("by.day", day=f"{due:%a}", time=f"{due:%H:%M}")
    return say("by.date", date=in_words(due.date()) if due.year != now.at.year else f"{due.day} {due:%b}")


def clock(at: datetime, now: LocalTime) -> str:
    """A time of today, or with its day, by the clock of the place: what was kept has the clock of its own day."""
    at = at.astimezone(now.at.tzinfo)
    return f"{at:%H:%M}" if at.date() == now.today else f"{at:%a} {at.day} {at:%b}, {at:%H:%M}"
