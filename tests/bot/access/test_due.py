"""Tests of when a chat locks, a person is warned and a case is erased: each to the microsecond, and only once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.account import Account, Removed, Terms
from bot.access.due import Lapse, is_over, lapse, next_due, term_of
from bot.storage.values import Record, first_record
from bot.trail.audit import AuditEvent
from dialogs.core.acts import Kind, Overlay
from dialogs.core.role import Role
from state_machines.assessment import Phase
from tests.support.people.accounts import account_with, altered

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
JUST = timedelta(microseconds=1)
DAY = timedelta(days=1)
TERMS = Terms()
LONG = NOW + 1000 * DAY
OPEN = account_with("0a0b0c0d", Role.PRACTITIONER, LONG, noticed=LONG, pin="a hash", seen=NOW)
LOCKED = altered(OPEN, is_locked=True)
NO_CASE = replace(first_record("telegram:1"), active=NOW)
CASE = replace(NO_CASE, case="{}", phase=str(Phase.ITEMS))
FINISHED = altered(LOCKED, finished=NOW - DAY)


def quiet(access: Account, record: Record, at: datetime, terms: Terms = TERMS) -> bool:
    return lapse(access, record, now=at, terms=terms) == Lapse(access)


@pytest.mark.parametrize("role", Role)
def test_an_idle_chat_locks_at_its_time_and_not_before(role: Role) -> None:
    access, at = altered(OPEN, role=role, over=Overlay(Kind.HELP)), NOW + TERMS.lock

    assert quiet(access, NO_CASE, at - JUST)
    assert lapse(access, NO_CASE, now=at, terms=TERMS) == Lapse(
        altered(access, is_locked=True, over=None), what=(AuditEvent.LOCKED,)
    )


@pytest.mark.parametrize(
    "access",
    [LOCKED, altered(OPEN, noticed=None), altered(OPEN, pin=""), altered(OPEN, tries=5), altered(OPEN, until=NOW)],
)
def test_a_chat_that_is_closed_already_does_not_lock(access: Account) -> None:
    assert quiet(access, NO_CASE, NOW + DAY)


def test_a_locked_chat_that_was_empty_stays_empty() -> None:
    assert not OPEN.locked(CASE.phase).door.is_hidden
    assert altered(OPEN, is_hidden=True).locked(CASE.phase).door.is_hidden
    assert OPEN.locked(Phase.ERASED).door.is_hidden


def test_an_unfinished_case_is_warned_of_two_days_before_its_term_and_then_erased() -> None:
    term = NOW + 7 * DAY
    warned = altered(LOCKED, is_warned=True)

    assert quiet(LOCKED, CASE, term - 2 * DAY - JUST)
    assert lapse(LOCKED, CASE, now=term - 2 * DAY, terms=TERMS) == Lapse(warned, is_news=True)
    assert quiet(warned, CASE, term - JUST)
    gone = altered(LOCKED, is_hidden=True, news="expired")
    assert lapse(warned, CASE, now=term, terms=TERMS) == Lapse(gone, is_over=True, what=(AuditEvent.ERASED_BY_TIME,))


def test_the_term_of_a_finished_case_runs_from_its_first_result() -> None:
    term = NOW - DAY + 30 * DAY
    busy = altered(FINISHED, seen=term - 3 * DAY)

    assert quiet(busy, CASE, term - 2 * DAY - JUST)
    assert lapse(busy, CASE, now=term - 2 * DAY, terms=TERMS) == Lapse(altered(busy, is_warned=True), is_news=True)
    came = lapse(altered(busy, is_warned=True), CASE, now=term, terms=TERMS)
    assert (came.is_over, came.account.term.finished, came.account.term.is_warned) == (True, None, False)


def test_a_warning_makes_a_cleared_chat_visible_again() -> None:
    """A person who emptied the chat must still learn that the case will be erased."""
    came = lapse(altered(LOCKED, is_hidden=True), CASE, now=NOW + 5 * DAY, terms=TERMS)

    assert (came.is_news, came.account.door.is_hidden) == (True, False)


def test_missed_lapses_happen_at_once_together() -> None:
    came = lapse(OPEN, CASE, now=NOW + 8 * DAY, terms=TERMS)

    assert (came.is_over, came.is_news, came.what) == (True, False, (AuditEvent.LOCKED, AuditEvent.ERASED_BY_TIME))


@pytest.mark.parametrize("access", [LOCKED, FINISHED])
def test_a_held_case_has_no_term(access: Account) -> None:
    held = altered(access, held="BRISK OTTER 41")

    assert quiet(held, CASE, LONG - JUST)
    assert (term_of(held, CASE, terms=TERMS), term_of(access, NO_CASE, terms=TERMS)) == (None, None)


def test_a_case_of_somebody_who_never_opened_their_chat_has_a_term_too() -> None:
    """Retention runs from the person's last act, or else the case's last event, or else the end of the admission."""
    never = altered(OPEN, seen=None)

    assert term_of(never, CASE, terms=TERMS) == NOW + 7 * DAY
    assert term_of(never, replace(CASE, active=None), terms=TERMS) == LONG + 7 * DAY


@pytest.mark.parametrize(
    ("access", "record", "term"),
    [
        (LOCKED, CASE, NOW + 7 * DAY),
        (FINISHED, CASE, NOW + 29 * DAY),
        (None, replace(CASE, due=NOW), NOW),
        (Removed(), replace(CASE, due=NOW), NOW),
    ],
)
def test_a_case_is_over_at_its_term_and_not_before(
    access: Account | Removed | None, record: Record, term: datetime
) -> None:
    assert not is_over(access, record, now=term - JUST, terms=TERMS)
    assert is_over(access, record, now=term, terms=TERMS)


@pytest.mark.parametrize(
    ("access", "record"),
    [
        (LOCKED, NO_CASE),
        (None, replace(NO_CASE, due=NOW)),
        (None, CASE),
        (altered(LOCKED, held="BRISK OTTER 41"), CASE),
        (Removed("BRISK OTTER 41"), replace(CASE, due=NOW)),
    ],
)
def test_a_held_or_missing_case_is_never_over(access: Account | Removed | None, record: Record) -> None:
    assert not is_over(access, record, now=LONG - JUST, terms=TERMS)


@pytest.mark.parametrize("days", [1, 2, 3, 7, 400])
@pytest.mark.parametrize("access", [OPEN, altered(OPEN, finished=NOW)])
def test_nobody_is_warned_at_the_moment_of_their_act_however_short_the_term(days: int, access: Account) -> None:
    """A warning at the moment of the person's own act would bring a new message with every tap."""
    terms = Terms(unfinished=days * DAY, finished=days * DAY)
    term = term_of(access, CASE, terms=terms)
    assert term is not None
    ahead = min(2 * DAY, term - NOW - JUST) if days > 2 else days * DAY / 2

    assert not lapse(access, CASE, now=NOW, terms=terms).is_news
    assert not lapse(access, CASE, now=term - ahead - JUST, terms=terms).is_news
    assert lapse(access, CASE, now=term - ahead, terms=terms).is_news
    assert NOW < term - ahead < term


