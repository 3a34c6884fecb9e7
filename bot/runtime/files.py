"""Files that are read up to a limit, and files that only their owner can read: refused when others can, written whole or not at all."""

import errno
import os
import secrets
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

from bot.runtime.errors import SerafError


def read_at_most(path: Path, limit: int) -> bytes:
    """Return the first bytes of a file, at most one more than the limit: that one byte shows that the file is too long. Raise `OSError`."""
    with open_plain(path) as file:
        return file.read(limit + 1)


def open_plain(path: Path) -> BinaryIO:
    """Open a plain file, to be read piece by piece. Raise `OSError` for anything else, such as a device or a pipe."""
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 — whoever asked for it closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "not a plain file")
    return file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


OTHERS = 0o077
"""Modes of a file by which anybody but its owner can do something with it."""


def demand_own_folder(folder: Path, *, fault: type[SerafError], forbidden: int = OTHERS) -> None:
    """A fault of this kind when a folder is a link, or open to others in one of the `forbidden` ways; one that is missing passes."""
    try:
        mode = folder.lstat().st_mode
    except OSError:
        return  # said by whatever is done in it
    if stat.S_ISLNK(mode):
        raise fault(f"The folder {folder} is a link, which others may change. Name the folder itself.")
    if mode & forbidden:
        raise fault(
            f"The folder {folder} is open to others (mode {stat.S_IMODE(mode):04o}). Close it with: chmod 700 {folder}"
        )


def read_private(
    path: Path,
    name: str,
    *,
    fault: type[SerafError],
    most: int,
    missing: str = "Set the place of yours.",
    closed_to: int = OTHERS,
) -> bytes:
    """Return the first `most` bytes of a file; a fault of this kind when it is missing, no plain file, or open to others.

    `missing` says what to do where it is missing, `closed_to` which modes it may not have.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        raise fault(f"There is no {name} at {path}. {missing}") from None
    except OSError as error:
        raise fault(f"The {name} {path} could not be opened: {error.strerror}. Look at its permissions.") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise fault(f"The {name} {path} is not a plain file. Set the place of your {name}.")
        if status.st_mode & closed_to:
            mode = stat.S_IMODE(status.st_mode)
            raise fault(f"The {name} {path} is open to others (mode {mode:04o}). Close it with: chmod 600 {path}")
        return os.read(descriptor, most)
    finally:
        os.close(descriptor)


def write_private(path: Path, content: bytes) -> None:
    """Write a new file, mode 0600 and durable; a reader sees all of it or none.

    A missing folder is made, for its owner alone. Raise `FileExistsError` if the file is there already; it is left as it
    is. Another `OSError` when it could not be written; then there is no file.
    """
    write_private_by(path, partial(_write, content))


def write_private_by(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """The same, with content that is written piece by piece."""
    if not path.parent.exists():
        path.parent.mkdir(mode=0o700, parents=True)
    if os.path.lexists(path):
        raise FileExistsError(path)
    _put(path.with_name(f".{path.name}.{secrets.token_hex(4)}"), write, settle=lambda temporary: _name(temporary, path))


def replace_private(path: Path, content: bytes) -> None:
    """Replace a file's content, durably and with the same owner; a reader sees the old or the new, never a mixture.

    Raise `OSError` if it could not be done; then the old content stays.
    """
    path = path.resolve()
    owner = path.stat().st_uid
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)  # of a run that was killed

    def move(temporary: Path) -> None:
        """Give it the old file's owner, then move it into place."""
        os.chown(temporary, owner, -1)
        temporary.replace(path)

    _put(temporary, partial(_write, content), settle=move)


def _write(content: bytes, file: BinaryIO) -> None:
    file.write(content)


def _put(temporary: Path, write: Callable[[BinaryIO], None], *, settle: Callable[[Path], None]) -> None:
    """Write a temporary file and let `settle` put it into place, durably; leave no temporary file behind."""
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        settle(temporary)
    finally:
        temporary.unlink(missing_ok=True)
    # A file that is synced can still lose its name in a power cut, until its folder is synced too.
    make_durable(temporary.parent)


def _name(temporary: Path, path: Path) -> None:
    """Give a file its name, unless there is one of that name."""
    try:
        os.link(temporary, path)  # unlike a rename, it never replaces a file of that name
    except FileExistsError:
        raise
    except OSError:  # a disk that knows no second names, such as a memory stick's
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        temporary.rename(path)


def make_durable(path: Path) -> None:
    """Make what is in a file, or the names in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
