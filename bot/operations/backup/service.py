"""Backups of a whole store: taken while the bot runs, and examined without being restored."""

import hmac
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version as release
from pathlib import Path
from typing import Any, BinaryIO

from pyrage import x25519

from bot.access.account import Account, read_account
from bot.access.admission import had_administrator
from bot.crypto.keys import Keychain, KeyPlace, key_place, load_keys, load_ring
from bot.crypto.sealing import KeyRing
from bot.operations.backup.file_format import Backup, Manifest, encrypt_to, proof_of, recipients_of
from bot.operations.backup.folder import Newest, demand_place, free_name, no_place, note_newest
from bot.operations.readiness import demand_store
from bot.runtime.errors import KeyFault, SettingsFault, StoreFault, StoreUnavailable
from bot.runtime.files import write_private_by
from bot.runtime.settings import LocalSettings, Settings
from bot.storage.session import fault
from bot.storage.sqlite.database_file import open_to_copy
from bot.storage.sqlite.examining import (
    DatabaseCopy,
    copied_beside,
    copied_to_memory,
    damage,
    in_step,
    loaded,
    row_counts,
    strange_parts,
    writes_counted,
)
from bot.storage.sqlite.opening import counted, open_for_command, tables_over
from bot.storage.sqlite.preparing import binding, own_key, version
from bot.storage.sqlite.transaction import consult, transact
from bot.trail.audit import AuditEvent, look_at, operator_of, verify_trail
from bot.trail.chain import Entry, Head, Trail, head_of
from dialogs.core.role import Role
from seraf.errors import SerafError

FIRST = 1  # the schema of the first release, which had no audit


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was written, and the number of writes that its store had counted by then."""

    path: Path
    manifest: Manifest
    writes: int = 0


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy of the database, its manifest, the proof that its maker had the key file, and the store's count of writes."""

    manifest: Manifest
    copy: DatabaseCopy
    proof: bytes
    writes: int


