"""`seraf-bot backup create | verify | restore`: a copy of the live database, encrypted to those who may restore it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.backups import Manifest, identities_of, read_backup
from bot.keys import load_keys
from bot.safekeeping import Taken, examine, restore, take
from bot.settings import Settings, load_settings
from bot.storage.copying import demand_room

app = typer.Typer(name="backup", help="Copies of the live database, encrypted with age.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]
Identity = Annotated[Path, typer.Option(help="The age identity file of a recipient; its owner's alone (mode 0600).")]


@app.command("create")
def create(
    to: Annotated[
        Path | None, typer.Option(help="The file to write. Default: one named by its time, in the folder.")
    ] = None,
) -> None:
    """Back the live database up, beside a running bot. It needs the recipients of the settings, and no secret key."""
    settings = load_settings()
    tell(take(settings, to, datetime.now(UTC)), settings)


@app.command("verify")
def verify(file: File, identity: Identity) -> None:
    """Open a backup in memory and look at every row, sealed value and line of the audit. Exit status 1 if any is wrong."""
    settings = load_settings()
    backup = read_backup(file, identities_of(identity))
    examined = examine(backup, load_keys(settings.key_file))
    for finding in examined.findings:
        typer.echo(f"WRONG: {finding}")
    if examined.findings:
        typer.echo("Do not rely on this backup. Make another, and look for what changed this one.")
        raise typer.Exit(1)
    typer.echo(f"The backup of {backup.manifest.created} is whole: {counted(backup.manifest)}.")
    typer.echo(
        f"All {examined.opened} sealed values open, and the audit is whole up to its head {backup.manifest.head}"
    )
    typer.echo("Compare that head with the one that was noted down when the backup was made.")


@app.command("restore")
def restore_backup(file: File, identity: Identity) -> None:
    """Put a backup where SERAF_STORE says, once all of it was found whole. It never writes over a database."""
    settings = load_settings()
    demand_room(settings.store)
    backup = read_backup(file, identities_of(identity))
    examined = restore(settings, backup, datetime.now(UTC))
    manifest = backup.manifest
    typer.echo(f"{settings.store}: restored as it was at {manifest.created}: {counted(manifest)}.")
    typer.echo(f"All {examined.opened} sealed values open, and the audit is whole up to {manifest.head}")
    typer.echo("What happened after that time is not in it. Whoever was removed since is admitted again, and what was")
    typer.echo(
        "erased is there again: see `seraf-bot people list`, then run `seraf-bot purge`, before you start the bot."
    )


def tell(taken: Taken, settings: Settings) -> None:
    """Say what a backup is, and what it does not hold."""
    count = len(settings.backup_recipients)
    typer.echo(f"{taken.path}: written, mode 0600, encrypted to {count} {'recipient' if count == 1 else 'recipients'}.")
    typer.echo(f"In it: {counted(taken.manifest)}.")
    typer.echo(f"Head: {taken.manifest.head}")
    typer.echo(
        "Note the head of the audit down outside this machine: it shows later that nothing was changed or cut off."
    )
    typer.echo(
        f"The key file is NOT in it, and without {settings.key_file} nothing in it can be read: keep a copy apart."
    )


def counted(manifest: Manifest) -> str:
    """How many rows, and what the most telling of them are."""
    rows = manifest.rows
    return (
        f"{sum(rows.values())} rows, of which {rows.get('people', 0)} people, {rows.get('cases', 0)} assessments and"
        f" {rows.get('audit', 0)} lines of the audit"
    )
