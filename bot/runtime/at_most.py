"""Reading no more of a file than may be in it: a device or a pipe without end is not taken into memory."""

from pathlib import Path


def read_at_most(path: Path, limit: int) -> bytes:
    """The first bytes of a file, at most one more than the limit, so that one that is too long can be told. Raises `OSError`."""
    with path.open("rb") as file:
        return file.read(limit + 1)