def take(settings: Settings, to: Path | None, *, at: datetime) -> Taken:
    """Write a backup to a new file, encrypted to the recipients in the settings, once its copy proved sound. The bot may be running.

    The audit records it afterwards, so the head in the backup precedes that entry. A backup in the folder is also encrypted to
    a key of its own, which is kept until the next backup. Raise `SettingsFault`, `StoreFault` or `KeyFault` on failure.
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
        newest = Newest(taken.path.name, taken.writes, head, settings.backup_recipients, str(own))
        note_newest(settings.store, newest, keys=keys)
    return taken


def take_unnoted(settings: Settings, to: Path | None, *, at: datetime, own: Any = None) -> Taken:
    """Write a backup without an entry in the audit, encrypted to its `own` key too if it has one."""
    recipients = [*recipients_of(settings.backup_recipients), *([] if own is None else [own.to_public()])]
    demand_store(settings)
    path = to or free_name(settings.backup_folder, f"seraf-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    demand_place(path)
    with copied(settings, at=at) as made:

        def write(file: BinaryIO) -> None:
            encrypt_to(file, made.manifest, database=made.copy.file, proof=made.proof, recipients=recipients)

        try:
            write_sound(path, write, made, key_place(settings))
        except OSError as error:
            raise no_place(path, error) from None
    return Taken(path, made.manifest, made.writes)


@contextmanager
def copied(settings: Settings, *, at: datetime) -> Iterator[Copied]:
    """Copy the present database for the duration of a `with`. Raise `StoreFault` or `KeyFault` on failure."""
    with closing(open_to_copy(settings.store)) as source:
        # One read transaction, so that the manifest describes the same moment as the copy.
        consult(source, lambda begun: begun.execute("BEGIN"))
        keys = load_ring(key_place(settings), consult(source, own_key))
        manifest, writes = consult(source, partial(manifest_of, keys=keys, at=at)), consult(source, writes_counted)
        with copied_beside(source, settings.store) as copy:
            proof = proof_of(manifest, copy.file, keys=keys)
            copy.file.seek(0)
            yield Copied(manifest, copy, proof, writes)


def write_sound(path: Path, write: Callable[[BinaryIO], object], made: Copied, place: KeyPlace) -> None:
    """Write a file that gets its name once its copy proved sound. Raise `StoreFault` with all faults, or `OSError`, and leave no file."""

    def write_then_examine(file: BinaryIO) -> None:
        # In this order, since examining migrates an older copy.
        write(file)
        findings = looked_through(made.copy.database, made.manifest, ring_of(made.manifest, load_keys(place))).findings
        if findings:
            raise StoreFault("\n".join((*findings, "Nothing was changed. Restore the latest backup.")))

    write_private_by(path, write_then_examine)


def note_in_audit(settings: LocalSettings, what: AuditEvent, *, at: datetime, by: str = "", about: str = "") -> str:
    """Append an entry to the audit, by default as done by the operator, and return the new head."""
    entry = Entry(at, by or operator_of(settings), what, about)

    def append(database: sqlite3.Connection) -> str:
        with counted(database, load_ring(key_place(settings), own_key(database))) as tables:
            tables.audit.append((entry,))
            return str(head_of(tables.audit.unread()))

    with open_for_command(settings.store, key_place(settings)) as database:
        return transact(database, append)


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
    """The number of sealed values that opened, the faults, the people with access, and whether there ever was an administrator."""

    opened: int
    findings: tuple[str, ...]
    people: tuple[Account, ...] = ()
    had_administrator: bool = False


def examine(backup: Backup, chain: Keychain, *, unproven: bool = False) -> Examined:
    """Return the faults of a backup; a missing proof is one unless `unproven`. Raise `KeyFault` if it was made with another key file."""
    keys = ring_of(backup.manifest, chain)
    doubts: tuple[str, ...] = ()
    if not (hmac.compare_digest(backup.proof, backup.proven(keys)) or (unproven and not backup.proof)):
        doubts = (
            "Its proof does not fit: it was changed, or put together, by somebody without the key file."
            if backup.proof
            else "Nothing proves that this bot made it: an earlier release did, or somebody without the key file. If you know"
            " where it comes from: --unproven.",
        )
    try:
        with closing(loaded(backup.database)) as database:
            examined = looked_through(database, backup.manifest, keys)
            if findings := (*doubts, *examined.findings):
                return Examined(examined.opened, findings)
            tables = tables_over(database, keys)
            tables.ledger.follow()
            accounts = [read_account(row.record.access) for row in tables.people.everyone()]
            people = tuple(account for account in accounts if isinstance(account, Account))
            # The audit, which may be long, is only read if nobody is an administrator now.
            had_one = any(account.admission.role is Role.ADMIN for account in people) or had_administrator(
                accounts, look_at(keys, tables.audit.unread())
            )
            return Examined(examined.opened, (), people, had_one)
    except StoreFault as error:
        return Examined(0, (*doubts, str(error)))


def ring_of(manifest: Manifest, chain: Keychain) -> KeyRing:
    """Return the keys that a backup was made with. Raise `KeyFault` if the chain lacks them."""
    keys = chain.ring(manifest.key)
    if keys is None:
        raise KeyFault(
            f"The backup was made under the key file “{manifest.key}”, and here is “{chain.current.id}”: set"
            f" SERAF_KEY_FILE to a copy of “{manifest.key}”, or, if the keys were rotated since, use a later backup."
        )
    return keys


def looked_through(database: sqlite3.Connection, manifest: Manifest, keys: KeyRing) -> Examined:
    """Migrate a copy to this version, and return the number of its sealed values that open and every fault."""
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
        met = fault(error) if isinstance(error, sqlite3.Error) else error
        if isinstance(met, StoreUnavailable):  # no room, or a failing disk: this is no fault of the copy
            raise met from None
        return Examined(0, (str(error) if isinstance(error, StoreFault) else "SQLite finds it damaged.",))


def compare_with_store(settings: Settings, manifest: Manifest) -> tuple[str, bool]:
    """Return a sentence that compares a backup with the audit of the store here, and True if they contradict each other."""
    if not settings.store.exists():
        return "There is no store here to compare it with: compare its head with the one that was noted down.", False
    noted = Head.parse(manifest.head)
    try:
        with closing(copied_to_memory(settings.store)) as database:
            keys = load_ring(key_place(settings), own_key(database))
            trail = tables_over(database, keys).audit.trail()
    except (SerafError, sqlite3.Error):
        return "The store here cannot be read: compare its head with the one that was noted down.", False
    contradictions = set(verify_trail(keys, trail, anchor=noted)) - set(verify_trail(keys, trail))
    if contradictions:
        return (
            f"The store here does not go on from it, so one of the two was put back or begun again: {contradictions.pop()}",
            True,
        )
    since = head_of(trail).number - noted.number
    entries = "entry" if since == 1 else "entries"
    return f"The store here goes on from it: its audit is {since} {entries} further.", False
