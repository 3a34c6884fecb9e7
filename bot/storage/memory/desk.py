"""What lies beside people in the store in memory: codes, the audit, reminders, documents, contacts, editions, and polls."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.runtime.timestamps import aware
from bot.storage.memory.memory_state import MemoryState
from bot.storage.owed import OwedDocument
from bot.storage.values import Entry, Reminder
from bot.trail.audit import BOT, What
from bot.trail.chain import audit_month
from seraf.advice.contacts import Check


class MemoryDesk:
    """The half of a `Store` in memory that is about no person's conversation."""

    def __init__(self) -> None:
        self._shelf = MemoryState()
        self._editions: dict[str, bytes] = {}
        self._checks: dict[str, Check] = {}
        self._polled: datetime | None = None
        self._bot = ""

    async def keep_edition(self, fingerprint: str, instrument: bytes) -> None:
        """Keep an instrument; the first bytes under a fingerprint stand."""
        self._editions.setdefault(fingerprint, bytes(instrument))

    async def editions(self) -> Mapping[str, bytes]:
        """Every instrument kept, by fingerprint."""
        return dict(self._editions)

    async def polled_at(self) -> datetime | None:
        """When the channel was last asked for events; None when never."""
        return self._polled

    async def mark_polled(self, at: datetime) -> None:
        """Remember when the channel was last asked for events."""
        self._polled = aware(at)

    async def bot_name(self) -> str:
        """The bot's public name; empty until it has run."""
        return self._bot

    async def keep_bot_name(self, name: str) -> None:
        """Remember the bot's public name."""
        self._bot = name

    async def forget_keys(self, before: datetime) -> int:
        """Forget the keys of events earlier than `before`, and say how many."""
        return _forget(self._shelf.keys, [key for key, at in self._shelf.keys.items() if at < aware(before)])

    async def issue(self, code: str, text: str, until: datetime) -> None:
        """Keep what a one-time code opens, until then."""
        self._shelf.tickets[code] = (text, aware(until))

    async def good_codes(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """What the codes open that are good now, and until when; first what is over first."""
        good = [ticket for ticket in self._shelf.tickets.values() if ticket[1] > aware(now)]
        return tuple(sorted(good, key=lambda ticket: ticket[1]))

    async def withdraw(self, text: str, said: Entry) -> bool:
        """Use up every code that is good and opens this, and append this entry with it; false, and neither, where there is none."""
        tickets = self._shelf.tickets
        is_good = (
            _forget(tickets, [code for code, (what, until) in tickets.items() if what == text and until > said.at]) > 0
        )
        self._shelf.entries += [said] if is_good else []
        return is_good

    async def forget_tickets(self, now: datetime) -> int:
        """Forget the codes whose time is over, and say how many."""
        tickets = self._shelf.tickets
        return _forget(tickets, [code for code, (_, until) in tickets.items() if until <= aware(now)])

    async def forget_shared(self, now: datetime) -> int:
        """Forget what was shared until now or earlier, and say how much it was."""
        shared = self._shelf.shared
        return _forget(shared, [name for name, each in shared.items() if each.until <= aware(now)])

    async def forget_shared_by(self, person: str, now: datetime) -> None:
        """Forget all that is shared on this person's card; the others whose card shows it are soon due."""
        for name, each in [*self._shelf.shared.items()]:
            if person in each.people:
                self._shelf.leave_due(each, person, aware(now))
                del self._shelf.shared[name]

    async def enter(self, entries: Sequence[Entry]) -> None:
        """Append to the audit what did not come about by a turn."""
        self._shelf.entries += entries

    async def entries(self) -> tuple[Entry, ...]:
        """The audit, oldest first, of the months that are kept."""
        return tuple(self._shelf.entries)

    async def drop_audit(self, before_month: str, now: datetime) -> int:
        """Drop the entries of earlier months, and say how many; each such month leaves an entry. The latest month stays."""
        entries, before = self._shelf.entries, min(before_month, audit_month(now))
        months = sorted({audit_month(entry.at) for entry in entries if audit_month(entry.at) < before})
        kept = [entry for entry in entries if audit_month(entry.at) not in months]
        self._shelf.entries = [*kept, *(Entry(now, BOT, What.AUDIT_DROPPED, month) for month in months)]
        return len(entries) - len(kept)

    async def check_contact(self, check: Check, said: Entry) -> None:
        """Keep what somebody found of a contact, and append this entry with it; a later one of that contact takes its place."""
        self._checks[check.contact] = check
        self._shelf.entries.append(said)

    async def contact_checks(self) -> tuple[Check, ...]:
        """The latest check of each contact, by its id."""
        return tuple(check for _, check in sorted(self._checks.items()))

    async def reminders(self, until: datetime) -> tuple[Reminder, ...]:
        """Reminders that are due by then, longest due first."""
        due = [each for each in self._shelf.reminders.values() if each.due <= aware(until)]
        return tuple(sorted(due, key=lambda each: (each.due, each.person, each.reference)))

    async def forget_reminder(self, reminder: Reminder) -> None:
        """Forget a reminder."""
        self._shelf.reminders.pop((reminder.person, reminder.reference), None)

    async def parcels(self) -> tuple[OwedDocument, ...]:
        """Documents that are owed, those of cases first."""
        return (*self._shelf.parcels.values(), *self._shelf.rehearsal_parcels.values())

    async def forget_parcel(self, parcel: OwedDocument) -> None:
        """Forget a document that was sent, or is not to be sent."""
        self._shelf.forget(parcel)


def _forget(rows: dict[str, Any], keys: list[str]) -> int:
    for key in keys:
        del rows[key]
    return len(keys)
