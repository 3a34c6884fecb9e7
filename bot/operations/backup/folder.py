"""The folder of backups: paths for new ones, the choice of old ones to delete, and the note about the newest.

Each backup is also encrypted to a key of its own, and the note has only the key of the newest: so the machine can open that one for
practice, and no older one. Backups with a name of somebody's own are never deleted.
"""

import json
import re
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from pyrage import x25519

from bot.crypto.keys import key_place, load_ring
from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.errors import SettingsFault, StoreFault
from bot.runtime.files import read_at_most, replace_private, write_private
from bot.runtime.settings import Settings
from bot.storage.sqlite.database_file import open_read_only
from bot.storage.sqlite.opening import tables_over
from bot.storage.sqlite.preparing import own_key
from bot.storage.sqlite.transaction import consult
from bot.trail.chain import head_of


def free_name(folder: Path, stem: str) -> Path:
    """Return a free path in the folder, with a number after the stem if needed."""
    names = (f"{stem}.age", *(f"{stem}-{number}.age" for number in range(2, 100)))
    return next((folder / name for name in names if not (folder / name).exists()), folder / names[0])


def demand_place(path: Path) -> None:
    """Make the folder of a path. Raise `SettingsFault` if that fails, or if the path is taken."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsFault(f"There is no folder {path.parent}, and none can be made: {error.strerror}.") from None
    if path.exists() or path.is_symlink():
        raise no_place(path, FileExistsError())


def no_place(path: Path, error: OSError) -> SettingsFault:
    """Return the fault of a backup that could not be written to a path."""
    if isinstance(error, FileExistsError):
        return SettingsFault(f"There is a file at {path} already, and it was left alone. Choose another name.")
    return SettingsFault(f"The backup {path} could not be written: {error.strerror}. No backup was made.")


NAMED = re.compile(r"seraf-(\d{8}T\d{6}Z)(-\d+)?\.age")
OF_ONE_CASE = re.compile(r"(held-[0-9a-f]{16})-(\d{8}T\d{6}Z)(-\d+)?\.age")  # the name of a backup of one held case
LATE = timedelta(hours=6)
"""The age of the newest backup from which somebody should look: one is made or confirmed every hour."""

HOURLY_KEPT = timedelta(days=2)  # how long every backup is kept; after that one per day is


def of_the_store(files: Iterable[Path]) -> list[Path]:
    """Return the files that are backups of a whole store rather than of one held case."""
    return [path for path in files if not OF_ONE_CASE.fullmatch(path.name)]


def old_backups(files: Iterable[Path], *, now: datetime, term: timedelta) -> tuple[Path, ...]:
    """Return all but the newest that are past the term, or past two days with a later one on the same day; oldest first."""
    # By the time in the name, since a copied file has another time of modification.
    names = ((path, NAMED.fullmatch(path.name)) for path in files)
    made = sorted((datetime.strptime(name[1], "%Y%m%dT%H%M%S%z"), path) for path, name in names if name)
    followed = {path for (at, path), (later, _) in pairwise(made) if at.date() == later.date()}
    return tuple(path for at, path in made[:-1] if at < now - term or (path in followed and at < now - HOURLY_KEPT))


def delete(files: Iterable[Path]) -> int:
    """Delete the files, and return their number. Raise `StoreFault` if that fails."""
    count = 0
    for path in files:
        try:
            path.unlink()
        except OSError as error:
            raise StoreFault(f"The old backup {path} could not be deleted: {error.strerror}. Delete it.") from None
        count += 1
    return count


PLACE = place("newest", "note", row=1)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest backup: its name, the store's count of writes, the audit's head once the backup was entered, its recipients,
    and its own key.

    Both the count and the head are compared, since other writes may reach the same count after a restore.
    """

    name: str
    writes: int
    head: str
    readers: tuple[str, ...]
    secret: str = field(repr=False)

    @property
    def identity(self) -> Any:
        """The age identity that opens it."""
        return x25519.Identity.from_str(self.secret)


def newest_file(store: Path) -> Path:
    """Return the path of the note about the newest backup."""
    return store.with_name(f"{store.name}.newest")


def note_newest(store: Path, newest: Newest, *, keys: KeyRing) -> None:
    """Replace the note, including the key to the previous backup. Raise `StoreFault` on failure."""
    content = json.dumps([newest.name, newest.writes, newest.head, newest.readers, newest.secret]).encode()
    path = newest_file(store)
    try:
        (replace_private if path.exists() else write_private)(path, Sealer(keys.seal).seal(content, PLACE))
    except OSError as error:
        raise StoreFault(f"{path}: could not be written: {error.strerror}. Make room on the disk.") from None


def read_newest(store: Path, *, keys: KeyRing) -> Newest | None:
    """Return the note, or None if there is none that these keys open, for example after a rotation."""
    try:
        sealed = read_at_most(newest_file(store), 4_096)
        name, writes, head, readers, secret = json.loads(Sealer(keys.seal).unseal(sealed, PLACE))
    except (OSError, StoreFault, ValueError):
        return None
    return Newest(name, writes, head, tuple(readers), secret)


def still_newest(settings: Settings) -> Path | None:
    """Return the path of the newest backup if it is still up to date, or None if a new one is needed."""
    try:
        with closing(open_read_only(settings.store)) as database:
            keys = load_ring(key_place(settings), consult(database, own_key))
            tables = tables_over(database, keys)
            consult(database, lambda _: tables.ledger.follow())
            head = consult(database, lambda _: str(head_of(tables.audit.unread())))
    except StoreFault:
        return None  # the next backup reports the fault
    newest = read_newest(settings.store, keys=keys)
    if newest is None:
        return None
    path = settings.backup_folder / newest.name
    # The one additional write is the audit entry of the backup.
    is_same = (tables.ledger.number, head) == (newest.writes + 1, newest.head)
    return path if is_same and newest.readers == settings.backup_recipients and path.is_file() else None
