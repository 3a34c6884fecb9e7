"""`seraf-bot init`: writes `.env` and the key file, never over existing ones."""

import os
import shlex

import typer

from bot.cli.frame.private_files import ENV, WRITABLE
from bot.crypto.keys import create_key_file
from bot.runtime.errors import SettingsFault
from bot.runtime.owner_only_files import demand_own_folder
from bot.runtime.settings import example, load_settings

SECOND_COPY = """Keep a second copy now, apart from this machine and from every backup. On a medium that lies under lock:
  install -m 600 {key_file} /path/on/offline/medium/seraf.key
  cmp {key_file} /path/on/offline/medium/seraf.key
Or on paper, with a printer that keeps nothing, and the paper under lock:
  lp {key_file}
Never send it, and never put it where the backups are. After `seraf-bot keys rotate` make the copy anew."""


def init() -> None:
    """Write .env and the key file, each with mode 0600. What is there already is left as it is."""
    demand_own_folder(ENV.absolute().parent, fault=SettingsFault, forbidden=WRITABLE)
    _write_env()
    key_file = load_settings().key_file
    demand_own_folder(key_file.parent, fault=SettingsFault, forbidden=WRITABLE)
    if key_file.exists():
        typer.echo(f"{key_file}: is there already, left as it is")
    else:
        create_key_file(key_file)
        typer.echo(f"{key_file}: written. Losing it loses the data: nobody can open the store or a backup without it.")
        typer.echo(SECOND_COPY.format(key_file=shlex.quote(str(key_file))))


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
    typer.echo(f"{ENV}: written. Put in it the bot's token (SERAF_TELEGRAM_TOKEN) and your own Telegram number")
    typer.echo("(SERAF_ADMINS), then run `seraf-bot check`. Everybody else comes in by `seraf-bot people invite`.")
