"""Reminders of a call that is due: when each of them comes, and what becomes of the standing that they are kept in.

They are at a minute, at any hour, since the person asked for that minute; and they go with the case. Pure functions.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.access.standing import Access, changed
from bot.runtime.clock import LONDON, morning_of
from dialogs.core.replies import CallDone, CallDue

AGAIN = timedelta(minutes=15)
"""How long after its time somebody is reminded again."""


def reminders_of(due: datetime) -> tuple[datetime, ...]:
    """When somebody is reminded of a call: at its time, a quarter of an hour later, and at nine the next morning."""
    at = due.astimezone(UTC)
    return (at, at + AGAIN, morning_of(due.astimezone(LONDON).date() + timedelta(days=1)))


def is_about_a_call(access: Access, effects: tuple[object, ...]) -> bool:
    """Whether a turn could change of which call somebody is reminded."""
    return bool(access.call_of or _wishes(effects))


def asked(access: Access, effects: tuple[object, ...], *, reference: str) -> Access:
    """The standing after a turn: a later call takes the place of an earlier one, and none outlives its case.

    `reference` is that of the case after the turn; empty where there is none.
    """
    for wish in _wishes(effects):
        access = without_call(access)
        if isinstance(wish, CallDue):
            due = wish.due.astimezone(UTC)
            access = replace(access, call_of=reference, call_due=due, call_next=due)
    return access if reference and access.call_of == reference else without_call(access)


def without_call(access: Access) -> Access:
    """The standing of somebody who is not to be reminded of a call."""
    return changed(access, call_of="", call_due=None, call_next=None, is_call_said=False)


def seen(access: Access) -> Access:
    """The standing of somebody who has seen what was said of a call; after the last reminder nothing is left of it."""
    return without_call(access) if access.call_next is None else changed(access, is_call_said=False)


def reminded(access: Access, now: datetime, *, is_told: bool) -> Access:
    """The standing once what is due by now was said, with the time of the next; the same where nothing is due.

    Of what was missed meanwhile only the latest is said. For somebody who is not to be told (`is_told`) it is past all the same.
    """
    if access.call_due is None or access.call_next is None or now < access.call_next:
        return access
    later = next((each for each in reminders_of(access.call_due) if each > now), None)
    past = replace(access, call_next=later)
    return replace(past, is_call_said=True, is_hidden=False) if is_told else seen(past)


def due_at(due: datetime, now: datetime) -> str:
    """The time as people in England live it, with its day where that is not today."""
    local = due.astimezone(LONDON)
    time = f"{local:%H:%M}"
    return time if local.date() == now.astimezone(LONDON).date() else f"{time} on {local.day} {local:%B}"


def _wishes(effects: tuple[object, ...]) -> list[CallDue | CallDone]:
    return [each for each in effects if isinstance(each, CallDue | CallDone)]
