"""Tests of `seraf-bot team`: people and rotas by CSV, who confirms a new manager, and files that are refused whole."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.access.account import Account, read_account
from bot.runtime.clock import local_time
from dialogs.core.role import Role
from dialogs.core.teams import Team, duties, on_call
from tests.support.command_line.cli import Ran, run
from tests.support.command_line.desk import Folder
from tests.support.people.accounts import altered
from tests.support.people.admitting import PIN

BOSS, OTHER = "1a2b3c4d", "1a2b3c4e"
PEOPLE = """Team,Person,Place,Away until
North,Dana Reid,manages,
North,Sam Reid,member,24/12/2026
South,2a0b0c0d,Manages,
South,sam  reid,member,
Night team,Ola Brett,member,2026-12-31
"""
ROTA = "team,person,day,from,to\n" + "".join(
    f"north,{person},{day},18:00,08:00\nNorth,,{day},08:00,18:00\n"
    for person, day in zip(
        ("Dana Reid", "Sam Reid") * 4,
        ("Mon", "Tuesday", "wed", "Thursday", "Fri", "Saturday", "Sunday"),
        strict=False,
    )
)


@pytest.fixture
def staffed(folder: Folder) -> Folder:
    """A folder with people of every role, and two administrators."""
    named = [("Dana Reid", Role.MANAGER), ("Jo Ames", Role.MANAGER), ("Sam Reid", Role.PRACTITIONER)]
    named += [("Ola Brett", Role.PRACTITIONER), ("Tom Hall", Role.TRAINER), ("Zoë", Role.AUDITOR)]
    for number, (name, role) in enumerate(named, 1):
        standing = altered(folder.standing(role, who=f"{number}a0b0c0d"), name=name)
        folder.admit(f"telegram:{number}", standing, reference="")
    for number, who in ((8, BOSS), (9, OTHER)):
        folder.admit(f"telegram:{number}", folder.standing(Role.ADMIN, who=who), reference="")
    return folder


def write(folder: Folder, text: str) -> str:
    (folder.path / "file.csv").write_text("\ufeff" + text, encoding="utf-8")
    return "file.csv"


def put(folder: Folder, text: str = PEOPLE, *words: str, pin: str = PIN) -> Ran:
    line = ("team", "people", write(folder, text), *(words or ("--confirmed-by", BOSS)))
    return run(folder.path, *line, typed=f"{pin}\n".encode(), settings={"COLUMNS": "300"})


def teams(folder: Folder) -> tuple[Team, ...]:
    return folder.do(lambda store: store.read(lambda t: t.teams.everyone()))


def said(folder: Folder) -> list[tuple[str, str, str]]:
    entries = folder.do(lambda store: store.read(lambda t: t.audit.entries()))
    return [(each.what, each.reference, each.role) for each in entries if each.what in ("team-changed", "on-call")]


def test_three_teams_come_from_one_file_once_an_administrator_has_confirmed_their_managers(staffed: Folder) -> None:
    assert "--confirmed-by" in put(staffed, PEOPLE, "--confirmed-by", "").err
    assert "not their PIN" in put(staffed, pin="111111").err
    assert (teams(staffed), said(staffed)) == ((), [])

    done = put(staffed)

    assert done.status == 0, done.err
    assert "North: 2 people, 1 of them manages it." in done.out
    assert "Night team: 1 person, nobody manages it." in done.out
    assert [(team.name, len(team.members)) for team in teams(staffed)] == [
        ("Night team", 1),
        ("North", 2),
        ("South", 2),
    ]
    assert said(staffed)[:2] == [("team-changed", "1a0b0c0d", "manages"), ("team-changed", "3a0b0c0d", "member")]
    for person in ("telegram:8", "telegram:9"):
        account = read_account(staffed.record(person).access)
        assert isinstance(account, Account)
        assert account.notices.news == "team-manager"


def test_a_file_replaces_its_teams_and_leaves_the_others_and_needs_nobody_for_members_alone(staffed: Folder) -> None:
    put(staffed)
    before = len(said(staffed))

    done = put(
        staffed,
        "team,person,place,away until\nNORTH,Dana Reid,manages,\nNorth,Ola Brett,member,\n",
        "--confirmed-by",
        "",
    )

    assert done.status == 0, done.err
    _, north, south = teams(staffed)
    assert [each.who for each in north.members] == ["1a0b0c0d", "4a0b0c0d"]
    assert len(south.members) == 2
    assert said(staffed)[before:] == [("team-changed", "3a0b0c0d", ""), ("team-changed", "4a0b0c0d", "member")]
    assert "North" in staffed.said("team", "list")
    staffed.said("team", "remove", "south")
    assert [team.name for team in teams(staffed)] == ["Night team", "North"]
    assert said(staffed)[-1] == ("team-changed", "3a0b0c0d", "")


@pytest.mark.parametrize("night", [datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)])
def test_a_rota_of_a_file_covers_every_minute_of_a_night_with_a_changed_clock(staffed: Folder, night: datetime) -> None:
    put(staffed)
    staffed.said("team", "rota", write(staffed, ROTA))

    north = teams(staffed)[1]

    for minute in range(26 * 60):
        now = local_time(night + timedelta(minutes=minute))
        is_day = 8 <= now.at.hour < 18
        assert [duty.who for duty in on_call(north, now)] == [] if is_day else ["3a0b0c0d"], now
    assert len(duties(north, local_time(night))) > 10
    assert said(staffed)[-1] == ("on-call", "", "")
    listed = staffed.said("team", "list")
    assert "on call now, until" in listed
    assert "SERAF_TEAMS is one" in listed
    assert "SERAF_TEAMS" not in staffed.said("team", "list", SERAF_TEAMS="several")


FAULTS = {
    "team,person\nNorth,Sam Reid\n": "the first line has to be: team,person,place,away until",
    "team,person,place,away until\nNorth,Sam Reid,member\n": "line 2: a team, a person",
    "team,person,place,away until\n,Sam Reid,member,\n": "line 2: a team has a name",
    "team,person,place,away until\nNorth,Nobody,member,\n": "line 2: nobody who is let in",
    "team,person,place,away until\nNorth,Sam Reid,boss,\n": "line 2: 'boss' is no place: member, manages",
    "team,person,place,away until\nNorth,Sam Reid,member,soon\n": "line 2: “away until” is the day",
    "team,person,place,away until\nNorth,Sam Reid,member,2026-02-30\n": "line 2: “away until” is the day",
    "team,person,place,away until\nNorth,Zoë,member,\n": "line 2: somebody with the role auditor is in no team",
    "team,person,place,away until\nNorth,Tom Hall,manages,\n": "the role trainer manages no team: manager",
    "team,person,place,away until\nNorth,1a2b3c4d,manages,\n": "the role admin manages no team: manager",
    "team,person,place,away until\nNorth,Sam Reid,member,\nNORTH,3a0b0c0d,member,\n": "line 3: another line puts",
    "team,person,place,away until\n": "no line puts anybody into a team",
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_file_with_a_fault_is_refused_whole_and_line_by_line(staffed: Folder, text: str) -> None:
    ran = put(
        staffed,
        text + "North,Jo Ames,member,\n" if text.startswith("team,person,place") and text.count("\n") > 1 else text,
    )

    assert ran.status == 2
    assert FAULTS[text] in ran.err
    assert "Zoë" not in ran.err
    assert teams(staffed) == ()


def test_every_fault_of_a_rota_is_said_at_once_and_the_week_of_before_stays(staffed: Folder) -> None:
    put(staffed)
    staffed.said("team", "rota", write(staffed, ROTA))
    before = teams(staffed)
    spoilt = (
        "team,person,day,from,to\nNorth,Sam Reid,Monday,18:00,08:00\nWest,Sam Reid,Monday,18:00,08:00\n"
        "North,Sam Reid,someday,18:00,08:00\nNorth,Sam Reid,Monday,18:00,25:00\nNorth,Tom Hall,Monday,08:00,09:00\n"
        "North,Sam Reid,Mon,18:00,8:00\nNorth,Nobody,Monday,1\n"
    )

    ran = run(staffed.path, "team", "rota", write(staffed, spoilt), settings={"COLUMNS": "300"})

    assert ran.status == 2
    words = ("no team of this name", "day of the week", "such as 18:00", "role trainer", "another line", "four commas")
    for at, word in enumerate(words, 3):
        assert any(f"line {at}: " in line and word in line for line in ran.err.splitlines()), (at, word, ran.err)
    assert "No rota was changed." in ran.err
    assert teams(staffed) == before


def test_two_people_with_one_label_are_told_apart_by_id(staffed: Folder) -> None:
    staffed.admit(
        "telegram:11", altered(staffed.standing(Role.PRACTITIONER, who="ba0b0c0d"), name="Sam Reid"), reference=""
    )

    assert "line 3: several people have this label: give the id" in put(staffed).err
    assert teams(staffed) == ()
