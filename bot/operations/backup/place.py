"""Where a backup is written: a new file, of a name that is free, in a folder of its owner's."""

from pathlib import Path

from bot.runtime.errors import SettingsFault


def free_name(folder: Path, stem: str) -> Path:
    """The time as a name, with a number where two fall into one second."""
    names = (f"{stem}.age", *(f"{stem}-{number}.age" for number in range(2, 100)))
    return next((folder / name for name in names if not (folder / name).exists()), folder / names[0])


def demand_place(path: Path) -> None:
    """`SettingsFault` when there is something of this name, or no folder to put it in."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsFault(f"There is no folder {path.parent}, and none can be made: {error.strerror}.") from None
    if path.exists() or path.is_symlink():
        raise no_place(path, FileExistsError())


def no_place(path: Path, error: OSError) -> SettingsFault:
    """What to tell an operator whose backup could not be written there."""
    if isinstance(error, FileExistsError):
        return SettingsFault(f"There is a file at {path} already, and it was left alone. Choose another name.")
    return SettingsFault(f"The backup {path} could not be written: {error.strerror}. No backup was made.")
