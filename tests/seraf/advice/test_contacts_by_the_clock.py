"""ART or the Emergency Duty Team first, minute by minute, against a second reading of the opening hours and the clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.runtime.clock import local_time
from seraf.advice.contacts import LocalTime
from tests.support.shipped import PACK

MINUTE = timedelta(minutes=1)
CLOSES = {0: 17 * 60, 1: 17 * 60, 2: 17 * 60, 3: 17 * 60, 4: 16 * 60 + 30}
"""Minutes after midnight at which ART closes, by the day of the week."""

SUMMER = {2025: ("2025-03-30", "2025-10-26"), 2026: ("2026-03-29", "2026-10-25"), 2027: ("2027-03-28", "2027-10-31")}
"""The Sundays on which the clocks change, at 01:00 UTC."""

CLOSED = {
    *("2025-12-25", "2025-12-26", "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31"),
    *("2026-12-25", "2026-12-28", "2027-01-01", "2027-12-27", "2027-12-28", "2025-04-18", "2025-04-21"),
}
"""Bank holidays of England among the days below, moved ones on the day to which they were moved."""

DAYS = [
    *("2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30", "2026-10-23", "2026-10-24", "2026-10-25", "2026-10-26"),
    *("2025-12-24", "2025-12-25", "2025-12-26", "2025-12-29", "2025-12-31", "2026-01-01", "2026-01-02"),
    *("2026-04-02", "2026-04-03", "2026-04-06", "2026-04-07", "2026-05-04", "2026-05-25", "2026-08-31"),
    *("2026-12-24", "2026-12-25", "2026-12-26", "2026-12-28", "2026-12-29", "2027-12-27", "2027-12-28", "2027-12-29"),
]


def expected(at: datetime) -> str:
    """Who is first at a moment in UTC, worked out without the time zone and without the library of holidays."""
    begins, ends = (datetime.fromisoformat(f"{day}T01:00+00:00") for day in SUMMER[at.year])
    local = at + timedelta(hours=1) if begins <= at < ends else at
    closes = CLOSES.get(local.weekday())
    is_open = closes is not None and 9 * 60 <= local.hour * 60 + local.minute < closes
    return "art" if is_open and local.date().isoformat() not in CLOSED else "edt"


@pytest.mark.parametrize("day", DAYS)
def test_the_likelier_to_answer_is_first_at_every_minute(day: str) -> None:
    """Both clock changes, Christmas, New Year, Easter, and bank holidays that were moved from a weekend."""
    begins = datetime.fromisoformat(f"{day}T00:00+00:00") - timedelta(hours=1)
    minutes = [begins + MINUTE * each for each in range(26 * 60)]

    firsts = [PACK.contacts.safeguarding(local_time(at))[0].id for at in minutes]

    assert firsts == [expected(at) for at in minutes]


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        ("2022-06-02", True),
        ("2022-06-03", True),
        ("2022-09-19", True),
        ("2023-05-08", True),
        ("2020-05-08", True),
        ("2020-05-04", False),
        ("2021-12-27", True),
        ("2021-12-28", True),
        ("2022-01-03", True),
        ("2022-12-27", True),
        ("2026-12-26", True),
        ("2026-12-28", True),
        ("2026-03-17", False),
        ("2026-08-03", False),
        ("2026-11-30", False),
    ],
)
def test_bank_holidays_are_those_of_england(day: str, *, is_one: bool) -> None:
    """Those that were moved or given once, and none of Scotland's, Ireland's or Wales's own."""
    noon = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=12)

    assert local_time(noon).is_bank_holiday is is_one


def test_the_night_on_which_clocks_change_has_no_gap_and_no_doubt() -> None:
    """The hour that is there twice, and the one that is not, are the Emergency Duty Team's at every second."""
    for change in ("2026-03-29", "2026-10-25"):
        begins = datetime.fromisoformat(f"{change}T00:00+00:00")
        seconds = [begins + timedelta(seconds=each) for each in range(0, 3 * 3600, 7)]
        assert {PACK.contacts.safeguarding(local_time(at))[0].id for at in seconds} == {"edt"}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026-03-27T09:00:00+00:00", "art"),
        ("2026-03-30T07:59:59+00:00", "edt"),
        ("2026-03-30T08:00:00+00:00", "art"),
        ("2026-10-23T15:29:59+00:00", "art"),
        ("2026-10-23T15:30:00+00:00", "edt"),
        ("2026-10-26T08:59:59+00:00", "edt"),
        ("2026-10-26T09:00:00+00:00", "art"),
        ("2026-10-26T16:59:59.999999+00:00", "art"),
        ("2026-10-26T17:00:00+00:00", "edt"),
    ],
)
def test_opening_and_closing_are_to_the_second_by_the_clock_on_the_wall(text: str, first: str) -> None:
    """The working days before and after each change of the clocks."""
    assert PACK.contacts.safeguarding(local_time(datetime.fromisoformat(text)))[0].id == first


@pytest.mark.parametrize("day", [6, 7, 28])
def test_a_bank_holiday_that_has_gone_is_still_known(day: int) -> None:
    """So that what was done on it is told as it was."""
    now = local_time(datetime(2026, 4, day, 12, tzinfo=UTC))

    assert [each in now.holidays for each in (date(2026, 4, 5), date(2026, 4, 6), "Easter Monday")] == [
        False,
        True,
        False,
    ]


def test_a_time_is_past_once_its_minute_is_over_by_moments_and_not_by_the_wall() -> None:
    """What is due at 14:05 is late at 14:06, whoever counts its seconds; and in the hour that comes twice, the first is past."""
    due = datetime.fromisoformat("2026-10-24T14:05:40+01:00")
    seen = ("2026-10-24T14:05:59.999999+01:00", "2026-10-24T14:06:00+01:00", "2026-10-24T13:07:00+00:00")
    first, second = (datetime.fromisoformat(f"2026-10-25T01:30{offset}") for offset in ("+01:00", "+00:00"))

    assert [LocalTime(datetime.fromisoformat(each)).is_past(due) for each in seen] == [False, True, True]
    assert [LocalTime(due).is_past(due - timedelta(seconds=each)) for each in (40, 41)] == [False, True]
    assert (LocalTime(second).is_past(first), LocalTime(first).is_past(second)) == (True, False)
    assert LocalTime(first).is_past(first) is False


def test_another_moment_is_at_the_same_place() -> None:
    """It has the place's bank holidays."""
    now = local_time(datetime(2026, 4, 7, 12, tzinfo=UTC))

    before = now.moved(now.at - timedelta(days=1))

    assert (before.today, before.is_bank_holiday) == (date(2026, 4, 6), True)
    assert now == replace(before, at=now.at)
