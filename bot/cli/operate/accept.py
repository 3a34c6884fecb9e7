"""`seraf-bot accept`: take what lies in the store for what belongs there, after somebody has looked at it."""

from typing import Annotated

import typer

from bot.cli.frame.opening import Workplace, at_desk
from bot.crypto.key_places import key_place
from bot.operations.acceptance import accept_rows
from bot.operations.lost_store import demand_store
from bot.runtime.clock import SystemClock
from bot.runtime.errors import DamagedStore, EarlierStore, StoreFault, StoreUnavailable
from bot.runtime.settings import load_settings
from bot.trail.operators import operator_of

SINCE = """From now on every row counts as it lies there. Look before you go on:
- `seraf-bot people list`: is anybody admitted who was removed, or renewed whose time was over?
- `seraf-bot audit show`: when did it happen, and what was done in the days before?
- What does not open stays refused; restoring a backup is the way for that."""


def accept(
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it. Without this the command only says what it found.")
    ] = False,
) -> None:
    """Let rows that were put back, changed or taken away count as they are. Restoring the latest backup is better."""

    async def look(desk: Workplace) -> tuple[str, ...]:
        """What is out of step now."""
        return await desk.store.examine()

    settings = load_settings()
    demand_store(settings)
    try:
        found = at_desk(look)
    except (DamagedStore, EarlierStore, StoreUnavailable):
        raise  # there is nothing in it that could be accepted
    except StoreFault as fault:  # such as a ledger that was taken away
        found = (str(fault),)
    for line in found:
        typer.echo(line)
    if not found:
        typer.echo("Every row is the one that the bot wrote last. There is nothing to accept.")
    elif yes:
        accept_rows(settings.store, key_place(settings), at=SystemClock().now(), by=operator_of(settings))
        typer.echo(SINCE)
    else:
        typer.echo("Nothing was changed. To let all of it count as it is: seraf-bot accept --yes")
        raise typer.Exit(1)
