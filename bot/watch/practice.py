"""What came of the last time that a backup was restored for practice, as a file beside the store that is read without a key."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.runtime.at_most import read_at_most
from bot.runtime.owner_only_files import replace_private, write_private

LARGEST = 16_384


@dataclass(frozen=True, slots=True)
class TrialRestore:
    """When which backup was restored for practice, and what was found wrong with it; nothing where it was whole."""

    at: datetime
    backup: str
    found: str = ""


def practice_file(store: Path) -> Path:
    """Where that is written."""
    return store.with_name(f"{store.name}.practice")


def write_practice(store: Path, practice: TrialRestore) -> None:
    """Put it in place of what was written there before. `OSError` where it cannot be."""
    path = practice_file(store)
    written = json.dumps([practice.at.isoformat(), practice.backup, practice.found[: LARGEST // 4]]).encode()
    (replace_private if path.exists() else write_private)(path, written)


def last_practice(store: Path) -> TrialRestore | None:
    """What came of it; None where there is nothing of that kind."""
    with suppress(OSError, ValueError, TypeError):
        at, backup, found = json.loads(read_at_most(practice_file(store), LARGEST))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is not None and isinstance(backup, str) and isinstance(found, str):
            return TrialRestore(moment, backup, found)
    return None
