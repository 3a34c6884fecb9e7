"""Tests of the action card in a summary, and of its log: calls, outcomes, and what is still open."""

from dataclasses import replace

import pytest

from dialogs.core.session import Session
from dialogs.summary.actions import log_of
from dialogs.summary.summarise import summarise
from seraf.advice.action_log import WHAT, Logged
from seraf.advice.contacts import LocalTime
from tests.support.counts import each_seed
from tests.support.shipped import NOON, SCRIPT, at
from tests.support.talk.summaries import ALL, NONE, WORST, drawn, finished, tapped

TOLD = {"danger": "no", "told_or_seen": "yes", "age": "13-15", "judgement": "yes", "profession": "school"}
NIGHT = at("2026-03-04T23:00")


def said(session: Session, now: LocalTime = NOON) -> list[str]:
    return [each.words for each in log_of(session, SCRIPT, now=now)]


def test_a_line_has_its_action_deadline_contact_and_reason() -> None:
    first = summarise(tapped(finished(TOLD, NONE)), SCRIPT, now=NOON).advice.actions[0]

    assert (first.line, first.title) == ("care", "Call ART and make a referral")
    assert (first.by, first.by_words) == ("2026-03-04T12:30:00+00:00", "by Wed 4 Mar 12:30")
    assert first.whom == "ART 01454 866000. No answer: again in 10 minutes, then 101."
    assert "Use the child's own words. Ask whether home is safe." in first.details
    assert "“Responding to the SERAF”" in first.source
    assert (first.state, first.is_on_card) == ("open", True)
    assert first.open_words == "OPEN Wed 4 Mar 12:00: Call ART and make a referral (due Wed 4 Mar 12:30)"


def test_a_line_with_an_outcome_that_closes_it_is_not_open() -> None:
    closed = tapped(finished(TOLD, NONE), ("care", "12:22", "referral"), ("police", "12:23", "no-answer"))

    state = {
        each.line: (each.state, each.open_words != "") for each in summarise(closed, SCRIPT, now=NOON).advice.actions
    }

    assert state["care"] == ("closed", False)
    assert state["police"] == ("open", True)


def test_a_line_that_was_due_and_is_not_on_the_card_any_more_is_still_open() -> None:
    """A line can leave the card because an answer was changed or because the office opened."""
    session = tapped(finished({**TOLD, "danger": "yes"}, NONE))
    calm = replace(session, answers=session.answers.give("danger", "no"))

    (gone,) = [each for each in summarise(calm, SCRIPT, now=NOON).advice.actions if not each.is_on_card]
    done = summarise(
        replace(calm, result=replace(calm.result, log=tapped(calm, ("emergency", "12:01", "referral")).result.log)),
        SCRIPT,
        now=NOON,
    )

    assert (gone.line, gone.title, gone.state, gone.by) == (
        "emergency",
        "Emergency",
        "open",
        "2026-03-04T12:00:00+00:00",
    )
    assert gone.open_words == "OPEN Wed 4 Mar 12:00: Emergency (due Wed 4 Mar 12:00)"
    assert "emergency" not in {each.line for each in done.advice.actions}


@each_seed(500, 16)
def test_nothing_that_was_due_is_lost(seed: int) -> None:
    """Whatever answers changed since, each line that was due is shown or was closed by an outcome."""
    session, other = drawn(seed), drawn(seed + 1)
    changed = replace(session, answers=replace(session.answers, around=other.answers.around, items=other.answers.items))

    for now in (NOON, NIGHT):
        result = summarise(changed, SCRIPT, now=now)
        shown = {each.line: each for each in result.advice.actions}
        for line in dict(changed.result.due):
            last = [each.what for each in changed.result.log if each.line == line][-1:]
            assert line in shown or (last and WHAT[last[0]].closes)
        assert len(shown) == len(result.advice.actions)


def test_a_log_records_each_call_with_its_time_and_outcome() -> None:
    taps = [("care", "12:06", "no-answer"), ("child", "12:25", "done"), ("care", "12:22", "referral")]

    assert said(tapped(finished(TOLD, NONE), *taps)) == [
        "Wed 4 Mar 12:06 ART 01454 866000: no answer",
        "Wed 4 Mar 12:25 If it is safe, tell the child what you will share: done",
        "Wed 4 Mar 12:22 ART 01454 866000: referral taken; to hear by Thu 5 Mar 12:22",
    ]


