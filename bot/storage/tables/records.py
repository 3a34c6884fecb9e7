"""The smaller tables: pending messages, documents and reminders, rooms and passes, event keys, contact checks, editions and counts."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.crypto.sealing import KeyRing, place
from bot.runtime.clock import from_micros, to_micros
from bot.runtime.errors import DamagedValue
from bot.storage.ledger import (
    CONTACTS,
    COUNTS,
    DOCUMENTS,
    EDITIONS,
    EVENT_KEYS,
    MESSAGES,
    PASSES,
    REHEARSAL_DOCUMENTS,
    REMINDERS,
    ROOMS,
    SHORT_LIVED,
    StoredTable,
)
from bot.storage.passes import LINGERS, Pass
from bot.storage.session import Rows, StoreSession
from bot.storage.tables.audit import Audit
from bot.storage.tables.cases import Cases
from bot.storage.tables.people import People
from bot.storage.values import CountsByMonth, MessageToRemove, MonthlyCount, OwedDocument, Reminder, Shared
from bot.trail.chain import Entry
from seraf.advice.contacts import Check

FOLLOW_AFTER = timedelta(seconds=2)  # delay until a room's other members are due, to show several changes at once


class MessagesToRemove(Rows):
    """The table of messages still to be removed from chats. Only the time when a message was sent is stored unencrypted."""

    def keep(self, message: MessageToRemove) -> None:
        """Insert a message unless the table has it already."""
        mark = self._mark(message.person, message.handle)
        value = [message.person, message.handle, message.is_own, message.is_kept]
        sealed, born = self._seal(MESSAGES, mark, value), to_micros(message.born)
        whose = self._keys.mark("person", message.person)
        self._session.add(MESSAGES, mark=mark, message=sealed, born=born, whose=whose)

    def add(self, person: str, handle: str, *, born: datetime, is_kept: bool = False) -> None:
        """Insert a message of the bot unless the table has it. It is removed at once, or if `is_kept` with its case or chat."""
        self.keep(MessageToRemove(person, handle, born, is_kept=is_kept))

    def forget(self, person: str, handles: Sequence[str]) -> None:
        """Delete the rows of messages that were removed from this person's chat."""
        for handle in handles:
            self._session.remove(MESSAGES, self._mark(person, handle))

    def oldest_first(self) -> tuple[MessageToRemove, ...]:
        """Return every message, oldest first."""
        return self._opened("SELECT mark, message, born FROM litter")

    def of(self, person: str) -> tuple[MessageToRemove, ...]:
        """Return the messages to be removed from this person's chat, oldest first."""
        statement = "SELECT mark, message, born FROM litter WHERE whose = ?"
        # `whose` is in no seal and no sum: only the sealed value proves to whom a message belongs.
        opened = self._opened(statement, self._keys.mark("person", person))
        return tuple(message for message in opened if message.person == person)

    def _opened(self, statement: str, *values: object) -> tuple[MessageToRemove, ...]:
        """Return the messages of a query, sorted by the time they were sent, then by person and handle."""
        messages = []
        for mark, sealed, born in self._session.execute(statement, values).fetchall():
            # Earlier releases did not write one or both of these.
            person, handle, *more = self._unseal(MESSAGES, mark, sealed)
            is_own, is_kept = (*more, False, False)[:2]
            messages.append(MessageToRemove(person, handle, from_micros(born), is_own=is_own, is_kept=is_kept))
        return tuple(sorted(messages, key=lambda message: (message.born, message.person, message.handle)))

    def _mark(self, person: str, handle: str) -> bytes:
        return self._keys.mark("litter", person, handle)


