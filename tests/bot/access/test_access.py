"""Tests of account states one microsecond before and after each time limit, and of the stored text of an account."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access.account import (
    COLUMNS,
    MOST_TRIES,
    NOUNS,
    Account,
    Removed,
    Terms,
    Unreadable,
    read_account,
    state_of,
    written,
)
from bot.runtime.clock import LONDON
from dialogs.core.acts import Kind, Overlay
from dialogs.core.codec import forget_all
from dialogs.core.role import Role
from dialogs.locked import AccountState
from tests.support.counts import times
from tests.support.people.accounts import account_with, altered, values_of

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
JUST = timedelta(microseconds=1)
TERMS = Terms()
OPEN = account_with("0a0b0c0d", Role.PRACTITIONER, NOW + timedelta(days=90), noticed=NOW, pin="a hash", seen=NOW)
FULL = account_with(
    who="0a0b0c0d", role=Role.MANAGER, until=NOW + JUST, name="Desk 4, é", noticed=NOW, pin="a hash",
    pending="another", tries=3, seen=NOW - JUST, is_locked=True, is_hidden=True,
    over=Overlay(Kind.EXPLAIN, "grooming"), news="expired", about="BRISK OTTER 41",
    reviews="BRISK OTTER 41", opened=NOW - JUST, several=True, wrong_since=NOW - JUST, missed=2, missed_since=NOW - JUST,
    left=NOW - JUST, wrong=9, told_end=1, is_end_said=True, ending=3, desk="a card",
    is_vouched=True, opens_by_sign_in=True, is_news_due=True, taps="7:24861", sharing="a card", asked="1",
)  # fmt: skip
"""An account with a value in every field."""


def standing(access: Account, at: datetime = NOW) -> AccountState:
    return state_of(access, at, terms=TERMS)


@pytest.mark.parametrize("role", Role)
def test_an_admitted_active_person_with_notice_and_pin_has_access(role: Role) -> None:
    expected = AccountState.NO_CASES if role is Role.AUDITOR else AccountState.OPEN

    assert standing(altered(OPEN, role=role)) is expected


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        (altered(OPEN, until=NOW), AccountState.LAPSED),
        (altered(OPEN, until=NOW + JUST), AccountState.OPEN),
        (altered(OPEN, tries=MOST_TRIES), AccountState.BARRED),
        (altered(OPEN, tries=MOST_TRIES - 1), AccountState.OPEN),
        (altered(OPEN, noticed=None), AccountState.NOTICE),
        (altered(OPEN, noticed=NOW - TERMS.notice), AccountState.NOTICE),
        (altered(OPEN, noticed=NOW - TERMS.notice + JUST), AccountState.OPEN),
        (altered(OPEN, pin=""), AccountState.NEW_PIN),
        (altered(OPEN, pin="", pending="a hash"), AccountState.NEW_PIN),
        (altered(OPEN, is_locked=True), AccountState.LOCKED),
        (altered(OPEN, seen=None), AccountState.LOCKED),
        (altered(OPEN, seen=NOW - TERMS.lock), AccountState.LOCKED),
        (altered(OPEN, seen=NOW - TERMS.lock + JUST), AccountState.OPEN),
        (altered(OPEN, seen=NOW + timedelta(minutes=1)), AccountState.OPEN),
        (altered(OPEN, seen=NOW + timedelta(minutes=1) + JUST), AccountState.LOCKED),
    ],
)
def test_each_standing_begins_at_its_moment_and_not_before(access: Account, expected: AccountState) -> None:
    assert standing(access) is expected


@pytest.mark.parametrize("text", ['{"who":"1","role":"baker","until":1}', '{"who":"1"}', '{"at":1}', "[]", "{"])
def test_a_standing_of_a_newer_release_is_not_misread(text: str) -> None:
    assert read_account(text) == Unreadable()


def test_the_worst_state_comes_first() -> None:
    worst = altered(OPEN, until=NOW, tries=MOST_TRIES, noticed=None, pin="", is_locked=True)

    found = [standing(worst)]
    for better in ({"until": NOW + JUST}, {"tries": 0}, {"noticed": NOW}, {"pin": "a hash"}, {"is_locked": False}):
        worst = altered(worst, **better)
        found.append(standing(worst))

    by_and_by = ["lapsed", "barred", "notice", "new-pin", "locked", "open"]
    assert [str(each) for each in found] == by_and_by


def test_terms_that_are_set_otherwise_count() -> None:
    terms = Terms(lock=timedelta(minutes=1))

    assert state_of(OPEN, NOW + timedelta(minutes=1) - JUST, terms=terms) is AccountState.OPEN
    assert state_of(OPEN, NOW + timedelta(minutes=1), terms=terms) is AccountState.LOCKED


@pytest.mark.parametrize(
    "access", [OPEN, FULL, account_with("00000001", Role.AUDITOR, NOW), Removed(), Removed("BRISK OTTER 41")]
)
def test_a_standing_is_read_as_it_was_written(access: Account | Removed) -> None:
    text = written(access)
    remembered = read_account(text)
    forget_all()

    assert read_account(text) == remembered == access


MOMENTS = st.timedeltas(timedelta(0), timedelta(days=9_000)).map(lambda far: NOW.astimezone(LONDON) + far)
STANDINGS = st.builds(
    altered,
    st.sampled_from([OPEN, FULL]),
    until=MOMENTS,
    seen=st.none() | MOMENTS,
    name=st.text(max_size=9),
    role=st.sampled_from(Role),
    tries=st.integers(0, 9),
    over=st.none()
    | st.builds(Overlay, st.sampled_from(Kind), st.text(max_size=9), st.none() | st.just(Overlay(Kind.HELP))),
)


@pytest.mark.prove
@settings(max_examples=times(300, 40))
@given(STANDINGS)
def test_any_standing_is_the_same_after_a_round_trip_through_its_text(access: Account) -> None:
    text = written(access)
    at_once = read_account(text)
    forget_all()

    assert read_account(text) == at_once


def test_the_fullest_standing_of_the_tests_leaves_no_field_out() -> None:
    """The test fails when a field is added to accounts that `FULL` leaves empty."""
    empty = account_with("", Role.ADMIN, NOW)

    full, least = values_of(FULL), values_of(empty)

    assert [name for name in COLUMNS if full[name] == least[name]] == []
    assert len(COLUMNS) == sum(len(fields(kind)) for kind in (*NOUNS.values(), Account)) - len(NOUNS)


def test_nobody_was_admitted_by_an_empty_text() -> None:
    assert read_account("") is None


def test_a_standing_hides_its_secrets() -> None:
    """The `repr` of an account may be logged, so it contains neither the hash of a PIN nor the person's name."""
    text = repr(FULL)

    assert [word for word in ("Desk 4", "a hash", "another") if word in text] == []
