"""`seraf-bot upgrade`: bring the store of an earlier release to this version, after a copy of it was found whole."""

import typer

from bot.cli.frame.progress import working
from bot.operations.lost_store import demand_store
from bot.operations.upgrading import bring_up
from bot.runtime.clock import SystemClock
from bot.runtime.settings import load_settings
from bot.runtime.single_instance import Alone
from bot.runtime.starting.unset import PREFIX


def upgrade() -> None:
    """Bring the store to this version while no bot runs with it. `run` does the same by itself; no other command does."""
    settings = load_settings()
    demand_store(settings)
    with Alone(settings.store), working("Looking through a copy, then bringing the store up"):
        upgraded = bring_up(settings, at=SystemClock().now())
    if upgraded is None:
        typer.echo(f"{settings.store}: is of this version already, left as it is")
        return
    if upgraded.backup is not None:
        typer.echo(f"{upgraded.backup}: a backup of before, looked through and found whole.")
    else:
        typer.echo(
            f"{PREFIX}BACKUP_RECIPIENTS is not set, so nobody could open a backup. The file was copied beside itself first"
        )
        typer.echo("(mode 0600, every value sealed), found whole, and the copy removed when the store had opened.")
    typer.echo(f"{settings.store}: brought from schema {upgraded.found} to {upgraded.made}.")
