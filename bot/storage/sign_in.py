"""Somebody's sign-in at one browser, as a value: it is found by a secret that only that browser has."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.runtime.clock import aware

MOST_BROWSERS = 5
"""Sign-ins of one person at a time; one more ends the one that would end first."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who signed in, and until when that counts; `at_provider` is what their organisation's sign-in calls it, if anything."""

    secret: str = field(repr=False)
    person: str = field(repr=False)
    until: datetime
    at_provider: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        aware(self.until)


@dataclass(frozen=True, slots=True)
class SignOff:
    """What is said once, by a person or by their organisation's sign-in: that one of its sign-ins ended (`at_provider`), or all
    of a person's.
    """

    key: str = field(repr=False)
    at: datetime
    person: str = field(repr=False)
    at_provider: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        aware(self.at)

    def ends(self, sign_in: SignIn) -> bool:
        """Whether this sign-in is one of those that ended."""
        is_theirs = self.person in ("", sign_in.person)
        return is_theirs and self.at_provider in ("", sign_in.at_provider) and bool(self.person or self.at_provider)
