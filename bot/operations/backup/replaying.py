"""What was taken away since a backup, taken away again when it is restored: by an export of the audit, whose chain proves every entry.

Access that ended ends again, codes that were used or withdrawn open nothing, holds are set again, and what was erased goes again. What
was given since, such as a renewal or a new PIN, is not in a line of the audit: it is said, and left to people.
"""

import json
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bot.access.account import Account, Removed, read_account, written
from bot.access.admission import read_invitation
from bot.conversation.changes import GIVING, erasure, giving_role, holding, letting_go, removal
from bot.conversation.records import reference_of
from bot.crypto.sealing import KeyRing
from bot.runtime.errors import SettingsFault
from bot.runtime.files import read_at_most
from bot.storage.tables import Tables
from bot.storage.turning import take_turn
from bot.storage.values import Decide, Decision, Done, Inbound, Record
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry, Head, link

LARGEST = 256 * 1024 * 1024
"""Bytes of an export that are read."""

NOT_THIS = "It is another store's, was changed, or goes on from another backup: export the audit again."

ROLES = {what: role for role, what in GIVING.items()}
WORDS = frozenset(AuditEvent)
ERASED = (AuditEvent.ERASED, AuditEvent.ERASED_BY_TIME, AuditEvent.ERASED_ON_REMOVAL)


@dataclass(frozen=True, slots=True)
class Replayed:
    """How often each thing was done again, and what is left to people, in sentences."""

    done: Counter[AuditEvent] = field(default_factory=Counter)
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InBackup:
    """Somebody as the backup has them: their id in the audit, the reference of their case, and whether they are let in."""

    person: str = field(repr=False)
    who: str
    reference: str
    is_let_in: bool

    @classmethod
    def of(cls, record: Record) -> "InBackup":
        """Them, by what is kept."""
        match read_account(record.access):
            case Account(audit_id=who):
                return cls(record.person, who, reference_of(record), is_let_in=True)
            case Removed(was=who):
                return cls(record.person, who, reference_of(record), is_let_in=False)
        return cls(record.person, "", reference_of(record), is_let_in=False)


def entries_since(path: Path, head: Head, *, keys: KeyRing) -> tuple[Entry, ...]:
    """Return the entries after a head in an export of the audit. Raise `SettingsFault` unless they follow it, unchanged and uncut."""
    number, before, ended, since = head.number, head.link, "", list[Entry]()
    for at, values in _lines(path):
        if isinstance(values, dict) and isinstance(values.get("head"), str):
            ended = values["head"]
            continue
        line = _read(path, at, values)
        is_next = line.number == number + 1 and link(keys, before, number=line.number, entry=line.entry) == line.link
        if line.number > head.number and is_next:
            number, before = line.number, line.link
            since.append(line.entry)
        elif line.number > head.number or (line.number == head.number and line.link != head.link):
            raise SettingsFault(f"{path}, line {at}: does not go on from entry {number} of that audit. {NOT_THIS}")
    if ended != str(Head(number, before)):
        raise SettingsFault(f"{path}: does not end as it says, or ends before the backup's audit does. {NOT_THIS}")
    return tuple(since)


class Exported(NamedTuple):
    """An entry as it was exported."""

    number: int
    entry: Entry
    link: bytes


def _read(path: Path, at: int, values: object) -> Exported:
    """Return the entry in a line of an export."""
    try:
        match values:
            case {
                "number": int(number),
                "at": str(when),
                "who": str(who),
                "what": str(what),
                "reference": str(about),
                "link": str(text),
                **more,
            }:
                entry = Entry(datetime.fromisoformat(when), who, what, about, role=str(more.get("role", "")))
                return Exported(number, entry, bytes.fromhex(text))
    except ValueError:
        pass
    raise SettingsFault(f"{path}, line {at}: is no line of an export, or its entry does not open. {NOT_THIS}")


def _lines(path: Path) -> Iterator[tuple[int, object]]:
    """Yield the lines of an export by their numbers, each as JSON."""
    try:
        content = read_at_most(path, LARGEST)
    except OSError as error:
        raise SettingsFault(f"The export {path} could not be read: {error.strerror}. Name the file.") from None
    if len(content) > LARGEST:
        raise SettingsFault(f"The export {path} is over {LARGEST:,} bytes. Try seraf-bot audit export --since HEAD")
    for at, line in enumerate(content.splitlines(), 1):
        try:
            yield at, json.loads(line)
        except (ValueError, RecursionError):
            yield at, None