class OwedDocuments(Rows):
    """The tables of documents that people asked for and have not received: a row for each case, and one a person for rehearsals.

    Documents of a case are deleted with it; documents of a rehearsal are not.
    """

    def __init__(self, session: StoreSession, keys: KeyRing, cases: Cases) -> None:
        super().__init__(session, keys)
        self._cases = cases

    def keep(self, document: OwedDocument) -> None:
        """Add a document. Other documents of the same case, or of the person's rehearsal, stay. Raise `ValueError` without a case."""
        if self._mark_of(document) is None:
            raise ValueError("a document is of a case that its person has")
        others = (other for other in self._pending(document) if other.kind != document.kind)
        self._write(document, pending=(*others, document))

    def owed(self) -> tuple[OwedDocument, ...]:
        """Return every document that was not sent yet: those of cases first, then sorted by the time of a person's first request."""
        documents: list[OwedDocument] = []
        for table in (DOCUMENTS, REHEARSAL_DOCUMENTS):
            rows = self._session.execute(f"SELECT mark, body FROM {table.name}").fetchall()
            by_person = (self._opened(table, *row) for row in rows)
            for pending in sorted(by_person, key=lambda pending: (pending[0].asked, pending[0].person)):
                documents += pending
        return tuple(documents)

    def forget(self, document: OwedDocument) -> None:
        """Delete a document that was sent or will not be sent. If the person asked for it again later, that request stays."""
        self._write(document, pending=tuple(other for other in self._pending(document) if other != document))

    def _pending(self, document: OwedDocument) -> tuple[OwedDocument, ...]:
        """Return the documents of the same case, or those of the person's rehearsal."""
        table, mark = _table(document), self._mark_of(document)
        row = self._session.execute(f"SELECT body FROM {table.name} WHERE mark = ?", (mark,)).fetchone()
        return () if row is None or mark is None else self._opened(table, mark, row[0])

    def _mark_of(self, document: OwedDocument) -> bytes | None:
        """Return the mark of the document's row: that of its case, or None if its person has no such case, or that of the person."""
        if document.is_of_rehearsal:
            return self._keys.mark("person", document.person)
        return self._cases.mark_of(document.person, document.reference)

    def _write(self, document: OwedDocument, *, pending: tuple[OwedDocument, ...]) -> None:
        table, mark = _table(document), self._mark_of(document)
        if mark is None:
            return
        if not pending:
            self._session.remove(table, mark)
            return
        kinds = [[item.kind, to_micros(item.asked)] for item in pending]
        body = self._seal(table, mark, [document.person, pending[0].reference, kinds])
        self._session.put(table, mark=mark, body=body)

    def _opened(self, table: StoredTable, mark: bytes, body: bytes) -> tuple[OwedDocument, ...]:
        person, reference, kinds = self._unseal(table, mark, body)
        return tuple(OwedDocument(person, reference, kind, from_micros(asked)) for kind, asked in kinds)


def _table(document: OwedDocument) -> StoredTable:
    return REHEARSAL_DOCUMENTS if document.is_of_rehearsal else DOCUMENTS


class Reminders(Rows):
    """The table of reminders to review a case, each with a person, a reference and a time. They are not deleted with the case."""

    def keep(self, reminder: Reminder) -> None:
        """Write a reminder. It replaces an earlier one with the same person and reference."""
        mark = self._mark(reminder)
        body = self._seal(REMINDERS, mark, [reminder.person, reminder.reference])
        self._session.put(REMINDERS, mark=mark, body=body, due=to_micros(reminder.due))

    def due(self, until: datetime) -> tuple[Reminder, ...]:
        """Return the reminders due by this time, the longest due first."""
        return self._opened("WHERE due <= ? ORDER BY due, mark", to_micros(until))

    def forget(self, reminder: Reminder) -> None:
        """Delete this reminder, if it exists."""
        self._session.remove(REMINDERS, self._mark(reminder))

    def forget_before(self, time: datetime) -> int:
        """Delete the reminders due by this time, and return their number."""
        return self._session.remove_where(REMINDERS, "due <= ?", to_micros(time))

    def pass_on(self, reference: str, *, former: str, to: str) -> None:
        """Give a reminder of one person to another, who holds the case now."""
        for reminder in self._opened("WHERE mark = ?", self._keys.mark("reminder", former, reference)):
            self.forget(reminder)
            self.keep(replace(reminder, person=to))

    def forget_of(self, person: str) -> None:
        """Delete every reminder of this person."""
        for reminder in self._opened(""):
            if reminder.person == person:
                self.forget(reminder)

    def _opened(self, condition: str, *values: object) -> tuple[Reminder, ...]:
        rows = self._session.execute(f"SELECT mark, body, due FROM reminders {condition}", values).fetchall()
        opened = ((*self._unseal(REMINDERS, mark, body), from_micros(due)) for mark, body, due in rows)
        return tuple(Reminder(person, reference, due) for person, reference, due in opened)

    def _mark(self, reminder: Reminder) -> bytes:
        return self._keys.mark("reminder", reminder.person, reminder.reference)


