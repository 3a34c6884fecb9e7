"""Read a plain file up to a limit, so that a device or an endless pipe neither fills the memory nor keeps anybody waiting."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def read_at_most(path: Path, limit: int) -> bytes:
    """The first bytes of a file, at most one more than the limit: that one byte shows that the file is too long. Raises `OSError`."""
    with open_plain(path) as file:
        return file.read(limit + 1)


def open_plain(path: Path) -> BinaryIO:
    """Open a plain file, to be read piece by piece. Raises `OSError` for anything else, such as a device or a pipe."""
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 — whoever asked for it closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "not a plain file")
    return file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)
