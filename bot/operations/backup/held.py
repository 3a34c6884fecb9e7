"""Backups of single cases under a hold, so that old backups of the whole store can still be deleted during a hold.

Such a backup has one person and this case of theirs, the administrators, the editions of the form and the audit, and no other case. It is
opened and restored like any other backup.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.access.account import Account, read_account
from bot.conversation.changes import NOTHING_REMEMBERED
from bot.crypto.keys import key_place, load_key_file, load_ring
from bot.crypto.sealing import KeyRing
from bot.operations.backup.file_format import Backup, encrypted, recipients_of
from bot.operations.backup.service import OF_ONE_CASE, looked_through, manifest_of, new_path, no_place, note_in_audit
from bot.operations.readiness import demand_store
from bot.runtime.errors import StoreFault
from bot.runtime.files import write_private
from bot.runtime.person_id import FORGOTTEN, PersonId
from bot.runtime.settings import Settings
from bot.storage.cases import HOLDING
from bot.storage.opening import snapshot
from bot.storage.sqlite.examining import image
from bot.storage.sqlite.opening import tables_over
from bot.storage.sqlite.preparing import demand_current, known_migrations, migrate, own_key
from bot.storage.sqlite.transaction import consult
from bot.storage.tables.people import hidden_name
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.role import ADMINISTERING
from dialogs.core.ties import TieKind

SIGNS = 16  # digits of the keyed hash that stands for the case and its person in the file name of such a backup
WHOLE = ("meta", "audit_segments", "audit", "editions")  # copied whole: the audit is a chain, the rest not personal


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A case under a hold: its person and its reference."""

    person: str = field(repr=False)
    reference: str

    def stem(self, keys: KeyRing) -> str:
        """Return the prefix of its backups' file names. Neither a key rotation nor forgetting the person's number changes it."""
        is_forgotten = PersonId.read(self.person).channel == FORGOTTEN
        person = self.person if is_forgotten else hidden_name(keys, self.person)
        return "held-" + keys.lasting("held", person, self.reference).hex()[:SIGNS]


@dataclass(frozen=True, slots=True)
class OwnBackup:
    """A backup of one case: its path, with the hash of the case and the time from its name."""

    path: Path
    stem: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AuditedHolds:
    """The last times, according to the audit, at which the hold on each reference was lifted and the keys were rotated."""

    lifted: Mapping[str, datetime]
    rotated: datetime | None

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "AuditedHolds":
        """Return the times that these entries of the audit record."""
        lifted, rotated = dict[str, datetime](), None
        for entry in entries:
            if entry.what == AuditEvent.HOLD_LIFTED:
                lifted[entry.reference] = entry.at
            elif entry.what == AuditEvent.KEYS_ROTATED:
                rotated = entry.at
        return cls(lifted, rotated)

    def since(self, held: HeldCase) -> datetime | None:
        """Return the time from which on backups of the case belong to its present hold and keys, or None if all of them do."""
        times = [at for at in (self.lifted.get(held.reference), self.rotated) if at is not None]
        # The time in the name of a backup has whole seconds.
        return max(times).replace(microsecond=0) if times else None


