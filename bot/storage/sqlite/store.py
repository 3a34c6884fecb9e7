"""The store that lasts: one SQLite file, every value sealed, every batch one transaction and one hop."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.crypto.sealing import KeyRing
from bot.runtime.timestamps import aware, to_micros
from bot.storage.shown import NOTHING_SHOWN, MessageToRemove, Shown
from bot.storage.sqlite import meta
from bot.storage.sqlite.database.connection import BUSY_MILLISECONDS, open_connection
from bot.storage.sqlite.database.migrate import known_migrations, migrate
from bot.storage.sqlite.database.transaction import rewrite, transact
from bot.storage.sqlite.desk import Reload, SqliteDesk
from bot.storage.sqlite.resealing import own_key
from bot.storage.sqlite.tables.messages_to_remove import MessagesToRemove
from bot.storage.sqlite.tables.people import ACTIVE, DUE, STALE, People
from bot.storage.turn_rules import attempt, decide_within_rules, first_record, latest_first
from bot.storage.values import Done, Inbound, KeyOnly, Outcome, Record, Refused, Repeated


class SqliteStore(SqliteDesk):
    """A `Store` in one SQLite file; made by `open_sqlite`."""

    def _take(self, keys: KeyRing) -> None:
        super()._take(keys)
        self._people = People(keys)
        self._litter = MessagesToRemove(keys)

    async def turns(self, inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        """Answer a batch in order, all or nothing, each event in a savepoint of its own."""
        if not inbounds:
            return ()
        return await self._connection.write(
            lambda database: tuple([self._turn(database, inbound) for inbound in inbounds])
        )

    def _turn(self, database: sqlite3.Connection, inbound: Inbound) -> Outcome:
        fresh = self._keys.note(database, inbound.key, inbound.at)
        database.execute("SAVEPOINT turn")
        answer = self._answer if fresh else self._repeat
        outcome = attempt(inbound.key, partial(answer, database, inbound), fatal=(sqlite3.Error,))
        if isinstance(outcome, Refused):
            database.execute("ROLLBACK TO turn")
            self._keys.refuse(database, inbound.key, outcome.error)
        database.execute("RELEASE turn")
        if isinstance(outcome, Done | Refused) and inbound.person is not None and inbound.litter is not None:
            self._litter.discard(database, MessageToRemove(inbound.person, inbound.litter, inbound.at, is_own=True))
        return outcome

    def _answer(self, database: sqlite3.Connection, inbound: Inbound) -> Outcome:
        decide = self._deciding(database, inbound)
        if inbound.person is None or decide is None:
            return KeyOnly(inbound.key)
        row = self._people.find(database, inbound.person)
        before = row.record if row else first_record(inbound.person)
        decision = decide_within_rules(decide, before, partial(self._rooms.find, database, now=inbound.at))
        if decision is None:
            return KeyOnly(inbound.key)
        self._people.decide(database, row or self._people.meet(database, inbound.person), decision.record)
        self._keep_beside(database, decision, inbound)
        return Done(inbound.key, before, decision.record, row.shown if row else NOTHING_SHOWN, decision.effects)

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
        """The same for many people in one transaction.

        What was delivered may be outdated where another program changed the file meanwhile; then it stays stale.
        """

        def work(database: sqlite3.Connection) -> None:
            """Note each."""
            for person, shown in rows.items():
                self._people.show(database, person, shown)

        if rows:
            await self._connection.write(work)

    async def stale(self, since: datetime) -> tuple[str, ...]:
        """People active since then, or in whose chat a card stands, whose chat may not show their card; latest first."""
        return await self._since(STALE, since)

    async def active_since(self, since: datetime) -> tuple[str, ...]:
        """People whose last accepted event is not before `since`, latest first."""
        return await self._since(ACTIVE, since)

    async def _since(self, statement: str, since: datetime) -> tuple[str, ...]:
        micros = to_micros(since)
        return await self._connection.read(
            lambda database: latest_first(self._people.names(database.execute(statement, (micros,)).fetchall()))
        )

    async def due(self, now: datetime, born_until: datetime, most: int) -> tuple[str, ...]:
        """People for whom something is to happen by now, or whose live card was born by then: the longest due."""
        times = (to_micros(now), to_micros(born_until), most)
        return await self._connection.read(
            lambda database: latest_first(self._people.names(database.execute(DUE, times).fetchall()))
        )

    async def everyone(self) -> tuple[tuple[Record, Shown], ...]:
        """Every person's record and what their chat shows, latest active first and the never active last."""
        rows = await self._connection.read(lambda database: self._people.everyone(database))
        return tuple((row.record, row.shown) for row in rows)

    async def litter(self) -> tuple[MessageToRemove, ...]:
        """Messages still to be removed, oldest first."""
        return await self._connection.read(lambda database: self._litter.everything(database))

    async def discard(self, person: str, handle: str, born: datetime, *, is_kept: bool = False) -> None:
        """Note a message of the bot's to be removed, at once or in the end; the first note of a message stands."""
        message = MessageToRemove(person, handle, aware(born), is_kept=is_kept)
        await self._connection.write(lambda database: self._litter.discard(database, message))

    async def swept(self, person: str, handles: Sequence[str]) -> None:
        """Forget messages that have been removed, in one transaction."""

        def work(database: sqlite3.Connection) -> None:
            """Forget each."""
            for handle in handles:
                self._litter.forget(database, person, handle)

        if handles:
            await self._connection.write(work)

    async def scrub(self) -> None:
        """Write the file anew, since SQLite may leave copies in pages from which it moved rows to others."""
        await self._connection.prepare(rewrite)

    async def close(self) -> None:
        """Finish what was begun and let go; closing twice is harmless."""
        await self._connection.close()


async def open_sqlite(
    path: Path, keys: KeyRing, *, busy_milliseconds: int = BUSY_MILLISECONDS, reload: Reload | None = None
) -> SqliteStore:
    """The store in this file, made where there is none and brought up to this version.

    With `reload` it goes on when the keys are changed beside it; without, everything is a `StoreFault` from then on.

    `KeyFault` when the file was sealed with other keys; `StoreFault` when it cannot be used. It reads no person's row.
    """
    ready = partial(prepare, keys, reload=reload)
    return SqliteStore(await open_connection(path, ready, busy_milliseconds=busy_milliseconds), keys, reload)


def prepare(keys: KeyRing, database: sqlite3.Connection, *, reload: Reload | None = None) -> None:
    """Bring a database up to this version, and make sure that it and the keys belong together."""

    def check(begun: sqlite3.Connection) -> None:
        """Look at those keys that the database names, where there is a choice."""
        name = own_key(begun)
        meta.demand_own_keys(begun, keys if reload is None or name in ("", keys.id) else reload(name))

    migrate(database, known_migrations())
    transact(database, check)
