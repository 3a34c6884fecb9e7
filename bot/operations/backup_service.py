"""Backups as an operator uses them: take one while the bot runs, check that one is whole, restore one."""

import hmac
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version as release
from io import BufferedIOBase
from pathlib import Path

from bot.access.standing import Access, read_access
from bot.crypto.key_places import KeyPlace, key_place
from bot.crypto.keys import Keychain, load_keys, load_ring
from bot.crypto.sealing import KeyRing
from bot.operations.backup_place import demand_place, free_name, no_place
from bot.operations.backups import (
    DATABASE,
    MANIFEST,
    PROOF,
    Backup,
    Manifest,
    encrypt_to,
    proof_of,
    recipients_of,
)
from bot.operations.lost_store import demand_store
from bot.runtime.errors import KeyFault, SerafError, SettingsFault, StoreFault
from bot.runtime.owner_only_files import write_private_by
from bot.runtime.settings import DeskSettings, Settings
from bot.storage.sqlite.binding import binding
from bot.storage.sqlite.database.copying import (
    copied,
    copied_beside,
    damage,
    demand_room,
    loaded,
    opened_to_copy,
    put,
    row_counts,
    strange_parts,
)
from bot.storage.sqlite.database.migrate import version
from bot.storage.sqlite.database.transaction import consult, transact
from bot.storage.sqlite.examining import in_step
from bot.storage.sqlite.ledger.ledger import Ledger
from bot.storage.sqlite.opening import counted, open_for_command, open_in_memory
from bot.storage.sqlite.own_keys import own_key
from bot.storage.sqlite.tables.audit import AuditRows
from bot.storage.sqlite.tables.people import PeopleRows
from bot.storage.sqlite.tables.sign_ins import end_all
from bot.storage.values import Entry
from bot.trail.audit import Head, Trail, What, head_of, verify_trail
from bot.trail.operators import operator_of

FIRST = 1
"""The schema of the first release, which had no audit."""


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

    All of it was found whole before. The audit records it once the file is there, so the head in the backup is the one
    before that entry. `SettingsFault`, `StoreFault` and `KeyFault` say why there is no backup.
    """
    taken = take_unnoted(settings, to, at=at)
    _note_made(settings, taken.path, at=at)
    return taken


def take_unnoted(settings: Settings, to: Path | None, *, at: datetime) -> Taken:
    """The same, of which the audit does not know."""
    recipients = recipients_of(settings.backup_recipients)
    demand_store(settings)
    path = to or free_name(settings.backup_folder, f"seraf-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    demand_place(path)
    with _copy(settings, at=at) as (manifest, database, proof):
        demand_sound(Backup(manifest, database.read(), proof), key_place(settings))
        contents = ((MANIFEST, manifest.written()), (DATABASE, database), (PROOF, proof))
        try:
            write_private_by(path, lambda file: encrypt_to(file, contents, recipients))
        except OSError as error:
            raise no_place(path, error) from None
    return Taken(path, manifest)


@contextmanager
def _copy(settings: Settings, *, at: datetime) -> Iterator[tuple[Manifest, BufferedIOBase, bytes]]:
    """A copy of the database at one time, in a file without a name, with what is noted of it and its proof, in a `with`."""
    with closing(opened_to_copy(settings.store)) as source:
        # One reading for the note and for the copy, so that what was counted is what is copied.
        consult(source, lambda begun: begun.execute("BEGIN"))
        keys = load_ring(key_place(settings), consult(source, own_key))
        manifest = consult(source, partial(_manifest, keys=keys, at=at))
        with copied_beside(source, settings.store) as database:
            proof = proof_of(manifest, database, keys=keys)
            database.seek(0)
            yield manifest, database, proof


def demand_sound(backup: Backup, place: KeyPlace) -> None:
    """`StoreFault` with everything that is wrong with what was copied."""
    findings = examine(backup, load_keys(place)).findings
    if findings:
        raise StoreFault("\n".join((*findings, "Nothing was changed. Restore the latest backup.")))


def _note_made(settings: Settings, path: Path, *, at: datetime) -> None:
    """Note that a backup was made; `StoreFault` says that it was, though the audit does not have it."""
    try:
        note_in_audit(settings, What.BACKUP_CREATED, at=at)
    except SerafError as fault:
        raise StoreFault(f"{path}: written and whole, but the audit could not note that it was made. {fault}") from None


def note_in_audit(settings: DeskSettings, what: What, *, at: datetime, by: str = "", about: str = "") -> None:
    """Append to the audit what was done at the command line: by the operator, if nobody else is named."""
    entry = Entry(at, by or operator_of(settings), what, about)
    with open_for_command(settings.store, key_place(settings)) as database:
        transact(database, partial(_append, settings=settings, entries=(entry,)))


def _append(
    database: sqlite3.Connection, settings: DeskSettings, *, entries: tuple[Entry, ...], signs_out: bool = False
) -> None:
    """Append them under the keys that the database names at this moment; where it `signs_out`, every sign-in ends with them."""
    keys = load_ring(key_place(settings), own_key(database))

    def work(begun: sqlite3.Connection) -> None:
        """The entries, and what goes with them."""
        AuditRows(keys).append(begun, entries)
        if signs_out:
            end_all(begun)

    counted(database, keys, work)


def examine(backup: Backup, chain: Keychain, *, unproven: bool = False) -> Examined:
    """Look at everything in a backup, in memory. `KeyFault` when it was made with another key file.

    One without a proof, as earlier releases made them, passes only where that is said (`unproven`).
    """
    keys = chain.ring(backup.manifest.key)
    if keys is None:
        raise KeyFault(
            f"The backup was made under the key file “{backup.manifest.key}”, and here is “{chain.current.id}”: set"
            f" SERAF_KEY_FILE to a copy of “{backup.manifest.key}”, or, if the keys were rotated since, use a later backup."
        )
    doubts = tuple(_doubts(backup, keys, unproven=unproven))
    try:
        with closing(loaded(backup.database)) as database:
            found = tuple(_first_look(database, backup.manifest, keys=keys))
            if found:
                return Examined(0, (*doubts, *found))
            opened, wrong = in_step(database, keys)
            findings = (*doubts, *wrong, *_audit(database, keys, manifest=backup.manifest))
            return Examined(opened, findings, () if findings else _admitted(database, keys))
    except (SerafError, sqlite3.Error) as error:
        said = str(error) if isinstance(error, StoreFault) else "SQLite finds it damaged."
        return Examined(0, (*doubts, said))


def _doubts(backup: Backup, keys: KeyRing, *, unproven: bool) -> Iterator[str]:
    """Whether its maker had the key file."""
    if hmac.compare_digest(backup.proof, backup.proven(keys)) or (unproven and not backup.proof):
        return
    if backup.proof:
        yield "Its proof does not fit: it was changed, or put together, by somebody without the key file."
    else:
        yield (
            "Nothing proves that this bot made it: an earlier release did, or somebody without the key file. If you know"
            " where it comes from: --unproven."
        )


def set_beside(settings: Settings, manifest: Manifest) -> tuple[str, bool]:
    """How a backup compares with the newest head that is known here, the store's own; and whether that is a fault."""
    if not settings.store.exists():
        return "There is no store here to set it beside: compare its head with the one that was noted down.", False
    noted = Head.parse(manifest.head)
    try:
        with closing(copied(settings.store)) as database:
            keys = load_ring(key_place(settings), own_key(database))
            trail = AuditRows(keys).trail(database)
    except (SerafError, sqlite3.Error):
        return "The store here cannot be read: compare its head with the one that was noted down.", False
    other = set(verify_trail(keys, trail, anchor=noted)) - set(verify_trail(keys, trail))
    if other:
        return (
            f"The store here does not go on from it, so one of the two was put back or made anew: {other.pop()}",
            True,
        )
    since = head_of(trail).number - noted.number
    return (
        f"The store here goes on from it: its audit is {since} {'entry' if since == 1 else 'entries'} further.",
        False,
    )


