"""Which backups are old enough to go, so that what was erased does not live on in them; the newest stays whatever its age.

Of each day before the last two the latest stays, since one is made in every hour in which something changed.

Only those count that were named by their time. One that somebody named by hand is theirs to delete.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from bot.runtime.errors import StoreFault

NAMED = re.compile(r"seraf-(\d{8}T\d{6}Z)(-\d+)?\.age")
OF_ONE_CASE = re.compile(r"(held-[0-9a-f]{16})-(\d{8}T\d{6}Z)(-\d+)?\.age")
"""How the backup of a held case alone is named."""


LATE = timedelta(hours=6)
"""One is made every hour, or looked at whether it still holds all; when the newest is older than this, somebody should look."""

HOURLY_KEPT = timedelta(days=2)
"""For how long every backup is kept; then one of each day is."""


def of_the_store(files: Iterable[Path]) -> list[Path]:
    """Those of a whole store: of a held case alone there may be one, however long no other was made."""
    return [path for path in files if not OF_ONE_CASE.fullmatch(path.name)]


def old_backups(files: Iterable[Path], *, now: datetime, term: timedelta) -> tuple[Path, ...]:
    """Those that were made longer ago than the term, and those of a day after which another was made on it; the oldest first."""
    made = sorted((_made(path), path) for path in files if NAMED.fullmatch(path.name))
    followed = {path for (at, path), (later, _) in pairwise(made) if at.date() == later.date()}
    return tuple(path for at, path in made[:-1] if at < now - term or (path in followed and at < now - HOURLY_KEPT))


def delete(files: Iterable[Path]) -> int:
    """Delete them, and return how many there were; `StoreFault` where one cannot be."""
    count = 0
    for path in files:
        try:
            path.unlink()
        except OSError as error:
            raise StoreFault(
                f"The old backup {path} could not be deleted: {error.strerror}. Delete it by hand."
            ) from None
        count += 1
    return count


def _made(path: Path) -> datetime:
    """When it was made, by its name: a copy has another time of its own."""
    return datetime.strptime(path.name.split("-")[1].split(".")[0], "%Y%m%dT%H%M%S%z")
