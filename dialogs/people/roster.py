"""The admitted and invited people as an administrator sees them, and what can be done about each. Nothing here is about cases."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from dialogs.core.acts import PeopleDeed
from dialogs.core.role import ADMINISTERING, ROWS, Role
from dialogs.core.teams import Team

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
    """An admitted person: their id (`who`), name, role, last day of access, what needs attention, and how their chat opens.

    `is_led` is True if it is a manager of their team who sees them, and not an administrator.
    """

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
    is_led: bool = False

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
    """All admitted people, sorted by label, all people who have not used their invitation yet, and all teams.

    In the roster of a manager (`is_led`) are their teams and the people in them; `labels` are those of others on a rota.
    """

    colleagues: tuple[Colleague, ...]
    awaited: tuple[Awaited, ...]
    teams: tuple[Team, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_led: bool = False

    def led_by(self, who: str) -> "Roster":
        """Return what somebody who manages teams sees of this roster."""
        teams = tuple(team for team in self.teams if team.is_managed_by(who))
        whose = {member.who for team in teams for member in team.members}
        people = tuple(each for each in self.colleagues if each.who in whose)
        on_rota = {shift.who for team in teams for shift in team.rota}
        labels = {each.who: each.label for each in self.colleagues if each.who in on_rota}
        return Roster(people, (), teams, labels, is_led=True)

    def label_of(self, who: str) -> str:
        """Return the label of a person in the roster or on a rota, or their id if they are not let in any more."""
        colleague = self.find(who)
        return colleague.label if colleague is not None else self.labels.get(who, who)

    def team(self, team: str) -> Team | None:
        """Return the team with this id, or None."""
        return next((each for each in self.teams if each.id == team), None)

    def with_team(self, team: Team) -> "Roster":
        """Return the roster with this team in place of the earlier one of its name."""
        return replace(self, teams=tuple(team if each.name == team.name else each for each in self.teams))

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
        return replace(
            self, colleagues=tuple(kept), awaited=tuple(each for each in self.awaited if each.who not in whose)
        )

    def called(self, words: str) -> tuple[Colleague, ...]:
        """Return the people whose name or id contains `words`, or whose id is `words`."""
        wanted = words.casefold()
        return tuple(each for each in self.colleagues if wanted in each.label.casefold() or wanted == each.who)


def deeds_on(colleague: Colleague) -> tuple[PeopleDeed, ...]:
    """Return what can be done about a person in the chat, by an administrator or, if the person `is_led`, by a manager.

    Nobody can act on themselves. Another administrator can only be renewed here, so that one stolen phone cannot remove
    the others; and by another administrator alone.
    """
    is_administrator = colleague.role in ADMINISTERING
    if colleague.is_self or (colleague.is_led and is_administrator):
        return ()
    if colleague.is_led or is_administrator:
        return (PeopleDeed.RENEW,)
    put = (PeopleDeed.PUT,) if ROWS[colleague.role].consults else ()
    unlock = (PeopleDeed.UNLOCK,) if colleague.is_barred else ()
    return (PeopleDeed.RENEW, *unlock, *(PeopleDeed.LOCK, PeopleDeed.NEW_PIN, PeopleDeed.ROLE, PeopleDeed.REMOVE), *put)
