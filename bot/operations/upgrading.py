"""Upgrades of a store from an earlier release, with a checked copy first.

If there are recipients for backups, the copy is an ordinary backup. Otherwise nobody could open one, so the file is copied next to
itself, readable by its owner only and with its values sealed, and deleted after the upgrade.
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
    """An upgrade: the schemas before and after, and the backup that was taken first, or None if there was only a copy."""

    found: int
    made: int
    backup: Path | None


def bring_up(settings: Settings, *, at: datetime, busy_milliseconds: int = BUSY_MILLISECONDS) -> Upgraded | None:
    """Upgrade a store that nobody else uses, once a copy proved sound. Return None if there is nothing to upgrade.

    Raise `StoreFault`, `KeyFault` or `SettingsFault` if it fails; the store is then unchanged.
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
        # Afterwards, since no command writes to a store of an earlier release.
        note_in_audit(settings, AuditEvent.BACKUP_CREATED, at=at)
        return Upgraded(found, made, taken.path)
    copy = _copied_beside(settings, found, at=at)
    _migrate(settings)
    copy.unlink()
    return Upgraded(found, made, None)


def _migrate(settings: Settings) -> None:
    """Migrate the store by opening it, which also checks its key."""
    with open_for_command(settings.store, key_place(settings), upgrades=True):
        return


def _copied_beside(settings: Settings, found: int, *, at: datetime) -> Path:
    """Copy the store to a file next to it. A copy of a failed attempt can go, since the store has not changed since."""
    copy = settings.store.with_name(f"{settings.store.name}.schema-{found}")
    copy.unlink(missing_ok=True)
    with copied(settings, at=at) as made:
        try:
            write_sound(copy, partial(copyfileobj, made.copy.file), made, key_place(settings))
        except OSError as error:
            raise StoreFault(
                f"The store is to be brought up to this version, and the copy {copy} that comes first could not be written:"
                f" {error.strerror}. Nothing was changed. Make room on the disk."
            ) from None
    return copy
