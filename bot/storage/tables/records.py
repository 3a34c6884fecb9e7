"""What is kept of no person: which events were taken, checks of contacts, instruments, counts by month, and when the channel last asked."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from bot.crypto.sealing import KeyRing, place
from bot.runtime.clock import from_micros, to_micros
from bot.storage.counted_tables import CONTACTS, COUNTS, EDITIONS, EVENT_KEYS
from bot.storage.session import Rows, StoreSession
from bot.storage.tables.audit import Audit
from bot.storage.values import CountsByMonth, MonthCounts, MonthlyCount, with_counts
from bot.trail.chain import Entry
from seraf.advice.contacts import Check


class EventKeys(Rows):
    """The keys of events, so that one that comes twice counts once: keyed hashes that outlast a rotation."""

    def add(self, key: str, at: datetime) -> bool:
        """Return True if the key is new; it is kept either way."""
        return self._session.add(EVENT_KEYS, mark=self._keys.lasting("inbound", key), at=to_micros(at))

    def refuse(self, key: str, error: str) -> None:
        """Keep with the key which error its event met."""
        self._session.change(EVENT_KEYS, self._keys.lasting("inbound", key), refused=error)

    def forget(self, key: str) -> None:
        """Forget a key: its event comes again."""
        self._session.remove(EVENT_KEYS, self._keys.lasting("inbound", key))

    def forget_before(self, time: datetime) -> int:
        """Forget the keys of earlier events, and return how many."""
        return self._session.remove_where(EVENT_KEYS, "at < ?", to_micros(time))


class ContactChecks(Rows):
    """What people found when they tried a telephone number of the pack: the latest of each contact."""

    def __init__(self, session: StoreSession, keys: KeyRing, audit: Audit) -> None:
        super().__init__(session, keys)
        self._audit = audit

    def keep(self, check: Check, *said: Entry) -> None:
        """Keep a check in place of the contact's last one, and append what is said of it to the audit."""
        written = json.dumps([check.value, check.on.isoformat(), check.is_right]).encode()
        sealed = self._sealer.seal(written, _check(check.contact))
        self._session.put(CONTACTS, contact=str(check.contact), body=sealed)
        self._audit.append(said)

    def latest(self) -> tuple[Check, ...]:
        """Return the latest check of each contact, by the contact's id."""
        rows = self._session.execute("SELECT contact, body FROM contacts ORDER BY contact").fetchall()
        return tuple(self._opened(*row) for row in rows)

    def _opened(self, contact: str, body: bytes) -> Check:
        value, on, is_right = json.loads(self._sealer.unseal(body, _check(contact)))
        return Check(contact, value, date.fromisoformat(on), is_right=is_right)


class Editions(Rows):
    """Every instrument that a session began with: no secret, and sealed so that nobody can change one."""

    def keep(self, fingerprint: str, instrument: bytes) -> None:
        """Keep an instrument; the first bytes under a fingerprint stand."""
        sealed = self._sealer.seal(instrument, _edition(fingerprint))
        self._session.add(EDITIONS, fingerprint=fingerprint, instrument=sealed)

    def by_fingerprint(self) -> Mapping[str, bytes]:
        """Return every instrument kept."""
        rows = self._session.execute("SELECT fingerprint, instrument FROM editions").fetchall()
        return {fingerprint: self._sealer.unseal(sealed, _edition(fingerprint)) for fingerprint, sealed in rows}


class MonthlyCounts(Rows):
    """Numbers by month, of no person, case or day: one sealed row a month."""

    def add(self, counts: Iterable[MonthlyCount]) -> None:
        """Add what a turn counted to its month."""
        by_month: dict[str, list[MonthlyCount]] = {}
        for each in counts:
            by_month.setdefault(each.month, []).append(each)
        for month, added in by_month.items():
            row = self._session.execute("SELECT body FROM monthly_counts WHERE month = ?", (month,)).fetchone()
            after = with_counts({} if row is None else self._opened(month, row[0]), added)
            self._session.put(COUNTS, month=month, body=self._sealer.seal(json.dumps(after).encode(), _month(month)))

    def by_month(self) -> CountsByMonth:
        """Everything that is counted, however small: whoever shows it leaves out what is too small to be shown."""
        rows = self._session.execute("SELECT month, body FROM monthly_counts ORDER BY month").fetchall()
        return {month: self._opened(month, body) for month, body in rows}

    def forget_before(self, month: str) -> int:
        """Forget the counts of months earlier than this one ("2026-11"), and return of how many months."""
        return self._session.remove_where(COUNTS, "month < ?", month)

    def _opened(self, month: str, body: bytes) -> MonthCounts:
        counts: MonthCounts = json.loads(self._sealer.unseal(body, _month(month)))
        return counts


class ChannelNotes(Rows):
    """When the channel last asked for events, which is no secret."""

    def polled_at(self) -> datetime | None:
        """Return when the channel last asked for events, or None if it never has."""
        (micros,) = self._session.execute("SELECT polled FROM meta").fetchone()
        return None if micros is None else from_micros(micros)

    def mark_polled(self, at: datetime) -> None:
        """Remember when the channel last asked for events."""
        self._session.execute("UPDATE meta SET polled = ?", (to_micros(at),))


def _check(contact: str) -> bytes:
    return place("contacts", "body", row=contact.encode())


def _edition(fingerprint: str) -> bytes:
    return place("editions", "instrument", row=fingerprint.encode())


def _month(month: str) -> bytes:
    return place("monthly_counts", "body", row=month.encode())