def back_up_held(settings: Settings, held: HeldCase, *, at: datetime) -> Path:
    """Check and write a backup of a case under a hold, and enter it in the audit. Raise `SerafError` on failure."""
    recipients = recipients_of(settings.backup_recipients)
    demand_store(settings)
    with snapshot(settings.store) as source, closing(sqlite3.connect(":memory:")) as target:
        target.isolation_level = None
        keys = load_ring(key_place(settings), consult(source, own_key))
        consult(source, partial(_copy_case, target=target, held=held, keys=keys))
        manifest = manifest_of(target, keys=keys, at=at)
        if findings := looked_through(target, manifest, keys).findings:
            raise StoreFault("\n".join((*findings, "No backup of the held assessment was made.")))
        backup = Backup(manifest, image(target))
        backup = replace(backup, proof=backup.proven(keys))
    path = new_path(settings, f"{held.stem(keys)}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    try:
        write_private(path, encrypted(backup, recipients))
    except OSError as error:
        raise no_place(path, error) from None
    note_in_audit(settings, AuditEvent.BACKUP_CREATED, at=at, about=held.reference)
    return path


def backups_of_holds(
    settings: Settings, held: Iterable[HeldCase], *, audited: AuditedHolds
) -> dict[HeldCase, tuple[Path | None, list[Path]]]:
    """Return for each case its first backup under the present hold and keys, or None, and its earlier backups."""
    keys, backups = load_key_file(key_place(settings)), _own_backups(settings)
    of_holds = {}
    for case in held:
        own, since = [backup for backup in backups if backup.stem == case.stem(keys)], audited.since(case)
        current = [backup.path for backup in own if since is None or backup.at >= since]
        of_holds[case] = next(iter(current), None), [backup.path for backup in own if backup.path not in current]
    return of_holds


def backups_of_no_hold(
    settings: Settings, held: Iterable[HeldCase], *, people: Iterable[str], audited: AuditedHolds
) -> tuple[list[Path], list[Path]]:
    """Return two lists of backups of single cases that are not under a hold now: those that may be deleted, and the others.

    A backup may be deleted if the audit says that the hold was lifted after it. It may not say so if another store made it.
    """
    keys, lifted = load_key_file(key_place(settings)), audited.lifted.items()
    stems = {case.stem(keys) for case in held}
    backups = [own for own in _own_backups(settings) if own.stem not in stems]
    if not backups:  # usually, and a hash for each person and hold takes time
        return [], []
    ended = {HeldCase(person, reference).stem(keys): at for person in people for reference, at in lifted}
    deletable = [own.path for own in backups if own.stem in ended and own.at <= ended[own.stem]]
    return deletable, [own.path for own in backups if own.path not in deletable]


def _own_backups(settings: Settings) -> tuple[OwnBackup, ...]:
    backups = []
    for path in settings.backup_folder.glob("held-*.age"):
        if name := OF_ONE_CASE.fullmatch(path.name):
            backups.append(OwnBackup(path, name[1], datetime.strptime(name[2], "%Y%m%dT%H%M%S%z")))
    return tuple(sorted(backups, key=lambda own: (own.at, own.path)))


def _copy_case(source: sqlite3.Connection, *, target: sqlite3.Connection, held: HeldCase, keys: KeyRing) -> None:
    """Copy the rows of a held case into an empty database. Raise `StoreFault` if the case is not found whole.

    Administrators are copied too, since their PINs confirm acts on the case, but without their own cases and rehearsals.
    """

    def copy(table: str, where: str = "", *values: object) -> None:
        for row in source.execute(f"SELECT * FROM {table} {where}", values):
            target.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    demand_current(source)
    migrate(target, known_migrations())
    there, here = tables_over(source, keys), tables_over(target, keys)
    there.ledger.follow()
    target.execute("BEGIN")
    for table in WHOLE:
        copy(table)
    is_found = False
    for row in there.people.everyone():
        record = row.record
        is_owner = record.person == held.person and record.head_of(held.reference) is not None
        account = None if is_owner else read_account(record.access)
        if not is_owner and not (isinstance(account, Account) and account.admission.role in ADMINISTERING):
            continue
        is_found = is_found or is_owner
        for table in ("people", "standings"):
            copy(table, "WHERE mark = ?", row.mark)
        if not is_owner:
            bare = replace(record, profile=NOTHING_REMEMBERED, rehearsal="", phase="", edition="", hand="", heads=())
            here.people.decide(replace(row, record=replace(record, heads=()), holds=0, cases=()), after=bare)
            continue
        case = row.case(held.reference)
        assert case is not None, "they have it"
        # First the key: nothing may refer to what is not there.
        copy("case_keys", "WHERE id = ?", case.key)
        copy("cases", "WHERE mark = ?", case.mark)
        for tie in case.ties:
            if tie.tie.kind is TieKind.HOLDER:
                copy("case_people", "WHERE mark = ?", tie.mark)
        body = there.cases.body(case, person=record.person, kinds=HOLDING)
        alone = replace(record, rehearsal="", hand=held.reference, case=body, heads=(case.head,))
        here.people.decide(replace(row, record=alone, holds=1, cases=(case,)), after=alone)
    if not is_found:
        raise StoreFault(f"{held.reference} was not found whole, so no backup of it was made. Look: seraf-bot check")
    here.ledger.count_anew(there.ledger.number)
    target.execute("COMMIT")
