"""The report of a running bot as a file beside its store, for its owner alone: another program reads all of it or none."""

import os
from contextlib import suppress
from pathlib import Path

from bot.runtime.at_most import read_at_most
from bot.watch.vitals import Vitals, read_vitals, vitals_line

LARGEST = 65_536


def vitals_file(store: Path) -> Path:
    """Where a bot with this store reports."""
    return store.parent / f"{store.name}.status"


def write_vitals(store: Path, vitals: Vitals) -> None:
    """Put the report in place of the one before. `OSError` where it cannot be. It need not outlive a power cut, so no sync."""
    path = vitals_file(store)
    aside = path.with_name(f"{path.name}.new")
    with suppress(FileNotFoundError):
        aside.unlink()  # of a bot that was killed; never written through, since it could be a link
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(vitals_line(vitals))
    aside.replace(path)


def last_vitals(store: Path) -> Vitals | None:
    """What a bot with this store said last; None where there is nothing of that kind."""
    try:
        return read_vitals(read_at_most(vitals_file(store), LARGEST))
    except OSError:
        return None
