"""A changed copy is what `replace` makes of a value, and leaves the value as it was."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.access.account import Account
from bot.storage.values import Record, first_record
from dialogs.core.role import Role
from dialogs.core.session import Session, altering, fresh
from seraf.form.responses import NOTHING
from tests.support.people.accounts import account_with

SESSION = fresh(3, NOTHING)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ACCESS = account_with("ab12cd34", Role.ADMIN, NOON)


@pytest.mark.parametrize("value", [SESSION, ACCESS])
def test_every_field_can_be_another(value: Session | Account) -> None:
    """Alone, all together, and none."""
    altered: Any = altering(type(value))
    every: dict[str, Any] = {each.name: object() for each in fields(value)}
    for new in ({}, every, *[{name: one} for name, one in every.items()]):
        before = replace(value)
        assert altered(value, new) == replace(value, **new)
        assert value == before


def test_what_is_no_field_is_refused() -> None:
    """As `replace` does."""
    with pytest.raises(AttributeError):
        altering(Session)(SESSION, {"nothing": 1})


def test_a_value_that_checks_itself_checks_its_copies() -> None:
    """Else a time without a zone could come in by a change."""
    record = first_record("telegram:1")

    assert altering(Record)(record, {"due": NOON}) == replace(record, due=NOON)
    with pytest.raises(ValueError, match="without a time zone"):
        altering(Record)(record, {"due": NOON.replace(tzinfo=None)})