def test_a_call_and_its_outcome_in_one_minute_are_one() -> None:
    alike = tapped(finished(TOLD, NONE), ("care", "12:06", "called"), ("care", "12:06", "referral"))
    apart = tapped(finished(TOLD, NONE), ("care", "12:06", "called"), ("care", "12:22", "referral"))
    alone = tapped(finished(TOLD, NONE), ("care", "12:06", "called"), ("police", "12:06", "no-answer"))

    assert [each.what for each in log_of(alike, SCRIPT, now=NOON)] == ["referral"]
    assert [each.what for each in log_of(apart, SCRIPT, now=NOON)] == ["called", "referral"]
    assert said(apart)[0] == "Wed 4 Mar 12:06 ART 01454 866000: called"
    assert said(alone)[0] == "Wed 4 Mar 12:06 ART 01454 866000: called; no outcome was tapped"


def test_the_number_is_that_of_the_hour_at_which_it_was_tapped() -> None:
    session = tapped(finished(TOLD, NONE), ("care", "23:10", "referral"), at=NIGHT)

    assert said(session, at("2026-03-05T09:05")) == [
        "Wed 4 Mar 23:10 Emergency Duty Team 01454 615165: referral taken; to hear by Thu 5 Mar 23:10"
    ]


def test_a_bank_holiday_is_known_the_day_after_too() -> None:
    monday, tuesday = at("2026-04-06T12:00", is_bank_holiday=True), at("2026-04-07T09:05")
    session = tapped(finished(TOLD, NONE), ("care", "12:10", "referral"), at=monday)

    known = replace(tuesday, holidays=frozenset({monday.today}))

    assert said(session, monday)[0].startswith("Mon 6 Apr 12:10 Emergency Duty Team")
    assert said(session, known)[0].startswith("Mon 6 Apr 12:10 Emergency Duty Team")


def test_no_number_is_claimed_where_the_card_named_two() -> None:
    """After two unanswered calls the card named a second number. The log does not say which of the two was called."""
    session = tapped(finished(TOLD, NONE), *(("care", f"12:{minute}", "no-answer") for minute in (10, 15, 20)))

    assert said(session)[2] == "Wed 4 Mar 12:20 Social care: no answer"


@pytest.mark.parametrize(
    ("answers", "line", "whom"),
    [
        *(({"allocated": "yes"}, "care", "Allocated team"), ({"lives_elsewhere": "yes"}, "care", "Home council")),
        *(({"profession": "social-care"}, "care", "Social care"), ({}, "manager", "Safeguarding lead")),
        *(({}, "police", "Police 101"), ({"danger": "yes"}, "emergency", "Emergency 999")),
    ],
)
def test_whom_a_line_named_is_whom_the_log_names(answers: dict[str, str], line: str, whom: str) -> None:
    session = tapped(finished({**TOLD, **answers}, NONE), (line, "12:06", "no-answer"))

    assert said(session) == [f"Wed 4 Mar 12:06 {whom}: no answer"]


@pytest.mark.parametrize("what", sorted(WHAT))
def test_every_outcome_has_words_and_room_for_a_name_where_somebody_was_spoken_to(what: str) -> None:
    (result,) = log_of(tapped(finished(TOLD, NONE), ("care", "12:06", what)), SCRIPT, now=NOON)

    assert result.words.startswith("Wed 4 Mar 12:06 ")
    assert result.is_spoken is (what not in ("done", "called", "cannot", "no-answer", "worse"))
    assert (result.at, result.line, result.what) == ("2026-03-04T12:06:00+00:00", "care", what)


def test_without_a_result_that_was_shown_nothing_was_due_before() -> None:
    result = summarise(finished(WORST, ALL), SCRIPT, now=NOON)

    assert all(each.is_on_card for each in result.advice.actions)
    assert result.log == ()


def test_the_logged_number_is_the_one_on_the_card() -> None:
    """After two unanswered calls to ART, the third was to the Emergency Duty Team."""
    taps = (("art", "12:10", "no-answer"), ("art", "12:15", "no-answer"), ("edt", "12:20", "referral"))
    log = tuple(Logged("care", f"2026-03-04T{time}:00+00:00", what, to) for to, time, what in taps)

    assert said(
        replace(tapped(finished(TOLD, NONE)), result=replace(tapped(finished(TOLD, NONE)).result, log=log))
    ) == [
        "Wed 4 Mar 12:10 ART 01454 866000: no answer",
        "Wed 4 Mar 12:15 ART 01454 866000: no answer",
        "Wed 4 Mar 12:20 Emergency Duty Team 01454 615165: referral taken; to hear by Thu 5 Mar 12:20",
    ]


def test_a_team_whose_number_is_in_somebody_s_own_records_is_named_without_one() -> None:
    log = tuple(Logged("care", f"2026-03-04T12:{minute}:00+00:00", "no-answer", "own") for minute in (10, 15, 20))
    session = tapped(finished({**TOLD, "allocated": "yes"}, NONE))

    assert {each.split(" ", 4)[4] for each in said(replace(session, result=replace(session.result, log=log)))} == {
        "Allocated team: no answer"
    }
