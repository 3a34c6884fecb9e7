"""The table of teams. A team is found by the keyed hash of its name."""

from datetime import date, time
from typing import Any

from bot.runtime.clock import from_micros, to_micros
from bot.storage.ledger import TEAMS
from bot.storage.session import Rows
from dialogs.core.teams import Duty, Member, Shift, Team, TeamPlace


class Teams(Rows):
    """The table of teams, each with its people, its weekly rota and what was tapped for tonight."""

    def everyone(self) -> tuple[Team, ...]:
        """Return all teams, sorted by name. Raise `StoreFault` if any row was changed, removed or restored from outside."""
        self._session.ledger.demand_table(TEAMS)
        rows = self._session.execute("SELECT mark, body FROM teams").fetchall()
        return tuple(sorted((_read(self._unseal(TEAMS, *row)) for row in rows), key=lambda team: team.name.casefold()))

    def keep(self, team: Team) -> None:
        """Write a team. It replaces an earlier one with the same name."""
        mark = self._mark(team.name)
        self._session.put(TEAMS, mark=mark, body=self._seal(TEAMS, mark, _written(team)))

    def forget(self, name: str) -> None:
        """Delete the team with this name, if it exists."""
        self._session.remove(TEAMS, self._mark(name))

    def forget_of(self, who: str) -> None:
        """Delete the places, shifts and duties of the person with this id."""
        for team in self.everyone():
            if (after := team.without(who)) != team:
                self.keep(after)

    def _mark(self, name: str) -> bytes:
        return self._keys.mark("team", name)


def _written(team: Team) -> list[Any]:
    people = [[one.who, one.place, one.away.isoformat() if one.away else ""] for one in team.members]
    rota = [[one.who, one.weekday, f"{one.begins:%H:%M}", f"{one.ends:%H:%M}"] for one in team.rota]
    tonight = team.tonight
    tapped = [] if tonight is None else [tonight.who, to_micros(tonight.begins), to_micros(tonight.ends)]
    return [team.name, people, rota, tapped]


def _read(values: list[Any]) -> Team:
    name, people, rota, tapped = values
    members = (Member(who, TeamPlace(place), date.fromisoformat(away) if away else None) for who, place, away in people)
    shifts = (
        Shift(who, weekday, time.fromisoformat(begins), time.fromisoformat(ends)) for who, weekday, begins, ends in rota
    )
    tonight = Duty(tapped[0], from_micros(tapped[1]), from_micros(tapped[2])) if tapped else None
    return Team(name, tuple(members), tuple(shifts), tonight)
