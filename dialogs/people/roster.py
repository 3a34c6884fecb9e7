"""Everybody as an administrator sees them, and what may be done about each person. It has no place for a case."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dialogs.core.acts import PeopleDeed
from dialogs.core.role import Role

FOUND = 6  # people on one card of a list


class OpenedBy(StrEnum):
    """What unlocks a person's chat."""

    PIN = "pin"
    NEW_PIN = "new-pin"  # they have no PIN: the holder of the phone chooses one
    SIGN_IN = "sign-in"
    UNLOCKING = "unlocking"  # an administrator, after five wrong PINs
    RENEWAL = "renewal"  # an administrator, because the admission has expired


@dataclass(frozen=True, slots=True)
class Colleague:
    """An admitted person: id, label, role, last day of access, what needs attention, and what unlocks their chat."""

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
        """Return their name, or their id if they have none."""
        return self.name or self.who


@dataclass(frozen=True, slots=True)
class Awaited:
    """An invited person who has not come yet: their future id, their name and role, and the last day to accept."""

    who: str
    name: str
    role: Role
    until: date

    @property
    def label(self) -> str:
        """Return their name, or the id that they will have."""
        return self.name or self.who


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who is admitted, by label, and everybody who is invited."""

    colleagues: tuple[Colleague, ...]
    awaited: tuple[Awaited, ...]

    def listed(self, name: str) -> tuple[Colleague, ...]:
        """Return a list: `all`, `ending` or `barred`. In `ending`, those who never used their access are last."""
        match name:
            case "ending":
                ending = (each for each in self.colleagues if each.is_ending)
                return tuple(sorted(ending, key=lambda each: each.is_unused))
            case "barred":
                return tuple(each for each in self.colleagues if each.is_barred)
            case _:
                return self.colleagues

    def renewable(self) -> tuple[Colleague, ...]:
        """Return the people whose access ends soon, except this administrator, who cannot renew themselves."""
        return tuple(each for each in self.listed("ending") if PeopleDeed.RENEW in deeds_on(each))

    def find(self, who: str) -> Colleague | None:
        """Return the person with this id, or None."""
        return next((each for each in self.colleagues if each.who == who), None)

    def find_awaited(self, who: str) -> Awaited | None:
        """Return the invited person with this future id, or None."""
        return next((each for each in self.awaited if each.who == who), None)

    def updated(self, whose: Set[str], now: Iterable[Colleague]) -> "Roster":
        """Return the roster with the latest records (`now`) for these ids; people without a record are left out."""
        latest = {each.who: each for each in now}
        kept = (latest.get(each.who, each) for each in self.colleagues if each.who in latest or each.who not in whose)
        return Roster(tuple(kept), tuple(each for each in self.awaited if each.who not in whose))

    def called(self, words: str) -> tuple[Colleague, ...]:
        """Return the people whose label contains these words, or whose id they are."""
        wanted = words.casefold()
        return tuple(each for each in self.colleagues if wanted in each.label.casefold() or wanted == each.who)


def deeds_on(colleague: Colleague) -> tuple[PeopleDeed, ...]:
    """Return what may be done about a person in the chat.

    Nobody acts on themselves. An administrator can only be renewed here: one stolen phone must not be able to remove
    the others.
    """
    if colleague.is_self:
        return ()
    if colleague.role is Role.ADMIN:
        return (PeopleDeed.RENEW,)
    unlock = (PeopleDeed.UNLOCK,) if colleague.is_barred else ()
    return (PeopleDeed.RENEW, *unlock, *(PeopleDeed.LOCK, PeopleDeed.NEW_PIN, PeopleDeed.ROLE, PeopleDeed.REMOVE))
