"""Tests of the taps on the action card over an evening and a morning: outcomes of calls, whom they reached, retries."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from seraf.advice.action_log import (
    AGAIN,
    AGREED,
    FIRST,
    NOT_SETTLED,
    OF_999,
    WHAT,
    WORSE,
    Logged,
    asks_of,
    hear_at,
    is_closed,
    last_of,
    logged,
    of_line,
    remind_at,
    taken_back,
)
from seraf.advice.action_plan import CardLine

SUMMER = timezone(timedelta(hours=1))
EVENING = datetime(2026, 7, 1, 21, 40, 31, 250_000, tzinfo=SUMMER)

MORNING = datetime(2026, 7, 2, 9, 0, tzinfo=SUMMER)


def log_of(*taps: tuple[CardLine, str, int, str]) -> tuple[Logged, ...]:
    log: tuple[Logged, ...] = ()
    for line, what, minutes, to in taps:
        log = logged(log, line, what=what, at=EVENING + timedelta(minutes=minutes), to=to)
    return log


def test_an_outcome_is_logged_for_the_number_that_was_rung_in_whole_minutes() -> None:
    log = log_of(
        (CardLine.CARE, "called", 0, "edt"),
        (CardLine.POLICE, "called", 1, "police"),
        (CardLine.CARE, "no-answer", 2, "art"),
        (CardLine.CARE, "called", 12, "art"),
        (CardLine.CARE, "referral", 20, "mash"),
        (CardLine.RECORD, "done", 21, ""),
    )

    assert log == (
        Logged("care", "2026-07-01T21:40:00+01:00", "called", "edt"),
        Logged("police", "2026-07-01T21:41:00+01:00", "called", "police"),
        Logged("care", "2026-07-01T21:42:00+01:00", "no-answer", "edt"),
        Logged("care", "2026-07-01T21:52:00+01:00", "called", "art"),
        Logged("care", "2026-07-01T22:00:00+01:00", "referral", "art"),
        Logged("record", "2026-07-01T22:01:00+01:00", "done", ""),
    )
    assert log[0].time == EVENING.replace(second=0, microsecond=0)
    assert of_line(log, CardLine.POLICE) == log[1:2]
    assert last_of(log, CardLine.CARE) == log[4]
    assert last_of(log, CardLine.PLAN) is None
    assert {line for line in CardLine if is_closed(log, line)} == {CardLine.CARE, CardLine.RECORD}


def test_a_new_call_after_an_outcome_is_to_the_number_on_the_card_now() -> None:
    log = log_of(
        (CardLine.CARE, "called", 0, "edt"),
        (CardLine.CARE, "called", 30, "art"),
        (CardLine.MANAGER, "advice", 31, "lead"),
    )

    assert [each.to for each in log] == ["edt", "art", "lead"]


def test_999_is_asked_what_999_can_answer_and_nobody_else_is() -> None:
    assert asks_of("called", CardLine.EMERGENCY) == OF_999
    assert asks_of("called", CardLine.CARE) == WHAT["called"].asks != OF_999
    assert asks_of("agency", CardLine.EMERGENCY) == ("agency-told", "agency-unsure")
    log = log_of((CardLine.EMERGENCY, "called", 0, "999"), (CardLine.EMERGENCY, "taken", 3, "police"))

    assert log[-1].to == "999"
    assert is_closed(log, CardLine.EMERGENCY)


@pytest.mark.parametrize(
    ("what", "reminds"),
    [
        *((what, timedelta(minutes=10)) for what in ("no-answer", "cannot", "agency-unsure", "fear", NOT_SETTLED)),
        ("referral", timedelta(hours=24)),
        *(
            (what, None)
            for what in ("called", "done", AGREED, "advice", "settled", "strategy", "agency", "taken", WORSE)
        ),
    ],
)
def test_a_reminder_is_offered_where_something_is_waited_for(what: str, reminds: timedelta | None) -> None:
    care, emergency = log_of((CardLine.CARE, what, 0, "edt"), (CardLine.EMERGENCY, what, 0, "999"))

    assert remind_at(care) == (None if reminds is None else care.time + reminds)
    assert remind_at(emergency) is None
    assert hear_at(care) == datetime(2026, 7, 2, 20, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "again"),
    [
        (MORNING, MORNING),
        (EVENING + timedelta(minutes=20), EVENING + timedelta(minutes=10)),
        (EVENING.replace(hour=23), EVENING + timedelta(minutes=10)),
        (EVENING - timedelta(days=1), EVENING + timedelta(minutes=10)),
        (None, EVENING + timedelta(minutes=10)),
    ],
)
def test_a_call_due_another_day_is_retried_when_due(due: datetime | None, again: datetime) -> None:
    (said,) = log_of((CardLine.CARE, "no-answer", 0, "art"))

    assert remind_at(said, due) == again.replace(second=0, microsecond=0)


def test_shortly_before_midnight_what_is_due_shortly_after_it_is_tried_again_soon() -> None:
    late = EVENING.replace(hour=23, minute=30)
    (said,) = logged((), CardLine.CARE, what="cannot", at=late)

    assert remind_at(said, said.time + timedelta(hours=1)) == said.time + timedelta(minutes=10)
    assert remind_at(said, said.time + timedelta(minutes=61)) == said.time + timedelta(minutes=61)


def test_a_mistake_is_taken_back_alone_even_where_an_equal_tap_was_none() -> None:
    """Two taps on a line within one minute are equal. Only the second is removed."""
    log = log_of(
        (CardLine.CARE, "called", 0, "edt"), (CardLine.CARE, "called", 0, "edt"), (CardLine.RECORD, "done", 1, "")
    )
    assert log[0] == log[1]

    assert taken_back(log, CardLine.CARE) == (log[0], log[2])
    assert taken_back(log, CardLine.POLICE) == log


def test_danger_reported_after_a_line_was_closed_reopens_it() -> None:
    log = log_of(
        (CardLine.CARE, "called", 0, "edt"), (CardLine.CARE, "strategy", 5, ""), (CardLine.CARE, WORSE, 9, "edt")
    )

    assert not is_closed(log, CardLine.CARE)
    assert is_closed(taken_back(log, CardLine.CARE), CardLine.CARE)


def test_no_call_is_closed_before_its_outcome_is_logged() -> None:
    assert {word for each in WHAT.values() for word in each.asks} | set(OF_999) | set(FIRST) <= set(WHAT)
    assert not any(WHAT[word].closes for word in (*FIRST, *AGAIN))
    met = {word for first in FIRST for each in WHAT[first].asks for word in (first, each, *WHAT[each].asks)}
    closing = {word for word in met if WHAT[word].closes}
    assert closing <= {"settled", "referral", "strategy", "agency-told", "taken"}
