"""`seraf-bot init`: writes `.env` and the key file, never over existing ones."""

import os
from pathlib import Path

import typer

from bot.errors import SettingsFault
from bot.keys import create_key_file
from bot.settings import example, load_settings

ENV = Path(".env")


def init() -> None:
    """Write .env and the key file, each with mode 0600. What is there already is left as it is."""
    _write_env()
    key_file = load_settings().key_file
    if key_file.exists():
        typer.echo(f"{key_file}: is there already, left as it is")
    else:
        create_key_file(key_file)
        typer.echo(f"{key_file}: written. Losing it loses everything in the store: keep a second copy in a safe place.")


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
    typer.echo(f"{ENV}: written. Put the bot's token and the admitted ids in it, then run `seraf-bot check`.")