@pytest.mark.parametrize(
    ("access", "record", "due"),
    [
        (OPEN, NO_CASE, NOW + TERMS.lock),
        (altered(OPEN, role=Role.AUDITOR), NO_CASE, NOW + TERMS.lock),
        (LOCKED, NO_CASE, LONG),
        (LOCKED, CASE, NOW + 5 * DAY),
        (altered(LOCKED, is_warned=True), CASE, NOW + 7 * DAY),
        (FINISHED, CASE, NOW + 27 * DAY),
        (altered(LOCKED, held="BRISK OTTER 41"), CASE, LONG),
        (altered(LOCKED, noticed=NOW - 89 * DAY), NO_CASE, NOW + DAY),
        (altered(LOCKED, noticed=None), NO_CASE, LONG),
        (altered(LOCKED, until=NOW, noticed=None), NO_CASE, None),
        (altered(LOCKED, until=NOW + JUST, noticed=None), NO_CASE, NOW + JUST),
    ],
)
def test_the_next_thing_that_is_due_is_the_earliest(access: Account, record: Record, due: datetime | None) -> None:
    assert next_due(access, record, now=NOW, terms=TERMS) == due


@pytest.mark.parametrize("access", [OPEN, altered(OPEN, finished=NOW), LOCKED, altered(OPEN, noticed=None, pin="")])
@pytest.mark.parametrize("record", [CASE, NO_CASE])
@pytest.mark.parametrize("days", [1, 2, 7])
def test_the_next_due_time_moves_on_after_each_lapse(access: Account, record: Record, days: int) -> None:
    terms = Terms(unfinished=days * DAY, finished=days * DAY)
    times = [next_due(access, record, now=NOW, terms=terms)]
    while (now := times[-1]) is not None:
        came = lapse(access, record, now=now, terms=terms)
        access, record = came.account, NO_CASE if came.is_over else record
        times.append(next_due(access, record, now=now, terms=terms))
        assert times[-1] is None or times[-1] > now
        assert len(times) < 10

    assert record.case is None
