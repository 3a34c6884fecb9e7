"""How far a number is to be trusted: who confirmed it, when it is to be looked at again, and how it is rung."""

from dataclasses import replace
from datetime import date

import pytest

from seraf.advice.contacts import Check, Contact, Contacts, ReviewTerm
from seraf.errors import PackFault
from tests.support.pack.other_board import FOLDER
from tests.support.pack.toml import parsed, put, read
from tests.support.shipped import PACK

ART = PACK.contacts["art"]
DAY = date(2026, 3, 4)


def reviewed(after: int, checked: date | None = DAY, due: date | None = None) -> Contact:
    """ART, confirmed, with these dates."""
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
        (reviewed(0, DAY, date(2026, 5, 1)), date(2026, 5, 1)),
        (reviewed(6, None, date(2026, 5, 1)), date(2026, 5, 1)),
        (reviewed(6, date(2026, 4, 30), date(2026, 5, 1)), date(2026, 5, 1)),
        (reviewed(6, date(2026, 5, 1), date(2026, 5, 1)), date(2026, 11, 1)),
        (reviewed(0, date(2026, 5, 1), date(2026, 5, 1)), None),
        (reviewed(1000, date(9999, 12, 31)), date(9999, 4, 30)),
    ],
)
def test_a_number_is_due_so_many_months_after_it_was_seen_or_on_a_day(contact: Contact, due: date | None) -> None:
    """The last day of a shorter month; a day that is given counts until the number was seen on it or later."""
    assert contact.due() == due


def test_a_number_is_overdue_from_the_day_after_it_was_due() -> None:
    """On the day itself it is not; one that is never due never is."""
    contact = reviewed(6)

    assert [contact.is_overdue(date(2026, 9, day)) for day in (4, 5)] == [False, True]
    assert reviewed(0).is_overdue(date.max) is False


def test_a_number_is_doubtful_while_nobody_confirmed_it_or_once_it_is_overdue() -> None:
    """What has no number is not doubtful: there is nothing to ring."""
    fresh, late = date(2026, 9, 4), date(2026, 9, 5)

    assert [reviewed(6).is_doubtful(day) for day in (fresh, late)] == [False, True]
    assert replace(reviewed(6), confirmed=False).is_doubtful(fresh) is True
    assert replace(reviewed(6), confirmed=False, value="").is_doubtful(late) is False
    assert [each.id for each in PACK.contacts.doubtful(DAY)] == ["art", "edt"]
    assert Contacts((reviewed(6),)).doubtful(fresh) == ()
    assert Contacts((reviewed(6),)).doubtful(late) == (reviewed(6),)


def test_a_check_confirms_the_number_on_its_day_and_no_other_contact() -> None:
    """As if the pack had said so; the order stays, and the latest check counts."""
    checks = (Check("art", ART.value, date(2026, 1, 1), is_right=False), Check("art", ART.value, DAY, is_right=True))

    found = PACK.contacts.with_checks(checks)

    assert (found["art"].confirmed, found["art"].checked_on) == (True, DAY)
    assert [each.id for each in found.all] == [each.id for each in PACK.contacts.all]
    assert found["edt"] == PACK.contacts["edt"]


def test_a_number_that_was_wrong_is_not_confirmed_whatever_the_pack_says() -> None:
    """When it was last seen to be right stays as it was."""
    found = replace(ART, confirmed=True).checked(Check("art", ART.value, DAY, is_right=False))

    assert (found.confirmed, found.checked_on) == (False, ART.checked_on)


def test_a_check_of_another_value_or_contact_falls_away() -> None:
    """The pack's number has changed since: nobody has tried the new one."""
    checks = (Check("art", "01632 960000", DAY, is_right=True), Check("gone", ART.value, DAY, is_right=True))

    assert PACK.contacts.with_checks(checks) == PACK.contacts


@pytest.mark.parametrize(
    ("value", "dial"),
    [
        ("01632 960000", "+441632960000"),
        ("(01632) 960-000", "+441632960000"),
        ("0800 0000", "+448000000"),
        ("+44 1632 960000", "+441632960000"),
        ("101", ""),
        ("999", ""),
        ("00 44 1632 960000", ""),
        ("1632 960000", ""),
    ],
)
def test_a_whole_number_can_be_rung_from_anywhere_and_a_short_one_as_it_is(value: str, dial: str) -> None:
    """A telephone rings the international form wherever it is, and Telegram makes it something to tap."""
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
    """A short number may have any; one that is another number, or that stands alone, is a fault."""
    raw = parsed(FOLDER)
    put(raw["contacts.toml"], "contacts.3.value", value)
    put(raw["contacts.toml"], "contacts.3.dial", dial)

    if is_right:
        assert read(raw).contacts["elsewhere"].dial == dial
    else:
        with pytest.raises(PackFault, match=r"contacts\[3\]\.dial: .* does not ring what stands as `value`"):
            read(raw)
