"""A store that lives as long as the process, for tests, rehearsals and the terminal; else the equal of SQLite."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from bot.storage.moments import aware, to_micros
from bot.storage.turns import attempt, decide_within_rules, first_record, latest_first, oldest_first
from bot.storage.values import NOTHING_SHOWN, Done, Inbound, Litter, Noted, Outcome, Record, Repeated, Shown


@dataclass(slots=True)
class _Shelf:
    """Everything that a batch of turns may change, so that a copy can stand in until the whole batch is done."""

    records: dict[str, Record] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)
    owed: set[str] = field(default_factory=set)
    keys: dict[str, datetime] = field(default_factory=dict)
    litter: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def copy(self) -> "_Shelf":
        """The same rows in containers of its own."""
        return _Shelf(dict(self.records), dict(self.shown), set(self.owed), dict(self.keys), dict(self.litter))

    def turn(self, inbound: Inbound) -> Outcome:
        """Answer one event; a refused one leaves its key and its litter."""
        repeated = inbound.key in self.keys
        self.keys.setdefault(inbound.key, inbound.at)
        if not repeated and inbound.person is not None and inbound.litter is not None:
            self.litter.setdefault((inbound.person, inbound.litter), inbound.at)
        return attempt(inbound.key, partial(self._answer, inbound, repeated=repeated))

    def _answer(self, inbound: Inbound, *, repeated: bool) -> Outcome:
        person = inbound.person
        if repeated:
            return Repeated(inbound.key, *self.standing(person))
        if person is None or inbound.decide is None:
            return Noted(inbound.key)
        before = self.records.get(person) or first_record(person)
        decision = decide_within_rules(inbound.decide, before)
        self.records[person] = decision.record
        self.owed.add(person)
        shown = self.shown.get(person, NOTHING_SHOWN)
        return Done(inbound.key, before, decision.record, shown, decision.effects)

    def standing(self, person: str | None) -> tuple[Record, Shown] | tuple[None, None]:
        """The person's record and card, or two Nones."""
        if person is None or person not in self.records:
            return None, None
        return self.records[person], self.shown.get(person, NOTHING_SHOWN)

    def active_since(self, since: datetime, *, owed: bool = False) -> tuple[str, ...]:
        """People active since then, latest first; with `owed`, only those whose chat may not show their card."""
        among = self.owed if owed else self.records.keys()
        latest = ((self.records[person].active, person) for person in among)
        return latest_first((to_micros(at), person) for at, person in latest if at is not None and at >= since)


class MemoryStore:
    """A `Store` in dictionaries; nothing in it outlives the process."""

    def __init__(self) -> None:
        self._shelf = _Shelf()
        self._editions: dict[str, bytes] = {}
        self._polled: datetime | None = None

    async def turns(self, inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        """Answer a batch in order, all or nothing, each event in a savepoint of its own."""
        shelf = self._shelf.copy()
        outcomes = tuple(shelf.turn(inbound) for inbound in inbounds)
        self._shelf = shelf
        return outcomes

    async def recall(self, person: str) -> tuple[Record, Shown] | None:
        """The person's record and what their chat shows; None for somebody without a row."""
        record, shown = self._shelf.standing(person)
        return None if record is None or shown is None else (record, shown)

    async def show(self, person: str, shown: Shown) -> None:
        """Remember what the chat shows; a delivered card is no longer stale."""
        shelf = self._shelf
        shelf.records.setdefault(person, first_record(person))
        shelf.shown[person] = shown
        if shown.delivered:
            shelf.owed.discard(person)
        else:
            shelf.owed.add(person)

    async def show_many(self, rows: Mapping[str, Shown]) -> None:
        """The same for many people."""
        for person, shown in rows.items():
            await self.show(person, shown)

    async def stale(self, since: datetime) -> tuple[str, ...]:
        """People active since then whose chat may not show their card, latest first."""
        return self._shelf.active_since(aware(since), owed=True)

    async def active_since(self, since: datetime) -> tuple[str, ...]:
        """People whose last accepted event is not before `since`, latest first."""
        return self._shelf.active_since(aware(since))

    async def litter(self) -> tuple[Litter, ...]:
        """Messages still to be removed, oldest first."""
        return oldest_first(Litter(person, handle, born) for (person, handle), born in self._shelf.litter.items())

    async def discard(self, person: str, handle: str, born: datetime) -> None:
        """Note a message to be removed; the first note of a message stands."""
        self._shelf.litter.setdefault((person, handle), aware(born))

    async def swept(self, person: str, handles: Sequence[str]) -> None:
        """Forget messages that have been removed."""
        for handle in handles:
            self._shelf.litter.pop((person, handle), None)

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

    async def forget_keys(self, before: datetime) -> int:
        """Forget the keys of events earlier than `before`, and say how many."""
        keys = self._shelf.keys
        old = [key for key, at in keys.items() if at < aware(before)]
        for key in old:
            del keys[key]
        return len(old)

    async def close(self) -> None:
        """Nothing to let go."""