class Replay:
    """Replays entries into a restored store, by an operator at a time, within the transaction of the restore."""

    def __init__(self, tables: Tables, at: datetime, by: str) -> None:
        self._tables, self._at, self._by = tables, at, by
        self._people = tuple(InBackup.of(row.record) for row in tables.people.everyone())

    def carry_out(self, entries: tuple[Entry, ...]) -> Replayed:
        """Do each again, in order, and say what could not be done or is left to people."""
        done, missing = Counter[AuditEvent](), list[str]()
        for entry in (each for each in entries if each.what in WORDS):
            what, people, decide = self._again(entry)
            done[what] += sum(self._change(each.person, decide) for each in people)
            if entry.what in (AuditEvent.ADMITTED, AuditEvent.WITHDRAWN):
                done[AuditEvent.WITHDRAWN] += self._withdraw(
                    entry.who if entry.what == AuditEvent.ADMITTED else entry.reference
                )
            if what is AuditEvent.HOLD_SET and not people:
                missing.append(f"{entry.reference} was held since, and is not in this backup.")
        barred = [each for who in _barred(entries) for each in self._called(who)]
        done[AuditEvent.BARRED] = sum(self._change(each.person, _barring) for each in barred)
        return Replayed(+done, (*missing, *self._given(entries)))

    def _again(self, entry: Entry) -> tuple[AuditEvent, tuple[InBackup, ...], Decide]:
        """Return what an entry was, whom it was about, and how it is done again; nobody if it took nothing away."""
        what, at, by = AuditEvent(entry.what), self._at, self._by
        if what is AuditEvent.REMOVED:
            return what, self._called(entry.reference), removal(at, by=by)
        if what in ROLES:
            return AuditEvent.ROLE_PRACTITIONER, self._called(entry.reference), giving_role(ROLES[what], at, by=by)
        if what is AuditEvent.HOLD_SET:
            return what, self._bearing(entry), holding(entry.reference, at, by=by)
        if what is AuditEvent.HOLD_LIFTED:
            return what, self._bearing(entry), letting_go(entry.reference, at, by=by)
        if what in ERASED:
            return AuditEvent.ERASED, self._bearing(entry), erasure(entry.reference, at, by=by)
        return what, (), erasure("", at, by=by)

    def _called(self, who: str) -> tuple[InBackup, ...]:
        """Return the people of this id: nobody who came since, and one unless the id was drawn twice."""
        return tuple(each for each in self._people if who and each.who == who)

    def _bearing(self, entry: Entry) -> tuple[InBackup, ...]:
        """Return the people whose case has the reference of an entry; of several, whoever acted. Without one, only a hold is set."""
        found = tuple(each for each in self._people if entry.reference and each.reference == entry.reference)
        theirs = tuple(each for each in found if each.who == entry.who) or found
        return theirs if len(theirs) == 1 or entry.what == AuditEvent.HOLD_SET else ()

    def _change(self, person: str, decide: Decide) -> bool:
        inbound = Inbound(f"replay:{secrets.token_hex(8)}", self._at, person, decide, None)
        return isinstance(take_turn(self._tables, inbound, {}), Done)

    def _withdraw(self, who: str) -> int:
        """Let the codes of an invitation open nothing any more."""
        offers = self._tables.invitation_codes.valid(self._at)
        marks = tuple(each.mark for each in offers if read_invitation(each.text).audit_id == who)
        self._tables.invitation_codes.use_up(marks)
        self._tables.audit.append([Entry(self._at, self._by, AuditEvent.WITHDRAWN, who) for _ in marks])
        return len(marks)

    def _given(self, entries: tuple[Entry, ...]) -> Iterator[str]:
        """Yield what was granted since, which cannot be granted again from the audit."""
        gone = {each.reference for each in entries if each.what == AuditEvent.REMOVED}
        here = {each.who for each in self._people if each.is_let_in} - gone
        came = (
            {each.who for each in entries if each.what == AuditEvent.ADMITTED}
            - {each.who for each in self._people}
            - gone
        )
        renewed = {each.reference for each in entries if each.what == AuditEvent.RENEWED} & here
        pins = {each.who for each in entries if each.what == AuditEvent.PIN_CHOSEN} & here
        for ids, said in (
            (came, "They came in since, and are strangers now. Invite them again"),
            (renewed, "They were renewed since. Renew them again"),
            (
                pins,
                "They chose another PIN since; the one of before opens again. Where that must not be: people renew ID --new-pin",
            ),
        ):
            if ids:
                yield f"{said}: {', '.join(sorted(ids))}"


def _barred(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    """Return who was barred since and was not forgiven."""
    barred = dict[str, None]()
    for entry in entries:
        if entry.what == AuditEvent.BARRED:
            barred[entry.who] = None
        elif entry.what in (AuditEvent.RENEWED, AuditEvent.UNLOCKED):
            barred.pop(entry.reference or entry.who, None)
    return tuple(barred)


def _barring(record: Record, _: object = None) -> Decision | None:
    account = read_account(record.access)
    if not isinstance(account, Account):
        return None
    return Decision(replace(record, access=written(replace(account, pin=account.pin.barred()))), ())
