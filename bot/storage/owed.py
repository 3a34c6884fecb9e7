"""What is owed to a person until it was sent; not what is in it."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.runtime.timestamps import aware


@dataclass(frozen=True, slots=True)
class OwedDocument:
    """That a document of this kind is owed to somebody, of the case of this reference, and since when.

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
