"""The engine of the store: one connection to a database file, on its own thread, or to a database in memory."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from traceback import clear_frames
from typing import TYPE_CHECKING, Any, TypeVar

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreClosed, StoreFault
from bot.storage.session import DiskFull, SqliteSession
from bot.storage.sqlite.database_file import open_read_only, refuse_foreign
from bot.storage.sqlite.examining import in_step
from bot.storage.sqlite.resealing import change_keys
from bot.storage.sqlite.transaction import (
    Database,
    clear_log,
    commits_seen,
    consult,
    make_room,
    pack,
    read_at_once,
    shorten_log,
    transaction,
)
from bot.storage.tables import Tables

if TYPE_CHECKING:  # a chat in the terminal has no file, and need not import it
    import aiosqlite

Result = TypeVar("Result")

InSession = Callable[[SqliteSession], Result]  # work in a session, within a transaction


class Connection:
    """The `Engine` of a store. It runs one transaction at a time, and finishes each even if its caller is cancelled.

    Without `link`, a connection to the database's own thread, the database is in memory, and work runs in the caller's thread.
    """

    def __init__(self, database: Database, link: "aiosqlite.Connection | None" = None) -> None:
        self._database, self._link = database, link
        # A private method, used here alone: each public call of aiosqlite is a hop to its thread, and a turn takes one hop.
        self._hop: Callable[[Callable[[], Any]], Awaitable[Any]] = link._execute if link else _at_once  # noqa: SLF001
        self._session = SqliteSession(database)
        self._reading: set[sqlite3.Connection] = set()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._closing = self._is_closed = False
        # An earlier process may have been killed before its erased rows were gone from every file.
        self._owes_erasure = True
        self.is_slow_to_commit = link is not None

    async def transact(self, work: InSession[Result], durable: Callable[[], None]) -> Result:
        """Run the work in a transaction, and call `durable` on the same thread after the commit.

        When this returns, erased rows are gone from every file. If a reader prevented that, each later write tries again.
        """

        def whole() -> Result:
            """Run everything in one call to the thread, so that no other work runs in between."""
            try:
                with transaction(self._database):
                    result = work(self._session)
            except DiskFull:
                if not make_room(self._database):
                    raise
                with transaction(self._database):
                    result = work(self._session)
            durable()
            self._owes_erasure |= bool(self._session.erased)
            self._session.erased.clear()
            if self._owes_erasure:
                self._clear()
            else:
                shorten_log(self._database)
            return result

        return await self.whole(whole)

    async def read(self, work: InSession[Result]) -> Result:
        return await self.whole(lambda: read_at_once(self._database, lambda _: work(self._session)))

    async def read_long(self, work: InSession[Result]) -> Result:
        if self._link is None:
            return await self.whole(lambda: read_at_once(self._database, lambda begun: work(SqliteSession(begun))))
        self._demand_open()
        task = asyncio.ensure_future(asyncio.to_thread(self._read_beside, work))
        # Held here, since the loop holds a task only weakly, and so that `close` can wait for it.
        self._under_way.add(task)
        task.add_done_callback(self._over)
        return await asyncio.shield(task)

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # marks it as seen: its caller may be gone

    def _read_beside(self, work: InSession[Result]) -> Result:
        with closing(open_read_only(self._database.path)) as database:
            self._reading.add(database)
            try:
                self._demand_open()
                consult(database, refuse_foreign)
                return read_at_once(database, lambda _: work(SqliteSession(database)))
            except StoreFault as error:
                if error.__cause__ is not None:
                    # A cursor that these frames hold keeps its place in the log, even once the connection is closed.
                    clear_frames(error.__cause__.__traceback__)
                self._demand_open()  # else it was interrupted
                raise
            finally:
                self._reading.discard(database)

    async def changes(self) -> object:
        return await self.whole(lambda: consult(self._database, commits_seen))

    async def clear(self) -> bool:
        return not self._owes_erasure or await self.whole(self._clear)

    async def pack(self) -> None:
        def whole() -> None:
            pack(self._database)
            self._owes_erasure = True
            self._clear()

        if self._link is not None:
            await self.whole(whole)

    async def change_keys(self, old: KeyRing, new: KeyRing) -> None:
        def whole() -> None:
            with transaction(self._database):
                change_keys(self._session, old=old, new=new)

        await self.whole(whole)

    def examine(self, tables: Tables) -> tuple[str, ...]:
        assert isinstance(tables.session, SqliteSession)
        return in_step(tables.session.database, tables.keys)[1]

    async def close(self) -> None:
        """Finish the work that has begun, interrupt long reads, then close the database. Closing twice is harmless."""

        def clear_and_close() -> None:
            try:
                # So that after a clean stop the file alone is the whole database (ADR 0007).
                self._clear()
            finally:
                self._database.close()
                self._is_closed = True

        self._closing = True
        while under_way := tuple(self._under_way):
            for reader in tuple(self._reading):
                with suppress(sqlite3.ProgrammingError):  # it has just been closed
                    reader.interrupt()
            # Repeated, since an interrupt misses a reader that is between two statements.
            await asyncio.wait(under_way, timeout=0.1)
        try:
            if not self._is_closed:
                await self._hop(clear_and_close)
        finally:
            if self._link is not None:
                await self._link.close()

    def _clear(self) -> bool:
        is_clear = clear_log(self._database)
        self._owes_erasure &= not is_clear
        return is_clear

    async def whole(self, work: Callable[[], Result]) -> Result:
        """Run work after all earlier work. It runs to its end even if the caller is cancelled, since it runs on another thread."""
        self._demand_open()
        result: Result = await self._hop(work)
        return result

    def _demand_open(self) -> None:
        if self._closing:
            raise StoreClosed("The store is closed, since the bot is stopping. Nothing of this step was saved.")


async def _at_once(work: Callable[[], Result]) -> Result:
    return work()
