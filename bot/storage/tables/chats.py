"""What is still to be done in chats: messages to remove, documents to send, and reminders. All of it is sealed, and outlasts a restart."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.crypto.sealing import place
from bot.runtime.clock import from_micros, to_micros
from bot.storage.counted_tables import DOCUMENTS, MESSAGES, REHEARSAL_DOCUMENTS, REMINDERS, StoredTable
from bot.storage.session import Rows
from bot.storage.values import MessageToRemove, OwedDocument, Reminder

MESSAGE = "SELECT mark, message, born FROM litter"


class MessagesToRemove(Rows):
    """Messages that are still to be removed from chats; whose they are and which is sealed, only their birth is not."""

    def keep(self, message: MessageToRemove) -> None:
        """Keep a message; the first word on it stands."""
        mark = self._mark(message.person, message.handle)
        written = json.dumps([message.person, message.handle, message.is_own, message.is_kept]).encode()
        sealed = self._sealer.seal(written, place("litter", "message", row=mark))
        born, whose = to_micros(message.born), self._keys.mark("person", message.person)
        self._session.add(MESSAGES, mark=mark, message=sealed, born=born, whose=whose)

    def add(self, person: str, handle: str, *, born: datetime, is_kept: bool = False) -> None:
        """Add a message of the bot's, to be removed at once or (`is_kept`) in the end; the first word on a message stands."""
        self.keep(MessageToRemove(person, handle, born, is_kept=is_kept))

    def forget(self, person: str, handles: Sequence[str]) -> None:
        """Forget messages that have been removed."""
        for handle in handles:
            self._session.remove(MESSAGES, self._mark(person, handle))

    def oldest_first(self) -> tuple[MessageToRemove, ...]:
        """Return every message still to be removed."""
        return _oldest_first(self._opened(*row) for row in self._session.execute(MESSAGE).fetchall())

    def of(self, person: str) -> tuple[MessageToRemove, ...]:
        """Return those that are to be removed from this person's chat, oldest first."""
        rows = self._session.execute(f"{MESSAGE} WHERE whose = ?", (self._keys.mark("person", person),)).fetchall()
        # The hash by which they are found is in no seal and no sum: whose a message is, the
        # sealed value says.
        found = [self._opened(*row) for row in rows]
        return _oldest_first(each for each in found if each.person == person)

    def _opened(self, mark: bytes, message: bytes, born: int) -> MessageToRemove:
        person, handle, *more = json.loads(self._sealer.unseal(message, place("litter", "message", row=mark)))
        # Earlier releases wrote one or both of these not yet.
        is_own, is_kept = (*more, False, False)[:2]
        return MessageToRemove(person=person, handle=handle, born=from_micros(born), is_own=is_own, is_kept=is_kept)

    def _mark(self, person: str, handle: str) -> bytes:
        return self._keys.mark("litter", person, handle)


