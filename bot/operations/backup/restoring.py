"""Restoring of backups, for use or for practice, and replay of the audit entries made after a backup, from an export.

Removed people are removed again, used or withdrawn codes become invalid, holds are set again, and erased cases are erased again.
Access that was granted later, such as a renewal or a new PIN, cannot be granted from the audit: people are told to grant it again.
"""

import asyncio
import json
import secrets
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pyrage import x25519

from bot.access.account import Account, Removed, read_account, written
from bot.access.admission import read_invitation
from bot.conversation.changes import GIVING, erasure, giving_role, holding, letting_go, removal
from bot.conversation.records import references_of
from bot.crypto.keys import key_place, load_key_file, load_keys, load_ring
from bot.crypto.sealing import KeyRing
from bot.operations.backup.file_format import Backup, read_backup
from bot.operations.backup.service import Examined, examine, read_newest, ring_of
from bot.operations.readiness import demand_store
from bot.runtime.errors import SettingsFault, StoreFault
from bot.runtime.files import read_at_most
from bot.runtime.settings import Settings, StorePlace
from bot.storage.copying import copy_rows, demand_same
from bot.storage.opening import demand_empty, fill_store, open_to_look
from bot.storage.session import SqliteSession, StoreSession
from bot.storage.sqlite.opening import open_in_memory
from bot.storage.sqlite.preparing import own_key
from bot.storage.sqlite.transaction import transact
from bot.storage.tables import Tables, counted
from bot.storage.turning import take_turn
from bot.storage.values import Decide, Decision, Done, Inbound, Record
from bot.trail.audit import AuditEvent, operator_of
from bot.trail.chain import Entry, Head, link
from bot.watch.vitals import TrialRestore, write_practice
from seraf.errors import SerafError

LARGEST = 256 * 1024 * 1024  # the maximum size of an export of the audit, in bytes
NOT_THIS = "It is another store's, was changed, or goes on from another backup: export the audit again."
ROLES = {what: role for role, what in GIVING.items()}
WORDS = frozenset(AuditEvent)
ERASED = (AuditEvent.ERASED, AuditEvent.ERASED_BY_TIME, AuditEvent.ERASED_ON_REMOVAL)
FOLDER = ".practice-"  # the prefix of the temporary folder of a trial restore


@dataclass(frozen=True, slots=True)
class Replayed:
    """How often each kind of entry was replayed, and sentences about everything that people still have to do."""

    done: Counter[AuditEvent] = field(default_factory=Counter)
    left: tuple[str, ...] = ()


def restore(
    settings: Settings,
    backup: Backup,
    *,
    at: datetime,
    confirmed_by: str = "",
    unproven: bool = False,
    replay: Path | None = None,
) -> tuple[Examined, Replayed]:
    """Examine a backup, and restore it if there is no database. `replay` is an export of the audit with later entries.

    The audit records the restore and who confirmed it. Putting the database in place is the last step, so an interrupted
    restore leaves no store and can be run again. The bot serves nobody until somebody has confirmed who has access.
    """
    demand_empty(settings.store)
    chain = load_keys(key_place(settings))
    examined = examine(backup, chain, unproven=unproven)
    if examined.findings:
        raise StoreFault("\n".join((*examined.findings, "Nothing was restored. Use another backup.")))
    since: tuple[Entry, ...] = ()
    if replay is not None:
        since = entries_since(replay, Head.parse(backup.manifest.head), keys=ring_of(backup.manifest, chain))

    def settle(database: sqlite3.Connection) -> Replayed:
        keys, by = load_ring(key_place(settings), own_key(database)), operator_of(settings)
        entries = [Entry(at, by, AuditEvent.BACKUP_RESTORED)]
        if confirmed_by:
            entries.append(Entry(at, confirmed_by, AuditEvent.CONFIRMED, AuditEvent.BACKUP_RESTORED))
        with counted(SqliteSession(database), keys) as tables:
            tables.audit.append(entries)
            tables.sign_ins.forget_all()  # somebody may have signed out since the backup
            tables.restores.note(at)
            return Replay(tables, at, by=by).carry_out(since) if since else Replayed()

    with open_in_memory(backup.database, key_place(settings)) as database:
        replayed = transact(database, settle)
        session = SqliteSession(database)

        def put(target: StoreSession) -> None:
            copy_rows(session, target)
            demand_same(session, target, load_ring(key_place(settings), own_key(database)))

        fill_store(settings.store, put)
    return examined, replayed


