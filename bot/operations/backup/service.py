"""Backups as an operator uses them: take one while the bot runs, check that one is whole, restore one, also for practice alone."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version as release
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from pyrage import x25519

from bot.crypto.keys import KeyPlace, key_place, load_key_file, load_keys, load_ring
from bot.crypto.sealing import KeyRing
from bot.operations.backup.examination import Examined, examine, looked_through, ring_of
from bot.operations.backup.file_format import (
    DATABASE,
    MANIFEST,
    PROOF,
    Backup,
    Manifest,
    encrypt_to,
    proof_of,
    read_backup,
    recipients_of,
)
from bot.operations.backup.folder import Newest, demand_place, free_name, no_place, note_newest, read_newest
from bot.operations.backup.replaying import Replay, Replayed, entries_since
from bot.operations.readiness import demand_store
from bot.runtime.errors import SerafError, StoreFault
from bot.runtime.files import write_private_by
from bot.runtime.settings import LocalSettings, Settings
from bot.storage.sqlite.database_file import open_to_copy
from bot.storage.sqlite.examining import (
    DatabaseCopy,
    copied_beside,
    copied_to_memory,
    demand_room,
    put,
    row_counts,
    writes_counted,
)
from bot.storage.sqlite.opening import counted, open_for_command, open_in_memory, open_to_look, tables_over
from bot.storage.sqlite.preparing import own_key, version
from bot.storage.sqlite.transaction import consult, transact
from bot.trail.audit import AuditEvent, operator_of, verify_trail
from bot.trail.chain import Entry, Head, Trail, head_of
from bot.watch.vitals import TrialRestore, write_practice

FIRST = 1
"""The schema of the first release, which had no audit."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was written."""

    path: Path
    manifest: Manifest
    writes: int = 0
    """How many writes the store had counted then."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy of the database, what was noted of it, the proof that its maker had the key file, and how many writes it counts."""

    manifest: Manifest
    copy: DatabaseCopy
    proof: bytes
    writes: int


def take(settings: Settings, to: Path | None, *, at: datetime) -> Taken:
    """Write a backup to a new file, encrypted to the recipients in the settings. The bot may be running.

    All of it was found whole before. The audit records it once the file is there, so the head in the backup is the one
    before that entry. One in the folder opens with a key of its own as well, which is noted until the next one is made.
    `SettingsFault`, `StoreFault` and `KeyFault` say why there is no backup.
    """
    own = x25519.Identity.generate() if to is None else None
    taken = take_unnoted(settings, to, at=at, own=own)
    head = _note_made(settings, taken.path, at=at)
    if own is not None:
        keys = load_ring(key_place(settings), taken.manifest.key)
        newest = Newest(taken.path.name, taken.writes, head, settings.backup_recipients, str(own))
        note_newest(settings.store, newest, keys=keys)
    return taken


