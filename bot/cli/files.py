"""Files of commands: new files that only their owner may read, never in place of another, and files that have to be private."""

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
"""The permission bits that are forbidden on a folder with a private file."""


def read_given(path: Path, most: int, *, advice: str) -> bytes:
    """Return the content of a file. Raise `SettingsFault` if it cannot be read or is over `most` bytes."""
    try:
        content = read_at_most(path, most)
    except OSError as error:
        raise SettingsFault(f"{path}: cannot be read ({error.strerror})") from None
    if len(content) > most:
        raise SettingsFault(f"{path}: over {most:,} bytes; {advice}")
    return content


def demand_free(path: Path) -> None:
    """Raise `SettingsFault` if a file or a link of this name exists."""
    if os.path.lexists(path):
        raise _taken(path)


def write_new(path: Path, content: bytes, *, then: str = "") -> None:
    """Write a new file and print its path, with the next step. Raise `SettingsFault` if it exists or cannot be written."""
    try:
        write_private(path, content)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise SettingsFault(f"{path} could not be written ({error.strerror}). Name another file.") from None
    typer.echo(f"Written to {path}, for your account alone.{f' {then}' if then else ''}")


def write_all(folder: Path, files: Iterable[File]) -> None:
    """Write each file into a folder, which is created if it is missing. Write none if one of the names is taken."""
    new = tuple(files)
    taken = [file.name for file in new if (folder / file.name).exists()]
    if taken:
        raise SettingsFault(f"{folder} has {', '.join(taken)} already. Nothing was written: name another folder.")
    for file in new:
        write_new(folder / file.name, file.content)


def demand_private_env() -> None:
    """Raise `SettingsFault` if others may read or replace the settings file of this folder."""
    if ENV.exists():
        demand_private(ENV, mode="600")
        demand_own_folder(ENV.absolute().parent, fault=SettingsFault, forbidden=WRITABLE)


def demand_private(path: Path, *, mode: str) -> str:
    """Return the mode of a file or folder. Raise `SettingsFault`, with the command that closes it, if it is open to others."""
    permissions = stat.S_IMODE(path.stat().st_mode)
    if permissions & 0o077:
        raise SettingsFault(f"{path} is open to others (mode {permissions:04o}). Close it with: chmod {mode} {path}")
    return f"mode {permissions:04o}"


def _taken(path: Path) -> SettingsFault:
    return SettingsFault(f"{path} is there already, and was left alone. Name a new file.")
