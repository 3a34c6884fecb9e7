"""Backups of a whole store: taken while the bot runs, examined without being restored, taken before an upgrade, and deleted when old.

Each backup is also encrypted to a key of its own, and a note next to the store has only the newest backup's key: so this machine
can open that backup for a trial restore, and no older one. Backups whose file name a person chose are never deleted.
"""

import hmac
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version as release
from itertools import pairwise
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO

from pyrage import x25519

from bot.access.account import Account, read_account
from bot.access.admission import had_administrator
from bot.crypto.keys import Keychain, KeyPlace, key_place, load_keys, load_ring
from bot.crypto.sealing import KeyRing, Sealer, place
from bot.operations.backup.file_format import Backup, Manifest, encrypt_to, proof_of, recipients_of
from bot.operations.readiness import demand_store, is_there
from bot.runtime.errors import KeyFault, SettingsFault, StoreFault, StoreUnavailable
from bot.runtime.files import read_at_most, replace_private, write_private_by
from bot.runtime.settings import LocalSettings, Settings
from bot.storage.opening import open_desk, schema_of, snapshot
from bot.storage.session import StoreSession, fault
from bot.storage.sqlite.database_file import BUSY_MILLISECONDS
from bot.storage.sqlite.examining import (
    DatabaseCopy,
    copied_beside,
    damage,
    in_step,
    loaded,
    row_counts,
    strange_parts,
    writes_counted,
)
from bot.storage.sqlite.opening import tables_over
from bot.storage.sqlite.preparing import binding, known_migrations, own_key, version
from bot.storage.sqlite.transaction import consult
from bot.storage.tables import Tables, counted
from bot.trail.audit import AuditEvent, look_at, operator_of, verify_trail
from bot.trail.chain import Entry, Head, Trail, head_of
from dialogs.core.role import ADMINISTERING
from seraf.errors import SerafError

FIRST = 1  # the schema of the first release, which had no audit
PLACE = place("newest", "note", row=1)
NAMED = re.compile(r"seraf-(\d{8}T\d{6}Z)(-\d+)?\.age")
OF_ONE_CASE = re.compile(r"(held-[0-9a-f]{16})-(\d{8}T\d{6}Z)(-\d+)?\.age")  # the name of a backup of one held case
LATE = timedelta(hours=6)  # from this age on the newest backup needs attention; one is made or confirmed hourly
HOURLY_KEPT = timedelta(days=2)  # the time for which every backup is kept; of an earlier day only the last one is


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was written, and the number of writes that its store had counted by then."""

    path: Path
    manifest: Manifest
    writes: int


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy of the database, its manifest, the proof that its maker had the key file, and the store's count of writes."""

    manifest: Manifest
    copy: DatabaseCopy
    proof: bytes
    writes: int


def take(settings: Settings, to: Path | None, *, at: datetime) -> Taken:
    """Write a checked copy of the database to a new file, encrypted to the recipients in the settings. The bot may be running.

    The audit records it afterwards, so the head in the backup precedes that entry. Raise `SerafError` on failure.
    """
    own = x25519.Identity.generate() if to is None else None
    taken = take_unnoted(settings, to, at=at, own=own)
    try:
        head = note_in_audit(settings, AuditEvent.BACKUP_CREATED, at=at)
    except SerafError as error:
        raise StoreFault(
            f"{taken.path}: written and whole, but the audit could not note that it was made. {error}"
        ) from None
    if own is not None:
        keys = load_ring(key_place(settings), taken.manifest.key)
        fields = (taken.path.name, taken.writes, head, settings.backup_recipients, str(own))
        content, note = json.dumps(fields).encode(), newest_file(settings.store.path)
        try:
            replace_private(note, Sealer(keys.seal).seal(content, PLACE))
        except OSError as error:
            raise StoreFault(f"{note}: could not be written: {error.strerror}. Make room on the disk.") from None
    return taken


def take_unnoted(settings: Settings, to: Path | None, *, at: datetime, own: Any = None) -> Taken:
    """Write a backup, also encrypted to its `own` key if there is one, without an entry in the audit."""
    recipients = [*recipients_of(settings.backup_recipients), *([] if own is None else [own.to_public()])]
    demand_store(settings)
    path = new_path(settings, f"seraf-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}", to=to)
    with copied(settings, at=at) as made:
        write = partial(
            encrypt_to, manifest=made.manifest, database=made.copy.file, proof=made.proof, recipients=recipients
        )
        try:
            write_sound(path, write, made, place=key_place(settings))
        except OSError as error:
            raise no_place(path, error) from None
    return Taken(path, made.manifest, made.writes)


