"""Many admissions renewed at once: those that are near their end, or all that count."""

import re
from datetime import timedelta

import typer

from bot.access.account import Account, state_of
from bot.access.due import expiring
from bot.cli.frame.opening import Workplace
from bot.cli.frame.plain import day, many
from bot.cli.frame.roll import Known, roll
from bot.conversation.changes import extension
from bot.runtime.errors import SettingsFault
from dialogs.locked.gate import AccountState

SPAN = re.compile(r"([0-9]{1,3})d?")
"""So many days, such as 14d."""


def read_span(words: str, option: str) -> timedelta:
    """The days in what was typed after an option; `SettingsFault` where there are none."""
    found = SPAN.fullmatch(words.strip().lower())
    if found is None:
        raise SettingsFault(f"{option}: a number of days, such as 14d")
    return timedelta(days=int(found[1]))


def near(everybody: tuple[Known, ...], desk: Workplace, *, within: timedelta | None) -> tuple[Known, ...]:
    """Those whose admission ends within a time, or whenever it does (None)."""
    soon = expiring(
        (known.account for known in everybody if isinstance(known.account, Account)), desk.now, within=within
    )
    ending = {account.audit_id for account in soon}
    return tuple(
        known for known in everybody if isinstance(known.account, Account) and known.account.audit_id in ending
    )


async def renew_many(desk: Workplace, *, within: timedelta | None) -> None:
    """Renew in one transaction those whose admission ends within a time, or all whose admission counts.

    Nobody comes back by it whose admission is over, and no wrong PIN is forgiven: each of these is a decision of its own.
    """
    everybody = await roll(desk)
    chosen = near(everybody, desk, within=within)
    done = await desk.change_all([known.record.person for known in chosen], extension(desk.now, desk.terms))
    if done:
        typer.echo(f"{many(len(done), 'person', more='people')} renewed, until {day(desk.now + desk.terms.renewal)}.")
    else:
        typer.echo(f"Nobody was renewed: nobody's access {'counts now' if within is None else 'runs out so soon'}.")
    standings = [
        state_of(each.account, desk.now, terms=desk.terms) for each in everybody if isinstance(each.account, Account)
    ]
    for standing, said in ((AccountState.LAPSED, "Run out"), (AccountState.BARRED, "Locked after wrong PINs")):
        if count := standings.count(standing):
            typer.echo(f"{said}, and left so: {count}. Each that should come back: seraf-bot people renew ID")
