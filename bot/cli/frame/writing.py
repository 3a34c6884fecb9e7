"""How commands write files that somebody asked for: new ones, for their account alone, and none over another."""

import os
from collections.abc import Iterable
from pathlib import Path

import typer

from bot.runtime.errors import SettingsFault
from bot.runtime.owner_only_files import write_private
from bot.summaries.file import File


def demand_free(path: Path) -> None:
    """`SettingsFault` where there is something of that name, which is never written over."""
    if os.path.lexists(path):
        raise _taken(path)


def write_new(path: Path, content: bytes, *, then: str = "") -> None:
    """Write a new file and say so, with what to do then. `SettingsFault` where one is there, or it cannot be written."""
    try:
        write_private(path, content)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise SettingsFault(f"{path} could not be written ({error.strerror}). Name another file.") from None
    typer.echo(f"Written to {path}, for your account alone.{f' {then}' if then else ''}")


def write_all(folder: Path, files: Iterable[File]) -> None:
    """Write each into a folder, which is made where it is missing. Where one of the names is taken, none is written."""
    made = tuple(files)
    taken = [each.name for each in made if (folder / each.name).exists()]
    if taken:
        raise SettingsFault(
            f"{folder} has {', '.join(taken)} already. Nothing was written: name another folder with --to."
        )
    for each in made:
        write_new(folder / each.name, each.content)


def _taken(path: Path) -> SettingsFault:
    return SettingsFault(f"{path} is there already, and was left alone. Name a new file.")