@contextmanager
def copied(settings: Settings, *, at: datetime) -> Iterator[Copied]:
    """Yield a copy of the database, which exists for the duration of a `with`. Raise `StoreFault` or `KeyFault` on failure."""
    with snapshot(settings.store) as source:  # one state, so that the manifest describes the same moment as the copy
        keys = load_ring(key_place(settings), consult(source, own_key))
        manifest, writes = consult(source, partial(manifest_of, keys=keys, at=at)), consult(source, writes_counted)
        with copied_beside(source, settings.store.path) as copy:
            proof = proof_of(manifest, copy.file, keys=keys)
            copy.file.seek(0)
            yield Copied(manifest, copy, proof, writes)


def write_sound(path: Path, write: Callable[[BinaryIO], object], made: Copied, *, place: KeyPlace) -> None:
    """Write a file if the copy is sound. Otherwise raise `StoreFault` with all faults, or `OSError`, and leave no file."""

    def write_then_examine(file: BinaryIO) -> None:
        # In this order, since examining migrates an older copy.
        write(file)
        findings = looked_through(made.copy.database, made.manifest, ring_of(made.manifest, load_keys(place))).findings
        if findings:
            raise StoreFault("\n".join((*findings, "Nothing was changed. Restore the latest backup.")))

    write_private_by(path, write_then_examine)


def note_in_audit(settings: LocalSettings, what: AuditEvent, *, at: datetime, about: str = "") -> str:
    """Append an entry to the audit in the operator's name, and return the new head of the audit."""
    entry = Entry(at, operator_of(settings), what, about)

    def append(session: StoreSession) -> str:
        with counted(session, load_ring(key_place(settings), own_key(session))) as tables:
            tables.audit.append((entry,))
            return str(head_of(tables.audit.unread()))

    with open_desk(settings.store, key_place(settings)) as desk:
        return desk.transact(append)


def manifest_of(database: sqlite3.Connection, *, keys: KeyRing, at: datetime) -> Manifest:
    """Return the manifest of the present content of a database."""
    schema = version(database)
    return Manifest(
        created=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        release=release("seraf-bot"),
        schema=schema,
        key=keys.id,
        rows=row_counts(database),
        head=str(head_of(tables_over(database, keys).audit.unread() if schema > FIRST else Trail((), ()))),
    )


@dataclass(frozen=True, slots=True)
class Examined:
    """The result of an examination: values decrypted, faults, people with access, and if there ever was an administrator."""

    opened: int
    findings: tuple[str, ...]
    people: tuple[Account, ...] = ()
    had_administrator: bool = False


def examine(backup: Backup, chain: Keychain, *, unproven: bool = False) -> Examined:
    """Examine a backup. A missing proof is a fault unless `unproven`. Raise `KeyFault` if the backup needs another key file."""
    keys = ring_of(backup.manifest, chain)
    doubts = list[str]()
    if not backup.proof and not unproven:
        doubts.append(
            "Nothing proves that this bot made it: an earlier release did, or somebody without the key file. If you know"
            " where it comes from: --unproven."
        )
    elif backup.proof and not hmac.compare_digest(backup.proof, backup.proven(keys)):
        doubts.append("Its proof does not fit: it was changed, or put together, by somebody without the key file.")
    try:
        with closing(loaded(backup.database)) as database:
            examined = looked_through(database, backup.manifest, keys)
            if findings := (*doubts, *examined.findings):
                return Examined(examined.opened, findings)
            tables = tables_over(database, keys)
            tables.ledger.follow()
            accounts = [read_account(row.record.access) for row in tables.people.everyone()]
            people = tuple(account for account in accounts if isinstance(account, Account))
            # Read the audit, which may be long, only if nobody is an administrator now.
            is_one = any(account.admission.role in ADMINISTERING for account in people)
            was_one = is_one or had_administrator(accounts, look_at(keys, tables.audit.unread()))
            return Examined(examined.opened, (), people, was_one)
    except StoreFault as error:
        return Examined(0, (*doubts, str(error)))


def ring_of(manifest: Manifest, chain: Keychain) -> KeyRing:
    """Return the keys that a backup was made with. Raise `KeyFault` if this key file lacks them."""
    keys = chain.ring(manifest.key)
    if keys is None:
        raise KeyFault(
            f"The backup was made under the key file “{manifest.key}”, and here is “{chain.current.id}”: set"
            f" SERAF_KEY_FILE to a copy of “{manifest.key}”, or, if the keys were rotated since, use a later backup."
        )
    return keys


