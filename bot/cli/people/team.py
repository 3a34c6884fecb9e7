"""`seraf-bot team`: who is in which team, who manages it, and the weekly rota. All of it works while the bot runs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

from typer import Argument, Typer, echo

from bot.access.account import Account
from bot.access.admission import LONGEST_NAME
from bot.cli.context import CommandContext, roll, with_store
from bot.cli.people.inviting import read_lines
from bot.cli.second_person import ConfirmedBy, have_confirmed
from bot.cli.terminal import Plain, day, hour, many
from bot.conversation.changes import TEAM_MANAGER, telling
from bot.runtime.clock import local_time
from bot.runtime.errors import SettingsFault
from bot.runtime.settings import TeamSetting
from bot.storage.tables import Tables
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.role import ADMINISTERING, ROWS, Role
from dialogs.core.teams import NOBODY, Member, Shift, Team, TeamPlace, duties, is_away

app = Typer(no_args_is_help=True)

PEOPLE, ROTA = ("team", "person", "place", "away until"), ("team", "person", "day", "from", "to")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_TEAMS, MOST_PEOPLE, MOST_SHIFTS = 100, 200, 200  # teams in all, people and lines of the rota in one
MANAGING = ", ".join(role for role in Role if ROWS[role].is_offered)

Source = Annotated[Path, Argument(metavar="FILE", help="A CSV file in UTF-8, as a spreadsheet saves it.")]


@app.command("people", cls=Plain)
def put_people(file: Source, *, confirmed_by: ConfirmedBy = "") -> None:
    """Put people into teams by a file: team, person, place, away until. Each team in it then has those people and no others.

    A person is given by label or id, a place as member or manages. An administrator has to confirm each new manager.
    """
    with_store(lambda context: _put_people(context, file, confirmed_by=confirmed_by))


@app.command("rota", cls=Plain)
def put_rota(file: Source) -> None:
    """Say who is on call when by a file: team, person, day, from, to. Each team in it then has that week and no other.

    Hours are those of the clock on the wall. A duty that ends no later than it begins ends on the next day. Without a person:
    nobody is on call then.
    """
    with_store(lambda context: _put_rota(context, file))


@app.command("list")
def list_teams() -> None:
    """List the teams: who manages each, who is in it, and who is on call now and next."""

    async def do(context: CommandContext) -> None:
        teams = await context.store.read(lambda t: t.teams.everyone())
        labels = {account.audit_id: account.admission.name for account in await _present(context)}
        for team in teams:
            for line in _lines(team, labels, now=context.now):
                echo(line)
        if not teams:
            echo("There is no team yet: seraf-bot team people FILE")
        _say_setting(context)

    with_store(do)


@app.command("remove", cls=Plain)
def give_up(name: Annotated[str, Argument(metavar="TEAM", help="The team's name in `team list`.")]) -> None:
    """Give a team up. Its people stay let in."""

    async def do(context: CommandContext) -> None:
        def work(tables: Tables) -> Team | None:
            team = _named(tables.teams.everyone(), name)
            if team is not None:
                tables.teams.forget(team.name)
                tables.audit.append(_changes(team, replace(team, members=()), context=context))
            return team

        team = await context.store.write(work)
        if team is None:
            raise SettingsFault("No team has this name: seraf-bot team list. Nothing was changed.")
        echo(f"{team.name} is no team any more. Its people stay let in.")

    with_store(do)


async def _put_people(context: CommandContext, file: Path, *, confirmed_by: str) -> None:
    known = await context.store.read(lambda t: t.teams.everyone())
    teams = _read_people(file, await _present(context), known=known)
    before = {team.name: team for team in known}
    managing = [
        member
        for team in teams
        for member in team.members
        if member.place is TeamPlace.MANAGES and not before.get(team.name, Team("")).is_managed_by(member.who)
    ]
    if managing:
        await have_confirmed(context, confirmed_by, about=AuditEvent.TEAM_CHANGED)

    def work(tables: Tables) -> None:
        now = {team.name: team for team in tables.teams.everyone()}
        for team in teams:
            stored = now.get(team.name, Team(team.name))
            after = replace(stored, members=team.members)
            tables.teams.keep(after)
            tables.audit.append(_changes(stored, after, context=context))

    await context.store.write(work)
    if managing:
        everybody = [known for known in await roll(context) if known.admitted]
        administrators = [
            one.record.person for one in everybody if one.admitted and one.admitted.admission.role in ADMINISTERING
        ]
        await context.change_all(administrators, telling(TEAM_MANAGER, context.now))
    for team in teams:
        managers = sum(member.place is TeamPlace.MANAGES for member in team.members)
        manages = f"{managers} of them manage{'s' if managers == 1 else ''} it" if managers else "nobody manages it"
        echo(f"{team.name}: {many(len(team.members), 'person', more='people')}, {manages}.")
    _say_setting(context)


async def _put_rota(context: CommandContext, file: Path) -> None:
    known = await context.store.read(lambda t: t.teams.everyone())
    rotas = _read_rota(file, await _present(context), known=known)

    def work(tables: Tables) -> None:
        for team in tables.teams.everyone():
            if team.name in rotas:
                tables.teams.keep(replace(team, rota=tuple(rotas[team.name])))
                tables.audit.append([Entry(context.now, context.operator, AuditEvent.ON_CALL)])

    await context.store.write(work)
    for name, rota in rotas.items():
        echo(f"{name}: {many(len(rota), 'duty', more='duties')} a week.")
    _say_setting(context)


@dataclass(slots=True)
class _Reading:
    """A file that is being read: the people it can name, and its faults so far. Faults repeat no label."""

    people: Sequence[Account]
    faults: list[str]

    def fault(self, at: int, words: str) -> None:
        """Add the fault of a line."""
        self.faults.append(f"line {at}: {words}")

    def person(self, at: int, words: str) -> Account | None:
        """Return the person whom a line names by id or label. If there is not exactly one, return None, and add a fault."""
        called = _plain(words)
        found = [each for each in self.people if called and called in (each.audit_id, _plain(each.admission.name))]
        if len(found) == 1:
            return found[0]
        if found:
            self.fault(at, "several people have this label: give the id from `seraf-bot people list`")
        else:
            self.fault(at, "nobody who is let in has this label or id: seraf-bot people list")
        return None

    def end(self, file: Path, nothing: str) -> None:
        """Raise `SettingsFault` with every fault, if there is one."""
        if self.faults:
            raise SettingsFault("\n".join(f"{file}: {fault}" for fault in self.faults) + f"\n{nothing}")


def _read_people(file: Path, people: Sequence[Account], *, known: Iterable[Team]) -> tuple[Team, ...]:
    """Return the teams in a file. Raise `SettingsFault` with all its faults, in order of lines."""
    reading, names = _Reading(people, []), {_plain(team.name): team.name for team in known}
    teams: dict[str, dict[str, Member]] = {}
    for at, cells in read_lines(file, PEOPLE):
        if not cells:
            reading.fault(at, "a team, a person, a place and a day, with three commas; the day may be empty")
            continue
        name = names.setdefault(_plain(cells["team"]), cells["team"])
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            reading.fault(at, f"a team has a name of 1 to {LONGEST_NAME} signs")
        account, place, away = reading.person(at, cells["person"]), cells["place"].lower(), _day(cells["away until"])
        if place not in list(TeamPlace):
            reading.fault(at, f"{place!r} is no place: {', '.join(TeamPlace)}")
        if cells["away until"] and away is None:
            reading.fault(
                at, "“away until” is the day on which they are back, such as 2026-12-24 or 24/12/2026, or empty"
            )
        if account is None or place not in list(TeamPlace):
            continue
        row, members = ROWS[account.admission.role], teams.setdefault(name, {})
        if not row.consults:
            reading.fault(at, f"somebody with the role {account.admission.role} is in no team")
        elif place == TeamPlace.MANAGES and not row.is_offered:
            reading.fault(at, f"somebody with the role {account.admission.role} manages no team: {MANAGING}")
        elif account.audit_id in members:
            reading.fault(at, "another line puts the same person into the same team")
        members[account.audit_id] = Member(account.audit_id, TeamPlace(place), away)
    if len(names) > MOST_TEAMS:
        reading.faults.append(f"there can be {MOST_TEAMS} teams at most")
    if any(len(members) > MOST_PEOPLE for members in teams.values()):
        reading.faults.append(f"a team has {MOST_PEOPLE} people at most")
    if not teams:
        reading.faults.append("no line puts anybody into a team")
    reading.end(file, "Nobody was put into a team.")
    return tuple(Team(name, tuple(members.values())) for name, members in teams.items())


def _read_rota(file: Path, people: Sequence[Account], *, known: Iterable[Team]) -> Mapping[str, list[Shift]]:
    """Return the shifts in a file by team. Raise `SettingsFault` with all its faults, in order of lines."""
    reading, names = _Reading(people, []), {_plain(team.name): team.name for team in known}
    rotas: dict[str, list[Shift]] = {}
    for at, cells in read_lines(file, ROTA):
        if not cells:
            reading.fault(at, "a team, a person, a day and two times, with four commas; the person may be empty")
            continue
        name, weekday = names.get(_plain(cells["team"])), _weekday(cells["day"])
        begins, ends = _time(cells["from"]), _time(cells["to"])
        if name is None:
            reading.fault(at, "there is no team of this name: seraf-bot team list")
        if weekday is None:
            reading.fault(at, f"a day of the week is missing: {', '.join(word.capitalize() for word in WEEK)}")
        if begins is None or ends is None:
            reading.fault(at, "a time has hours and minutes, such as 18:00")
        account = reading.person(at, cells["person"]) if cells["person"] else None
        if account is not None and not ROWS[account.admission.role].is_asked:
            reading.fault(at, f"somebody with the role {account.admission.role} is never asked, and so not on call")
        if name is None or weekday is None or begins is None or ends is None:
            continue
        shift = Shift(account.audit_id if account else NOBODY, weekday, begins, ends)
        rota = rotas.setdefault(name, [])
        if shift in rota:
            reading.fault(at, "another line says the same")
        rota.append(shift)
    if any(len(rota) > MOST_SHIFTS for rota in rotas.values()):
        reading.faults.append(f"a team has {MOST_SHIFTS} duties a week at most")
    if not rotas:
        reading.faults.append("no line says who is on call")
    reading.end(file, "No rota was changed.")
    return rotas


def _changes(before: Team, after: Team, *, context: CommandContext) -> tuple[Entry, ...]:
    """Return an audit entry for each person whose place in the team changed, with the place, which is empty if they left it."""
    entries = []
    for who in dict.fromkeys(member.who for member in (*before.members, *after.members)):
        was, now = before.member(who), after.member(who)
        if (was and was.place) != (now and now.place):
            place = now.place if now else ""
            entries.append(Entry(context.now, context.operator, AuditEvent.TEAM_CHANGED, who, place))
    return tuple(entries)


def _lines(team: Team, labels: Mapping[str, str], *, now: datetime) -> Iterable[str]:
    local = local_time(now)
    yield f"{team.name}: {many(len(team.members), 'person', more='people')}"
    for member in team.members:
        away = f", away until {member.away:%d %B %Y}" if member.away and is_away(member, local) else ""
        yield f"  {member.place:<7}  {member.who}  {labels.get(member.who, '(not let in)')}{away}"
    for duty in duties(team, local)[:3]:
        who = f"{duty.who}  {labels.get(duty.who, '(not let in)')}" if duty.who else "nobody"
        begins = "on call now" if duty.begins <= now else f"from {day(duty.begins, is_short=True)}, {hour(duty.begins)}"
        yield f"  {begins}, until {day(duty.ends, is_short=True)}, {hour(duty.ends)}: {who}"


def _say_setting(context: CommandContext) -> None:
    if context.settings.teams is TeamSetting.ONE:
        echo("SERAF_TEAMS is one, so that the bot takes everybody for one team. Teams count once it is: several")


async def _present(context: CommandContext) -> tuple[Account, ...]:
    return tuple(known.admitted for known in await roll(context) if known.admitted)


def _named(teams: Iterable[Team], name: str) -> Team | None:
    return next((team for team in teams if _plain(team.name) == _plain(name)), None)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _day(words: str) -> date | None:
    match = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", words)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(words)
    except ValueError:
        return None


def _weekday(words: str) -> int | None:
    found = [number for number, name in enumerate(WEEK) if len(words) >= 3 and name.startswith(words.lower())]
    return found[0] if found else None


def _time(words: str) -> time | None:
    match = re.fullmatch(r"([01]?[0-9]|2[0-4]):?([0-5][0-9])", words)
    if match is None or (match[1] == "24" and match[2] != "00"):
        return None
    return time(int(match[1]) % 24, int(match[2]))
