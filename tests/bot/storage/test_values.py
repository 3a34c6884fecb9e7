"""Tests of the values that stores read and write: what they refuse, and what their `repr` does not reveal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.storage.values import Inbound, MessageToRemove, Reminder, Shown, Spent
from bot.trail.chain import Entry
from tests.support.store.builders import ADA, FIRST, LIVE, NOON, event, tap


@pytest.mark.parametrize(
    "build",
    [
        lambda at: Inbound("k", at, None, None, None),
        lambda at: Shown(None, at, b"", False),
        lambda at: replace(FIRST, active=at),
        lambda at: replace(FIRST, due=at),
        lambda at: Entry(at, "bot", "notice"),
        lambda at: Reminder(ADA, "BRISK OTTER 41", at),
    ],
)
def test_a_time_without_a_zone_goes_into_no_value(build: Callable[[datetime], object]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        build(NOON.replace(tzinfo=None))


def test_values_hide_a_persons_words() -> None:
    """The `repr` of a value may be logged, so it contains nothing that a person wrote or that names them."""
    values = (
        *(FIRST, LIVE, MessageToRemove(ADA, "m1", NOON), Reminder(ADA, "BRISK OTTER 41", NOON)),
        *(replace(FIRST, case="amber"), replace(FIRST, access="standing"), replace(FIRST, profile="likes")),
        *(Spent("secret-code"), event("k1", tap(), own_message="m1")),
    )

    text = repr(values)

    secrets = (ADA, "message 7", "m1", "amber", "delivered", "standing", "likes", "secret-code")
    assert [word for word in secrets if word in text] == []
