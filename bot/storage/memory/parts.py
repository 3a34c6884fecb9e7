"""Audit, codes, reminders, documents and settings in memory: each part over rows of its own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.runtime.clock import aware
from bot.storage.memory.people import MemoryPeople
from bot.storage.monthly_counts import CountsByMonth, MonthCounts, MonthlyCount, with_counts
from bot.storage.owed_document import OwedDocument
from bot.storage.turn_rules import FOLLOW_AFTER
from bot.storage.values import Entry, Issued, OpenInvitation, Reminder, Shared
from bot.trail.audit import BOT, What
from bot.trail.chain import audit_month
from seraf.advice.contacts import Check


class MemoryAudit:
    """The audit, without its chain: nobody else can change it."""

    def __init__(self) -> None:
        self.rows: list[Entry] = []

    async def append(self, entries: Sequence[Entry]) -> None:
        """Append these entries, in order."""
        self.rows += entries

    async def entries(self) -> tuple[Entry, ...]:
        """Every entry of the months that are kept, oldest first."""
        return tuple(self.rows)

    async def drop_before(self, month: str, *, now: datetime) -> int:
        """Drop the entries of earlier months, and say how many; each such month leaves an entry. The latest month stays."""
        before = min(month, audit_month(now))
        months = sorted({audit_month(entry.at) for entry in self.rows if audit_month(entry.at) < before})
        kept = [entry for entry in self.rows if audit_month(entry.at) not in months]
        dropped = len(self.rows) - len(kept)
        self.rows = [*kept, *(Entry(now, BOT, What.AUDIT_DROPPED, each) for each in months)]
        return dropped


class MemoryInvitationCodes:
    """What each code opens, and until when."""

    def __init__(self, audit: MemoryAudit) -> None:
        self.rows: dict[str, tuple[str, datetime]] = {}
        self._audit = audit

    async def issue(self, code: str, text: str, *, until: datetime) -> None:
        """Keep what this code opens, until then."""
        self.keep(Issued(code, text, until))

    async def issue_all(self, issued: Sequence[Issued], said: Sequence[Entry]) -> None:
        """Keep what each of these codes opens, and append the entries to the audit."""
        for each in issued:
            self.keep(each)
        await self._audit.append(said)

    async def valid(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """What each code that is valid now opens, and until when; the first to expire comes first."""
        return tuple((each.text, each.until) for each in self.open_at(aware(now)))

    async def withdraw(self, text: str, said: Entry) -> bool:
        """Use up every valid code that opens this text, and append the entry to the audit; false where there is none."""
        marks = [each.mark for each in self.open_at(said.at) if each.text == text]
        self.use_up(marks)
        await self._audit.append([said] if marks else [])
        return bool(marks)

    async def forget_expired(self, now: datetime) -> int:
        """Forget the codes that have expired, and say how many."""
        return _forget(self.rows, [code for code, (_, until) in self.rows.items() if until <= aware(now)])

    def keep(self, issued: Issued) -> None:
        """Keep what a code opens."""
        self.rows[issued.code] = (issued.text, issued.until)

    def open_at(self, now: datetime) -> tuple[OpenInvitation, ...]:
        """The invitations that are open; the first to expire comes first."""
        found = [OpenInvitation(code.encode(), *row) for code, row in self.rows.items() if row[1] > now]
        return tuple(sorted(found, key=lambda each: each.until))

    def use_up(self, marks: Sequence[bytes]) -> None:
        """Use up the codes of these invitations."""
        _forget(self.rows, [code for mark in marks if (code := mark.decode()) in self.rows])

    def opened(self, code: str, now: datetime) -> str | None:
        """What a code opens now; None where it opens nothing."""
        text, until = self.rows.get(code, ("", now))
        return text if until > now else None

    def spend(self, code: str) -> None:
        """Use a code up."""
        self.rows.pop(code, None)


class MemoryReminders:
    """Reminders by person and reference."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Reminder] = {}

    async def due(self, until: datetime) -> tuple[Reminder, ...]:
        """The reminders that are due by then, longest due first."""
        due = [each for each in self.rows.values() if each.due <= aware(until)]
        return tuple(sorted(due, key=lambda each: (each.due, each.person, each.reference)))

    async def forget(self, reminder: Reminder) -> None:
        """Forget this reminder."""
        self.rows.pop((reminder.person, reminder.reference), None)

    def keep(self, reminder: Reminder) -> None:
        """Keep a reminder; a later one of the same person and reference takes its place."""
        self.rows[reminder.person, reminder.reference] = reminder

    def forget_of(self, person: str) -> None:
        """Forget every reminder of this person."""
        _forget(self.rows, [key for key in self.rows if key[0] == person])


