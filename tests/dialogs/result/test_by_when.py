"""Tests of deadlines in words: at once, relative to now, at midnight; and whom to call after closing time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.core.events import Occasion
from dialogs.core.session import Session
from dialogs.result.actions import lines_of
from dialogs.result.result_pages import result_page
from dialogs.summary.summarise import summarise
from seraf.advice.action_log import Logged, again_at, is_closed
from seraf.advice.action_plan import CardLine
from seraf.advice.contacts import LocalTime
from tests.dialogs.turn.test_talking import ALL_NO
from tests.support.shipped import NOON, SCRIPT, at
from tests.support.talk.summaries import NONE, finished, tapped
from tests.support.talk.talking import Talk

CALM = {"danger": "no", "told_or_seen": "no", "age": "13-15", "judgement": "no", "profession": "health"}
NIGHT = at("2026-03-03T23:00")


def card(now: LocalTime, responses: dict[str, str] | None = None, **answers: str) -> str:
    return "\n".join(each.text for each in result_page(1, case(now, responses, **answers), script=SCRIPT, now=now))


def case(now: LocalTime, responses: dict[str, str] | None = None, **answers: str) -> Session:
    return tapped(finished(CALM | answers, NONE | (responses or {})), at=now)


def test_999_is_at_once_and_no_clock_time() -> None:
    session = case(NOON, danger="yes")
    later = replace(NOON, at=NOON.at + timedelta(hours=1))

    for now in (NOON, later):
        text = "\n".join(each.text for each in result_page(1, session, script=SCRIPT, now=now))
        assert "1 Call 999 · at once" in text


@pytest.mark.parametrize(("seconds", "is_late"), [(0, False), (39, False), (40, True)])
def test_an_immediate_deadline_is_not_late_in_the_same_minute(seconds: int, *, is_late: bool) -> None:
    """Deadlines are whole minutes. A line due at once is late from the next minute on."""
    judged = replace(NIGHT, at=NIGHT.at + timedelta(seconds=20))
    session, now = case(judged, danger="yes"), replace(judged, at=judged.at + timedelta(seconds=seconds))

    assert any(each.is_late(now) for each in lines_of(session, SCRIPT, now=now)) is is_late


def test_a_prohibition_holds_until_social_care_agrees() -> None:
    """Such a line is never overdue. Only “Social care agreed” ends it, and the summary lists it as still in force."""
    talk = Talk().open_with().press("No", "Yes", "Now, or may be", "Yes").on().answer(ALL_NO[2:]).close().press("Yes")
    assert "Do not tell the parents before social care agrees · from now" in talk.text

    talk.press("# Parents")
    assert talk.labels == ["Social care agreed", "Back", "Urgent"]
    result = summarise(talk.session, SCRIPT, now=NOON)
    (parents,) = [each for each in result.advice.actions if each.line == "parents"]
    assert (parents.by_words, parents.open_words) == (
        "from Wed 4 Mar 12:00",
        "STILL SO Wed 4 Mar 12:00: Do not tell the parents before social care agrees (since Wed 4 Mar 12:00)",
    )

    later = Occasion(replace(NOON, at=NOON.at + timedelta(hours=8)), talk.occasion.reference)
    late = [each.line for each in lines_of(talk.session, SCRIPT, now=later.now) if each.is_late(later.now)]
    assert CardLine.CARE in late
    assert CardLine.PARENTS not in late
    assert is_closed(talk.press("Social care agreed").session.result.log, CardLine.PARENTS)


@pytest.mark.parametrize(
    ("now", "said"),
    [("2026-03-04T23:00", "by midnight"), ("2026-03-04T23:05", "by Thu 00:05"), ("2026-03-05T00:10", "by 01:10")],
)
def test_the_first_minute_of_a_day_is_midnight(now: str, said: str) -> None:
    """“Wed 00:00” would not be understood as tonight."""
    assert f"Decide with your designated lead whether to refer · {said}" in card(at(now), {"S5": "current"})


@pytest.mark.parametrize(
    ("now", "says"),
    [
        ("2026-03-06T16:25", "Emergency Duty Team 01454 615165 (from 16:30)."),
        ("2026-03-04T16:45", "Emergency Duty Team 01454 615165 (from 17:00)."),
        ("2026-03-04T16:20", ""),
        ("2026-03-04T21:00", ""),
    ],
)
def test_a_call_due_after_closing_time_names_who_answers_then(now: str, says: str) -> None:
    text = card(at(now), told_or_seen="yes")

    assert (says in text) if says else ("(from 1" not in text)


@pytest.mark.parametrize(
    ("due", "again"),
    [("2026-03-09T10:00", "2026-03-09T10:00"), ("2026-03-07T23:20", "2026-03-07T23:05"), (None, "2026-03-07T23:05")],
)
def test_a_call_due_on_monday_is_not_checked_ten_minutes_later(due: str | None, again: str) -> None:
    """On Saturday night the office is closed until Monday. A call that is due tonight is retried after ten minutes."""
    said = Logged("next", at("2026-03-07T22:55").at.isoformat(), "cannot")

    assert again_at(said, at(due).at if due else None) == at(again).at
