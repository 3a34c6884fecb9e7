"""A held case in a backup of its own, so that all other backups can go by their term while it is held.

It holds the person's row with the case, the administrators who can confirm what is done with it, the forms and the audit as they were
then. It is opened and restored like any other backup, and refuses to know anybody else's case.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.access.account import Account, read_account
from bot.conversation.changes import NOTHING_REMEMBERED
from bot.crypto.keys import key_place, load_key_file, load_ring
from bot.crypto.sealing import KeyRing
from bot.operations.backup.examination import looked_through
from bot.operations.backup.file_format import Backup, encrypted, recipients_of
from bot.operations.backup.folder import OF_ONE_CASE, demand_place, free_name, no_place
from bot.operations.backup.service import Taken, manifest_of, note_in_audit
from bot.operations.readiness import demand_store
from bot.runtime.errors import StoreFault
from bot.runtime.files import write_private
from bot.runtime.person_id import FORGOTTEN, PersonId
from bot.runtime.settings import Settings
from bot.storage.sqlite.database_file import open_to_copy
from bot.storage.sqlite.examining import image
from bot.storage.sqlite.opening import tables_over
from bot.storage.sqlite.preparing import demand_current, known_migrations, migrate, own_key
from bot.storage.sqlite.transaction import consult
from bot.storage.tables.people import hidden_name
from bot.storage.values import Record
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.role import Role

PREFIX = "held-"
SIGNS = 16
"""Of the keyed hash in the name of such a backup. The name does not say which case it is, or whose."""

WHOLE = ("meta", "audit_segments", "audit", "editions")
"""Tables of which everything is taken along: the audit is a chain, and a form is of nobody."""

OF_PERSON = ("people", "standings")


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A case that is held: whose it is, and its reference."""

    person: str = field(repr=False)
    reference: str

    def stem(self, keys: KeyRing) -> str:
        """Return the start of its backup's name: the same after a rotation of the keys, and once its person's name is forgotten."""
        is_forgotten = PersonId.read(self.person).channel == FORGOTTEN
        person = self.person if is_forgotten else hidden_name(keys, self.person)
        return PREFIX + keys.lasting("held", person, self.reference).hex()[:SIGNS]


@dataclass(frozen=True, slots=True)
class OwnBackup:
    """A backup of one case alone, by its name: which case, which the name does not give away, and when it was made."""

    path: Path
    stem: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnBackups:
    """The backups of a case that is held: the first that opens with the keys of now, and those from before it."""

    path: Path | None
    earlier: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditedHolds:
    """What the audit has of holds: when one was last lifted, by reference, and when the keys were last rotated."""

    lifted: Mapping[str, datetime]
    rotated: datetime | None

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "AuditedHolds":
        """Return what these entries say about holds."""
        lifted, rotated = dict[str, datetime](), None
        for entry in entries:
            if entry.what == AuditEvent.HOLD_LIFTED:
                lifted[entry.reference] = entry.at
            elif entry.what == AuditEvent.KEYS_ROTATED:
                rotated = entry.at
        return cls(lifted, rotated)

    def since(self, held: HeldCase) -> datetime | None:
        """Return since when a backup of a held case is of this hold and opens with the present keys, or None for always."""
        times = [each for each in (self.lifted.get(held.reference), self.rotated) if each is not None]
        # The name of a backup has no parts of a second.
        return max(times).replace(microsecond=0) if times else None


