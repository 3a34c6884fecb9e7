"""A store that lives as long as the process, for tests, rehearsals and the terminal; else the equal of SQLite."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.runtime.timestamps import aware, to_micros
from bot.storage.memory.desk import MemoryDesk
from bot.storage.shown import NOTHING_SHOWN, MessageToRemove, Shown
from bot.storage.turn_rules import first_record, latest_first, oldest_first
from bot.storage.values import Inbound, Outcome, Record


class MemoryStore(MemoryDesk):
    """A `Store` in dictionaries; nothing in it outlives the process."""

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
        """People active since then, or in whose chat a card stands, whose chat may not show their card; latest first."""
        return self._shelf.stale(aware(since))

    async def active_since(self, since: datetime) -> tuple[str, ...]:
        """People whose last accepted event is not before `since`, latest first."""
        return self._shelf.active_since(aware(since))

    async def due(self, now: datetime, born_until: datetime, most: int) -> tuple[str, ...]:
        """People for whom something is to happen by now, or whose live card was born by then: the longest due."""
        return self._shelf.due(aware(now), aware(born_until))[:most]

    async def everyone(self) -> tuple[tuple[Record, Shown], ...]:
        """Every person's record and what their chat shows, latest active first and the never active last."""
        records = self._shelf.records.values()
        dated = ((-1 if record.active is None else to_micros(record.active), record.person) for record in records)
        shelf = self._shelf
        return tuple((shelf.records[each], shelf.shown.get(each, NOTHING_SHOWN)) for each in latest_first(dated))

    async def litter(self) -> tuple[MessageToRemove, ...]:
        """Messages still to be removed, oldest first."""
        return oldest_first(self._shelf.litter.values())

    async def discard(self, person: str, handle: str, born: datetime, *, is_kept: bool = False) -> None:
        """Note a message of the bot's to be removed, at once or in the end; the first note of a message stands."""
        self._shelf.discard(MessageToRemove(person, handle, aware(born), is_kept=is_kept))

    async def swept(self, person: str, handles: Sequence[str]) -> None:
        """Forget messages that have been removed."""
        for handle in handles:
            self._shelf.litter.pop((person, handle), None)

    async def scrub(self) -> None:
        """Nothing lies anywhere."""

    async def close(self) -> None:
        """There is nothing to let go of."""
