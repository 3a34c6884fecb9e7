"""What a walk sets for itself: the time, and the reference of the next assessment."""

from collections.abc import Iterable
from datetime import UTC, datetime

from tests.support.walks.model import ItIsNow, NextReference, Step


class Surroundings:
    """A clock that stands still, and a reference that stays the same, until a step of the walk says otherwise."""

    def __init__(self, at: datetime, reference: str) -> None:
        self._at = at.astimezone(UTC)
        self._reference = reference

    def now(self) -> datetime:
        """The time now, aware UTC."""
        return self._at

    def reference(self) -> str:
        """The reference of the next assessment."""
        return self._reference

    def heed(self, steps: Iterable[Step]) -> None:
        """Take over what the steps say."""
        for step in steps:
            if isinstance(step, ItIsNow):
                self._at = step.at.astimezone(UTC)
            if isinstance(step, NextReference):
                self._reference = step.words