def practise(settings: Settings, *, at: datetime) -> TrialRestore:
    """Restore the newest backup to a temporary folder, examine it, and note the result. Raise `SerafError` if it is not sound."""
    demand_store(settings)
    newest = read_newest(settings.store.path, keys=load_key_file(key_place(settings)))
    if newest is None:
        raise StoreFault(
            f"No backup in {settings.backup_folder} can be tried out here, since none was made there under these keys. Make one:"
            " seraf-bot backup create"
        )
    practice, failure = TrialRestore(at, newest.name), None
    try:
        backup = read_backup(settings.backup_folder / newest.name, [x25519.Identity.from_str(newest.secret)])
        for left in settings.store.path.parent.glob(f"{FOLDER}*"):  # left by a killed run
            shutil.rmtree(left, ignore_errors=True)
        with TemporaryDirectory(prefix=FOLDER, dir=settings.store.path.parent) as folder:
            there = settings.model_copy(update={"store": StorePlace(Path(folder) / settings.store.path.name)})
            restore(there, backup, at=at)
            people = asyncio.run(_people(there))
        if people != (noted := backup.manifest.rows.get("people")):
            raise StoreFault(f"{people} people were found in what was restored; the backup notes {noted}.")
    except SerafError as error:
        practice, failure = TrialRestore(at, newest.name, str(error)), error
    try:
        write_practice(settings.store.path, practice)
    except OSError as error:
        raise StoreFault(f"What came of it could not be written next to the store: {error.strerror}.") from None
    if failure is not None:
        raise failure
    return practice


async def _people(settings: Settings) -> int:
    store = await open_to_look(settings.store, key_place(settings))
    try:
        if strange := await store.examine():
            raise StoreFault("\n".join(strange))
        return len(await store.of_each(lambda record: None))
    finally:
        await store.close()


def entries_since(path: Path, head: Head, *, keys: KeyRing) -> tuple[Entry, ...]:
    """Return the entries after a head in an export of the audit. Raise `SettingsFault` unless they continue the chain."""
    try:
        content = read_at_most(path, LARGEST)
    except OSError as error:
        raise SettingsFault(f"The export {path} could not be read: {error.strerror}. Name the file.") from None
    if len(content) > LARGEST:
        raise SettingsFault(f"The export {path} is over {LARGEST:,} bytes. Try seraf-bot audit export --since HEAD")
    number, before, ended, since = head.number, head.link, "", list[Entry]()
    for at, row in enumerate(content.splitlines(), 1):
        try:
            values = json.loads(row)
        except (ValueError, RecursionError):
            values = None
        if isinstance(values, dict) and isinstance(values.get("head"), str):
            ended = values["head"]
            continue
        try:
            match values:
                case {
                    "number": int(line_number),
                    "at": str(when),
                    "who": str(who),
                    "what": str(what),
                    "reference": str(about),
                    "link": str(text),
                    **more,
                }:
                    entry = Entry(datetime.fromisoformat(when), who, what, about, role=str(more.get("role", "")))
                    line_link = bytes.fromhex(text)
                case _:
                    raise ValueError
        except ValueError:
            raise SettingsFault(
                f"{path}, line {at}: is no line of an export, or its entry does not open. {NOT_THIS}"
            ) from None
        is_next = line_number == number + 1 and link(keys, before, number=line_number, entry=entry) == line_link
        if line_number > head.number and is_next:
            number, before = line_number, line_link
            since.append(entry)
        elif line_number > head.number or (line_number == head.number and line_link != head.link):
            raise SettingsFault(f"{path}, line {at}: does not go on from entry {number} of that audit. {NOT_THIS}")
    if ended != str(Head(number, before)):
        raise SettingsFault(f"{path}: does not end as it says, or ends before the backup's audit does. {NOT_THIS}")
    return tuple(since)


@dataclass(frozen=True, slots=True)
class InBackup:
    """A person in the backup: their id in the audit, the references of their cases, and True if they have access."""

    person: str = field(repr=False)
    who: str
    references: tuple[str, ...]
    is_let_in: bool


