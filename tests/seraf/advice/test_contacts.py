"""Tests of contacts: whether ART or the Emergency Duty Team comes first, by a second clock, and which are confirmed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.runtime.clock import local_time
from seraf.advice.contacts import Check, Contact, Contacts, LocalTime, ReviewTerm
from seraf.errors import PackFault
from tests.support.pack.other_board import FOLDER
from tests.support.pack.toml import parsed, put, read
from tests.support.shipped import PACK, at


def test_emergency_leads_the_list_and_nobody_is_listed_twice() -> None:
    found = [contact.id for contact in PACK.contacts.by_likelihood(at("2026-03-07T12:00"))]

    assert found == ["emergency", "edt", "art", "police", "specialist", "elsewhere"]


def test_a_contact_without_hours_is_never_open_by_the_clock() -> None:
    assert PACK.contacts["edt"].is_open(at("2026-03-04T12:00")) is False


def test_a_contact_that_there_is_not_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nobody"):
        PACK.contacts["nobody"]


MINUTE = timedelta(minutes=1)
CLOSES = {0: 17 * 60, 1: 17 * 60, 2: 17 * 60, 3: 17 * 60, 4: 16 * 60 + 30}

SUMMER = {2025: ("2025-03-30", "2025-10-26"), 2026: ("2026-03-29", "2026-10-25"), 2027: ("2027-03-28", "2027-10-31")}
"""For each year, the Sundays on which the clocks change, at 01:00 UTC."""

CLOSED = {
    *("2025-12-25", "2025-12-26", "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31"),
    *("2026-12-25", "2026-12-28", "2027-01-01", "2027-12-27", "2027-12-28", "2025-04-18", "2025-04-21"),
}
"""Bank holidays of England among the days below. One that was moved is listed under its new date."""

DAYS = [
    *("2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30", "2026-10-23", "2026-10-24", "2026-10-25", "2026-10-26"),
    *("2025-12-24", "2025-12-25", "2025-12-26", "2025-12-29", "2025-12-31", "2026-01-01", "2026-01-02"),
    *("2026-04-02", "2026-04-03", "2026-04-06", "2026-04-07", "2026-05-04", "2026-05-25", "2026-08-31"),
    *("2026-12-24", "2026-12-25", "2026-12-26", "2026-12-28", "2026-12-29", "2027-12-27", "2027-12-28", "2027-12-29"),
]


def expected(at: datetime) -> str:
    begins, ends = (datetime.fromisoformat(f"{day}T01:00+00:00") for day in SUMMER[at.year])
    local = at + timedelta(hours=1) if begins <= at < ends else at
    closes = CLOSES.get(local.weekday())
    is_open = closes is not None and 9 * 60 <= local.hour * 60 + local.minute < closes
    return "art" if is_open and local.date().isoformat() not in CLOSED else "edt"


@pytest.mark.parametrize("day", DAYS)
def test_the_likelier_to_answer_is_first_at_every_minute(day: str) -> None:
    begins = datetime.fromisoformat(f"{day}T00:00+00:00") - timedelta(hours=1)
    minutes = [begins + MINUTE * each for each in range(26 * 60)]

    firsts = [PACK.contacts.safeguarding(local_time(at))[0].id for at in minutes]

    assert firsts == [expected(at) for at in minutes]


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        *(("2022-06-02", True), ("2022-06-03", True), ("2022-09-19", True), ("2023-05-08", True)),
        *(("2020-05-08", True), ("2020-05-04", False), ("2021-12-27", True), ("2021-12-28", True)),
        *(("2022-01-03", True), ("2022-12-27", True), ("2026-12-26", True), ("2026-12-28", True)),
        *(("2026-03-17", False), ("2026-08-03", False), ("2026-11-30", False)),
    ],
)
def test_bank_holidays_are_those_of_england(day: str, *, is_one: bool) -> None:
    noon = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=12)

    assert local_time(noon).is_bank_holiday is is_one


@pytest.mark.parametrize(
    ("text", "first"),
    [
        *(("2026-03-27T09:00:00+00:00", "art"), ("2026-03-30T07:59:59+00:00", "edt")),
        *(("2026-03-30T08:00:00+00:00", "art"), ("2026-10-23T15:29:59+00:00", "art")),
        *(("2026-10-23T15:30:00+00:00", "edt"), ("2026-10-26T08:59:59+00:00", "edt")),
        *(("2026-10-26T09:00:00+00:00", "art"), ("2026-10-26T16:59:59.999999+00:00", "art")),
        ("2026-10-26T17:00:00+00:00", "edt"),
    ],
)
def test_opening_and_closing_are_to_the_second_by_the_clock_on_the_wall(text: str, first: str) -> None:
    assert PACK.contacts.safeguarding(local_time(datetime.fromisoformat(text)))[0].id == first


@pytest.mark.parametrize("day", [6, 7, 28])
def test_a_bank_holiday_that_has_gone_is_still_known(day: int) -> None:
    now = local_time(datetime(2026, 4, day, 12, tzinfo=UTC))

    assert [each in now.holidays for each in (date(2026, 4, 5), date(2026, 4, 6), "Easter Monday")] == [
        False,
        True,
        False,
    ]


def test_a_time_is_past_once_its_minute_is_over_by_moments_and_not_by_the_wall() -> None:
    """Due at 14:05 is past at 14:06. In the hour that occurs twice, the first occurrence is the earlier moment."""
    due = datetime.fromisoformat("2026-10-24T14:05:40+01:00")
    seen = ("2026-10-24T14:05:59.999999+01:00", "2026-10-24T14:06:00+01:00", "2026-10-24T13:07:00+00:00")
    first, second = (datetime.fromisoformat(f"2026-10-25T01:30{offset}") for offset in ("+01:00", "+00:00"))

    assert [LocalTime(datetime.fromisoformat(each)).is_past(due) for each in seen] == [False, True, True]
    assert [LocalTime(due).is_past(due - timedelta(seconds=each)) for each in (40, 41)] == [False, True]
    assert (LocalTime(second).is_past(first), LocalTime(first).is_past(second)) == (True, False)
    assert LocalTime(first).is_past(first) is False


def test_another_moment_is_at_the_same_place() -> None:
    now = local_time(datetime(2026, 4, 7, 12, tzinfo=UTC))

    before = now.moved(now.at - timedelta(days=1))

    assert (before.today, before.is_bank_holiday) == (date(2026, 4, 6), True)
    assert now == replace(before, at=now.at)


ART = PACK.contacts["art"]
CHECKED = date(2026, 3, 4)


def reviewed(after: int, checked: date | None = CHECKED, due: date | None = None) -> Contact:
    return replace(ART, confirmed=True, checked_on=checked, review=ReviewTerm(after, due))


@pytest.mark.parametrize(
    ("contact", "due"),
    [
        (reviewed(6), date(2026, 9, 4)),
        (reviewed(6, date(2026, 8, 31)), date(2027, 2, 28)),
        (reviewed(12, date(2028, 2, 29)), date(2029, 2, 28)),
        (reviewed(1, date(2026, 12, 31)), date(2027, 1, 31)),
        (reviewed(10, date(2026, 2, 1)), date(2026, 12, 1)),
        (reviewed(0), None),
        (reviewed(6, None), None),
        (reviewed(0, CHECKED, date(2026, 5, 1)), date(2026, 5, 1)),
        (reviewed(6, None, date(2026, 5, 1)), date(2026, 5, 1)),
        (reviewed(6, date(2026, 4, 30), date(2026, 5, 1)), date(2026, 5, 1)),
        (reviewed(6, date(2026, 5, 1), date(2026, 5, 1)), date(2026, 11, 1)),
        (reviewed(0, date(2026, 5, 1), date(2026, 5, 1)), None),
        (reviewed(1000, date(9999, 12, 31)), date(9999, 4, 30)),
    ],
)
def test_a_number_is_due_some_months_after_its_check_or_on_a_set_day(contact: Contact, due: date | None) -> None:
    """In a shorter month, its last day counts. A set day stays due until a check on that day or later."""
    assert contact.due() == due


def test_a_number_is_overdue_from_the_day_after_it_was_due() -> None:
    contact = reviewed(6)

    assert [contact.is_overdue(date(2026, 9, day)) for day in (4, 5)] == [False, True]
    assert reviewed(0).is_overdue(date.max) is False


def test_a_number_is_doubtful_while_nobody_confirmed_it_or_once_it_is_overdue() -> None:
    fresh, late = date(2026, 9, 4), date(2026, 9, 5)

    assert [reviewed(6).is_doubtful(day) for day in (fresh, late)] == [False, True]
    assert replace(reviewed(6), confirmed=False).is_doubtful(fresh) is True
    assert replace(reviewed(6), confirmed=False, value="").is_doubtful(late) is False
    assert [each.id for each in PACK.contacts.doubtful(CHECKED)] == ["art", "edt"]
    assert Contacts((reviewed(6),)).doubtful(fresh) == ()
    assert Contacts((reviewed(6),)).doubtful(late) == (reviewed(6),)


def test_a_check_confirms_the_number_on_its_day_and_no_other_contact() -> None:
    checks = (
        Check("art", ART.value, date(2026, 1, 1), is_right=False),
        Check("art", ART.value, CHECKED, is_right=True),
    )

    found = PACK.contacts.with_checks(checks)

    assert (found["art"].confirmed, found["art"].checked_on) == (True, CHECKED)
    assert [each.id for each in found.all] == [each.id for each in PACK.contacts.all]
    assert found["edt"] == PACK.contacts["edt"]


def test_a_wrong_number_is_not_confirmed_by_the_pack() -> None:
    found = replace(ART, confirmed=True).checked(Check("art", ART.value, CHECKED, is_right=False))

    assert (found.confirmed, found.checked_on) == (False, ART.checked_on)


def test_a_check_of_another_value_or_contact_falls_away() -> None:
    """The pack has changed the number or removed the contact since the check."""
    checks = (Check("art", "01632 960000", CHECKED, is_right=True), Check("gone", ART.value, CHECKED, is_right=True))

    assert PACK.contacts.with_checks(checks) == PACK.contacts


@pytest.mark.parametrize(
    ("value", "dial"),
    [
        *(("01632 960000", "+441632960000"), ("(01632) 960-000", "+441632960000"), ("0800 0000", "+448000000")),
        *(("+44 1632 960000", "+441632960000"), ("101", ""), ("999", ""), ("00 44 1632 960000", "")),
        ("1632 960000", ""),
    ],
)
def test_a_whole_number_can_be_rung_from_anywhere_and_a_short_one_as_it_is(value: str, dial: str) -> None:
    """The international form can be dialled from every telephone, and Telegram makes it a link."""
    raw = parsed(FOLDER)

    put(raw["contacts.toml"], "contacts.1.value", value)

    assert read(raw).contacts["art"].dial == dial


@pytest.mark.parametrize(
    ("value", "dial", "is_right"),
    [
        ("01632 960000", "+441632960000", True),
        ("101", "+441632960000", True),
        ("01632 960000", "+441632960001", False),
        ("", "+441632960000", False),
    ],
)
def test_a_form_that_is_given_has_to_ring_the_same_number(value: str, dial: str, *, is_right: bool) -> None:
    raw = parsed(FOLDER)
    put(raw["contacts.toml"], "contacts.3.value", value)
    put(raw["contacts.toml"], "contacts.3.dial", dial)

    if is_right:
        assert read(raw).contacts["elsewhere"].dial == dial
    else:
        with pytest.raises(PackFault, match=r"contacts\[3\]\.dial: .* does not ring what stands as `value`"):
            read(raw)