def restore(
    settings: Settings, backup: Backup, *, at: datetime, unproven: bool = False, confirmed_by: str = ""
) -> Examined:
    """Restore a backup where there is no database, after all of it has been checked; its audit has that, and who confirmed it.

    To put it in place is the last step, so that there is no store where this is cut short, and it can be run again.
    """
    demand_room(settings.store)
    examined = examine(backup, load_keys(key_place(settings)), unproven=unproven)
    if examined.findings:
        raise StoreFault("\n".join((*examined.findings, "Nothing was restored. Use another backup.")))
    entries = [Entry(at, operator_of(settings), What.BACKUP_RESTORED)]
    if confirmed_by:
        entries.append(Entry(at, confirmed_by, What.CONFIRMED, What.BACKUP_RESTORED))
    with open_in_memory(backup.database, key_place(settings)) as database:
        # What was restored signs nobody in, since some of them may have signed out meanwhile.
        transact(database, partial(_append, settings=settings, entries=tuple(entries), signs_out=True))
        put(settings.store, database.serialize())
    return examined


def backed_up(settings: Settings, *, at: datetime) -> Backup:
    """The database as it is now, with what is noted of it and its proof."""
    with _copy(settings, at=at) as (manifest, database, proof):
        return Backup(manifest, database.read(), proof)


def _manifest(database: sqlite3.Connection, *, keys: KeyRing, at: datetime) -> Manifest:
    schema = version(database)
    return Manifest(
        created=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        release=release("seraf-bot"),
        schema=schema,
        key=keys.id,
        rows=row_counts(database),
        head=str(head_of(AuditRows(keys).unread(database) if schema > FIRST else Trail((), ()))),
    )


def _first_look(database: sqlite3.Connection, manifest: Manifest, *, keys: KeyRing) -> Iterator[str]:
    """Faults of the database itself: whether it is whole and has as many rows as its note says. It is then migrated to this version."""
    yield from damage(database)
    found = row_counts(database)
    for table in sorted(found.keys() | manifest.rows.keys()):
        if found.get(table) != manifest.rows.get(table):
            yield f"It has {found.get(table, 'no')} rows of {table}; {manifest.rows.get(table, 'none')} were noted."
    if version(database) != manifest.schema or own_key(database) != manifest.key:
        yield "Its schema or its key is not the one that was noted."
    yield from strange_parts(database, keyed=binding(lambda _: keys))


def _audit(database: sqlite3.Connection, keys: KeyRing, *, manifest: Manifest) -> Iterator[str]:
    trail = AuditRows(keys).unread(database)
    try:
        yield from verify_trail(keys, trail, anchor=Head.parse(manifest.head))
    except SettingsFault:
        yield "The audit's head was not noted as it should be."
    if str(head_of(trail)) != manifest.head:
        yield f"Its audit ends with {head_of(trail)}; noted was {manifest.head}."


def _admitted(database: sqlite3.Connection, keys: KeyRing) -> tuple[Access, ...]:
    """Everybody who was admitted when the backup was made."""
    ledger = Ledger(keys)
    ledger.follow(database)
    standings = (read_access(row.record.access) for row in PeopleRows(keys, ledger).everyone(database))
    return tuple(each for each in standings if isinstance(each, Access))
