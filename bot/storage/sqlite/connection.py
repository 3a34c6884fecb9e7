"""The one connection to the database file, on a thread of its own, and who may use it when. It refuses to know what is kept."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreClosed, StoreFault
from bot.storage.session import StoreSession
from bot.storage.sqlite.database_file import BUSY_MILLISECONDS, LOOKING, WRITING, open_read_only, opened, refuse_foreign
from bot.storage.sqlite.examining import in_step
from bot.storage.sqlite.resealing import change_keys
from bot.storage.sqlite.session import SqliteSession
from bot.storage.sqlite.transaction import DiskFull, Work, commits_seen, consult, pack, read_at_once, transact
from bot.storage.sqlite.write_ahead import Database, clear_log, make_room, shorten_log
from bot.storage.tables.tables import Tables

Result = TypeVar("Result")

InSession = Callable[[StoreSession], Result]
"""What is done in a session, within a transaction."""

INTERRUPTED_EVERY = 0.1
"""Seconds until those who read for long are interrupted again: one that has not begun its next statement goes on."""


class Connection:
    """The only way to the database: one transaction at a time, each whole even when its caller is cancelled."""

    is_slow_to_commit = True

    def __init__(self, link: aiosqlite.Connection, database: Database) -> None:
        self._link = link
        self._database = database
        self._session = SqliteSession(database)
        self._reading: set[sqlite3.Connection] = set()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._closing = self._is_closed = False
        # An earlier process may have been killed before what it had erased was out of every file.
        self._owes_erasure = True
        # A private seam, used here alone: aiosqlite's public calls are a hop to its thread each, and a turn is one hop.
        self._hop: Callable[[Callable[[], Any]], Awaitable[Any]] = link._execute  # noqa: SLF001

    async def transact(self, work: InSession[Result], durable: Callable[[], None]) -> Result:
        """Run the work in a transaction. Raise `StoreFault` if nothing was kept. `durable` is called once it is, on the same thread.

        What was erased is out of every file when this returns, or owed: where somebody reads, it is tried again with each write.
        """

        def whole() -> Result:
            """Do all in one hop, so that nothing can step in."""
            step = partial(_in_session, self._session, work)
            try:
                result = transact(self._database, step)
            except DiskFull:
                if not make_room(self._database):
                    raise
                result = transact(self._database, step)
            durable()
            self._owes_erasure |= self._session.has_erased
            self._session.has_erased = False
            if self._owes_erasure:
                self._clear()
            else:
                shorten_log(self._database)
            return result

        return await self._whole(whole)

    async def read(self, work: InSession[Result]) -> Result:
        return await self._whole(lambda: read_at_once(self._database, partial(_in_session, self._session, work)))

    async def read_long(self, work: InSession[Result]) -> Result:
        self._demand_open()
        step = asyncio.ensure_future(asyncio.to_thread(self._read_beside, work))
        # Kept here, since the loop holds a task only weakly, and so that `close` can wait for it.
        self._under_way.add(step)
        step.add_done_callback(self._over)
        return await asyncio.shield(step)

    def _over(self, step: asyncio.Task[Any]) -> None:
        self._under_way.discard(step)
        if not step.cancelled():
            step.exception()  # who waited for it may have gone, and then a reading that failed is no news

    def _read_beside(self, work: InSession[Result]) -> Result:
        with closing(open_read_only(self._database.path)) as database:
            self._reading.add(database)
            try:
                self._demand_open()
                consult(database, refuse_foreign)
                return read_at_once(database, partial(_in_session, SqliteSession(database), work))
            except StoreFault:
                self._demand_open()  # else it was interrupted
                raise
            finally:
                self._reading.discard(database)

    async def changes(self) -> object:
        return await self._whole(lambda: consult(self._database, commits_seen))

    async def clear(self) -> bool:
        return not self._owes_erasure or await self._whole(self._clear)

    async def pack(self) -> None:
        def whole() -> None:
            pack(self._database)
            self._owes_erasure = True
            self._clear()

        await self._whole(whole)

    async def change_keys(self, old: KeyRing, new: KeyRing) -> None:
        step = partial(_in_session, self._session, partial(change_keys, old=old, new=new))
        await self._whole(lambda: transact(self._database, step))

    def examine(self, tables: Tables) -> tuple[str, ...]:
        return in_step(self._database, tables.keys)[1]

    async def close(self) -> None:
        """Let what was begun finish, stop what reads for long, then close; closing twice is harmless."""
        self._closing = True
        while under_way := tuple(self._under_way):
            for reader in tuple(self._reading):
                with suppress(sqlite3.ProgrammingError):  # it has just been closed
                    reader.interrupt()
            await asyncio.wait(under_way, timeout=INTERRUPTED_EVERY)
        try:
            if not self._is_closed:
                await self._hop(self._cleared_and_closed)
        finally:
            await self._link.close()

    def _cleared_and_closed(self) -> None:
        try:
            # So that after a clean stop the file alone is the whole database (ADR 0007).
            self._clear()
        finally:
            self._database.close()
            self._is_closed = True

    def _clear(self) -> bool:
        is_clear = clear_log(self._database)
        self._owes_erasure &= not is_clear
        return is_clear

    async def _whole(self, work: Callable[[], Result]) -> Result:
        """Run work after all that was begun before, and to its end even when the caller is cancelled: the thread takes one after
        the other, and looks at nobody who waits.
        """
        self._demand_open()
        result: Result = await self._hop(work)
        return result

    def _demand_open(self) -> None:
        if self._closing:
            raise StoreClosed("The store is closed, since the bot is stopping. Nothing of this step was saved.")


def _in_session(session: StoreSession, work: InSession[Result], _: sqlite3.Connection) -> Result:
    return work(session)


async def open_connection(
    path: Path, prepare: Work[None], *, busy_milliseconds: int = BUSY_MILLISECONDS, reads_only: bool = False
) -> Connection:
    """Open the database file, made 0600 (its folder 0700) where there is none, and prepare it before it is used.

    Where it `reads_only`, nothing is made, and SQLite refuses whatever would write.
    """
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)  # it prints values at DEBUG
    # Who only reads takes the log of the file as it is.
    how = (LOOKING if reads_only else WRITING)._replace(busy_milliseconds=busy_milliseconds)
    # Here and not on the other thread, where aiosqlite would lose track of a failure.
    database = await asyncio.to_thread(opened, path, how)
    link = aiosqlite.Connection(lambda: database, iter_chunk_size=64)
    link._thread.daemon = True  # noqa: SLF001 - else a crash elsewhere leaves a process that neither works nor ends
    connection = Connection(await link, database)
    try:
        await connection._whole(lambda: consult(database, prepare))  # noqa: SLF001 - its own opening
        await connection.clear()
    except BaseException:
        await connection.close()
        raise
    return connection