class OwedDocuments(Rows):
    """Documents that people asked for and that are not sent yet: one row for each person in either of two tables.

    Those of a case go with it, and a case of another reference takes their place; those of a rehearsal do neither. What is in a
    document is never here.
    """

    def keep(self, document: OwedDocument) -> None:
        """Keep a document beside others of the same reference; those of another reference go."""
        owed = self._owed_like(document)
        alike = [each for each in owed if each.reference == document.reference and each.kind != document.kind]
        self._write(document, owed=(*alike, document))

    def owed(self) -> tuple[OwedDocument, ...]:
        """Return every document that is not sent yet, those of cases first, and of whoever asked first."""
        return tuple(each for table in (DOCUMENTS, REHEARSAL_DOCUMENTS) for each in self._everything(table))

    def forget(self, document: OwedDocument) -> None:
        """Forget a document that was sent, or is not to be sent; one asked for later stays."""
        owed = self._owed_like(document)
        self._write(document, owed=tuple(each for each in owed if each != document))

    def _everything(self, table: StoredTable) -> list[OwedDocument]:
        rows = self._session.execute(f"SELECT mark, body FROM {table.name}").fetchall()
        of_each = sorted((self._opened(table, *row) for row in rows), key=lambda owed: (owed[0].asked, owed[0].person))
        return [each for owed in of_each for each in owed]

    def _owed_like(self, document: OwedDocument) -> tuple[OwedDocument, ...]:
        """Return what is owed to the same person in the same table."""
        table, mark = _table(document), self._keys.mark("person", document.person)
        found = self._session.execute(f"SELECT body FROM {table.name} WHERE mark = ?", (mark,)).fetchone()
        return () if found is None else self._opened(table, mark, found[0])

    def _write(self, document: OwedDocument, *, owed: tuple[OwedDocument, ...]) -> None:
        """Replace the person's row in the document's table."""
        table, mark = _table(document), self._keys.mark("person", document.person)
        if not owed:
            self._session.remove(table, mark)
            return
        kinds = [[each.kind, to_micros(each.asked)] for each in owed]
        written = json.dumps([document.person, owed[0].reference, kinds]).encode()
        self._session.put(table, mark=mark, body=self._sealer.seal(written, place(table.name, "body", row=mark)))

    def _opened(self, table: StoredTable, mark: bytes, body: bytes) -> tuple[OwedDocument, ...]:
        person, reference, kinds = json.loads(self._sealer.unseal(body, place(table.name, "body", row=mark)))
        return tuple(OwedDocument(person, reference, kind, from_micros(asked)) for kind, asked in kinds)


class Reminders(Rows):
    """When somebody is to look at a case again: a person, a reference and a time, and nothing else. They outlast the case."""

    def keep(self, reminder: Reminder) -> None:
        """Keep a reminder; a later one of the same person and reference takes its place."""
        mark = self._mark(reminder)
        written = json.dumps([reminder.person, reminder.reference]).encode()
        sealed = self._sealer.seal(written, place("reminders", "body", row=mark))
        self._session.put(REMINDERS, mark=mark, body=sealed, due=to_micros(reminder.due))

    def due(self, until: datetime) -> tuple[Reminder, ...]:
        """Return the reminders that are due by then, longest due first."""
        statement = "SELECT mark, body, due FROM reminders WHERE due <= ? ORDER BY due, mark"
        return tuple(self._opened(*row) for row in self._session.execute(statement, (to_micros(until),)).fetchall())

    def forget(self, reminder: Reminder) -> None:
        """Forget this reminder; harmless where it is not there."""
        self._session.remove(REMINDERS, self._mark(reminder))

    def forget_before(self, time: datetime) -> int:
        """Forget the reminders that were due by then, and return how many."""
        return self._session.remove_where(REMINDERS, "due <= ?", to_micros(time))

    def forget_of(self, person: str) -> None:
        """Forget every reminder of this person."""
        rows = self._session.execute("SELECT mark, body, due FROM reminders").fetchall()
        for reminder in (self._opened(*row) for row in rows):
            if reminder.person == person:
                self.forget(reminder)

    def _opened(self, mark: bytes, body: bytes, due: int) -> Reminder:
        person, reference = json.loads(self._sealer.unseal(body, place("reminders", "body", row=mark)))
        return Reminder(person, reference, from_micros(due))

    def _mark(self, reminder: Reminder) -> bytes:
        return self._keys.mark("reminder", reminder.person, reminder.reference)


def _oldest_first(messages: Iterable[MessageToRemove]) -> tuple[MessageToRemove, ...]:
    """Return messages by birth, oldest first; by person and handle at the same time."""
    return tuple(sorted(messages, key=lambda message: (message.born, message.person, message.handle)))


def _table(document: OwedDocument) -> StoredTable:
    return REHEARSAL_DOCUMENTS if document.is_of_rehearsal else DOCUMENTS
