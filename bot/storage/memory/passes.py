"""Passes to rooms in memory."""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.runtime.clock import aware
from bot.storage.memory.parts import MemoryEventKeys, MemoryRooms
from bot.storage.memory.people import MemoryPeople
from bot.storage.passes import Pass, PassDone, PassOutcome, PassTurn, PassView, decide_pass, ending
from bot.storage.turn_rules import attempt
from bot.storage.values import Shared


class MemoryPasses:
    """Passes by name."""

    def __init__(self, people: MemoryPeople, rooms: MemoryRooms, keys: MemoryEventKeys) -> None:
        self.rows: dict[str, Pass] = {}
        self._people = people
        self._rooms = rooms
        self._keys = keys

    async def turns(self, turns: Sequence[PassTurn]) -> tuple[PassOutcome, ...]:
        """Answer a batch in order, all or nothing."""
        parts: tuple[MemoryPasses | MemoryRooms | MemoryEventKeys, ...] = (self, self._rooms, self._keys)
        before = [copy(part.rows) for part in parts]
        try:
            return tuple([attempt(turn.key, partial(self._take, turn)) for turn in turns])
        except BaseException:
            for part, rows in zip(parts, before, strict=True):
                part.rows = rows
            raise

    async def view(self, name: str, now: datetime) -> PassView | None:
        """A pass, and at a screen what its room is and what its host rehearses; None where there is no such pass."""
        kept = self._found(name, aware(now))
        if kept is None:
            return None
        if not kept.host:
            return PassView(kept)
        host = self._people.find(kept.host)
        return PassView(kept, self._rooms.find(kept.room, now), host.record.rehearsal if host else "")

    async def room(self, code: str, now: datetime) -> Shared | None:
        """The room of this code, for somebody who has no pass yet; None where there is none."""
        return self._rooms.find(code, aware(now))

    async def forget_expired(self, now: datetime) -> int:
        """Forget the passes that are over, and say how many."""
        over = [name for name, kept in self.rows.items() if kept.until <= aware(now)]
        for name in over:
            del self.rows[name]
        return len(over)

    def end(self, room: str, now: datetime) -> None:
        """Let the passes to this room, which is over, end soon."""
        self.rows |= {
            name: replace(kept, until=ending(kept, now)) for name, kept in self.rows.items() if kept.room == room
        }

    def _take(self, turn: PassTurn) -> PassDone:
        before = self._found(turn.name, turn.at)
        if not self._keys.add(turn.key, turn.at):
            return PassDone(turn.key, before)
        room = self._rooms.find(before.room if before else turn.room, turn.at)
        decision = decide_pass(turn, before, room)
        if decision is None:
            return PassDone(turn.key, before)
        if decision.kept is None:
            self.rows.pop(turn.name, None)
        else:
            self.rows[turn.name] = decision.kept
        if decision.leaves and room is not None:
            self._rooms.keep(replace(room, text=decision.leaves), actor="", now=turn.at)
        return PassDone(turn.key, decision.kept, decision.effects)

    def _found(self, name: str, now: datetime) -> Pass | None:
        kept = self.rows.get(name)
        return kept if kept is not None and kept.until > now else None