class MemoryOwedDocuments:
    """Owed documents by person, kind, and whether they are of a rehearsal."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, bool], OwedDocument] = {}

    async def owed(self) -> tuple[OwedDocument, ...]:
        """Every document that is not sent yet, those of cases first."""
        return tuple(sorted(self.rows.values(), key=lambda each: each.is_of_rehearsal))

    async def forget(self, document: OwedDocument) -> None:
        """Forget a document; one asked for later stays."""
        if self.rows.get(_key(document)) == document:
            del self.rows[_key(document)]

    def keep(self, document: OwedDocument) -> None:
        """Keep a document beside others of the same reference; those of another reference go."""
        _forget(self.rows, [key for key, each in self.rows.items() if _is_replaced(each, document)])
        self.rows.pop(_key(document), None)  # so that one asked for again comes last
        self.rows[_key(document)] = document

    def forget_case_of(self, person: str) -> None:
        """Forget what is owed of a person's case."""
        _forget(
            self.rows,
            [key for key, each in self.rows.items() if each.person == person and not each.is_of_rehearsal],
        )


class MemoryContactChecks:
    """The latest check of each contact."""

    def __init__(self, audit: MemoryAudit) -> None:
        self.rows: dict[str, Check] = {}
        self._audit = audit

    async def keep(self, check: Check, said: Entry) -> None:
        """Keep a check in place of the contact's last one, and append the entry to the audit."""
        self.rows[check.contact] = check
        await self._audit.append([said])

    async def latest(self) -> tuple[Check, ...]:
        """The latest check of each contact, by the contact's id."""
        return tuple(check for _, check in sorted(self.rows.items()))


class MemoryMonthlyCounts:
    """Counts, by month."""

    def __init__(self) -> None:
        self.rows: dict[str, MonthCounts] = {}

    async def by_month(self) -> CountsByMonth:
        """Everything that is counted, however small."""
        return dict(sorted(self.rows.items()))

    async def forget_before(self, month: str) -> int:
        """Forget the counts of earlier months, and say of how many months."""
        return _forget(self.rows, [each for each in self.rows if each < month])

    def add(self, counts: Sequence[MonthlyCount]) -> None:
        """Add what a turn counted to its month."""
        for each in counts:
            self.rows[each.month] = with_counts(self.rows.get(each.month, {}), (each,))


class MemoryRooms:
    """What is shared, by name."""

    def __init__(self, people: MemoryPeople, ended: Callable[[str, datetime], None]) -> None:
        self.rows: dict[str, Shared] = {}
        self._people, self._ended = people, ended

    async def forget_expired(self, now: datetime) -> int:
        """Forget the rooms that have expired, and say how many."""
        return _forget(self.rows, [name for name, each in self.rows.items() if each.until <= aware(now)])

    async def forget_of(self, person: str, now: datetime) -> None:
        """Forget every room on this person's card; the others whose card shows it are soon due."""
        self.leave(person, aware(now))

    def leave(self, person: str, now: datetime) -> None:
        """Forget every room on this person's card; the others whose card shows it are soon due."""
        for name in [name for name, each in self.rows.items() if person in each.people]:
            self._make_others_due(self.rows[name], person, now=now)
            self.end(name, now)

    def find(self, name: str, now: datetime) -> Shared | None:
        """What is shared under this name; None where nothing is, or it has expired."""
        shared = self.rows.get(name)
        return shared if shared is not None and shared.until > now else None

    def keep(self, shared: Shared, *, actor: str, now: datetime) -> None:
        """Keep what is shared; the others whose card shows it are soon due."""
        self.rows[shared.name] = shared
        self._make_others_due(shared, actor, now=now)

    def end(self, name: str, now: datetime) -> None:
        """Forget what is shared under this name."""
        self.rows.pop(name, None)
        self._ended(name, now)

    def _make_others_due(self, shared: Shared, actor: str, *, now: datetime) -> None:
        for person in {*shared.people} - {actor}:
            self._people.make_due(person, now + FOLLOW_AFTER)


class MemoryEditions:
    """Instruments by fingerprint."""

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}

    async def keep(self, fingerprint: str, instrument: bytes) -> None:
        """Keep an instrument; the first bytes under a fingerprint stand."""
        self.rows.setdefault(fingerprint, bytes(instrument))

    async def by_fingerprint(self) -> Mapping[str, bytes]:
        """Every instrument kept."""
        return dict(self.rows)


class MemoryEventKeys:
    """The time of each event, by its key."""

    def __init__(self) -> None:
        self.rows: dict[str, datetime] = {}

    async def forget_before(self, time: datetime) -> int:
        """Forget the keys of earlier events, and say how many."""
        return _forget(self.rows, [key for key, at in self.rows.items() if at < aware(time)])

    def add(self, key: str, at: datetime) -> bool:
        """Whether the key is new; it is kept either way."""
        is_new = key not in self.rows
        self.rows.setdefault(key, at)
        return is_new


def _key(document: OwedDocument) -> tuple[str, str, bool]:
    return document.person, document.kind, document.is_of_rehearsal


def _is_replaced(old: OwedDocument, new: OwedDocument) -> bool:
    """Whether an owed document is of a case that another one has replaced."""
    is_alike = (old.person, old.is_of_rehearsal) == (new.person, new.is_of_rehearsal)
    return is_alike and old.reference != new.reference


def _forget(rows: dict[Any, Any], keys: list[Any]) -> int:
    for key in keys:
        del rows[key]
    return len(keys)
