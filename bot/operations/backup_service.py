"""Backups as an operator uses them: take one while the bot runs, check that one is whole, restore one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as release
from pathlib import Path

from bot.access.standing import Access, read_access
from bot.crypto.key_places import key_place
from bot.crypto.keys import Keychain, load_keys, load_ring
from bot.crypto.sealing import KeyRing
from bot.operations.backups import Backup, Manifest, encrypted, recipients_of
from bot.runtime.errors import KeyFault, SerafError, SettingsFault, StoreFault
from bot.runtime.owner_only_files import write_private
from bot.runtime.settings import DeskSettings, Settings
from bot.storage.sqlite.database.copying import copied, damage, demand_room, loaded, put, row_counts, strange_parts
from bot.storage.sqlite.database.migrate import version
from bot.storage.sqlite.database.transaction import transact
from bot.storage.sqlite.opening import open_for_command
from bot.storage.sqlite.own_keys import own_key
from bot.storage.sqlite.resealing import open_everything
from bot.storage.sqlite.tables.audit import AuditRows
from bot.storage.sqlite.tables.people import PeopleRows
from bot.storage.values import Entry
from bot.trail.audit import Head, What, head_of, verify_trail
from bot.trail.operators import operator_of


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was written."""

    path: Path
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Examined:
    """How many sealed values opened, every finding in a plain sentence, and who was admitted."""

    opened: int
    findings: tuple[str, ...]
    people: tuple[Access, ...] = ()


