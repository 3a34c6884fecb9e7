"""Read a file up to a limit, so that a device or an endless pipe never fills the memory."""

from pathlib import Path


def read_at_most(path: Path, limit: int) -> bytes:
    """The first bytes of a file, at most one more than the limit: that one byte shows that the file is too long. Raises `OSError`."""
    with path.open("rb") as file:
        return file.read(limit + 1)
