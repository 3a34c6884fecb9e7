"""The clock of a recorded conversation (a walk), and the reference of its next assessment."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

from tests.support.talk.gathering import CODE
from tests.support.walks.model import ItIsNow, NextReference, Step


class Surroundings:
    """A clock that stands still and a fixed reference, which only steps of the walk change."""

    def __init__(self, at: datetime, reference: str) -> None:
        self._at = at.astimezone(UTC)
        self._reference = reference
        self._codes = count(1)

    def now(self) -> datetime:
        return self._at

    def reference(self) -> str:
        return self._reference

    def reference_is(self, words: str) -> None:
        """Set the reference of the next assessment."""
        self._reference = words

    def fresh_code(self) -> str:
        """Return a new code. Its first letters, which name a room, are fixed, since walks contain them."""
        return f"{CODE}{next(self._codes):06}"

    def pass_seconds(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)

    def heed(self, steps: Iterable[Step]) -> None:
        """Apply the steps that set the time or the next reference."""
        for step in steps:
            if isinstance(step, ItIsNow):
                self._at = step.at.astimezone(UTC)
            if isinstance(step, NextReference):
                self._reference = step.words
