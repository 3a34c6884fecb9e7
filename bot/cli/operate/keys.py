"""`seraf-bot keys rotate`: new keys for everything that is sealed, while the bot runs."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.frame.opening import Workplace, at_desk
from bot.cli.frame.plain import many
from bot.cli.frame.roll import roll
from bot.cli.operate.backup import describe
from bot.operations.backup_service import take
from bot.operations.backups import recipients_of
from bot.operations.rotation import rotate_keys as change_keys
from bot.runtime.errors import SerafError
from bot.runtime.settings import Settings, load_settings

app = typer.Typer(name="keys", help="The keys that seal the database.", no_args_is_help=True)


@app.callback()
def _keys() -> None:
    """Keep `rotate_keys` a command of its own while it is the only one."""


@app.command("rotate")
def rotate_keys(
    no_backup: Annotated[bool, typer.Option("--no-backup", help="Take no new backup afterwards.")] = False,
) -> None:
    """Seal everything under new keys, so that older backups cannot be read with them, and make a new backup.

    If it is cut short, run it again.
    """
    settings = load_settings()
    if not no_backup:
        recipients_of(settings.backup_recipients)
    held = at_desk(_held)
    rotated = change_keys(settings.store, settings.key_file, at=datetime.now(UTC))
    if rotated.values is None:
        typer.echo("An earlier rotation had been cut short; it is finished now.")
    else:
        typer.echo(f"{many(rotated.values, 'value was', more='values were')} sealed under new keys.")
    typer.echo(f"{settings.key_file}: now the key file “{rotated.key}”. Keep a new second copy of it in a safe place.")
    _tell_of_older(held)
    if no_backup:
        typer.echo("No new backup was taken. Take one soon: seraf-bot backup create")
    else:
        _back_up(settings)


async def _held(desk: Workplace) -> int:
    """How many assessments are held."""
    return sum(known.access.held != "" for known in await roll(desk))


def _tell_of_older(held: int) -> None:
    """Say what is to be done with the old key file and older backups, and why."""
    if held:
        said = many(held, "assessment is", more="assessments are")
        typer.echo(
            f"{said} held: until that is lifted, keep one copy of the old key file, and the backup that was taken"
        )
        typer.echo("for the hold, both under lock.")
    typer.echo(
        f"Destroy every {'other ' if held else ''}copy of the old key file: with it, what was erased could still be"
    )
    typer.echo(
        "read from older backups. With the new one they can no longer be opened: destroy them, or keep them knowing that."
    )


def _back_up(settings: Settings) -> None:
    try:
        taken = take(settings, None, at=datetime.now(UTC))
    except SerafError:
        typer.echo(
            "The keys are changed, but the new backup failed. Put right what is said here: seraf-bot backup create",
            err=True,
        )
        raise
    describe(taken, settings)
