"""What this machine notes of the newest backup, sealed beside the store: its file, where the store was, and a key to this one alone.

Every backup is encrypted to one more key, which is drawn for it and takes the place of the one before. So the machine can try out the
newest backup, which has little that the store has not, and no older one. It refuses to know who else can open a backup.
"""

import json
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyrage import x25519

from bot.crypto.key_places import key_place
from bot.crypto.keys import load_ring
from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.at_most import read_at_most
from bot.runtime.errors import StoreFault
from bot.runtime.owner_only_files import replace_private, write_private
from bot.runtime.settings import Settings
from bot.storage.sqlite.database_file import open_read_only
from bot.storage.sqlite.opening import tables_over
from bot.storage.sqlite.preparing import own_key
from bot.storage.sqlite.transaction import consult
from bot.trail.audit import head_of

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
    """Where that is noted."""
    return store.with_name(f"{store.name}.newest")


def note_newest(store: Path, newest: Newest, *, keys: KeyRing) -> None:
    """Put this note in place of the one before, whose key is gone with it. `StoreFault` where it cannot be written."""
    written = json.dumps([newest.name, newest.writes, newest.head, newest.readers, newest.secret]).encode()
    path = newest_file(store)
    try:
        (replace_private if path.exists() else write_private)(path, Sealer(keys.seal).seal(written, PLACE))
    except OSError as error:
        raise StoreFault(f"{path}: could not be written: {error.strerror}. Make room on the disk.") from None


def read_newest(store: Path, *, keys: KeyRing) -> Newest | None:
    """The note; None where there is none, or it was sealed under other keys, as before a rotation, or by an earlier release."""
    try:
        sealed = read_at_most(newest_file(store), LARGEST)
        name, writes, head, readers, secret = json.loads(Sealer(keys.seal).unseal(sealed, PLACE))
    except (OSError, StoreFault, ValueError):
        return None
    return Newest(name, writes, head, tuple(readers), secret)


def still_newest(settings: Settings) -> Path | None:
    """The newest backup, where nothing that counts was written since it was made; None where another is called for."""
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
