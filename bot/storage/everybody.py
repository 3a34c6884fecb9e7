"""What depends on everybody: they are looked up aside, and what is made of them is decided in turns of their own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from bot.runtime.clock import aware
from bot.storage.values import Decide, OpenInvitation

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Everybody(Generic[Seen]):
    """What is seen of everybody but those who are refused, and the invitations that are open, as of one time.

    `is_in_step` says that every row of the store is what was written last.
    """

    seen: tuple[Seen, ...] = field(repr=False)
    invitations: tuple[OpenInvitation, ...] = ()
    is_in_step: bool = True


See = Callable[[str, str], Seen | None]
"""What is seen of a person and the text of their standing; None of somebody who is left out."""


class AboutEverybody(Protocol[Seen]):
    """What is asked about everybody."""

    def see(self, person: str, standing: str) -> Seen | None:
        """What is seen of somebody; None where they are left out."""
        ...

    def decide(self, everybody: Everybody[Seen]) -> Decide:
        """What is made of them all. For many people that takes a while, so it is called where nobody waits for it."""
        ...


@dataclass(frozen=True, slots=True)
class NeedsEverybody(Generic[Seen]):
    """The effect of a turn that keeps what is asked: everybody is to be looked up, beside the store's one connection, as of
    a time. What is then made of them is the decision of another turn of the same person.
    """

    at: datetime
    asking: AboutEverybody[Seen] = field(repr=False)

    def __post_init__(self) -> None:
        aware(self.at)


@dataclass(frozen=True, slots=True)
class Continued:
    """The effect of a turn that does a part of what is to be done. What follows is found out where nobody waits for it, and is
    the decision of another turn of the same person: others come between.
    """

    next: Callable[[], Decide] = field(repr=False)
