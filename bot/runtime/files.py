"""Reading files up to a size limit, and reading and writing files that only their owner may read."""

import errno
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from seraf.errors import SerafError


def read_at_most(path: Path, limit: int) -> bytes:
    """Return the first `limit` + 1 bytes of a file. A result longer than `limit` means that the file is too long. Raise `OSError`."""
    with open_plain(path) as file:
        return file.read(limit + 1)


def open_plain(path: Path) -> BinaryIO:
    """Open a regular file for reading. Raise `OSError` if it is anything else, such as a device or a pipe."""
    file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))  # noqa: SIM115 — for the caller
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "not a plain file")
    return file


OTHERS = 0o077  # the permission bits of everybody except the owner


def demand_own_folder(folder: Path, *, fault: type[SerafError], forbidden: int = OTHERS) -> None:
    """Raise `fault` if the folder is a link or has a permission bit in `forbidden`. A missing folder is accepted."""
    try:
        mode = folder.lstat().st_mode
    except OSError:
        return  # the next use of the folder reports the error
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
    """Return the first `most` bytes of a file. Raise `fault` if it is missing or has a permission bit in `closed_to`."""
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
    """Write and sync a new private file. Raise `FileExistsError` if the path exists. No file is left after an error."""
    write_private_by(path, lambda file: file.write(content))


def write_private_by(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a new private file like `write_private`. `write` is called with the open file, and writes the content."""
    if not path.parent.exists():
        path.parent.mkdir(mode=0o700, parents=True)
    if os.path.lexists(path):
        raise FileExistsError(path)

    def settle(temporary: Path) -> None:
        try:
            os.link(temporary, path)  # never replaces a file, unlike a rename
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links, such as that of a memory stick
            if os.path.lexists(path):
                raise FileExistsError(path) from None
            temporary.rename(path)

    _write_temporary(path.with_name(f".{path.name}.{secrets.token_hex(4)}"), write, settle=settle)


def replace_private(path: Path, content: bytes) -> None:
    """Write a private file in one step. An existing file's owner stays the same. After an `OSError`, it is unchanged."""
    path = path.resolve()
    owner = path.stat().st_uid if path.exists() else -1
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)  # left by a killed process

    def settle(temporary: Path) -> None:
        os.chown(temporary, owner, -1)
        temporary.replace(path)

    _write_temporary(temporary, lambda file: file.write(content), settle=settle)


def _write_temporary(temporary: Path, write: Callable[[BinaryIO], object], *, settle: Callable[[Path], None]) -> None:
    """Write and sync a temporary file, and call `settle` to move it to its path. The temporary file is always removed."""
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        settle(temporary)
    finally:
        temporary.unlink(missing_ok=True)
    # A synced file can still lose its name in a power cut until its folder is synced too.
    folder = os.open(temporary.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