class RoomPasses(Rows):
    """The table of passes to rooms. A pass is found by the keyed hash of its name, which is not stored."""

    def find(self, name: str, now: datetime) -> Pass | None:
        """Return the pass of this name, or None if there is none or it has expired."""
        mark = self._mark(name)
        row = self._session.execute("SELECT body FROM passes WHERE mark = ?", (mark,)).fetchone()
        item = None if row is None else self._opened(mark, row[0], name=name)
        return item if item is not None and item.until > now else None

    def keep(self, item: Pass) -> None:
        """Write a pass. It replaces an earlier one with the same name."""
        self._write(self._mark(item.name), item)

    def forget(self, name: str) -> None:
        """Delete the pass with this name."""
        self._session.remove(PASSES, self._mark(name))

    def forget_expired(self, now: datetime) -> int:
        """Delete the passes that have expired, and return their number."""
        return self._session.remove_where(PASSES, "until <= ?", to_micros(now))

    def end(self, room: str, now: datetime) -> None:
        """Shorten the passes to a room that has ended: they expire an hour after `now` at the latest."""
        for mark, body in self._session.execute("SELECT mark, body FROM passes").fetchall():
            item = self._opened(mark, body)
            if item.room == room:
                self._write(mark, replace(item, until=min(item.until, now + LINGERS)))

    def _write(self, mark: bytes, item: Pass) -> None:
        until = to_micros(item.until)
        body = self._seal(PASSES, mark, [item.room, until, item.card, item.text, item.host])
        self._session.put(PASSES, mark=mark, body=body, until=until)

    def _opened(self, mark: bytes, body: bytes, *, name: str = "") -> Pass:
        room, until, card, text, host = self._unseal(PASSES, mark, body)
        return Pass(name, room, from_micros(until), card, text, host)

    def _mark(self, name: str) -> bytes:
        return self._keys.lasting("pass", name)


class Rooms(Rows):
    """The table of rooms in which people rehearse together. A room is found by the keyed hash of its name."""

    def __init__(self, session: StoreSession, keys: KeyRing, people: People, passes: RoomPasses) -> None:
        super().__init__(session, keys)
        self._people, self._passes = people, passes

    def find(self, name: str, now: datetime) -> Shared | None:
        """Return the room of this name, or None if there is none or it has expired."""
        rooms = self._opened("WHERE mark = ?", self._mark(name))
        return rooms[0] if rooms and rooms[0].until > now else None

    def keep(self, shared: Shared, *, actor: str, now: datetime) -> None:
        """Write a room, and make its members due shortly after `now`, except the actor."""
        mark = self._mark(shared.name)
        body = self._seal(ROOMS, mark, [shared.name, shared.text, shared.people])
        self._session.put(ROOMS, mark=mark, body=body, until=to_micros(shared.until))
        self._make_others_due(shared, actor=actor, now=now)

    def end(self, name: str, now: datetime) -> None:
        """Delete a room, and shorten the passes to it as `RoomPasses.end` does."""
        self._session.remove(ROOMS, self._mark(name))
        self._passes.end(name, now)

    def forget_expired(self, now: datetime) -> int:
        """Delete the rooms that have expired, and return their number."""
        return self._session.remove_where(ROOMS, "until <= ?", to_micros(now))

    def forget_of(self, person: str, now: datetime) -> None:
        """Delete every room that this person is a member of, and make its other members due shortly after `now`."""
        for shared in self._opened("ORDER BY mark"):
            if person in shared.people:
                self.end(shared.name, now)
                self._make_others_due(shared, actor=person, now=now)

    def _make_others_due(self, shared: Shared, *, actor: str, now: datetime) -> None:
        for person in dict.fromkeys(shared.people):
            if person != actor:
                self._people.make_due(person, now + FOLLOW_AFTER)

    def _opened(self, condition: str, *values: object) -> list[Shared]:
        rooms = []
        for mark, body, until in self._session.execute(f"SELECT mark, body, until FROM rooms {condition}", values):
            name, text, people = self._unseal(ROOMS, mark, body)
            rooms.append(Shared(name, text, from_micros(until), tuple(people)))
        return rooms

    def _mark(self, name: str) -> bytes:
        return self._keys.mark("room", name)


class EventKeys(Rows):
    """The table of event keys, so that an event that arrives twice counts once. Its keyed hashes do not change in a key rotation."""

    def add(self, key: str, at: datetime) -> bool:
        """Insert a key. Return True if it is new."""
        return self._session.add(EVENT_KEYS, mark=self._keys.lasting("inbound", key), at=to_micros(at))

    def refuse(self, key: str, error: str) -> None:
        """Record the error of the event with this key, which was refused."""
        self._session.change(EVENT_KEYS, self._keys.lasting("inbound", key), refused=error)

    def forget(self, key: str) -> None:
        """Delete a key, so that its event can be answered later."""
        self._session.remove(EVENT_KEYS, self._keys.lasting("inbound", key))

    def forget_before(self, time: datetime) -> int:
        """Delete the keys of events before this time, and return their number."""
        return self._session.remove_where(EVENT_KEYS, "at < ?", to_micros(time))


