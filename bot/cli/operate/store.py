"""`seraf-bot accept`, `purge` and `upgrade`: what an operator does to a whole store."""

import sqlite3
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated

import typer

from bot.cli.context import READERS_WAIT, CommandContext, with_store
from bot.cli.terminal import many, print_counts, working
from bot.crypto.keys import key_place, load_ring
from bot.operations.housekeeping import Forgotten, forget, forget_removed
from bot.operations.housekeeping import purge as erase_what_is_over
from bot.operations.readiness import demand_confirmed, demand_store
from bot.operations.upgrading import bring_up
from bot.runtime.clock import SystemClock
from bot.runtime.errors import DamagedStore, EarlierStore, InUse, StoreFault, StoreUnavailable
from bot.runtime.settings import Settings, load_settings
from bot.runtime.single_instance import Alone
from bot.runtime.starting import PREFIX
from bot.storage.sqlite.opening import open_for_command, tables_over
from bot.storage.sqlite.preparing import own_key
from bot.storage.sqlite.transaction import transact
from bot.storage.sqlite.write_ahead import HELD_UP
from bot.trail.audit import AuditEvent, operator_of
from bot.trail.chain import Entry

ACCEPTED = """From now on every row counts as it lies there. Look before you go on:
- `seraf-bot people list`: is anybody admitted who was removed, or renewed whose time was over?
- `seraf-bot audit show`: when did it happen, and what was done in the days before?
- What does not open stays refused; restoring a backup is the way for that."""

LATER = (
    "What is erased is overwritten. Copies that SQLite made of it may be left in the file until the bot rewrites it, which it does"
    " once a day. To have it done now, stop the bot and run `seraf-bot purge`."
)
"""Printed if the file was not rewritten."""

LEFT = "What is counted here was erased, but copies of it may be left in a file until a `seraf-bot purge` goes through. {fault}"


def accept(
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without this it only says what it found.")] = False,
) -> None:
    """Let rows that were put back, changed or taken away count as they are. Restoring the latest backup is better."""
    settings = load_settings()
    demand_store(settings)
    try:
        found = with_store(lambda context: context.store.examine())
    except (DamagedStore, EarlierStore, StoreUnavailable):
        raise  # there is nothing in it that could be accepted
    except StoreFault as fault:  # such as a ledger that was taken away
        found = (str(fault),)
    for line in found:
        typer.echo(line)
    if not found:
        typer.echo("Every row is the one that the bot wrote last. There is nothing to accept.")
    elif yes:
        with open_for_command(settings.store, key_place(settings)) as database:
            transact(database, partial(_accept_rows, settings, SystemClock().now()))
        typer.echo(ACCEPTED)
    else:
        typer.echo("Nothing was changed. To let all of it count as it is: seraf-bot accept --yes")
        raise typer.Exit(1)


def _accept_rows(settings: Settings, at: datetime, database: sqlite3.Connection) -> None:
    """Count every row as it lies there, and enter it in the audit. What does not open stays refused. A bot may be running."""
    keys = load_ring(key_place(settings), own_key(database))
    tables = tables_over(database, keys)
    try:
        tables.ledger.follow()
        number = tables.ledger.number + 1
    except StoreFault:
        number = int(at.timestamp())  # later than any count can be, so that no running bot takes it for an older copy
    tables.audit.append([Entry(at, operator_of(settings), AuditEvent.STORE_ACCEPTED)])
    tables.ledger.count_anew(number)


def purge() -> None:
    """Erase everything past its retention time now, and print how much. Held assessments stay. The bot does the same by itself."""

    async def erase(context: CommandContext) -> tuple[Forgotten, tuple[str, ...]]:
        """Erase cases first, then delete what belongs to nobody; report what failed after the rest is done."""
        await demand_confirmed(context.store)
        erased, errors = await erase_what_is_over(context.store, await context.conversation(), now=context.now)
        forgotten = await forget(context.store, context.now, audit_months=context.settings.audit_months)
        names = await forget_removed(context.store, context.now)
        faults = (*_not_erased(errors), *await _rewritten(context))
        return replace(forgotten, cases=erased, names=names), faults

    gone, faults = with_store(erase)
    print_counts(
        (
            (gone.cases, "assessment", "assessments", "erased"),
            (gone.names, "name", "names", "of removed people forgotten"),
            (gone.codes, "code", "codes", "of invitations forgotten"),
            (gone.events, "key", "keys", "of events forgotten"),
            (gone.entries, "entry", "entries", "of the audit dropped"),
        )
    )
    if faults:
        raise StoreFault("\n".join(faults))


def _not_erased(errors: tuple[str, ...]) -> tuple[str, ...]:
    if not errors:
        return ()
    cases = many(len(errors), "assessment is past its term", more="assessments are past their term")
    return (
        f"{cases} and could not be erased ({', '.join(errors)}). Everything else was. A newer version of the bot may have"
        " written what is left: purge with that one.",
    )


async def _rewritten(context: CommandContext) -> tuple[str, ...]:
    """Rewrite the file, so that no copy is left in it, unless a bot runs, which does that; return what failed."""
    try:
        with Alone(context.settings.store):
            await context.store.scrub()
    except InUse:
        typer.echo(LATER)
    except StoreFault as fault:
        return (LEFT.format(fault=fault),)
    return () if await context.store.is_gone(seconds=READERS_WAIT) else (LEFT.format(fault=HELD_UP),)


def upgrade() -> None:
    """Bring the store to this version while no bot runs with it. `run` does the same by itself; no other command does."""
    settings = load_settings()
    demand_store(settings)
    with Alone(settings.store), working("Checking a copy, then bringing the store up"):
        upgraded = bring_up(settings, at=SystemClock().now())
    if upgraded is None:
        typer.echo(f"{settings.store}: is of this version already, left as it is")
        return
    if upgraded.backup is not None:
        typer.echo(f"{upgraded.backup}: a backup of before, checked and found whole.")
    else:
        typer.echo(
            f"{PREFIX}BACKUP_RECIPIENTS is not set, so nobody could open a backup. The file was copied next to itself first\n"
            "(mode 0600, every value sealed), found whole, and the copy removed when the store had opened."
        )
    typer.echo(f"{settings.store}: brought from schema {upgraded.found} to {upgraded.made}.")
