"""Read a plain file up to a limit, so that a device or an endless pipe neither fills the memory nor keeps anybody waiting."""

import errno
import os
import stat
from pathlib import Path


def read_at_most(path: Path, limit: int) -> bytes:
    """The first bytes of a file, at most one more than the limit: that one byte shows that the file is too long. Raises `OSError`."""
    with open(path, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not a plain file")
        return file.read(limit + 1)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)
