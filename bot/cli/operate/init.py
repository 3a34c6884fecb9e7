"""`seraf-bot init`: write `.env` and the first key file, unless they exist, and no key file if there are sealed values."""

import os
import shlex
from pathlib import Path
from typing import assert_never

import typer

from bot.cli.files import ENV, WRITABLE
from bot.crypto.keys import KeyCommand, KeyCredential, create_key_file, key_place
from bot.runtime.errors import SettingsFault
from bot.runtime.files import demand_own_folder
from bot.runtime.settings import Settings, load_settings, setting_names

SECOND_COPY = """Keep a second copy now, apart from this machine and from every backup. On a medium that lies under lock:
  cp -np {key_file} /path/on/offline/medium/seraf-{name}.key
  cmp {key_file} /path/on/offline/medium/seraf-{name}.key
Or on paper, with a printer that keeps nothing, and the paper under lock:
  lp {key_file}
Never send it, and never put it where the backups are. After `seraf-bot keys rotate` make another copy."""


def init() -> None:
    """Write .env and the first key file, each with mode 0600. What is there already is left as it is.

    Where there is a store or a backup, no key file is made: it would open neither.
    """
    demand_own_folder(ENV.absolute().parent, fault=SettingsFault, forbidden=WRITABLE)
    _write_env()
    settings = load_settings()
    match key_place(settings):
        case Path() as key_file if os.path.lexists(key_file):
            demand_own_folder(key_file.parent, fault=SettingsFault, forbidden=WRITABLE)
            typer.echo(f"{key_file}: is there already, left as it is")
        case Path() as key_file:
            _write_key_file(key_file, settings)
        case KeyCredential() | KeyCommand() as place:
            typer.echo(f"The keys come {place}: no key file was written")
        case unknown:
            assert_never(unknown)


def _write_key_file(key_file: Path, settings: Settings) -> None:
    """Write the first key file; raise `SettingsFault` if a store or a backup exists, which only its own key file opens."""
    backup = next(settings.backup_folder.glob("*.age"), None)
    # Also a store that is empty, or a link to a missing file.
    sealed = f"a store at {settings.store}" if os.path.lexists(settings.store) else backup and f"a backup, {backup}"
    if sealed:
        raise SettingsFault(
            f"There is no key file at {key_file}, but there is {sealed}, which its own key file alone opens. No new one was"
            " written. Put your copy of it back there, or name its place in SERAF_KEY_FILE."
        )
    demand_own_folder(key_file.parent, fault=SettingsFault, forbidden=WRITABLE)
    keys = create_key_file(key_file)
    typer.echo(f"{key_file}: written. Losing it loses the data: nobody can open the store or a backup without it.")
    typer.echo(SECOND_COPY.format(key_file=shlex.quote(str(key_file)), name=keys.id))


def _write_env() -> None:
    try:
        descriptor = os.open(ENV, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        typer.echo(f"{ENV}: is there already, left as it is")
        return
    except OSError as error:
        raise SettingsFault(f"{ENV}: cannot be written here ({error.strerror}); go to a folder of your own") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(example())
    typer.echo(
        f"{ENV}: written. Put in it the bot's token (SERAF_TELEGRAM_TOKEN), your own Telegram number (SERAF_ADMINS) and\n"
        "the public keys for backups (SERAF_BACKUP_RECIPIENTS), then run `seraf-bot check`. Everybody else comes in by\n"
        "`seraf-bot people invite`."
    )


def example() -> str:
    """Return the text of `.env.example`: every setting with its description and its default."""
    blocks = [
        f"# {field.description}\n{called}={_default(name, field.default)}"
        for called, (name, field) in zip(setting_names(), Settings.model_fields.items(), strict=True)
    ]
    return "\n\n".join(blocks) + "\n"


def _default(name: str, default: object) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    return str(default) if isinstance(default, str | Path | int) and name != "pack" else ""
