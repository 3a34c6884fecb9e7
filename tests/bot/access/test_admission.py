"""Tests of invitation codes, of the access that they grant, and of the access that a renewal restores."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.access.account import Terms, state_of
from bot.access.admission import Invitation, admitted, make_who, plain_code, read_invitation
from bot.crypto.at_random import CODE_LENGTH, LETTERS, make_code
from dialogs.core.role import Role
from dialogs.locked import AccountState
from tests.support.people.accounts import altered

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TERMS = Terms()


def test_a_code_is_of_letters_that_cannot_be_mistaken() -> None:
    codes = [make_code() for _ in range(200)]

    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert set("".join(codes)) <= set(LETTERS)
    assert set("01ILOU") & set(LETTERS) == set()
    assert len(set(LETTERS)) == len(LETTERS)


def test_no_two_codes_and_no_two_ids_are_the_same() -> None:
    """Codes and ids are drawn at random from so many values that none occurs twice and nobody can guess one."""
    assert len({make_code() for _ in range(1000)}) == 1000
    assert len(LETTERS) ** CODE_LENGTH > 2**68
    assert len({make_who() for _ in range(1000)}) == 1000


def test_an_id_for_the_audit_has_eight_hex_digits() -> None:
    assert all(len(who) == 8 and int(who, 16) >= 0 for who in (make_who() for _ in range(100)))


@pytest.mark.parametrize("typed", ["ABCD2345EFGH67", "abcd2345efgh67", "ABCD-2345-EFGH-67", " abcd 2345 efgh 67\n"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert plain_code(typed) == "ABCD2345EFGH67"


@pytest.mark.parametrize("typed", ["", "   ", "x" * 5000, "é" * 5000, "💥", "\ud800"])
def test_a_typed_code_is_cut_to_a_short_text(typed: str) -> None:
    """A typed code is cut to twice its valid length, so that nobody can make the bot store or hash a long text."""
    assert len(plain_code(typed)) <= 2 * CODE_LENGTH


@pytest.mark.parametrize("role", Role)
def test_an_invitation_is_read_as_it_was_written(role: Role) -> None:
    invitation = Invitation("0a0b0c0d", role, "Desk 4, é")

    assert read_invitation(invitation.text()) == invitation
    assert "Desk 4" not in repr(invitation)


def test_a_renewal_gives_another_ninety_days_and_forgives_wrong_pins() -> None:
    barred = altered(
        admitted(Invitation("0a0b0c0d", Role.MANAGER), NOW, terms=TERMS), noticed=NOW, pin="a hash", tries=5
    )
    later = NOW + timedelta(days=89)

    after = barred.renewed(later, terms=TERMS, has_new_pin=False)

    assert state_of(barred, later, terms=TERMS) is AccountState.BARRED
    assert after == altered(barred, until=later + timedelta(days=90), tries=0, missed=5, is_locked=True)
    assert state_of(after, later, terms=TERMS) is AccountState.LOCKED