def take(settings: Settings, to: Path | None, *, at: datetime) -> Taken:
    """Write a backup to a new file, encrypted to the recipients in the settings. The bot may be running.

    The audit records it once the file is there, so the head in the backup is the one before that entry. `SettingsFault`,
    `StoreFault` and `KeyFault` say why there is no backup.
    """
    recipients = recipients_of(settings.backup_recipients)
    demand_store(settings.store)
    path = to or _free_name(settings.backup_folder, f"seraf-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    _demand_place(path)
    with closing(copied(settings.store)) as database:
        keys = load_ring(key_place(settings), own_key(database))
        backup = Backup(_manifest(database, keys, at=at), database.serialize())
    try:
        write_private(path, encrypted(backup, recipients))
    except OSError as error:
        raise _no_place(path, error) from None
    _note_made(settings, path, at=at)
    return Taken(path, backup.manifest)


def _note_made(settings: Settings, path: Path, *, at: datetime) -> None:
    """Note that a backup was made; `StoreFault` says that it was, though the audit does not have it."""
    try:
        note_in_audit(settings, What.BACKUP_CREATED, at=at)
    except SerafError as fault:
        raise StoreFault(f"{path}: written and whole, but the audit could not note that it was made. {fault}") from None


def note_in_audit(settings: DeskSettings, what: What, *, at: datetime, by: str = "", about: str = "") -> None:
    """Append to the audit what was done at the command line: by the operator, if nobody else is named."""
    entry = Entry(at, by or operator_of(settings), what, about)

    def append(database: sqlite3.Connection) -> None:
        """Append it under the keys that the database names at this moment."""
        keys = load_ring(key_place(settings), own_key(database))
        AuditRows(keys).append(database, [entry])

    with open_for_command(settings.store, key_place(settings)) as database:
        transact(database, append)


def examine(backup: Backup, chain: Keychain) -> Examined:
    """Look at everything in a backup, in memory. `KeyFault` when it was made with another key file."""
    keys = chain.ring(backup.manifest.key)
    if keys is None:
        raise KeyFault(
            f"The backup was made under the key file “{backup.manifest.key}”, and here is “{chain.current.id}”: set"
            f" SERAF_KEY_FILE to a copy of “{backup.manifest.key}”, or, if the keys were rotated since, use a later backup."
        )
    try:
        with closing(loaded(backup.database)) as database:
            found = tuple(_first_look(database, backup.manifest))
            if found:
                return Examined(0, found)
            opening = open_everything(database, keys)
            closed = [
                f"{count} of the values of {name} do not open: changed, or moved from elsewhere."
                for name, count in opening.closed.items()
            ]
            findings = (*closed, *_audit(database, keys, manifest=backup.manifest))
            return Examined(opening.opened, findings, () if findings else _admitted(database, keys))
    except (SerafError, sqlite3.Error) as error:
        return Examined(0, (str(error) if isinstance(error, StoreFault) else "SQLite finds it damaged.",))


def restore(settings: Settings, backup: Backup, *, at: datetime) -> Examined:
    """Restore a backup where there is no database, after all of it has been checked, and record that in its audit."""
    demand_room(settings.store)
    examined = examine(backup, load_keys(key_place(settings)))
    if examined.findings:
        raise StoreFault("\n".join((*examined.findings, "Nothing was restored. Use another backup.")))
    put(settings.store, backup.database)
    note_in_audit(settings, What.BACKUP_RESTORED, at=at)
    return examined


def demand_store(path: Path) -> None:
    """`StoreFault` when there is no database."""
    if not path.exists():
        raise StoreFault(
            f"There is no database at {path}. Set SERAF_STORE to the place of yours; `run` or `people invite` makes a new"
            " one."
        )


def _manifest(database: sqlite3.Connection, keys: KeyRing, *, at: datetime) -> Manifest:
    return Manifest(
        created=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        release=release("seraf-bot"),
        schema=version(database),
        key=keys.id,
        rows=row_counts(database),
        head=str(head_of(AuditRows(keys).trail(database))),
    )


def _first_look(database: sqlite3.Connection, manifest: Manifest) -> Iterator[str]:
    """Faults of the database itself: whether it is whole and has as many rows as its note says. It is then migrated to this version."""
    yield from damage(database)
    found = row_counts(database)
    for table in sorted(found.keys() | manifest.rows.keys()):
        if found.get(table) != manifest.rows.get(table):
            yield f"It has {found.get(table, 'no')} rows of {table}; {manifest.rows.get(table, 'none')} were noted."
    if version(database) != manifest.schema or own_key(database) != manifest.key:
        yield "Its schema or its key is not the one that was noted."
    yield from strange_parts(database)


def _audit(database: sqlite3.Connection, keys: KeyRing, *, manifest: Manifest) -> Iterator[str]:
    trail = AuditRows(keys).trail(database)
    try:
        yield from verify_trail(keys, trail, anchor=Head.parse(manifest.head))
    except SettingsFault:
        yield "The audit's head was not noted as it should be."
    if str(head_of(trail)) != manifest.head:
        yield f"Its audit ends with {head_of(trail)}; noted was {manifest.head}."


def _admitted(database: sqlite3.Connection, keys: KeyRing) -> tuple[Access, ...]:
    """Everybody who was admitted when the backup was made."""
    standings = (read_access(row.record.access) for row in PeopleRows(keys).everyone(database))
    return tuple(each for each in standings if isinstance(each, Access))


def _free_name(folder: Path, stem: str) -> Path:
    """The time as a name, with a number where two fall into one second."""
    names = (f"{stem}.age", *(f"{stem}-{number}.age" for number in range(2, 100)))
    return next((folder / name for name in names if not (folder / name).exists()), folder / names[0])


def _demand_place(path: Path) -> None:
    """`SettingsFault` when there is something of this name, or no folder to put it in."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsFault(f"There is no folder {path.parent}, and none can be made: {error.strerror}.") from None
    if path.exists() or path.is_symlink():
        raise _no_place(path, FileExistsError())


def _no_place(path: Path, error: OSError) -> SettingsFault:
    if isinstance(error, FileExistsError):
        return SettingsFault(f"There is a file at {path} already, and it was left alone. Choose another name.")
    return SettingsFault(f"The backup {path} could not be written: {error.strerror}. No backup was made.")
