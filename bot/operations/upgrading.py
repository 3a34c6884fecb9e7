"""How a store of an earlier release is brought up: a copy that was checked comes first, and stays until it went well.

With recipients for backups it is a backup like any other. Without, nobody could open one, so the file is copied next to itself
for its owner alone, every value sealed as it is there, and goes once the store is open in this version.
"""

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from shutil import copyfileobj

from bot.crypto.keys import key_place
from bot.operations.backup.service import copied, note_in_audit, take_unnoted, write_sound
from bot.runtime.errors import StoreFault
from bot.runtime.settings import Settings
from bot.storage.sqlite.database_file import BUSY_MILLISECONDS, open_read_only
from bot.storage.sqlite.opening import open_for_command
from bot.storage.sqlite.preparing import known_migrations, version
from bot.storage.sqlite.transaction import consult
from bot.trail.audit import AuditEvent


@dataclass(frozen=True, slots=True)
class Upgraded:
    """From which schema to which, and the backup that was taken before; None where a copy stood in for it, which is gone."""

    found: int
    made: int
    backup: Path | None


def bring_up(settings: Settings, *, at: datetime, busy_milliseconds: int = BUSY_MILLISECONDS) -> Upgraded | None:
    """Bring the store to this version, once a copy of it was found whole; return None if it is of this version, or there is none.

    Nobody else may use it meanwhile. `StoreFault`, `KeyFault` and `SettingsFault` say why it was left as it is.
    """
    if not settings.store.exists():
        return None
    with closing(open_read_only(settings.store, busy_milliseconds=busy_milliseconds)) as database:
        found = consult(database, version)
    made = known_migrations()[-1].number
    if not 0 < found < made:
        return None
    if settings.backup_recipients:
        taken = take_unnoted(settings, None, at=at)
        _migrate(settings)
        # Only now: no command writes to a store of an earlier release.
        note_in_audit(settings, AuditEvent.BACKUP_CREATED, at=at)
        return Upgraded(found, made, taken.path)
    copy = _copied_beside(settings, found, at=at)
    _migrate(settings)
    copy.unlink()
    return Upgraded(found, made, None)


def _migrate(settings: Settings) -> None:
    """Open it as what brings it up, and see that the key is its own."""
    with open_for_command(settings.store, key_place(settings), upgrades=True):
        return


def _copied_beside(settings: Settings, found: int, *, at: datetime) -> Path:
    copy = settings.store.with_name(f"{settings.store.name}.schema-{found}")
    copy.unlink(
        missing_ok=True
    )  # of a try that failed: the store has not changed since, or it would be of this version
    with copied(settings, at=at) as made:
        try:
            write_sound(copy, partial(copyfileobj, made.copy.file), made, key_place(settings))
        except OSError as error:
            raise StoreFault(
                f"The store is to be brought up to this version, and the copy {copy} that comes first could not be written:"
                f" {error.strerror}. Nothing was changed. Make room on the disk."
            ) from None
    return copy