def looked_through(database: sqlite3.Connection, manifest: Manifest, keys: KeyRing) -> Examined:
    """Migrate a copy to this version. Return how many of its encrypted values can be decrypted, and every fault."""
    try:
        findings, counts = list(damage(database)), row_counts(database)
        for table in sorted(counts.keys() | manifest.rows.keys()):
            if counts.get(table) != manifest.rows.get(table):
                noted = manifest.rows.get(table, "none")
                findings.append(f"It has {counts.get(table, 'no')} rows of {table}; {noted} were noted.")
        if version(database) != manifest.schema or own_key(database) != manifest.key:
            findings.append("Its schema or its key is not the one that was noted.")
        findings += strange_parts(database, keyed=binding(lambda _: keys))
        if findings:
            return Examined(0, tuple(findings))
        opened, out_of_step = in_step(database, keys)
        findings += out_of_step
        trail = tables_over(database, keys).audit.unread()
        try:
            findings += verify_trail(keys, trail, anchor=Head.parse(manifest.head))
        except SettingsFault:
            findings.append("The audit's head was not noted as it should be.")
        if str(head_of(trail)) != manifest.head:
            findings.append(f"Its audit ends with {head_of(trail)}; noted was {manifest.head}.")
        return Examined(opened, tuple(findings))
    except (SerafError, sqlite3.Error) as error:
        cause = fault(error) if isinstance(error, sqlite3.Error) else error
        if isinstance(cause, StoreUnavailable):  # no room, or a failing disk: this is no fault of the copy
            raise cause from None
        return Examined(0, (str(error) if isinstance(error, StoreFault) else "SQLite finds it damaged.",))


def compare_with_store(settings: Settings, manifest: Manifest) -> tuple[str, bool]:
    """Return a sentence that compares a backup with the audit of this machine's store, and True if they contradict each other."""
    if not is_there(settings.store):
        return "There is no store here to compare it with: compare its head with the one that was noted down.", False
    noted = Head.parse(manifest.head)
    try:
        with snapshot(settings.store) as database:
            keys = load_ring(key_place(settings), own_key(database))
            trail = tables_over(database, keys).audit.trail()
    except (SerafError, sqlite3.Error):
        return "The store here cannot be read: compare its head with the one that was noted down.", False
    contradictions = set(verify_trail(keys, trail, anchor=noted)) - set(verify_trail(keys, trail))
    if contradictions:
        why = "so one of the two was put back or begun again"
        return f"The store here does not go on from it, {why}: {contradictions.pop()}", True
    since = head_of(trail).number - noted.number
    entries = "entry" if since == 1 else "entries"
    return f"The store here goes on from it: its audit is {since} {entries} further.", False


def new_path(settings: Settings, stem: str, *, to: Path | None = None) -> Path:
    """Return `to`, or a free path with this stem in the folder of backups, and make its folder. Raise `SettingsFault` if that fails."""
    names = (f"{stem}.age", *(f"{stem}-{number}.age" for number in range(2, 100)))
    paths = [settings.backup_folder / name for name in names]
    path = to or next((path for path in paths if not path.exists()), paths[0])
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsFault(f"There is no folder {path.parent}, and none can be made: {error.strerror}.") from None
    if path.exists() or path.is_symlink():
        raise no_place(path, FileExistsError())
    return path


def no_place(path: Path, error: OSError) -> SettingsFault:
    """Return the fault that a backup could not be written to this path."""
    if isinstance(error, FileExistsError):
        return SettingsFault(f"There is a file at {path} already, and it was left alone. Choose another name.")
    return SettingsFault(f"The backup {path} could not be written: {error.strerror}. No backup was made.")


def of_the_store(files: Iterable[Path]) -> list[Path]:
    """Return the backups of the whole store among these files, which may also be backups of one held case."""
    return [path for path in files if not OF_ONE_CASE.fullmatch(path.name)]


