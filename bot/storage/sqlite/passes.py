"""Passes to rooms in SQLite: each call one transaction and one hop."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.runtime.clock import aware
from bot.storage.passes import PassOutcome, PassTurn, PassView
from bot.storage.sqlite.keyed_connection import KeyedConnection, Tables
from bot.storage.sqlite.turns import DamageMet, Turns
from bot.storage.values import Refused, Shared


class SqlitePasses:
    """Passes, sealed."""

    def __init__(self, connection: KeyedConnection) -> None:
        self._connection = connection

    async def turns(self, turns: Sequence[PassTurn]) -> tuple[PassOutcome, ...]:
        """Answer a batch in order, all or nothing, each in a savepoint of its own. One that meets damage is refused alone."""
        damaged: dict[str, Refused] = {}

        def work(database: sqlite3.Connection, tables: Tables) -> tuple[PassOutcome, ...]:
            """Answer each."""
            taking = Turns(database, tables, damaged)
            return tuple([taking.take_pass(turn) for turn in turns])

        while turns:
            try:
                return await self._connection.write(work)
            except DamageMet as met:
                # All again with this one refused, since SQLite keeps nothing more once it met damage. It ends:
                # each round refuses one more.
                damaged[met.refused.key] = met.refused
        return ()

    async def view(self, name: str, now: datetime) -> PassView | None:
        """A pass, and at a screen what its room is and what its host rehearses; None where there is no such pass."""
        time = aware(now)

        def look(database: sqlite3.Connection, tables: Tables) -> PassView | None:
            """All of it at one time."""
            kept = tables.passes.find(database, name, now=time)
            if kept is None:
                return None
            if not kept.host:
                return PassView(kept)
            host = tables.people.find(database, kept.host)
            shared = tables.rooms.find(database, kept.room, now=time)
            return PassView(kept, shared, host.record.rehearsal if host else "")

        return await self._connection.read(look)

    async def room(self, code: str, now: datetime) -> Shared | None:
        """The room of this code, for somebody who has no pass yet; None where there is none."""
        time = aware(now)
        return await self._connection.read(lambda database, tables: tables.rooms.find(database, code, now=time))

    async def forget_expired(self, now: datetime) -> int:
        """Forget the passes that are over, and say how many."""
        return await self._connection.write(lambda database, tables: tables.passes.forget_expired(database, now))
