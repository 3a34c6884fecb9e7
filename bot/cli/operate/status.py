"""`seraf-bot status`: how the running bot is, by what it says of itself every few seconds. No key is needed, and nothing is opened."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from bot.cli.frame.plain import day, hour, many
from bot.runtime.clock import SystemClock
from bot.runtime.settings import load_desk_settings
from bot.runtime.single_instance import is_running
from bot.watch.practice import TrialRestore, last_practice
from bot.watch.vitals import ADAPTER, Ailment, Surroundings, Vitals, ailments
from bot.watch.vitals_file import last_vitals

AILING, NOT_RUNNING = 1, 3
"""Exit statuses apart from 0, as those of other services are."""

JUST_NOW = timedelta(seconds=30)
"""For so long after its start a bot may not have opened its store, or heard from Telegram."""

MB = 1_000_000


def status(as_json: Annotated[bool, typer.Option("--json", help="The same in JSON, for a monitor.")] = False) -> None:
    """Say whether the bot runs, hears people and can keep what it hears; with counts and times alone.

    Exit status 0 when it does, 1 when it runs and something is wrong, 3 when it does not run.
    """
    store, now = load_desk_settings().store, SystemClock().now()
    runs, vitals, practice = is_running(store), last_vitals(store), last_practice(store)
    ails = _ails(vitals, now) if runs else ()
    if as_json:
        told = None if vitals is None else ADAPTER.dump_python(vitals, mode="json")
        about = {"runs": runs, "in_order": runs and not ails, "ails": ails, "vitals": told}
        typer.echo(json.dumps(about | {"practice": _as_values(practice)}, indent=2))
    else:
        typer.echo(_said(vitals, now, runs=runs, ails=ails))
        _print(vitals, practice, now)
    if not runs or ails:
        raise typer.Exit(AILING if runs else NOT_RUNNING)


def _ails(vitals: Vitals | None, now: datetime) -> tuple[Ailment, ...]:
    return (Ailment.STALE,) if vitals is None else ailments(vitals, now)


def _said(vitals: Vitals | None, now: datetime, *, runs: bool, ails: tuple[Ailment, ...]) -> str:
    """The one line on which all depends."""
    if not runs:
        seen = "" if vitals is None else f" It last reported on {day(vitals.at)}, {hour(vitals.at)}."
        return f"The bot does not run with this store.{seen} Look at its log, then start it. Nobody needs it to call."
    if ails and vitals is not None and now - vitals.started < JUST_NOW:
        started = f"The bot was started {_ago(vitals.started, now)}, and is not in order yet"
        return f"{started}: {', '.join(ails)}. Look again in half a minute."
    if ails:
        return f"The bot runs, but not in order: {', '.join(ails)}. What to do is in docs/deploy/watching.md."
    return "The bot runs, hears people, and can keep what it hears."


def _as_values(practice: TrialRestore | None) -> dict[str, str] | None:
    if practice is None:
        return None
    return {"at": practice.at.isoformat(), "backup": practice.backup, "found": practice.found}


def _print(vitals: Vitals | None, practice: TrialRestore | None, now: datetime) -> None:
    table = Table(Column("What"), Column("Found", overflow="fold"), box=None, pad_edge=False)
    of_bot = () if vitals is None else (*_of_itself(vitals, now), *_around(vitals.around, now))
    of_practice = () if practice is None else (("backup restored for practice", _came_of(practice, now)),)
    for row in (*of_bot, *of_practice):
        table.add_row(*row)
    if not table.row_count:
        return
    Console(highlight=False, markup=False, emoji=False).print(table)


def _of_itself(vitals: Vitals, now: datetime) -> Iterator[tuple[str, str]]:
    yield "reported", _ago(vitals.at, now)
    yield "started", _ago(vitals.started, now)
    if vitals.asks:
        yield "asked Telegram", _ago(vitals.asked, now)
        yield "heard from Telegram", _ago(vitals.polled, now)
        yield "answered by Telegram", _ago(vitals.answered, now)
        yield "whom to call last delivered", _ago(vitals.reach.delivered, now)
    else:
        yield "Telegram", "not asked: people come with a browser alone"
    yield "kept something", _ago(vitals.kept, now)
    speed = "" if vitals.tap_p99 is None else f"; of the latest 99 of 100 within {vitals.tap_p99:.2f} s"
    yield "taps since the start", f"{vitals.taps}{speed}"
    yield "refused by Telegram", f"{many(vitals.refusals, 'time')}, for {vitals.silence:.0f} s in all"
    for name, count in sorted(vitals.events.items()):
        yield f"event: {name}", str(count)


def _around(around: Surroundings, now: datetime) -> Iterator[tuple[str, str]]:
    yield "people served today", _known(around.people_today)
    newest = "" if around.newest_backup is None else f", the newest {_ago(around.newest_backup, now)}"
    yield "backups", f"{_known(around.backups)}{newest}"
    yield "room on the disk", "not known" if around.disk_free is None else f"{around.disk_free // MB:,} MB"
    first = "" if around.first_end is None else f", the first on {day(around.first_end)}"
    yield "admissions that run out within 14 days", f"{_known(around.ending)}{first}"
    yield "admissions that have run out", _known(around.ended)
    yield "head of the audit", around.audit or "not known"


def _came_of(practice: TrialRestore, now: datetime) -> str:
    """Whether it was whole, and when that was seen."""
    found = f"NOT whole: {practice.found}" if practice.found else "whole"
    return f"{_ago(practice.at, now)}, {practice.backup}: {found}"


def _known(count: int | None) -> str:
    return "not known" if count is None else str(count)


def _ago(moment: datetime | None, now: datetime) -> str:
    """How long ago that was, as roughly as is of use."""
    if moment is None:
        return "never"
    seconds = max(0, int((now - moment).total_seconds()))
    for span, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= span:
            return f"{many(seconds // span, name)} ago"
    return f"{many(seconds, 'second')} ago"
