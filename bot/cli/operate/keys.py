"""`seraf-bot keys rotate`: new keys for everything that is sealed, while the bot runs; and for review codes, while it does not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.context import CommandContext, held_cases, with_store
from bot.cli.operate.backup import take_and_describe
from bot.cli.second_person import ConfirmedBy, have_confirmed
from bot.cli.terminal import day, demand_yes, many, working
from bot.crypto.keys import CodeChange, Keychain, key_place, load_key_file, load_keys, writable
from bot.operations.backup.file_format import recipients_of
from bot.operations.readiness import demand_store
from bot.operations.rotation import rotate_keys
from bot.runtime.clock import SystemClock
from bot.runtime.errors import SerafError, SettingsFault
from bot.runtime.settings import Settings, load_settings
from bot.runtime.single_instance import is_running
from bot.trail.audit import AuditEvent, operator_of

MOST_DAYS = 400
"""Days for which older codes may open at most."""

KeyFile = Annotated[
    Path | None, typer.Option(help="The key file, if the settings name a place that cannot be written.")
]

Copied = Annotated[
    bool,
    typer.Option("--yes", help="Do not ask, where something is held, whether there is a copy of the old key file."),
]

app = typer.Typer(name="keys", help="The keys that seal the database.", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The change of keys that was asked for: the keys before it, and for how long older review codes open if these change too."""

    settings: Settings
    key_file: Path
    at: datetime
    before: Keychain
    codes: CodeChange | None


@app.callback()
def _keys() -> None:
    """Keep `rotate` a command of its own while it is the only one."""


@app.command("rotate")
def rotate(
    no_backup: Annotated[bool, typer.Option("--no-backup", help="Take no new backup afterwards.")] = False,
    codes: Annotated[bool, typer.Option("--codes", help="Change the key of review codes too. Stop the bot.")] = False,
    *,
    old_codes: Annotated[
        int | None,
        typer.Option(
            min=0, max=MOST_DAYS, metavar="DAYS", help="With --codes: how long older codes open; 0: not at all."
        ),
    ] = None,
    key_file: KeyFile = None,
    yes: Copied = False,
    confirmed_by: ConfirmedBy = "",
) -> None:
    """Seal everything under new keys, so that older backups cannot be read with them, and make a new backup.

    If it is cut short, run it again.
    """
    wanted = _wanted(_settings(key_file), codes=codes, old_codes=old_codes, is_named=key_file is not None)
    # Before the keys change: older backups do not open with the new ones, so that another has to be possible.
    if not no_backup:
        recipients_of(wanted.settings.backup_recipients)
    _rotate(wanted, is_copied=yes, confirmed_by=confirmed_by)
    if no_backup:
        typer.echo("No new backup was taken. Take one soon: seraf-bot backup create")
        return
    try:
        take_and_describe(wanted.settings)
    except SerafError:
        typer.echo(
            "The keys are changed, but the new backup failed. Put right what is said here: seraf-bot backup create",
            err=True,
        )
        raise


def _rotate(wanted: KeyChange, *, is_copied: bool, confirmed_by: str) -> None:
    """Have it confirmed, change the keys, and say what is to be done now."""

    async def confirmed(context: CommandContext) -> int:
        """Return how many assessments are held. An earlier run that was cut short was confirmed then, and is only finished."""
        held = len(await held_cases(context))
        if held:
            _demand_copy(wanted, held, is_given=is_copied)
        if wanted.before.following is None:
            await have_confirmed(context, confirmed_by, about=AuditEvent.KEYS_ROTATED)
        return held

    held = with_store(confirmed, settings=wanted.settings)
    store, by = wanted.settings.store, operator_of(wanted.settings)
    with working("Sealing everything under new keys"):
        rotated = rotate_keys(store, wanted.key_file, at=wanted.at, by=by, codes=wanted.codes)
    if rotated.was_begun:
        typer.echo("An earlier rotation had been cut short; it is finished now.")
    typer.echo(f"{many(rotated.values, 'value is', more='values are')} sealed under new keys.")
    typer.echo(f"{wanted.key_file}: now the key file “{rotated.key}”. Keep a new second copy of it in a safe place.")
    _tell_of_codes(wanted)
    typer.echo(
        f"Destroy every copy of the old key file{' but the one for the hold' if held else ''}: with it, what was erased\n"
        "could still be read from older backups. Older backups do not open with the new one: destroy them, or keep them\n"
        "knowing that."
    )
    if held:
        typer.echo(
            "When old backups are deleted next, each held assessment gets another backup of its own, as it is then, which\n"
            "opens with the new key file. To have it now: seraf-bot hold set REFERENCE"
        )


def _settings(key_file: Path | None) -> Settings:
    """Return the settings, with the key file that was named in place of their own place of the keys."""
    settings = load_settings()
    if key_file is None:
        return settings
    # The other two places are emptied, since each of them goes before a file.
    return settings.model_copy(update={"key_file": key_file, "key_credential": "", "key_command": ""})


def _wanted(settings: Settings, *, codes: bool, old_codes: int | None, is_named: bool) -> KeyChange:
    """Return the change that is asked for; a fault says why it cannot be made, before anything was changed."""
    demand_store(settings)
    place, now = key_place(settings), SystemClock().now()
    path, before = writable(place), load_keys(place)
    if codes != (old_codes is not None):
        raise SettingsFault(
            "--codes and --old-codes DAYS go together, since the choice is yours. As long as older codes open, so does a code"
            " that somebody made with the leaked key. With 0 none of them opens: those reviews begin without last time's"
            " answers. Nothing was changed."
        )
    if codes and before.following is not None:
        raise SettingsFault(
            "An earlier rotation was cut short. Finish it, then change the codes: seraf-bot keys rotate"
        )
    if (codes or is_named) and is_running(settings.store):
        why = (
            "would go on writing codes with the old key"
            if codes
            else "could not get the new keys from where it has them"
        )
        raise SettingsFault(f"The bot runs, and {why}. Stop it first. Nothing was changed.")
    change = CodeChange(now, now + timedelta(days=old_codes)) if old_codes is not None else None
    return KeyChange(settings, path, now, before, change)


def _demand_copy(wanted: KeyChange, held: int, *, is_given: bool) -> None:
    """Say, while it can still be copied, that the present key file is needed for what is held, and ask whether it was."""
    typer.echo(
        f"{many(held, 'assessment is', more='assessments are')} held. The backup that was taken for the hold opens\n"
        "with the key file as it is now alone, which this writes over. Until the hold is lifted keep one copy of it,\n"
        f"and that backup, both under lock: {wanted.key_file}"
    )
    demand_yes("Is there a copy of the key file as it is now, under lock?", is_given=is_given)


def _tell_of_codes(wanted: KeyChange) -> None:
    """Say which review codes open from now on."""
    after = load_key_file(wanted.key_file)
    if after.code_secret == wanted.before.current.code_secret:
        return
    until = max((each.until for each in after.older), default=wanted.at)
    if until > wanted.at:
        typer.echo(
            f"Review codes have a new key. Older codes open until {day(until)}, and so does one that was\n"
            "made up with the old key: compare what a code says with the summary in the case record."
        )
    else:
        typer.echo(
            "Review codes have a new key. No older code opens any more: such a review begins without last time's\n"
            "answers. Tell those who work with them."
        )
    typer.echo("Whoever has the old key can still read older codes: that is for the data protection lead.")
