"""Rooms in which people rehearse together, and the passes to them of browsers without an account: both sealed, and both with an end."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

from bot.crypto.sealing import KeyRing, place
from bot.runtime.clock import from_micros, to_micros
from bot.storage.counted_tables import PASSES, ROOMS
from bot.storage.passes import Pass, ending
from bot.storage.session import Rows, StoreSession
from bot.storage.tables.people import People
from bot.storage.values import Shared

FOLLOW_AFTER = timedelta(seconds=2)
"""How soon the others who share something are due, so that their cards follow: changes within that time are shown at once."""


class Rooms(Rows):
    """What is shared, found by the keyed hash of its name; the passes to a room that ends do so soon."""

    def __init__(self, session: StoreSession, keys: KeyRing, people: People, passes: "RoomPasses") -> None:
        super().__init__(session, keys)
        self._people, self._passes = people, passes

    def find(self, name: str, now: datetime) -> Shared | None:
        """Return what is shared under this name, or None if nothing is, or it has expired."""
        mark = self._mark(name)
        found = self._session.execute("SELECT mark, body, until FROM rooms WHERE mark = ?", (mark,)).fetchone()
        shared = None if found is None else self._opened(*found)
        return shared if shared is not None and shared.until > now else None

    def keep(self, shared: Shared, *, actor: str, now: datetime) -> None:
        """Keep what is shared; the others whose card shows it are soon due."""
        mark = self._mark(shared.name)
        written = json.dumps([shared.name, shared.text, shared.people]).encode()
        sealed = self._sealer.seal(written, place("rooms", "body", row=mark))
        self._session.put(ROOMS, mark=mark, body=sealed, until=to_micros(shared.until))
        self._make_others_due(shared, actor=actor, now=now)

    def end(self, name: str, now: datetime) -> None:
        """Forget what is shared under this name, and let the passes to it end soon."""
        self._session.remove(ROOMS, self._mark(name))
        self._passes.end(name, now)

    def forget_expired(self, now: datetime) -> int:
        """Forget the rooms that have expired, and return how many."""
        return self._session.remove_where(ROOMS, "until <= ?", to_micros(now))

    def forget_of(self, person: str, now: datetime) -> None:
        """Forget every room on this person's card; the others whose card shows it are soon due."""
        rows = self._session.execute("SELECT mark, body, until FROM rooms ORDER BY mark").fetchall()
        for shared in (self._opened(*row) for row in rows):
            if person in shared.people:
                self.end(shared.name, now)
                self._make_others_due(shared, actor=person, now=now)

    def _make_others_due(self, shared: Shared, *, actor: str, now: datetime) -> None:
        for person in dict.fromkeys(shared.people):
            if person != actor:
                self._people.make_due(person, now + FOLLOW_AFTER)

    def _opened(self, mark: bytes, body: bytes, until: int) -> Shared:
        name, text, people = json.loads(self._sealer.unseal(body, place("rooms", "body", row=mark)))
        return Shared(name, text, from_micros(until), tuple(people))

    def _mark(self, name: str) -> bytes:
        return self._keys.mark("room", name)


class RoomPasses(Rows):
    """RoomPasses, found by the keyed hash of a name that is kept nowhere in clear."""

    def find(self, name: str, now: datetime) -> Pass | None:
        """Return the pass of this name, or None if there is none, or it is over."""
        mark = self._mark(name)
        found = self._session.execute("SELECT body FROM passes WHERE mark = ?", (mark,)).fetchone()
        kept = None if found is None else self._opened(mark, found[0], name=name)
        return kept if kept is not None and kept.until > now else None

    def keep(self, kept: Pass) -> None:
        """Keep a pass in place of the one before it."""
        self._write(self._mark(kept.name), kept)

    def forget(self, name: str) -> None:
        """Forget a pass."""
        self._session.remove(PASSES, self._mark(name))

    def forget_expired(self, now: datetime) -> int:
        """Forget the passes that are over, and return how many."""
        return self._session.remove_where(PASSES, "until <= ?", to_micros(now))

    def end(self, room: str, now: datetime) -> None:
        """Let the passes to this room, which is over, end soon."""
        for mark, body in self._session.execute("SELECT mark, body FROM passes").fetchall():
            kept = self._opened(mark, body)
            if kept.room == room:
                self._write(mark, replace(kept, until=ending(kept, now)))

    def _write(self, mark: bytes, kept: Pass) -> None:
        until = to_micros(kept.until)
        written = json.dumps([kept.room, until, kept.card, kept.text, kept.host]).encode()
        self._session.put(PASSES, mark=mark, body=self._sealer.seal(written, _place(mark)), until=until)

    def _opened(self, mark: bytes, body: bytes, *, name: str = "") -> Pass:
        room, until, card, text, host = json.loads(self._sealer.unseal(body, _place(mark)))
        return Pass(name, room, from_micros(until), card, text, host)

    def _mark(self, name: str) -> bytes:
        return self._keys.lasting("pass", name)


def _place(mark: bytes) -> bytes:
    return place("passes", "body", row=mark)
