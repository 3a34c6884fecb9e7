"""What a walk sets for itself: the time, and the reference of the next assessment."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

from tests.support.talk.gathering import CODE
from tests.support.walks.model import ItIsNow, NextReference, Step


class Surroundings:
    """A clock that stands still, and a reference that stays the same, until a step of the walk says otherwise."""

    def __init__(self, at: datetime, reference: str) -> None:
        self._at = at.astimezone(UTC)
        self._reference = reference
        self._codes = count(1)

    def now(self) -> datetime:
        """The time now, aware UTC."""
        return self._at

    def reference(self) -> str:
        """The reference of the next assessment."""
        return self._reference

    def reference_is(self, words: str) -> None:
        """Let this be the reference of the next assessment."""
        self._reference = words

    def fresh_code(self) -> str:
        """A fresh code; the first letters, which are what a room is called, stay the same in a walk."""
        return f"{CODE}{next(self._codes):06}"

    def pass_seconds(self, seconds: float) -> None:
        """Let a little time pass."""
        self._at += timedelta(seconds=seconds)

    def heed(self, steps: Iterable[Step]) -> None:
        """Take over what the steps say."""
        for step in steps:
            if isinstance(step, ItIsNow):
                self._at = step.at.astimezone(UTC)
            if isinstance(step, NextReference):
                self._reference = step.words
