"""Compares deadlines with a plain table, every five minutes of weeks with bank holidays and changes of the clocks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from seraf.advice.action_plan import Deadline, closing_time
from seraf.advice.contacts import LocalTime
from tests.support.shipped import LONDON, PACK, at

DEADLINES = {each.id: each for each in PACK.guidance.plan.deadlines}
HOURS = PACK.contacts["art"].hours
HOLIDAYS = frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})
WEEKS = {
    "a plain week": date(2026, 3, 2),
    "the clock goes forward": date(2026, 3, 23),
    "Easter": date(2026, 3, 30),
    "the clock goes back": date(2026, 10, 19),
    "Christmas": date(2026, 12, 21),
    "the new year": date(2026, 12, 28),
}
"""The Monday of each week that is tested."""

MINUTES = {"at-once": 0, "from-now": 0, "quarter": 15, "call": 30, "hour": 60}


def moments(monday: date) -> Iterator[LocalTime]:
    begin = datetime.combine(monday, time(), LONDON).astimezone(UTC)
    end = datetime.combine(monday + timedelta(days=7), time(), LONDON).astimezone(UTC)
    while begin < end:
        local = begin.astimezone(LONDON)
        yield LocalTime(local, HOLIDAYS)
        begin += timedelta(minutes=5)


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def closes(now: LocalTime) -> time | None:
    shuts = time(16, 30) if now.today.weekday() == 4 else time(17)
    return shuts if is_working(now.today) and time(9) <= now.at.time() < shuts else None


def the_table_says(deadline_id: str, now: LocalTime) -> datetime:
    """Return the deadline by the board's rules, calculated here without the product's code."""
    if deadline_id in MINUTES:
        return now.at.astimezone(UTC) + timedelta(minutes=MINUTES[deadline_id])
    shuts, in_an_hour = closes(now), now.at.astimezone(UTC) + timedelta(hours=1)
    if deadline_id in ("today", "office") and shuts:
        return max(in_an_hour, local(now.today, shuts))
    if deadline_id == "today":
        return in_an_hour
    if deadline_id in ("office", "morning"):
        day = now.today
        if not (is_working(day) and now.at.time() < time(10)):
            day = after(day, 1)
        return local(day, time(10))
    if deadline_id == "week":
        return local(after(now.today, 5), time(17))
    month = now.today.month + 3
    return local(date(now.today.year + (month > 12), (month - 1) % 12 + 1, min(now.today.day, 28)), time(17))


def local(day: date, when: time) -> datetime:
    return datetime.combine(day, when, LONDON).astimezone(UTC)


def after(day: date, number: int) -> date:
    for _ in range(number):
        day += timedelta(days=1)
        while not is_working(day):
            day += timedelta(days=1)
    return day


@pytest.mark.parametrize("monday", WEEKS.values(), ids=WEEKS)
@pytest.mark.parametrize("deadline_id", DEADLINES)
def test_every_deadline_matches_the_table(deadline_id: str, monday: date) -> None:
    for now in moments(monday):
        due = DEADLINES[deadline_id].due(now, HOURS)
        said = due.astimezone(UTC)
        assert due.tzinfo is LONDON
        assert (due.second, due.microsecond) == (0, 0)
        assert now.at.astimezone(UTC) <= said, now
        assert the_table_says(deadline_id, now) <= said <= the_table_says(deadline_id, now) + slack(deadline_id), now
        assert due.replace(fold=0) == said.astimezone(LONDON).replace(fold=0), "no clock there shows that time"


def slack(deadline_id: str) -> timedelta:
    return timedelta(days=3) if deadline_id == "review" else timedelta()


@pytest.mark.parametrize(
    ("now", "deadline_id", "due"),
    [
        *(("2026-03-03T14:10", "at-once", "2026-03-03T14:10"), ("2026-03-03T14:10", "quarter", "2026-03-03T14:25")),
        *(("2026-03-03T14:10", "call", "2026-03-03T14:40"), ("2026-03-03T14:10", "hour", "2026-03-03T15:10")),
        *(("2026-03-03T14:10", "today", "2026-03-03T17:00"), ("2026-03-03T16:10", "today", "2026-03-03T17:10")),
        *(("2026-03-06T15:00", "today", "2026-03-06T16:30"), ("2026-03-06T16:25", "today", "2026-03-06T17:25")),
        *(("2026-03-06T16:25", "office", "2026-03-06T17:25"), ("2026-03-06T16:30", "office", "2026-03-09T10:00")),
        *(("2026-03-06T16:30", "morning", "2026-03-09T10:00"), ("2026-03-06T00:30", "morning", "2026-03-06T10:00")),
        *(("2026-03-09T08:55", "office", "2026-03-09T10:00"), ("2026-03-09T10:00", "morning", "2026-03-10T10:00")),
        *(("2026-03-06T12:00", "morning", "2026-03-09T10:00"), ("2026-03-07T08:30", "morning", "2026-03-09T10:00")),
        *(("2026-03-08T08:30", "office", "2026-03-09T10:00"), ("2026-03-07T22:30", "today", "2026-03-07T23:30")),
        *(("2026-03-07T22:30", "call", "2026-03-07T23:00"), ("2026-03-07T23:45", "call", "2026-03-08T00:15")),
        *(("2026-12-24T18:00", "morning", "2026-12-29T10:00"), ("2026-12-25T03:00", "morning", "2026-12-29T10:00")),
        *(("2026-12-23T12:00", "week", "2027-01-04T17:00"), ("2026-11-30T12:00", "review", "2027-02-28T17:00")),
        *(("2026-03-29T00:45", "call", "2026-03-29T02:15"), ("2026-10-25T01:45", "call", "2026-10-25T01:15")),
    ],
)
def test_a_deadline_is_a_clock_time_that_people_can_keep(now: str, deadline_id: str, due: str) -> None:
    """A deadline lies before closing, some minutes from now if the office is closed, or on the next working day."""
    moment = at(now)
    moment = replace(moment, holidays=HOLIDAYS)

    assert f"{DEADLINES[deadline_id].due(moment, HOURS):%Y-%m-%dT%H:%M}" == due


def test_seconds_are_left_out_and_the_minutes_are_not_shortened_by_a_whole_one() -> None:
    now = LocalTime(datetime(2026, 3, 3, 14, 10, 59, 5, tzinfo=LONDON))

    assert DEADLINES["call"].due(now, HOURS) == datetime(2026, 3, 3, 14, 40, tzinfo=LONDON)


def test_the_office_shuts_only_where_it_is_open() -> None:
    assert closing_time(at("2026-03-03T09:00"), HOURS) == time(17)
    assert closing_time(at("2026-03-06T16:29"), HOURS) == time(16, 30)
    assert closing_time(at("2026-03-06T16:30"), HOURS) is None
    assert closing_time(at("2026-03-03T08:59"), HOURS) is None
    assert closing_time(at("2026-03-03T12:00", is_bank_holiday=True), HOURS) is None


def test_a_board_without_hours_still_names_a_time() -> None:
    assert Deadline("x", minutes=60, at_close=True).due(at("2026-03-03T12:00"), ()) == at("2026-03-03T13:00").at
