"""One line of the audit. It holds who did what and when, and has no place for what was answered."""

from dataclasses import dataclass
from datetime import datetime

from bot.runtime.timestamps import aware


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit: when, who (a random id, or "operator"), what, which reference, and as what somebody was invited or let in
    (`role`); never content.
    """

    at: datetime
    who: str
    what: str
    reference: str = ""
    role: str = ""

    def __post_init__(self) -> None:
        aware(self.at)
