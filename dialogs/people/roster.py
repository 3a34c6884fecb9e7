"""Everybody as an administrator sees them, and what may be done about whom. It has no place for a case."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dialogs.core.acts import PeopleDeed
from dialogs.core.role import Role

FOUND = 6
"""People on one card of a list."""


class OpenedBy(StrEnum):
    """What opens somebody's chat once it is locked."""

    PIN = "pin"
    NEW_PIN = "new-pin"
    """They have none: whoever has the phone chooses one."""
    SIGN_IN = "sign-in"
    UNLOCKING = "unlocking"
    """An administrator, after five wrong PINs."""
    RENEWAL = "renewal"
    """An administrator, since access has run out."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who was let in: their id, what they are called, their role, until when, what is the matter, and what opens their chat."""

    who: str
    name: str
    role: Role
    until: date
    is_self: bool = False
    is_over: bool = False
    is_ending: bool = False
    is_barred: bool = False
    is_unused: bool = False
    opened_by: OpenedBy = OpenedBy.PIN

    @property
    def label(self) -> str:
        """What they are called, else their id."""
        return self.name or self.who


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody who was invited and has not come: the id that they will have, what they are called, as what, until when."""

    who: str
    name: str
    role: Role
    until: date

    @property
    def label(self) -> str:
        """What they are called, else the id that they will have."""
        return self.name or self.who


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who is let in, by label, and everybody who is awaited."""

    colleagues: tuple[Colleague, ...]
    awaited: tuple[Awaited, ...]

    def listed(self, name: str) -> tuple[Colleague, ...]:
        """Those of a list: `all`, `ending` or `barred`. Of those near the end, whoever never used it comes last."""
        match name:
            case "ending":
                ending = (each for each in self.colleagues if each.is_ending)
                return tuple(sorted(ending, key=lambda each: each.is_unused))
            case "barred":
                return tuple(each for each in self.colleagues if each.is_barred)
            case _:
                return self.colleagues

    def renewable(self) -> tuple[Colleague, ...]:
        """Those whose access is near its end, and whom this administrator may renew: everybody but themselves."""
        return tuple(each for each in self.listed("ending") if PeopleDeed.RENEW in deeds_on(each))

    def find(self, who: str) -> Colleague | None:
        """Somebody by their id."""
        return next((each for each in self.colleagues if each.who == who), None)

    def find_awaited(self, who: str) -> Awaited | None:
        """Somebody who was invited, by the id that they will have."""
        return next((each for each in self.awaited if each.who == who), None)

    def updated(self, whose: Set[str], now: Iterable[Colleague]) -> "Roster":
        """The roster once those with these ids are as they are `now`; who is not let in, or not any more, is left out."""
        latest = {each.who: each for each in now}
        kept = (latest.get(each.who, each) for each in self.colleagues if each.who in latest or each.who not in whose)
        return Roster(tuple(kept), tuple(each for each in self.awaited if each.who not in whose))

    def called(self, words: str) -> tuple[Colleague, ...]:
        """Those whose label or id has these words in it."""
        wanted = words.casefold()
        return tuple(each for each in self.colleagues if wanted in each.label.casefold() or wanted == each.who)


def deeds_on(colleague: Colleague) -> tuple[PeopleDeed, ...]:
    """What may be done about somebody in the chat.

    Nobody acts on themselves. An administrator is renewed here and nothing else: one stolen phone must not be able to take
    the others out.
    """
    if colleague.is_self:
        return ()
    if colleague.role is Role.ADMIN:
        return (PeopleDeed.RENEW,)
    unlock = (PeopleDeed.UNLOCK,) if colleague.is_barred else ()
    return (
        PeopleDeed.RENEW,
        *unlock,
        *(PeopleDeed.LOCK, PeopleDeed.NEW_PIN, PeopleDeed.ROLE, PeopleDeed.REMOVE),
    )
