"""Who to call: the likelier to answer first, and the emergency number always."""

import pytest

from seraf.advice.contacts import LocalTime
from tests.support.shipped import PACK, at

ART_FIRST = ["art", "edt"]
EDT_FIRST = ["edt", "art"]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at("2026-03-04T08:59:59"), EDT_FIRST),
        (at("2026-03-04T09:00"), ART_FIRST),
        (at("2026-03-04T16:59:59"), ART_FIRST),
        (at("2026-03-04T17:00"), EDT_FIRST),
        (at("2026-03-06T16:29"), ART_FIRST),
        (at("2026-03-06T16:30"), EDT_FIRST),
        (at("2026-03-07T12:00"), EDT_FIRST),
        (at("2026-03-08T12:00"), EDT_FIRST),
        (at("2026-04-06T12:00", is_bank_holiday=True), EDT_FIRST),
        (at("2026-06-03T09:00"), ART_FIRST),
    ],
)
def test_the_likelier_to_answer_comes_first_and_neither_is_left_out(now: LocalTime, expected: list[str]) -> None:
    """Working hours, their first and last second, Friday's end, weekends, bank holidays, and summer time."""
    assert [contact.id for contact in PACK.contacts.safeguarding(now)] == expected


def test_emergency_leads_the_list_of_all_and_nobody_stands_twice() -> None:
    """At any time the list begins with 999 and holds every contact once."""
    found = [contact.id for contact in PACK.contacts.by_likelihood(at("2026-03-07T12:00"))]

    assert found == ["emergency", "edt", "art", "police", "specialist", "elsewhere"]


def test_a_contact_without_hours_is_never_open_by_the_clock() -> None:
    """It is the one for all other times, so it never comes before one that is open."""
    assert PACK.contacts["edt"].is_open(at("2026-03-04T12:00")) is False


def test_a_contact_that_there_is_not_is_a_key_error() -> None:
    """Asking for an id that no contact has is a fault of the code."""
    with pytest.raises(KeyError, match="nobody"):
        PACK.contacts["nobody"]
