"""A changed copy is what `replace` makes of a value, and leaves the value as it was."""

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.access.standing import Access
from dialogs.core.altered import altering
from dialogs.core.role import Role
from dialogs.core.session import Session, fresh
from seraf.form.responses import NOTHING

SESSION = fresh(3, NOTHING)
ACCESS = Access("ab12cd34", Role.ADMIN, datetime(2026, 3, 4, tzinfo=UTC))


@pytest.mark.parametrize("value", [SESSION, ACCESS])
def test_every_field_can_be_another(value: Session | Access) -> None:
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


def test_a_value_that_checks_itself_is_not_copied_past_its_check() -> None:
    """That is what `replace` is for."""

    @dataclass(frozen=True, slots=True)
    class Checked:
        """A number above zero."""

        number: int

        def __post_init__(self) -> None:
            assert self.number > 0

    with pytest.raises(AssertionError, match="a copy would go past it"):
        altering(Checked)
