"""The admitted and invited people as an administrator sees them, and what can be done about each. Nothing here is about cases."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dialogs.core.acts import PeopleDeed
from dialogs.core.role import ADMINISTERING, Role

FOUND = 6  # maximum number of people on one card of a list


class OpenedBy(StrEnum):
    """How a person's locked chat can be opened."""

    PIN = "pin"
    NEW_PIN = "new-pin"  # there is no PIN: whoever has the phone chooses one
    SIGN_IN = "sign-in"
    UNLOCKING = "unlocking"  # by an administrator, after five wrong PINs
    RENEWAL = "renewal"  # by an administrator, because the admission has expired


@dataclass(frozen=True, slots=True)
class Colleague:
    """An admitted person: their id (`who`), name, role, last day of access, what needs attention, and how their chat opens."""

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
        """Return the person's name, or their id if they have none."""
        return self.name or self.who


@dataclass(frozen=True, slots=True)
class Awaited:
    """A person who has not used their invitation yet: future id, name and role, and the last day to use it."""

    who: str
    name: str
    role: Role
    until: date

    @property
    def label(self) -> str:
        """Return the person's name, or their future id if they have none."""
        return self.name or self.who


@dataclass(frozen=True, slots=True)
class Roster:
    """All admitted people, sorted by label, and all people who have not used their invitation yet."""

    colleagues: tuple[Colleague, ...]
    awaited: tuple[Awaited, ...]

    def listed(self, name: str) -> tuple[Colleague, ...]:
        """Return the list `all`, `ending` or `barred`. In `ending`, people who have never used their access come last."""
        match name:
            case "ending":
                ending = (each for each in self.colleagues if each.is_ending)
                return tuple(sorted(ending, key=lambda each: each.is_unused))
            case "barred":
                return tuple(each for each in self.colleagues if each.is_barred)
            case _:
                return self.colleagues

    def renewable(self) -> tuple[Colleague, ...]:
        """Return the people whose access ends soon and can be renewed. Administrators cannot renew themselves."""
        return tuple(each for each in self.listed("ending") if PeopleDeed.RENEW in deeds_on(each))

    def find(self, who: str) -> Colleague | None:
        """Return the admitted person with this id, or None."""
        return next((each for each in self.colleagues if each.who == who), None)

    def find_awaited(self, who: str) -> Awaited | None:
        """Return the invited person with this future id, or None."""
        return next((each for each in self.awaited if each.who == who), None)

    def updated(self, whose: Set[str], now: Iterable[Colleague]) -> "Roster":
        """Return the roster with the people in `whose` as they are `now`. Those of them who are not in `now` are removed."""
        latest = {each.who: each for each in now}
        kept = (latest.get(each.who, each) for each in self.colleagues if each.who in latest or each.who not in whose)
        return Roster(tuple(kept), tuple(each for each in self.awaited if each.who not in whose))

    def called(self, words: str) -> tuple[Colleague, ...]:
        """Return the people whose name or id contains `words`, or whose id is `words`."""
        wanted = words.casefold()
        return tuple(each for each in self.colleagues if wanted in each.label.casefold() or wanted == each.who)


def deeds_on(colleague: Colleague) -> tuple[PeopleDeed, ...]:
    """Return what an administrator can do about a person in the chat.

    Nobody can act on themselves. Another administrator can only be renewed here, so that one stolen phone cannot remove
    the others.
    """
    if colleague.is_self:
        return ()
    if colleague.role in ADMINISTERING:
        return (PeopleDeed.RENEW,)
    unlock = (PeopleDeed.UNLOCK,) if colleague.is_barred else ()
    return (PeopleDeed.RENEW, *unlock, *(PeopleDeed.LOCK, PeopleDeed.NEW_PIN, PeopleDeed.ROLE, PeopleDeed.REMOVE))