def take_unnoted(settings: Settings, to: Path | None, *, at: datetime, own: Any = None) -> Taken:
    """Write a backup that is not entered in the audit, encrypted to its `own` key too if it has one."""
    recipients = [*recipients_of(settings.backup_recipients), *([] if own is None else [own.to_public()])]
    demand_store(settings)
    path = to or free_name(settings.backup_folder, f"seraf-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    demand_place(path)
    with copied(settings, at=at) as made:
        contents = ((MANIFEST, made.manifest.written()), (DATABASE, made.copy.file), (PROOF, made.proof))
        try:
            write_sound(path, lambda file: encrypt_to(file, contents, recipients), made, key_place(settings))
        except OSError as error:
            raise no_place(path, error) from None
    return Taken(path, made.manifest, made.writes)


@contextmanager
def copied(settings: Settings, *, at: datetime) -> Iterator[Copied]:
    """A copy of the database as it is now, in a `with`. `StoreFault` and `KeyFault` say why there is none."""
    with closing(open_to_copy(settings.store)) as source:
        # One reading for the note and for the copy, so that what was counted is what is copied.
        consult(source, lambda begun: begun.execute("BEGIN"))
        keys = load_ring(key_place(settings), consult(source, own_key))
        manifest, writes = consult(source, partial(manifest_of, keys=keys, at=at)), consult(source, writes_counted)
        with copied_beside(source, settings.store) as copy:
            proof = proof_of(manifest, copy.file, keys=keys)
            copy.file.seek(0)
            yield Copied(manifest, copy, proof, writes)


def write_sound(path: Path, write: Callable[[BinaryIO], None], made: Copied, place: KeyPlace) -> None:
    """Write a new file of a copy, which gets its name once all that was copied was found whole.

    Raise `StoreFault` with everything that is wrong with it, and `OSError` where there is no room; then there is no file.
    """

    def sound(file: BinaryIO) -> None:
        """In this order: an older copy is brought up to this version to be looked at, and so is another file after it."""
        write(file)
        findings = looked_through(made.copy.database, made.manifest, ring_of(made.manifest, load_keys(place))).findings
        if findings:
            raise StoreFault("\n".join((*findings, "Nothing was changed. Restore the latest backup.")))

    write_private_by(path, sound)


def _note_made(settings: Settings, path: Path, *, at: datetime) -> str:
    """Note that a backup was made, and return the head of the audit with that.

    `StoreFault` says that it was made, though the audit does not have it.
    """
    try:
        return note_in_audit(settings, AuditEvent.BACKUP_CREATED, at=at)
    except SerafError as fault:
        raise StoreFault(f"{path}: written and whole, but the audit could not note that it was made. {fault}") from None


def note_in_audit(settings: LocalSettings, what: AuditEvent, *, at: datetime, by: str = "", about: str = "") -> str:
    """Append to the audit what was done at the command line, by the operator if nobody else is named, and return its head."""
    entry = Entry(at, by or operator_of(settings), what, about)
    with open_for_command(settings.store, key_place(settings)) as database:
        return transact(database, partial(_append, settings=settings, entries=(entry,)))


def _append(database: sqlite3.Connection, settings: LocalSettings, *, entries: tuple[Entry, ...]) -> str:
    """Append them under the keys that the database names at this moment."""
    keys = load_ring(key_place(settings), own_key(database))
    with counted(database, keys) as tables:
        tables.audit.append(entries)
        return str(head_of(tables.audit.unread()))


def compare_with_store(settings: Settings, manifest: Manifest) -> tuple[str, bool]:
    """Return how a backup compares with the newest head that is known here, the store's own; and whether that is a fault."""
    if not settings.store.exists():
        return "There is no store here to compare it with: compare its head with the one that was noted down.", False
    noted = Head.parse(manifest.head)
    try:
        with closing(copied_to_memory(settings.store)) as database:
            keys = load_ring(key_place(settings), own_key(database))
            trail = tables_over(database, keys).audit.trail()
    except (SerafError, sqlite3.Error):
        return "The store here cannot be read: compare its head with the one that was noted down.", False
    other = set(verify_trail(keys, trail, anchor=noted)) - set(verify_trail(keys, trail))
    if other:
        return (
            f"The store here does not go on from it, so one of the two was put back or begun again: {other.pop()}",
            True,
        )
    since = head_of(trail).number - noted.number
    return (
        f"The store here goes on from it: its audit is {since} {'entry' if since == 1 else 'entries'} further.",
        False,
    )


@dataclass(frozen=True, slots=True)
class Restoring:
    """How a backup is restored: when, who confirmed it, and by which export of the audit what was taken away since is taken away again."""

    at: datetime
    confirmed_by: str = ""
    unproven: bool = False
    replay: Path | None = None


def restore(settings: Settings, backup: Backup, how: Restoring) -> tuple[Examined, Replayed]:
    """Restore a backup where there is no database, after all of it has been checked; its audit has that, and who confirmed it.

    To put it in place is the last step, so that there is no store where this is cut short, and it can be run again. It serves nobody
    before somebody has confirmed who is in.
    """
    demand_room(settings.store)
    chain = load_keys(key_place(settings))
    examined = examine(backup, chain, unproven=how.unproven)
    if examined.findings:
        raise StoreFault("\n".join((*examined.findings, "Nothing was restored. Use another backup.")))
    since: tuple[Entry, ...] = ()
    if how.replay is not None:
        since = entries_since(how.replay, Head.parse(backup.manifest.head), keys=ring_of(backup.manifest, chain))
    with open_in_memory(backup.database, key_place(settings)) as database:
        replayed = transact(database, partial(_settle, settings=settings, how=how, since=since))
        put(settings.store, database.serialize())
    return examined, replayed


def _settle(database: sqlite3.Connection, *, settings: Settings, how: Restoring, since: tuple[Entry, ...]) -> Replayed:
    """Note the restore, end what must not come back with it, and take away again what was taken away since."""
    keys, by = load_ring(key_place(settings), own_key(database)), operator_of(settings)
    entries = [Entry(how.at, by, AuditEvent.BACKUP_RESTORED)]
    if how.confirmed_by:
        entries.append(Entry(how.at, how.confirmed_by, AuditEvent.CONFIRMED, AuditEvent.BACKUP_RESTORED))
    with counted(database, keys) as tables:
        tables.audit.append(entries)
        tables.sign_ins.forget_all()  # what was restored signs nobody in, since some of them may have signed out meanwhile
        tables.restores.note(how.at)
        return Replay(tables, how.at, by).carry_out(since) if since else Replayed()


def manifest_of(database: sqlite3.Connection, *, keys: KeyRing, at: datetime) -> Manifest:
    """Return the note of what is in a database now."""
    schema = version(database)
    return Manifest(
        created=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        release=release("seraf-bot"),
        schema=schema,
        key=keys.id,
        rows=row_counts(database),
        head=str(head_of(tables_over(database, keys).audit.unread() if schema > FIRST else Trail((), ()))),
    )


FOLDER = ".practice-"
"""How the name of the folder begins."""


def practise(settings: Settings, *, at: datetime) -> TrialRestore:
    """Restore the newest backup, look at all of it, and write down what came of it. Raise `SerafError` if it is not whole."""
    demand_store(settings)
    newest = read_newest(settings.store, keys=load_key_file(key_place(settings)))
    if newest is None:
        raise StoreFault(
            f"No backup in {settings.backup_folder} can be tried out here, since none was made there under these keys. Make one:"
            " seraf-bot backup create"
        )
    try:
        _restored(settings, read_backup(settings.backup_folder / newest.name, [newest.identity]), at=at)
    except SerafError as fault:
        _write(settings, TrialRestore(at, newest.name, str(fault)))
        raise
    practice = TrialRestore(at, newest.name)
    _write(settings, practice)
    return practice


def _restored(settings: Settings, backup: Backup, *, at: datetime) -> None:
    """Restore it elsewhere, open it there as the bot would, and count its people."""
    parent = settings.store.parent
    for left in parent.glob(f"{FOLDER}*"):  # of a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=FOLDER, dir=parent) as folder:
        there = settings.model_copy(update={"store": Path(folder) / settings.store.name})
        restore(there, backup, Restoring(at))
        people = asyncio.run(_people(there))
    if people != backup.manifest.rows.get("people"):
        raise StoreFault(
            f"{people} people were found in what was restored; the backup notes {backup.manifest.rows.get('people')}."
        )


async def _people(settings: Settings) -> int:
    """Return how many people there are in a store that is whole and unchanged."""
    store = await open_to_look(settings.store, key_place(settings))
    try:
        if strange := await store.examine():
            raise StoreFault("\n".join(strange))
        return len(await store.of_each(lambda record: None))
    finally:
        await store.close()


def _write(settings: Settings, practice: TrialRestore) -> None:
    try:
        write_practice(settings.store, practice)
    except OSError as error:
        raise StoreFault(f"What came of it could not be written next to the store: {error.strerror}.") from None
