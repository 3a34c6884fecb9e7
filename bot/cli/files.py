"""Files that commands write, for their account alone and none over another; and files that only their owner may read."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

import typer

from bot.runtime.errors import SettingsFault
from bot.runtime.files import demand_own_folder, read_at_most, write_private
from bot.summaries.file import File

ENV = Path(".env")

WRITABLE = 0o022
"""Modes that a folder which only holds a private file may not have."""


def read_given(path: Path, most: int, *, advice: str) -> bytes:
    """Return the content of a file that was named. Raise `SettingsFault` if it cannot be read or is over `most` bytes."""
    try:
        content = read_at_most(path, most)
    except OSError as error:
        raise SettingsFault(f"{path}: cannot be read ({error.strerror})") from None
    if len(content) > most:
        raise SettingsFault(f"{path}: over {most:,} bytes; {advice}")
    return content


def demand_free(path: Path) -> None:
    """Raise `SettingsFault` if there is anything of that name: it is never written over."""
    if os.path.lexists(path):
        raise _taken(path)


def write_new(path: Path, content: bytes, *, then: str = "") -> None:
    """Write a new file and say so, with what to do then. Raise `SettingsFault` if one is there, or it cannot be written."""
    try:
        write_private(path, content)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise SettingsFault(f"{path} could not be written ({error.strerror}). Name another file.") from None
    typer.echo(f"Written to {path}, for your account alone.{f' {then}' if then else ''}")


def write_all(folder: Path, files: Iterable[File]) -> None:
    """Write each file into a folder, which is made where it is missing. Where one of the names is taken, write none."""
    made = tuple(files)
    taken = [each.name for each in made if (folder / each.name).exists()]
    if taken:
        raise SettingsFault(f"{folder} has {', '.join(taken)} already. Nothing was written: name another folder.")
    for each in made:
        write_new(folder / each.name, each.content)


def demand_private_env() -> None:
    """Raise `SettingsFault` if others may read the settings of this folder, or put other ones in their place."""
    if ENV.exists():
        demand_private(ENV, mode="600")
        demand_own_folder(ENV.absolute().parent, fault=SettingsFault, forbidden=WRITABLE)


def demand_private(path: Path, *, mode: str) -> str:
    """Return the mode of what only its owner may read. Raise `SettingsFault`, with how to close it, if others can."""
    found = stat.S_IMODE(path.stat().st_mode)
    if found & 0o077:
        raise SettingsFault(f"{path} is open to others (mode {found:04o}). Close it with: chmod {mode} {path}")
    return f"mode {found:04o}"


def _taken(path: Path) -> SettingsFault:
    return SettingsFault(f"{path} is there already, and was left alone. Name a new file.")
