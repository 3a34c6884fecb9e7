"""`seraf-bot keys rotate`: new keys for everything that is sealed, while the bot runs; and for review codes, while it does not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.frame.opening import Workplace, at_desk
from bot.cli.frame.plain import day, demand_yes, many
from bot.cli.frame.progress import working
from bot.cli.frame.roll import held_here
from bot.cli.frame.second_person import ConfirmedBy, have_confirmed
from bot.cli.operate.backup import describe
from bot.crypto.key_places import key_place, writable
from bot.crypto.keys import CodeChange, Keychain, load_key_file, load_keys
from bot.operations.backup.file_format import recipients_of
from bot.operations.backup.service import take
from bot.operations.lost_store import demand_store
from bot.operations.rotation import rotate_keys as change_keys
from bot.runtime.clock import SystemClock
from bot.runtime.errors import SerafError, SettingsFault
from bot.runtime.settings import Settings, load_settings
from bot.runtime.single_instance import is_running
from bot.trail.audit import AuditEvent
from bot.trail.operators import operator_of

MOST_DAYS = 400
"""Days for which codes of before may open at most."""

KeyFile = Annotated[
    Path | None, typer.Option(help="The key file, where the settings name a place that cannot be written.")
]

Copied = Annotated[
    bool,
    typer.Option("--yes", help="Do not ask, where something is held, whether there is a copy of the old key file."),
]

app = typer.Typer(name="keys", help="The keys that seal the database.", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: whose keys, as they were before, and for how long older codes open where these change too."""

    settings: Settings
    key_file: Path
    at: datetime
    before: Keychain
    codes: CodeChange | None

    @property
    def is_begun(self) -> bool:
        """Whether an earlier run was cut short, and is only finished."""
        return self.before.following is not None


@app.callback()
def _keys() -> None:
    """Keep `rotate_keys` a command of its own while it is the only one."""


@app.command("rotate")
def rotate_keys(
    no_backup: Annotated[bool, typer.Option("--no-backup", help="Take no new backup afterwards.")] = False,
    codes: Annotated[
        bool, typer.Option("--codes", help="Change the key of review codes too. Stop the bot first.")
    ] = False,
    *,
    old_codes: Annotated[
        int | None,
        typer.Option(
            min=0, max=MOST_DAYS, metavar="DAYS", help="With --codes: for how long older codes open; 0: not at all."
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
    else:
        _back_up(wanted.settings)


def _rotate(wanted: Wanted, *, is_copied: bool, confirmed_by: str) -> None:
    """Have it confirmed, change the keys, and say what is to be done now."""

    async def confirmed(desk: Workplace) -> int:
        """How many assessments are held; confirmed, but where an earlier run was and is only finished."""
        held = len(await held_here(desk))
        if held:
            _demand_copy(wanted, held, is_given=is_copied)
        if not wanted.is_begun:
            await have_confirmed(desk, confirmed_by, about=AuditEvent.KEYS_ROTATED)
        return held

    held = at_desk(confirmed, settings=wanted.settings)
    store, by = wanted.settings.store, operator_of(wanted.settings)
    with working("Sealing everything under new keys"):
        rotated = change_keys(store, wanted.key_file, at=wanted.at, by=by, codes=wanted.codes)
    if rotated.was_begun:
        typer.echo("An earlier rotation had been cut short; it is finished now.")
    typer.echo(f"{many(rotated.values, 'value is', more='values are')} sealed under new keys.")
    typer.echo(f"{wanted.key_file}: now the key file “{rotated.key}”. Keep a new second copy of it in a safe place.")
    _tell_of_codes(wanted)
    _tell_of_older(held)


def _settings(key_file: Path | None) -> Settings:
    """The settings, with the key file that was named in place of where they have the keys."""
    settings = load_settings()
    if key_file is None:
        return settings
    # The other two places are emptied, since each of them goes before a file.
    return settings.model_copy(update={"key_file": key_file, "key_credential": "", "key_command": ""})


def _wanted(settings: Settings, *, codes: bool, old_codes: int | None, is_named: bool) -> Wanted:
    """What is to be done; a fault says why it cannot be, before anything was changed."""
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
            "An earlier rotation was cut short. Finish it first, then change the codes: seraf-bot keys rotate"
        )
    if (codes or is_named) and is_running(settings.store):
        why = (
            "would go on writing codes with the old key"
            if codes
            else "could not get the new keys from where it has them"
        )
        raise SettingsFault(f"The bot runs, and {why}. Stop it first. Nothing was changed.")
    change = CodeChange(now, now + timedelta(days=old_codes)) if old_codes is not None else None
    return Wanted(settings, path, now, before, change)


def _demand_copy(wanted: Wanted, held: int, *, is_given: bool) -> None:
    """Say, while it can still be copied, that the key file of now is needed for what is held, and ask whether it is."""
    typer.echo(
        f"{many(held, 'assessment is', more='assessments are')} held. The backup that was taken for the hold opens"
    )
    typer.echo(
        "with the key file as it is now alone, which this writes over. Until the hold is lifted keep one copy of it,"
    )
    typer.echo(f"and that backup, both under lock: {wanted.key_file}")
    demand_yes("Is there a copy of the key file as it is now, under lock?", is_given=is_given)


def _tell_of_codes(wanted: Wanted) -> None:
    """Say which review codes open from now on."""
    after = load_key_file(wanted.key_file)
    if after.code_secret == wanted.before.current.code_secret:
        return
    until = max((each.until for each in after.older), default=wanted.at)
    if until > wanted.at:
        typer.echo(f"Review codes have a new key. Older codes open until {day(until)}, and so does one that was")
        typer.echo("made up with the old key: compare what a code says with the summary in the case record.")
    else:
        typer.echo(
            "Review codes have a new key. No older code opens any more: such a review begins without last time's"
        )
        typer.echo("answers. Tell those who work with them.")
    typer.echo("Whoever has the old key can still read older codes: that is for the data protection lead.")


def _tell_of_older(held: int) -> None:
    """Say what is to be done with the old key file and older backups, and why."""
    typer.echo(
        f"Destroy every copy of the old key file{' but the one for the hold' if held else ''}: with it, what was erased"
    )
    typer.echo(
        "could still be read from older backups. Older backups do not open with the new one: destroy them, or keep them"
    )
    typer.echo("knowing that.")
    if held:
        typer.echo(
            "When old backups are deleted next, each held assessment gets another backup of its own, as it is then, which"
        )
        typer.echo("opens with the new key file. To have it now: seraf-bot hold set REFERENCE")


def _back_up(settings: Settings) -> None:
    try:
        with working("Copying, looking through and sealing the store"):
            taken = take(settings, None, at=SystemClock().now())
    except SerafError:
        typer.echo(
            "The keys are changed, but the new backup failed. Put right what is said here: seraf-bot backup create",
            err=True,
        )
        raise
    describe(taken, settings)