def back_up_held(settings: Settings, held: HeldCase, *, at: datetime) -> Taken:
    """Write a backup of a held case alone, found whole, and note it. `SettingsFault`, `StoreFault`, `KeyFault` say why there is none."""
    recipients = recipients_of(settings.backup_recipients)
    demand_store(settings)
    with closing(open_to_copy(settings.store)) as source, closing(sqlite3.connect(":memory:")) as alone:
        alone.isolation_level = None
        # One reading of the store, so that what is taken along is of one moment.
        consult(source, lambda begun: begun.execute("BEGIN"))
        keys = load_ring(key_place(settings), consult(source, own_key))
        consult(source, partial(_take_along, into=alone, held=held, keys=keys))
        backup = _sound(alone, keys, at=at)
    path = free_name(settings.backup_folder, f"{held.stem(keys)}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    demand_place(path)
    try:
        write_private(path, encrypted(backup, recipients))
    except OSError as error:
        raise no_place(path, error) from None
    note_in_audit(settings, AuditEvent.BACKUP_CREATED, at=at, about=held.reference)
    return Taken(path, backup.manifest)


def backups_of_holds(
    settings: Settings, held: Iterable[HeldCase], audited: AuditedHolds
) -> Mapping[HeldCase, OwnBackups]:
    """Return the backups of each held case; the first of its hold has it as it was when it was held."""
    keys, found = load_key_file(key_place(settings)), _own_backups(settings)
    return {
        each: _of_hold([own for own in found if own.stem == each.stem(keys)], since=audited.since(each))
        for each in held
    }


def _of_hold(found: list[OwnBackup], *, since: datetime | None) -> OwnBackups:
    path = next((own.path for own in found if since is None or own.at >= since), None)
    return OwnBackups(path, tuple(own.path for own in found if since is not None and own.at < since))


def backups_of_no_hold(settings: Settings, held: Iterable[HeldCase]) -> tuple[OwnBackup, ...]:
    """Return backups of cases that are not held here: the hold was lifted, or this store does not know of it."""
    keys = load_key_file(key_place(settings))
    stems = {each.stem(keys) for each in held}
    return tuple(own for own in _own_backups(settings) if own.stem not in stems)


def backups_of_lifted(
    settings: Settings, found: Iterable[OwnBackup], *, people: Iterable[str], audited: AuditedHolds
) -> tuple[Path, ...]:
    """Return the backups made for a hold that was lifted since, by the audit. Nothing else shows that one is not needed."""
    keys, found = load_key_file(key_place(settings)), tuple(found)
    if not found:
        return ()
    lifted = {
        HeldCase(person, reference).stem(keys): at for person in people for reference, at in audited.lifted.items()
    }
    return tuple(own.path for own in found if own.stem in lifted and own.at <= lifted[own.stem])


def _own_backups(settings: Settings) -> tuple[OwnBackup, ...]:
    """Return every backup of one case alone, the oldest first."""
    return tuple(sorted(_named(settings.backup_folder.glob(f"{PREFIX}*.age")), key=lambda own: (own.at, own.path)))


def _named(files: Iterable[Path]) -> Iterator[OwnBackup]:
    for path in files:
        if name := OF_ONE_CASE.fullmatch(path.name):
            yield OwnBackup(path, name[1], datetime.strptime(name[2], "%Y%m%dT%H%M%S%z"))


def _take_along(source: sqlite3.Connection, *, into: sqlite3.Connection, held: HeldCase, keys: KeyRing) -> None:
    """Put into an empty database what belongs to a held case. Raise `StoreFault` if the case is not there as the bot wrote it."""
    demand_current(source)
    migrate(into, known_migrations())
    there, here = tables_over(source, keys), tables_over(into, keys)
    there.ledger.follow()
    into.execute("BEGIN")
    for table in WHOLE:
        _copy(source.execute(f"SELECT * FROM {table}"), into, table)
    count = 0
    for row in there.people.everyone():
        is_theirs = row.record.person == held.person and row.record.case is not None
        if is_theirs or _confirms(row.record):
            count += is_theirs
            tables = (*OF_PERSON, "cases") if is_theirs else OF_PERSON
            for table in tables:
                _copy(source.execute(f"SELECT * FROM {table} WHERE mark = ?", (row.mark,)), into, table)
            if is_theirs and row.key is not None:
                _copy(source.execute("SELECT * FROM case_keys WHERE id = ?", (row.key.id,)), into, "case_keys")
            # An administrator's own case is not copied, so that there is none to erase with its key.
            known = row if is_theirs else replace(row, key=None)
            here.people.decide(known, after=_alone(row.record, has_case=is_theirs))
    if not count:
        raise StoreFault(f"{held.reference} was not found whole, so no backup of it was made. Look: seraf-bot check")
    here.ledger.count_anew(there.ledger.number)
    into.execute("COMMIT")


def _copy(rows: sqlite3.Cursor, into: sqlite3.Connection, table: str) -> None:
    for row in rows:
        into.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def _confirms(record: Record) -> bool:
    """Return True if somebody is an administrator, whose PIN is needed for what is done with the case."""
    account = read_account(record.access)
    return isinstance(account, Account) and account.admission.role is Role.ADMIN


def _alone(record: Record, *, has_case: bool) -> Record:
    """Return a row without what somebody rehearses; of an administrator with nothing but their standing."""
    if has_case:
        return replace(record, rehearsal="")
    return replace(record, profile=NOTHING_REMEMBERED, case=None, rehearsal="", phase="", edition="")


def _sound(alone: sqlite3.Connection, keys: KeyRing, *, at: datetime) -> Backup:
    """Return the backup of a database that was found whole."""
    manifest = manifest_of(alone, keys=keys, at=at)
    if findings := looked_through(alone, manifest, keys).findings:
        raise StoreFault("\n".join((*findings, "No backup of the held assessment was made.")))
    backup = Backup(manifest, image(alone))
    return replace(backup, proof=backup.proven(keys))