class Replay:
    """The replay of audit entries in a restored store, within the transaction of the restore."""

    def __init__(self, tables: Tables, at: datetime, *, by: str) -> None:
        self._tables, self._at, self._by = tables, at, by
        self._people = list[InBackup]()
        for row in tables.people.everyone():
            account = read_account(row.record.access)
            is_let_in, who = isinstance(account, Account), account.was if isinstance(account, Removed) else ""
            who = account.audit_id if isinstance(account, Account) else who
            self._people.append(InBackup(row.record.person, who, references_of(row.record), is_let_in))

    def carry_out(self, entries: tuple[Entry, ...]) -> Replayed:
        """Replay the entries in order. Return how many had an effect, and everything that failed or that people have to do."""
        done, missing, at, by = Counter[AuditEvent](), list[str](), self._at, self._by
        for entry in entries:
            reference = entry.reference
            if entry.what not in WORDS:
                continue
            what = AuditEvent(entry.what)
            if what is AuditEvent.REMOVED:
                done[what] += self._change(self._called(reference), removal(at, by=by))
            elif what in ROLES:
                given = self._change(self._called(reference), giving_role(ROLES[what], at, by=by))
                done[AuditEvent.ROLE_PRACTITIONER] += given
            elif what is AuditEvent.HOLD_SET:
                owners = self._bearing(entry)
                done[what] += self._change(owners, holding(reference, at, by=by))
                if not owners:
                    missing.append(f"{reference} was held since, and is not in this backup.")
            elif what is AuditEvent.HOLD_LIFTED:
                done[what] += self._change(self._bearing(entry), letting_go(reference, at, by=by))
            elif what in ERASED:
                done[AuditEvent.ERASED] += self._change(self._bearing(entry), erasure(reference, at, by=by))
            elif what in (AuditEvent.ADMITTED, AuditEvent.WITHDRAWN):
                who = entry.who if what is AuditEvent.ADMITTED else reference
                offers = self._tables.invitation_codes.valid(at)
                marks = tuple(offer.mark for offer in offers if read_invitation(offer.text).audit_id == who)
                self._tables.invitation_codes.use_up(marks)
                self._tables.audit.append([Entry(at, by, AuditEvent.WITHDRAWN, who) for _ in marks])
                done[AuditEvent.WITHDRAWN] += len(marks)
        ids = dict[str, None]()  # of everybody who was barred and neither renewed nor unlocked afterwards
        for entry in entries:
            if entry.what == AuditEvent.BARRED:
                ids[entry.who] = None
            elif entry.what in (AuditEvent.RENEWED, AuditEvent.UNLOCKED):
                ids.pop(entry.reference or entry.who, None)
        done[AuditEvent.BARRED] = self._change([person for who in ids for person in self._called(who)], _barring)
        return Replayed(+done, (*missing, *self._given(entries)))

    def _called(self, who: str) -> tuple[InBackup, ...]:
        """Return the people with this id in the audit: none if they were admitted after the backup, several if they share it."""
        return tuple(person for person in self._people if who and person.who == who)

    def _bearing(self, entry: Entry) -> tuple[InBackup, ...]:
        """Return the owner of the entry's case. If several people may be meant, return none, or all of them if a hold is set."""
        owners = tuple(person for person in self._people if entry.reference and entry.reference in person.references)
        owners = tuple(person for person in owners if person.who == entry.who) or owners
        return owners if len(owners) == 1 or entry.what == AuditEvent.HOLD_SET else ()

    def _change(self, people: Iterable[InBackup], decide: Decide) -> int:
        inbounds = (Inbound(f"replay:{secrets.token_hex(8)}", self._at, one.person, decide, None) for one in people)
        return sum(isinstance(take_turn(self._tables, inbound, {}), Done) for inbound in inbounds)

    def _given(self, entries: tuple[Entry, ...]) -> Iterator[str]:
        """Yield a sentence for each kind of access that was granted after the backup, which people have to grant again."""
        gone = {entry.reference for entry in entries if entry.what == AuditEvent.REMOVED}
        here = {person.who for person in self._people if person.is_let_in} - gone
        admitted = {entry.who for entry in entries if entry.what == AuditEvent.ADMITTED}
        came = admitted - {person.who for person in self._people} - gone
        renewed = {entry.reference for entry in entries if entry.what == AuditEvent.RENEWED} & here
        pins = {entry.who for entry in entries if entry.what == AuditEvent.PIN_CHOSEN} & here
        new_pin = "They chose another PIN since; the one of before opens again. Where that must not be: people renew ID --new-pin"
        for ids, sentence in (
            (came, "They came in since, and are strangers now. Invite them again"),
            (renewed, "They were renewed since. Renew them again"),
            (pins, new_pin),
        ):
            if ids:
                yield f"{sentence}: {', '.join(sorted(ids))}"


def _barring(record: Record, _: object = None) -> Decision | None:
    account = read_account(record.access)
    if not isinstance(account, Account):
        return None
    return Decision(replace(record, access=written(replace(account, pin=account.pin.barred()))), ())
