"""The rows of the store in memory, as one value that can be copied, so that a batch of turns is kept whole or not at all."""

from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import partial

from bot.runtime.timestamps import to_micros
from bot.storage.owed import OwedDocument
from bot.storage.shown import NOTHING_SHOWN, MessageToRemove, Shown
from bot.storage.sqlite.tables.rooms import SOON
from bot.storage.turn_rules import attempt, decide_within_rules, first_record, latest_first
from bot.storage.values import (
    Decide,
    Decision,
    Done,
    Entry,
    Inbound,
    KeyOnly,
    Outcome,
    Record,
    Refused,
    Reminder,
    Repeated,
    Shared,
)


@dataclass(slots=True)
class MemoryState:
    """Everything that a batch of turns may change, so that a copy can stand in until the whole batch is done."""

    records: dict[str, Record] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)
    owed: set[str] = field(default_factory=set)
    keys: dict[str, datetime] = field(default_factory=dict)
    litter: dict[tuple[str, str], MessageToRemove] = field(default_factory=dict)
    tickets: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    reminders: dict[tuple[str, str], Reminder] = field(default_factory=dict)
    parcels: dict[tuple[str, str], OwedDocument] = field(default_factory=dict)
    rehearsal_parcels: dict[tuple[str, str], OwedDocument] = field(default_factory=dict)
    shared: dict[str, Shared] = field(default_factory=dict)

    def copy(self) -> "MemoryState":
        """The same rows in containers of its own."""
        return MemoryState(**{each.name: copy(getattr(self, each.name)) for each in fields(self)})

    def turn(self, inbound: Inbound) -> Outcome:
        """Answer one event; a refused one leaves its key and its litter."""
        repeated = inbound.key in self.keys
        self.keys.setdefault(inbound.key, inbound.at)
        outcome = attempt(inbound.key, partial(self._answer, inbound, repeated=repeated))
        if isinstance(outcome, Done | Refused) and inbound.person is not None and inbound.litter is not None:
            self.discard(MessageToRemove(inbound.person, inbound.litter, inbound.at, is_own=True))
        return outcome

    def discard(self, litter: MessageToRemove) -> None:
        """Note a message to be removed; the first note of it stands."""
        self.litter.setdefault((litter.person, litter.handle), litter)

    def _answer(self, inbound: Inbound, *, repeated: bool) -> Outcome:
        person = inbound.person
        if repeated:
            return Repeated(inbound.key, *self.standing(person))
        decide = self._deciding(inbound)
        if person is None or decide is None:
            return KeyOnly(inbound.key)
        before = self.records.get(person) or first_record(person)
        decision = decide_within_rules(decide, before, partial(self._find, now=inbound.at))
        if decision is None:
            return KeyOnly(inbound.key)
        self._keep(decision, inbound)
        return Done(inbound.key, before, decision.record, self.shown.get(person, NOTHING_SHOWN), decision.effects)

    def _deciding(self, inbound: Inbound) -> Decide | None:
        if inbound.claim is None:
            return inbound.decide
        text, until = self.tickets.get(inbound.claim.code, ("", inbound.at))
        return inbound.claim.redeem(text if until > inbound.at else None)

    def _keep(self, decision: Decision, inbound: Inbound) -> None:
        self.records[decision.record.person] = decision.record
        self.owed.add(decision.record.person)
        self.entries += decision.entries
        if decision.spends and inbound.claim is not None:
            self.tickets.pop(inbound.claim.code, None)
        if decision.reminder is not None:
            self.reminders[decision.reminder.person, decision.reminder.reference] = decision.reminder
        if decision.parcel is not None:
            self._owe(decision.parcel)
        if decision.shares is not None:
            self._share(decision.shares, decision.record.person, inbound.at)
        self.shared.pop(decision.ends, None)
        if decision.record.case is None:
            self.parcels = {key: each for key, each in self.parcels.items() if each.person != decision.record.person}

    def _find(self, name: str, *, now: datetime) -> Shared | None:
        shared = self.shared.get(name)
        return shared if shared is not None and shared.until > now else None

    def _share(self, shared: Shared, actor: str, now: datetime) -> None:
        """Keep what is shared, and leave everybody else due whose card shows it."""
        self.shared[shared.name] = shared
        self.leave_due(shared, actor, now)

    def leave_due(self, shared: Shared, actor: str, now: datetime) -> None:
        """Leave everybody else due soon whose card shows this."""
        soon = now + SOON
        for person in {*shared.people} - {actor}:
            record = self.records.get(person)
            if record is not None:
                self.records[person] = replace(record, due=min(record.due or soon, soon))

    def _owe(self, parcel: OwedDocument) -> None:
        """Owe a document beside the rest of the same reference; what was owed of another is not owed any more."""
        parcels = self._parcels_beside(parcel)
        of_another = [
            key for key, each in parcels.items() if each.person == parcel.person and each.reference != parcel.reference
        ]
        for key in (*of_another, (parcel.person, parcel.kind)):
            parcels.pop(key, None)
        parcels[parcel.person, parcel.kind] = parcel

    def forget(self, parcel: OwedDocument) -> None:
        """Forget a document that was owed."""
        parcels = self._parcels_beside(parcel)
        if parcels.get((parcel.person, parcel.kind)) == parcel:
            del parcels[parcel.person, parcel.kind]

    def _parcels_beside(self, parcel: OwedDocument) -> dict[tuple[str, str], OwedDocument]:
        """Where a document like this is kept."""
        return self.rehearsal_parcels if parcel.is_of_rehearsal else self.parcels

    def standing(self, person: str | None) -> tuple[Record, Shown] | tuple[None, None]:
        """The person's record and card, or two Nones."""
        if person is None or person not in self.records:
            return None, None
        return self.records[person], self.shown.get(person, NOTHING_SHOWN)

    def due(self, now: datetime, born_until: datetime) -> tuple[str, ...]:
        """People for whom something is to happen by now, or whose live card was born by then, longest due first."""
        found = []
        for person, record in self.records.items():
            shown = self.shown.get(person, NOTHING_SHOWN)
            born = shown.born if shown.handle is not None else None
            times = [each for each in (record.due, born) if each is not None]
            if (record.due and record.due <= now) or (born and born <= born_until):
                found.append((-to_micros(min(times)), person))
        return latest_first(found)

    def active_since(self, since: datetime) -> tuple[str, ...]:
        """People active since then, latest first."""
        latest = ((record.active, person) for person, record in self.records.items())
        return latest_first((to_micros(at), person) for at, person in latest if at is not None and at >= since)

    def stale(self, since: datetime) -> tuple[str, ...]:
        """People active since then, or in whose chat a card stands, whose chat may not show their card; latest first."""
        found = []
        for person in self.owed:
            active, shown = self.records[person].active, self.shown.get(person, NOTHING_SHOWN)
            stands = shown.handle is not None and shown.born is not None
            if stands or (active is not None and active >= since):
                found.append((0 if active is None else to_micros(active), person))
        return latest_first(found)
