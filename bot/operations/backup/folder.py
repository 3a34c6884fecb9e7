"""The folder of backups: where a new one is written, which ones are old enough to be deleted, and the note of the newest.

Of each day before the last two the latest stays, since one is made in every hour in which something changed. A backup that somebody
named by hand is theirs to delete. Every backup is encrypted to one more key, made for it alone, which replaces the one before: so the
machine can open the newest backup for practice, and no older one.
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
    """Return a path that is free, with a number if two names would be the same."""
    names = (f"{stem}.age", *(f"{stem}-{number}.age" for number in range(2, 100)))
    return next((folder / name for name in names if not (folder / name).exists()), folder / names[0])


def demand_place(path: Path) -> None:
    """Raise `SettingsFault` if there is something of this name, or no folder to put it in."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsFault(f"There is no folder {path.parent}, and none can be made: {error.strerror}.") from None
    if path.exists() or path.is_symlink():
        raise no_place(path, FileExistsError())


def no_place(path: Path, error: OSError) -> SettingsFault:
    """Return what to tell an operator whose backup could not be written there."""
    if isinstance(error, FileExistsError):
        return SettingsFault(f"There is a file at {path} already, and it was left alone. Choose another name.")
    return SettingsFault(f"The backup {path} could not be written: {error.strerror}. No backup was made.")


NAMED = re.compile(r"seraf-(\d{8}T\d{6}Z)(-\d+)?\.age")
OF_ONE_CASE = re.compile(r"(held-[0-9a-f]{16})-(\d{8}T\d{6}Z)(-\d+)?\.age")
"""How the backup of a held case alone is named."""


LATE = timedelta(hours=6)
"""One is made every hour, or looked at whether it still holds all; when the newest is older than this, somebody should look."""

HOURLY_KEPT = timedelta(days=2)
"""For how long every backup is kept; then one of each day is."""


def of_the_store(files: Iterable[Path]) -> list[Path]:
    """Return backups of a whole store; one of a held case alone says nothing about the others."""
    return [path for path in files if not OF_ONE_CASE.fullmatch(path.name)]


def old_backups(files: Iterable[Path], *, now: datetime, term: timedelta) -> tuple[Path, ...]:
    """Return backups older than the term, and those followed by another one on the same day; the oldest first."""
    made = sorted((_made(path), path) for path in files if NAMED.fullmatch(path.name))
    followed = {path for (at, path), (later, _) in pairwise(made) if at.date() == later.date()}
    return tuple(path for at, path in made[:-1] if at < now - term or (path in followed and at < now - HOURLY_KEPT))


def delete(files: Iterable[Path]) -> int:
    """Delete the files, and return how many; raise `StoreFault` if one cannot be."""
    count = 0
    for path in files:
        try:
            path.unlink()
        except OSError as error:
            raise StoreFault(f"The old backup {path} could not be deleted: {error.strerror}. Delete it.") from None
        count += 1
    return count


def _made(path: Path) -> datetime:
    """Return when a backup was made, by its name: a copy of the file has a time of its own."""
    return datetime.strptime(path.name.split("-")[1].split(".")[0], "%Y%m%dT%H%M%S%z")


PLACE = place("newest", "note", row=1)
LARGEST = 4_096


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest backup: its name, where the store was once that was noted, the public keys it was made for, and its own key.

    That is how many writes the store had counted in it, and the head of the audit with the entry that it was made: after a restore
    the same number of writes may be of others.
    """

    name: str
    writes: int
    head: str
    readers: tuple[str, ...]
    secret: str = field(repr=False)

    @property
    def identity(self) -> Any:
        """The key that opens it."""
        return x25519.Identity.from_str(self.secret)


def newest_file(store: Path) -> Path:
    """Return the path of the note."""
    return store.with_name(f"{store.name}.newest")


def note_newest(store: Path, newest: Newest, *, keys: KeyRing) -> None:
    """Replace the note, and with it the key to the backup before. Raise `StoreFault` if it cannot be written."""
    written = json.dumps([newest.name, newest.writes, newest.head, newest.readers, newest.secret]).encode()
    path = newest_file(store)
    try:
        (replace_private if path.exists() else write_private)(path, Sealer(keys.seal).seal(written, PLACE))
    except OSError as error:
        raise StoreFault(f"{path}: could not be written: {error.strerror}. Make room on the disk.") from None


def read_newest(store: Path, *, keys: KeyRing) -> Newest | None:
    """Return the note, or None if there is none, or it was sealed under other keys, as before a rotation, or by an earlier release."""
    try:
        sealed = read_at_most(newest_file(store), LARGEST)
        name, writes, head, readers, secret = json.loads(Sealer(keys.seal).unseal(sealed, PLACE))
    except (OSError, StoreFault, ValueError):
        return None
    return Newest(name, writes, head, tuple(readers), secret)


def still_newest(settings: Settings) -> Path | None:
    """Return the newest backup if nothing that counts was written since, or None if another one is needed."""
    try:
        with closing(open_read_only(settings.store)) as database:
            keys = load_ring(key_place(settings), consult(database, own_key))
            tables = tables_over(database, keys)
            consult(database, lambda _: tables.ledger.follow())
            head = consult(database, lambda _: str(head_of(tables.audit.unread())))
    except StoreFault:
        return None  # whoever makes the next one says what is wrong
    newest = read_newest(settings.store, keys=keys)
    if newest is None:
        return None
    path = settings.backup_folder / newest.name
    # One write more is the entry of the audit that it was made.
    is_same = (tables.ledger.number, head) == (newest.writes + 1, newest.head)
    is_for_them = newest.readers == settings.backup_recipients
    return path if is_same and is_for_them and path.is_file() else None