class ContactChecks(Rows):
    """The table of the latest check of each contact's telephone number: whether somebody who tried it found it right."""

    def __init__(self, session: StoreSession, keys: KeyRing, audit: Audit) -> None:
        super().__init__(session, keys)
        self._audit = audit

    def keep(self, check: Check, *entries: Entry) -> None:
        """Write a check, which replaces the contact's earlier one, and append the entries to the audit."""
        body = self._seal(CONTACTS, check.contact.encode(), [check.value, check.on.isoformat(), check.is_right])
        self._session.put(CONTACTS, contact=str(check.contact), body=body)
        self._audit.append(entries)

    def latest(self) -> tuple[Check, ...]:
        """Return the latest check of each contact, sorted by the contact's id."""
        checks = []
        for contact, body in self._session.execute("SELECT contact, body FROM contacts ORDER BY contact"):
            value, on, is_right = self._unseal(CONTACTS, contact.encode(), body)
            checks.append(Check(contact, value, date.fromisoformat(on), is_right=is_right))
        return tuple(checks)


class Editions(Rows):
    """The table of every instrument that a session began with. Instruments are no secret; they are sealed so that nobody can change one."""

    def keep(self, fingerprint: str, instrument: bytes) -> None:
        """Insert an instrument unless the table has its fingerprint already."""
        sealed = self._sealer.seal(instrument, _edition(fingerprint))
        self._session.add(EDITIONS, fingerprint=fingerprint, instrument=sealed)

    def by_fingerprint(self) -> Mapping[str, bytes]:
        """Return a mapping from fingerprint to instrument."""
        rows = self._session.execute("SELECT fingerprint, instrument FROM editions").fetchall()
        return {fingerprint: self._sealer.unseal(sealed, _edition(fingerprint)) for fingerprint, sealed in rows}


def _edition(fingerprint: str) -> bytes:
    return place("editions", "instrument", row=fingerprint.encode())


class MonthlyCounts(Rows):
    """The table of monthly counts, one sealed row a month. No count names a person, a case or a day."""

    def add(self, counts: Iterable[MonthlyCount]) -> None:
        """Add the counts of one event to the totals of their months."""
        by_month: dict[str, list[MonthlyCount]] = {}
        for count in counts:
            by_month.setdefault(count.month, []).append(count)
        for month, added in by_month.items():
            row = self._session.execute("SELECT body FROM monthly_counts WHERE month = ?", (month,)).fetchone()
            total: dict[str, dict[str, int]] = {} if row is None else self._unseal(COUNTS, month.encode(), row[0])
            for count in added:
                words = total.setdefault(count.kind, {})
                # Never below 0: a tap may be taken back in a later month.
                words[count.word] = max(words.get(count.word, 0) + count.by, 0)
            self._session.put(COUNTS, month=month, body=self._seal(COUNTS, month.encode(), total))

    def by_month(self) -> CountsByMonth:
        """Return the counts of every month, however small. Callers leave out those that are too small to be shown."""
        rows = self._session.execute("SELECT month, body FROM monthly_counts ORDER BY month").fetchall()
        return {month: self._unseal(COUNTS, month.encode(), body) for month, body in rows}

    def forget_before(self, month: str) -> int:
        """Delete the counts of months before this one ("2026-11"), and return the number of months."""
        return self._session.remove_where(COUNTS, "month < ?", month)


class ShortLived(Rows):
    """The table of values that every copy of the program has to know for a short time, each under a kind and a name."""

    def find(self, kind: str, name: str) -> Any | None:
        """Return the value, or None if there is none, or if it was changed from outside. It may have expired."""
        mark = self._mark(kind, name)
        row = self._session.execute("SELECT body FROM short_lived WHERE mark = ?", (mark,)).fetchone()
        with suppress(DamagedValue):  # it is needed by none of the other events in this transaction
            return None if row is None else self._unseal(SHORT_LIVED, mark, row[0])
        return None

    def keep(self, kind: str, name: str, value: object, *, until: datetime) -> None:
        """Write a value in place of an earlier one. It is deleted some time after `until`."""
        mark = self._mark(kind, name)
        self._session.put(SHORT_LIVED, mark=mark, body=self._seal(SHORT_LIVED, mark, value), until=to_micros(until))

    def forget(self, kind: str, name: str) -> None:
        """Delete a value."""
        self._session.remove(SHORT_LIVED, self._mark(kind, name))

    def forget_expired(self, now: datetime) -> int:
        """Delete the values that have expired, and return their number."""
        return self._session.remove_where(SHORT_LIVED, "until <= ?", to_micros(now))

    def _mark(self, kind: str, name: str) -> bytes:
        # Lasting: the name is not stored, so a key rotation could not hash it again.
        return self._keys.lasting("short-lived", kind, name)


class ChannelNotes(Rows):
    """The time at which the channel last asked for events, stored unencrypted."""

    def polled_at(self) -> datetime | None:
        """Return the time at which the channel last asked for events, or None if it never has."""
        (micros,) = self._session.execute("SELECT polled FROM meta").fetchone()
        return None if micros is None else from_micros(micros)

    def mark_polled(self, at: datetime) -> None:
        """Record the time at which the channel last asked for events."""
        self._session.execute("UPDATE meta SET polled = ?", (to_micros(at),))