def old_backups(files: Iterable[Path], *, now: datetime, term: timedelta) -> tuple[Path, ...]:
    """Return the backups to delete, oldest first: those past `term`, and those past two days with a later one on the same day.

    The newest backup is never among them.
    """
    # By the time in the name, since a copied file has another time of modification.
    names = ((path, NAMED.fullmatch(path.name)) for path in files)
    made = sorted((datetime.strptime(name[1], "%Y%m%dT%H%M%S%z"), path) for path, name in names if name)
    followed = {path for (at, path), (later, _) in pairwise(made) if at.date() == later.date()}
    return tuple(path for at, path in made[:-1] if at < now - term or (path in followed and at < now - HOURLY_KEPT))


def delete(files: Iterable[Path]) -> int:
    """Delete these backups, and return how many. Raise `StoreFault` if one cannot be deleted."""
    count = 0
    for path in files:
        try:
            path.unlink()
        except OSError as error:
            raise StoreFault(f"The old backup {path} could not be deleted: {error.strerror}. Delete it.") from None
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class Newest:
    """The note about the newest backup: its name, the store's count of writes, the head of the audit once the backup was entered in
    it, its recipients, and the age key of its own that opens it.
    """

    name: str
    writes: int
    head: str
    readers: tuple[str, ...]
    secret: str = field(repr=False)


def newest_file(store: Path) -> Path:
    """Return the path of the note about the newest backup."""
    return store.with_name(f"{store.name}.newest")


def read_newest(store: Path, *, keys: KeyRing) -> Newest | None:
    """Return the note about the newest backup, or None if these keys open none, for example after a rotation."""
    try:
        sealed = read_at_most(newest_file(store), 4_096)
        name, writes, head, readers, secret = json.loads(Sealer(keys.seal).unseal(sealed, PLACE))
    except (OSError, StoreFault, ValueError):
        return None
    return Newest(name, writes, head, tuple(readers), secret)


def still_newest(settings: Settings) -> Path | None:
    """Return the path of the newest backup if nothing was written since, or None if a new one is needed."""

    def look(session: StoreSession) -> tuple[KeyRing, int, str]:
        tables = Tables(session, load_ring(key_place(settings), own_key(session)))
        tables.ledger.follow()
        return tables.keys, tables.ledger.number, str(head_of(tables.audit.unread()))

    try:
        with open_desk(settings.store, key_place(settings)) as desk:
            keys, number, head = desk.read(look)
    except StoreFault:
        return None  # the next backup reports the fault
    newest = read_newest(settings.store.path, keys=keys)
    if newest is None:
        return None
    path = settings.backup_folder / newest.name
    # The one additional write is the audit entry of the backup. Other writes may reach the same count after a restore, but not
    # the same head.
    is_same = (number, head) == (newest.writes + 1, newest.head)
    return path if is_same and newest.readers == settings.backup_recipients and path.is_file() else None


@dataclass(frozen=True, slots=True)
class Upgraded:
    """An upgrade: the schemas before and after, and the backup that was taken first, or None if there was only a copy."""

    found: int
    made: int
    backup: Path | None


def bring_up(settings: Settings, *, at: datetime, busy_milliseconds: int = BUSY_MILLISECONDS) -> Upgraded | None:
    """Upgrade an earlier release's store that nobody else uses, after checking a copy of it. Return None if it is up to date.

    The copy is a backup. Without recipients nobody could open one, so the file is then copied next to itself, readable by its owner
    only and with its values sealed, and deleted after the upgrade. Raise `StoreFault`, `KeyFault` or `SettingsFault` if it fails; the
    store is then unchanged.
    """
    found = schema_of(settings.store, busy_milliseconds=busy_milliseconds)
    made = known_migrations()[-1].number
    if not 0 < found < made:
        return None
    backup, copy = None, settings.store.path.with_name(f"{settings.store.path.name}.schema-{found}")
    if settings.backup_recipients:
        backup = take_unnoted(settings, None, at=at).path
    else:
        copy.unlink(missing_ok=True)  # of a failed attempt, since which the store has not changed
        with copied(settings, at=at) as original:
            try:
                write_sound(copy, partial(copyfileobj, original.copy.file), original, place=key_place(settings))
            except OSError as error:
                raise StoreFault(
                    f"The store is to be brought up to this version, and the copy {copy} that comes first could not be written:"
                    f" {error.strerror}. Nothing was changed. Make room on the disk."
                ) from None
    with open_desk(settings.store, key_place(settings), upgrades=True):
        pass  # opening it checks its key, and migrates it
    if backup is None:
        copy.unlink()
    else:
        # Only now, since no command writes to a store of an earlier release.
        note_in_audit(settings, AuditEvent.BACKUP_CREATED, at=at)
    return Upgraded(found, made, backup)
