"""A document that a person asked for and has not been sent yet; not what is in it."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.runtime.clock import aware


@dataclass(frozen=True, slots=True)
class OwedDocument:
    """Who asked for a document of which kind, of which case (by its reference), and when.

    Without a reference it is of a rehearsal, and never of a case.
    """

    person: str = field(repr=False)
    reference: str
    kind: str
    asked: datetime

    def __post_init__(self) -> None:
        aware(self.asked)

    @property
    def is_of_rehearsal(self) -> bool:
        """Whether it is of a rehearsal."""
        return not self.reference
