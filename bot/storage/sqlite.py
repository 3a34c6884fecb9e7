"""The store that lasts: one SQLite file, every value sealed, every batch one transaction and one hop."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.sealing import KeyRing
from bot.storage import meta
from bot.storage.connection import BUSY_MILLISECONDS, Connection, open_connection
from bot.storage.inbound import InboundKeys
from bot.storage.litter import LitterRows
from bot.storage.migrate import known_migrations, migrate
from bot.storage.moments import aware, to_micros
from bot.storage.people import ACTIVE, STALE, People
from bot.storage.transaction import transact
from bot.storage.turns import attempt, decide_within_rules, latest_first
from bot.storage.values import Decide, Done, Inbound, Litter, Noted, Outcome, Record, Refused, Repeated, Shown


class SqliteStore:
    """A `Store` in one SQLite file; made by `open_sqlite`."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._people = People(keys)
        self._keys = InboundKeys(keys)
        self._litter = LitterRows(keys)
        self._editions = meta.Editions(keys)

    async def turns(self, inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        """Answer a batch in order, all or nothing, each event in a savepoint of its own."""
        if not inbounds:
            return ()
        return await self._connection.write(
            lambda database: tuple([self._turn(database, inbound) for inbound in inbounds])
        )

    def _turn(self, database: sqlite3.Connection, inbound: Inbound) -> Outcome:
        fresh = self._keys.note(database, inbound.key, inbound.at)
        if fresh and inbound.person is not None and inbound.litter is not None:
            self._litter.discard(database, Litter(inbound.person, inbound.litter, inbound.at))
        database.execute("SAVEPOINT turn")
        answer = self._answer if fresh else self._repeat
        outcome = attempt(inbound.key, partial(answer, database, inbound), fatal=(sqlite3.Error,))
        if isinstance(outcome, Refused):
            database.execute("ROLLBACK TO turn")
            self._keys.refuse(database, inbound.key, outcome.error)
        database.execute("RELEASE turn")
        return outcome

    def _answer(self, database: sqlite3.Connection, inbound: Inbound) -> Outcome:
        if inbound.person is None or inbound.decide is None:
            return Noted(inbound.key)
        return self._decided(database, inbound.key, inbound.person, decide=inbound.decide)

    def _decided(self, database: sqlite3.Connection, key: str, person: str, *, decide: Decide) -> Done:
        row = self._people.find(database, person) or self._people.meet(database, person)
        decision = decide_within_rules(decide, row.record)
        self._people.decide(database, row, decision.record)
        return Done(key, row.record, decision.record, row.shown, decision.effects)

    def _repeat(self, database: sqlite3.Connection, inbound: Inbound) -> Outcome:
        row = None if inbound.person is None else self._people.find(database, inbound.person)
        return Repeated(inbound.key, None, None) if row is None else Repeated(inbound.key, row.record, row.shown)

    async def recall(self, person: str) -> tuple[Record, Shown] | None:
        """The person's record and what their chat shows; None for somebody without a row."""
        row = await self._connection.read(lambda database: self._people.find(database, person))
        return None if row is None else (row.record, row.shown)

    async def show(self, person: str, shown: Shown) -> None:
        """Remember what the chat shows; a delivered card is no longer stale."""
        await self.show_many({person: shown})

    async def show_many(self, rows: Mapping[str, Shown]) -> None:
        """The same for many people in one transaction."""

        def work(database: sqlite3.Connection) -> None:
            """Note each."""
            for person, shown in rows.items():
                self._people.show(database, person, shown)

        if rows:
            await self._connection.write(work)

    async def stale(self, since: datetime) -> tuple[str, ...]:
        """People active since then whose chat may not show their card, latest first."""
        return await self._since(STALE, since)

    async def active_since(self, since: datetime) -> tuple[str, ...]:
        """People whose last accepted event is not before `since`, latest first."""
        return await self._since(ACTIVE, since)

    async def _since(self, statement: str, since: datetime) -> tuple[str, ...]:
        micros = to_micros(since)
        return await self._connection.read(
            lambda database: latest_first(self._people.names(database.execute(statement, (micros,)).fetchall()))
        )

    async def litter(self) -> tuple[Litter, ...]:
        """Messages still to be removed, oldest first."""
        return await self._connection.read(self._litter.everything)

    async def discard(self, person: str, handle: str, born: datetime) -> None:
        """Note a message to be removed; the first note of a message stands."""
        message = Litter(person, handle, aware(born))
        await self._connection.write(lambda database: self._litter.discard(database, message))

    async def swept(self, person: str, handles: Sequence[str]) -> None:
        """Forget messages that have been removed, in one transaction."""

        def work(database: sqlite3.Connection) -> None:
            """Forget each."""
            for handle in handles:
                self._litter.forget(database, person, handle)

        if handles:
            await self._connection.write(work)

    async def keep_edition(self, fingerprint: str, instrument: bytes) -> None:
        """Keep an instrument; the first bytes under a fingerprint stand."""
        await self._connection.write(lambda database: self._editions.keep(database, fingerprint, instrument))

    async def editions(self) -> Mapping[str, bytes]:
        """Every instrument kept, by fingerprint."""
        return await self._connection.read(self._editions.everything)

    async def polled_at(self) -> datetime | None:
        """When the channel was last asked for events; None when never."""
        return await self._connection.read(meta.polled_at)

    async def mark_polled(self, at: datetime) -> None:
        """Remember when the channel was last asked for events."""
        moment = aware(at)
        await self._connection.write(lambda database: meta.mark_polled(database, moment))

    async def forget_keys(self, before: datetime) -> int:
        """Forget the keys of events earlier than `before`, and say how many."""
        cut = aware(before)
        return await self._connection.write(lambda database: self._keys.forget(database, cut))

    async def close(self) -> None:
        """Finish what was begun and let go; closing twice is harmless."""
        await self._connection.close()


async def open_sqlite(path: Path, keys: KeyRing, *, busy_milliseconds: int = BUSY_MILLISECONDS) -> SqliteStore:
    """The store in this file, made where there is none and brought up to this version.

    `KeyFault` when the file was sealed with other keys; `StoreFault` when it cannot be used. It reads no person's row.
    """
    return SqliteStore(await open_connection(path, partial(prepare, keys), busy_milliseconds=busy_milliseconds), keys)


def prepare(keys: KeyRing, database: sqlite3.Connection) -> None:
    """Bring a database up to this version, and make sure that it and the keys belong together."""
    migrate(database, known_migrations())
    transact(database, lambda begun: meta.demand_own_keys(begun, keys))
