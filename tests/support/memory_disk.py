"""Where test files are placed: in memory if there is room, since tests wait longer for a disk than they compute."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 512 * 2**20
"""Bytes that must be free there: more than a run ever holds at once."""


def use_memory() -> None:
    """Put every temporary folder of this process and its children into memory, if the system has room."""
    if "TMPDIR" not in os.environ and has_room(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def has_room(place: Path) -> bool:
    """True if this process may write there and there is enough room."""
    return os.access(place, os.W_OK | os.X_OK) and shutil.disk_usage(place).free >= ROOM
