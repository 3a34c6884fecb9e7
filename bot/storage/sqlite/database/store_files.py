"""What lies beside a database: what SQLite leaves of one, and one that is being made to take its place."""

import os
from pathlib import Path

TRACES = ("", "-journal", "-wal", "-shm")
"""The endings of the files that SQLite may leave of a database. The last three would be taken for the next database's."""

PLACE = 4
"""Which word of a line says where something is mounted, in what Linux tells of that."""


def traces(path: Path) -> tuple[Path, ...]:
    """A database file, and those that SQLite may leave beside it."""
    return tuple(path.with_name(path.name + trace) for trace in TRACES)


def real(store: Path) -> Path:
    """Where the file itself lies, which somebody may have put behind a link."""
    return Path(os.path.realpath(store))


def unfinished(store: Path) -> Path:
    """Where a file is made that is to take the store's place."""
    return store.with_name(f".{store.name}.new")


def take_unfinished_away(store: Path) -> None:
    """Take away what a run left of it that failed or was killed, for who knows that nobody makes one now."""
    for left in traces(unfinished(store)):
        left.unlink(missing_ok=True)


def is_mounted(store: Path) -> bool:
    """Whether the file itself is mounted, and not only its folder, where the system says so."""
    name = str(store.absolute()).replace("\\", r"\134").replace(" ", r"\040")
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(line.split(" ")[PLACE] == name for line in mounts)
