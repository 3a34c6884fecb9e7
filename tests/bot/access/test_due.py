"""Tests of when a chat locks, a person is warned and a case is erased: each to the microsecond, and only once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.account import Account, Removed, Terms
from bot.access.due import Lapse, is_over, lapse, next_due, term_of
from bot.storage.cases import CaseHead
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
HEAD = CaseHead("BRISK OTTER 41", NO_CASE.person, NOW)


def having(*heads: CaseHead) -> Record:
    """Return a record with these cases, the first of which is in hand."""
    return replace(NO_CASE, case="{}", phase=str(Phase.ITEMS), hand=heads[0].reference, heads=heads)


DONE = replace(HEAD, finished=NOW - DAY)
CASE, FINISHED, HELD = having(HEAD), having(DONE), having(replace(HEAD, held=True))


def quiet(access: Account, record: Record, at: datetime, terms: Terms = TERMS) -> bool:
    return lapse(access, record, now=at, terms=terms) == Lapse(access, record.heads)


@pytest.mark.parametrize("role", Role)
def test_an_idle_chat_locks_at_its_time_and_not_before(role: Role) -> None:
    access, at = altered(OPEN, role=role, over=Overlay(Kind.HELP)), NOW + TERMS.lock

    assert quiet(access, NO_CASE, at - JUST)
    assert lapse(access, NO_CASE, now=at, terms=TERMS) == Lapse(
        altered(access, is_locked=True, over=None), (), what=(AuditEvent.LOCKED,)
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
    warned = replace(HEAD, is_warned=True)

    assert quiet(LOCKED, CASE, term - 2 * DAY - JUST)
    assert lapse(LOCKED, CASE, now=term - 2 * DAY, terms=TERMS) == Lapse(LOCKED, (warned,), is_news=True)
    assert quiet(LOCKED, having(warned), term - JUST)
    gone = altered(LOCKED, is_hidden=True, news="expired")
    assert lapse(LOCKED, having(warned), now=term, terms=TERMS) == Lapse(gone, (), over=(warned,))


def test_of_several_cases_each_has_its_own_term_and_the_one_that_goes_is_named() -> None:
    other = replace(HEAD, reference="CALM FERN 12", touched=NOW - DAY)
    came = lapse(OPEN, having(HEAD, other), now=NOW + 6 * DAY, terms=TERMS)

    assert (came.heads, came.over) == ((HEAD,), (other,))
    assert (came.account.notices.news, came.account.notices.about) == ("expired", other.reference)
    assert not came.account.door.is_hidden, "the case on the card is there"


def test_the_term_of_a_finished_case_runs_from_its_first_result() -> None:
    term = NOW - DAY + 30 * DAY
    busy = replace(DONE, touched=term - 3 * DAY)

    assert quiet(LOCKED, having(busy), term - 2 * DAY - JUST)
    warned = replace(busy, is_warned=True)
    assert lapse(LOCKED, having(busy), now=term - 2 * DAY, terms=TERMS) == Lapse(LOCKED, (warned,), is_news=True)
    assert lapse(LOCKED, having(warned), now=term, terms=TERMS).over == (warned,)


def test_a_warning_makes_a_cleared_chat_visible_again() -> None:
    """A person who emptied the chat must still learn that the case will be erased."""
    came = lapse(altered(LOCKED, is_hidden=True), CASE, now=NOW + 5 * DAY, terms=TERMS)

    assert (came.is_news, came.account.door.is_hidden) == (True, False)


def test_missed_lapses_happen_at_once_together() -> None:
    came = lapse(OPEN, CASE, now=NOW + 8 * DAY, terms=TERMS)

    assert (came.over, came.is_news, came.what) == ((HEAD,), False, (AuditEvent.LOCKED,))


@pytest.mark.parametrize("head", [HEAD, DONE])
def test_a_held_case_has_no_term(head: CaseHead) -> None:
    held = replace(head, held=True)

    assert quiet(LOCKED, having(held), LONG - JUST)
    assert term_of(held, terms=TERMS) is None


@pytest.mark.parametrize(
    ("access", "record", "term"),
    [
        (LOCKED, CASE, NOW + 7 * DAY),
        (LOCKED, FINISHED, NOW + 29 * DAY),
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
        (LOCKED, HELD),
        (Removed(), replace(HELD, due=NOW)),
    ],
)
def test_a_held_or_missing_case_is_never_over(access: Account | Removed | None, record: Record) -> None:
    assert not is_over(access, record, now=LONG - JUST, terms=TERMS)


@pytest.mark.parametrize("days", [1, 2, 3, 7, 400])
@pytest.mark.parametrize("head", [HEAD, replace(HEAD, finished=NOW)])
def test_nobody_is_warned_at_the_moment_of_their_act_however_short_the_term(days: int, head: CaseHead) -> None:
    """A warning at the moment of the person's own act would bring a new message with every tap."""
    terms = Terms(unfinished=days * DAY, finished=days * DAY)
    term, record = term_of(head, terms=terms), having(head)
    assert term is not None
    ahead = min(2 * DAY, term - NOW - JUST) if days > 2 else days * DAY / 2

    assert not lapse(OPEN, record, now=NOW, terms=terms).is_news
    assert not lapse(OPEN, record, now=term - ahead - JUST, terms=terms).is_news
    assert lapse(OPEN, record, now=term - ahead, terms=terms).is_news
    assert NOW < term - ahead < term


@pytest.mark.parametrize(
    ("access", "record", "due"),
    [
        (OPEN, NO_CASE, NOW + TERMS.lock),
        (altered(OPEN, role=Role.AUDITOR), NO_CASE, NOW + TERMS.lock),
        (LOCKED, NO_CASE, LONG),
        (LOCKED, CASE, NOW + 5 * DAY),
        (LOCKED, having(replace(HEAD, is_warned=True)), NOW + 7 * DAY),
        (LOCKED, FINISHED, NOW + 27 * DAY),
        (LOCKED, having(DONE, replace(HEAD, reference="CALM FERN 12")), NOW + 5 * DAY),
        (LOCKED, HELD, LONG),
        (altered(LOCKED, noticed=NOW - 89 * DAY), NO_CASE, NOW + DAY),
        (altered(LOCKED, noticed=None), NO_CASE, LONG),
        (altered(LOCKED, until=NOW, noticed=None), NO_CASE, None),
        (altered(LOCKED, until=NOW + JUST, noticed=None), NO_CASE, NOW + JUST),
    ],
)
def test_the_next_thing_that_is_due_is_the_earliest(access: Account, record: Record, due: datetime | None) -> None:
    assert next_due(access, record, now=NOW, terms=TERMS) == due


@pytest.mark.parametrize("access", [OPEN, LOCKED, altered(OPEN, noticed=None, pin="")])
@pytest.mark.parametrize("record", [CASE, having(replace(HEAD, finished=NOW)), NO_CASE])
@pytest.mark.parametrize("days", [1, 2, 7])
def test_the_next_due_time_moves_on_after_each_lapse(access: Account, record: Record, days: int) -> None:
    terms = Terms(unfinished=days * DAY, finished=days * DAY)
    times = [next_due(access, record, now=NOW, terms=terms)]
    while (now := times[-1]) is not None:
        came = lapse(access, record, now=now, terms=terms)
        access, record = came.account, replace(record, heads=came.heads)
        times.append(next_due(access, record, now=now, terms=terms))
        assert times[-1] is None or times[-1] > now
        assert len(times) < 10

    assert record.heads == ()
