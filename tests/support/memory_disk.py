"""Puts the temporary files of tests into memory if there is room, since tests spend most time waiting for a disk."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 512 * 2**20
"""The bytes that must be free in memory, which are more than the tests use at any time."""


def use_memory() -> None:
    """Put the temporary folders of this process and its children into memory, if there is room."""
    if "TMPDIR" not in os.environ and has_room(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def has_room(place: Path) -> bool:
    """Return True if this process may write to `place` and `ROOM` bytes are free there."""
    return os.access(place, os.W_OK | os.X_OK) and shutil.disk_usage(place).free >= ROOM
