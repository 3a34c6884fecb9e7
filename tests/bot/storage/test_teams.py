"""Tests of teams: each is stored whole under its name, and none is used once any row was changed from outside."""

import sqlite3
from contextlib import closing
from datetime import date, time, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.runtime.errors import StoreFault
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.tables import Tables
from bot.storage.values import Decision, Done, Inbound, PersonForgotten
from dialogs.core.teams import NOBODY, Duty, Member, Shift, Team, TeamPlace
from tests.support.store.builders import KEYS, NOON

NORTH = Team(
    "North é",
    (Member("dada0001", TeamPlace.MANAGES), Member("0a0a0002", away=date(2026, 12, 24))),
    (Shift("0a0a0002", 5, time(18), time(8)), Shift(NOBODY, 6, time(8), time(18))),
    Duty("dada0001", NOON, NOON + timedelta(hours=12)),
)
SOUTH = Team("South", (Member("0a0a0002", TeamPlace.MANAGES),))


def _keep(team: Team, tables: Tables) -> None:
    tables.teams.keep(team)


class TestTeams:
    async def test_a_team_is_read_as_it_was_written_and_the_latest_stands(self, store: Store) -> None:
        for team in (SOUTH, Team("North é"), NORTH):
            await store.write(partial(_keep, team))

        assert await store.read(lambda t: t.teams.everyone()) == (NORTH, SOUTH)

        await store.write(lambda t: t.teams.forget("South"))
        assert await store.read(lambda t: t.teams.everyone()) == (NORTH,)

    async def test_somebody_who_is_removed_leaves_every_team_and_rota(self, store: Store) -> None:
        for team in (NORTH, SOUTH):
            await store.write(partial(_keep, team))

        (outcome,) = await store.turns(
            [
                Inbound(
                    "x",
                    NOON,
                    "telegram:1",
                    lambda record, _: Decision(record, (), (PersonForgotten("telegram:9", "0a0a0002"),)),
                    None,
                )
            ]
        )

        assert isinstance(outcome, Done)
        north, south = await store.read(lambda t: t.teams.everyone())
        assert (north.members, [shift.who for shift in north.rota]) == (NORTH.members[:1], [NOBODY, NOBODY])
        assert south.members == ()


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM teams WHERE rowid = 1", "UPDATE teams SET body = (SELECT body FROM teams WHERE rowid = 2)", "old"],
)
async def test_teams_that_were_changed_from_outside_are_not_used(tmp_path: Path, statement: str) -> None:
    store = await open_sqlite(tmp_path / "store.db", KEYS)
    for team in (NORTH, SOUTH):
        await store.write(partial(_keep, team))
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as other:
        if statement == "old":  # a manager's place is put back
            before = other.execute("SELECT body, mark FROM teams").fetchall()
            await store.write(lambda t: t.teams.keep(Team("South")))
            other.executemany("UPDATE teams SET body = ? WHERE mark = ?", before)
        else:
            other.execute(statement)

    with pytest.raises(StoreFault, match="teams"):
        await store.read(lambda t: t.teams.everyone())
    assert (await store.everybody(NOON, lambda *_: None)).teams == ()
    await store.close()
