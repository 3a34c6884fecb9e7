"""The one connection to the database file, and who may use it when. Where the file is made anew, it goes on with the new one.

It refuses to know what is kept.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import aiosqlite

from bot.runtime.errors import StoreClosed, StoreFault, StoreUnavailable
from bot.storage.sqlite.database.database_file import (
    BUSY_MILLISECONDS,
    LOOKING,
    WRITING,
    FileOpening,
    open_beside,
    opened,
    opened_in_place,
)
from bot.storage.sqlite.database.made_anew import PATIENCE, READ, Hops, make_anew
from bot.storage.sqlite.database.making import Making
from bot.storage.sqlite.database.store_files import real, unfinished
from bot.storage.sqlite.database.transaction import DiskFull, Work, consult, read_at_once, transact
from bot.storage.sqlite.database.write_ahead import Database, clear_log, make_room, shorten_log

Result = TypeVar("Result")


INTERRUPTED_EVERY = 0.1
"""Seconds until those who read aside are interrupted again: one that has not begun its next statement goes on."""


class Connection:
    """The only way to the database: one transaction at a time, each whole even when its caller is cancelled."""

    def __init__(self, link: aiosqlite.Connection, database: Database, how: FileOpening) -> None:
        """`how` it was opened, and is opened again."""
        self._link = link
        self._database = database
        self._how = how
        self._set_up: Work[None] | None = None
        self._making = asyncio.Lock()
        self._made: asyncio.Future[None] | None = None
        self._aside = asyncio.Condition()
        self._reading: set[sqlite3.Connection] = set()
        self._asides = 0
        self._is_placing = False
        self._stops = Event()
        self._closing = self._is_closed = False
        self._owes_erasure = False
        self._first: Work[None] | None = None
        self._under_way: set[asyncio.Task[Any]] = set()
        # A private seam, used here alone: aiosqlite's public calls are a hop to its thread each, and a turn is one hop.
        self._hop: Callable[[Callable[[], Any]], Awaitable[Any]] = link._execute  # noqa: SLF001

    def begin_with(self, first: Work[None]) -> None:
        """Do this first in every transaction from now on, also in those that only read."""
        self._first = first

    async def set_up(self, work: Work[None]) -> None:
        """Set the connection up in this way, now and whenever the file is opened again."""
        self._set_up = work
        await self.prepare(work)

    async def prepare(self, work: Work[Result]) -> Result:
        """Run what has to run outside of a transaction."""
        return await self._whole(lambda: consult(self._database, work))

    async def write(self, work: Work[Result], *, durable: Callable[[], bool] = lambda: False) -> Result:
        """Run the work in a transaction, and return once it is durable; `StoreFault` when nothing was kept.

        `durable` is told, and says whether something was erased. What was is out of every file when this returns, or owed.
        """

        def whole() -> Result:
            """All in one hop, so that nothing can step in."""
            try:
                result = transact(self._database, partial(self._led, work))
            except DiskFull:
                if not make_room(self._database):
                    raise
                result = transact(self._database, partial(self._led, work))
            # After COMMIT, in the same hop. Where a reader keeps the log from being emptied, the erasure is owed and
            # tried again with each write (ADR 0007).
            self._owes_erasure |= durable()
            if self._owes_erasure:
                self._clear()
            else:
                shorten_log(self._database)
            return result

        return await self._whole(whole)

    async def is_cleared(self) -> bool:
        """Whether no file holds what was erased, nor one that is being made; tried once more where somebody held that up."""
        if self._owes_erasure:
            await self.clear()
        return not (self._owes_erasure or self._making.locked() or unfinished(real(self._database.path)).exists())

    async def owe(self) -> None:
        """Begin: an earlier process may have been killed before what it had erased was out of every file."""
        self._owes_erasure = not await self.clear()

    async def clear(self) -> bool:
        """Move all that was written into the file itself, and leave nothing beside it; whether that could be done now."""
        return await self._whole(self._clear)

    async def read(self, work: Work[Result]) -> Result:
        """Run what only reads; it sees the database as it is at one time."""
        return await self._whole(lambda: read_at_once(self._database, partial(self._led, work)))

    async def read_aside(self, work: Work[Result]) -> Result:
        """Run what reads for long over a connection of its own, which only reads: nobody waits for it."""
        async with self._aside:
            await self._aside.wait_for(lambda: not self._is_placing)
            self._asides += 1
        reading = asyncio.ensure_future(self._aside_in_thread(work))
        # Who waited for it may have gone, and then a reading that failed is no news.
        reading.add_done_callback(_look_at)
        return await self._to_its_end(reading)

    async def _aside_in_thread(self, work: Work[Result]) -> Result:
        try:
            return await asyncio.to_thread(self._read_aside, work)
        finally:
            self._asides -= 1
            async with self._aside:
                self._aside.notify_all()

    def _read_aside(self, work: Work[Result]) -> Result:
        with closing(open_beside(self._database.path)) as database:
            self._reading.add(database)
            try:
                self._demand_open()
                return read_at_once(database, work)
            except StoreFault:
                self._demand_open()  # else it was interrupted
                raise
            finally:
                self._reading.discard(database)

    async def make_anew(self, making: Making) -> None:
        """Make the file anew, and go on with the new one; who writes meanwhile waits for the change of the files alone.

        The store's lock is held. `StoreFault` where it could not be done, or the connection is closed, and the file stays.
        """
        # To its end, also where nobody waits for it any more: it is `close` that stops it.
        self._made = asyncio.ensure_future(self._one_at_a_time(making))
        await asyncio.shield(self._made)

    async def _one_at_a_time(self, making: Making) -> None:
        async with self._making:
            self._demand_open()
            await asyncio.to_thread(self._make_anew, making, asyncio.get_running_loop())

    def _make_anew(self, making: Making, loop: asyncio.AbstractEventLoop) -> None:
        def hop(way: Callable[[Work[Any]], Coroutine[Any, Any, Any]], work: Work[Any]) -> Any:
            """From this thread, on the one of the loop."""
            return asyncio.run_coroutine_threadsafe(way(work), loop).result()

        old = self._database
        try:
            make_anew(old, making, hops=Hops(partial(hop, self.prepare), partial(hop, self._place)), stops=self._stops)
        finally:
            if old.is_spent:
                old.close_file()  # here, since its room is given back, which takes a while

    async def _place(self, work: Work[Result]) -> Result:
        """Do the last of it, while nothing reads aside: whoever began is waited for, and whoever comes waits."""
        self._is_placing = True
        try:
            async with self._aside, asyncio.timeout(PATIENCE):
                await self._aside.wait_for(lambda: not self._asides)
            return await self.prepare(work)
        except TimeoutError:
            raise StoreUnavailable(READ) from None
        finally:
            self._is_placing = False
            async with self._aside:
                self._aside.notify_all()

    async def close(self) -> None:
        """Let what was begun finish, stop what makes the file anew or reads aside, then close; closing twice is harmless."""
        self._closing = True
        self._stops.set()
        while under_way := tuple(self._under_way):
            self._interrupt_readers()
            await asyncio.wait(under_way, timeout=INTERRUPTED_EVERY)
        async with self._making:
            try:
                if not self._is_closed:
                    await self._hop(self._cleared_and_closed)
            finally:
                await self._link.close()

    def _interrupt_readers(self) -> None:
        for reader in tuple(self._reading):
            with suppress(sqlite3.ProgrammingError):  # it has just been closed
                reader.interrupt()

    def _cleared_and_closed(self) -> None:
        try:
            # So that after a clean stop the file alone is the whole database (ADR 0007).
            self._clear()
        finally:
            self._database.close()  # the link has another one, where the file was made anew
            self._is_closed = True

    def _clear(self) -> bool:
        is_clear = clear_log(self._database)
        self._owes_erasure &= not is_clear
        return is_clear

    def _led(self, work: Work[Result], database: sqlite3.Connection) -> Result:
        if self._first is not None:
            self._first(database)
        return work(database)

    async def _whole(self, work: Callable[[], Result]) -> Result:
        """Run work after all that was begun before, and to its end even when the caller is cancelled: the thread takes one after
        the other, and looks at nobody who waits.
        """
        self._demand_open()
        result: Result = await self._hop(partial(self._in_place, work))
        return result

    async def _to_its_end(self, work: Awaitable[Result]) -> Result:
        step = asyncio.ensure_future(work)
        # Kept here, since the loop holds a task only weakly, and so that `close` can wait for it.
        self._under_way.add(step)
        step.add_done_callback(self._under_way.discard)
        return await asyncio.shield(step)

    def _demand_open(self) -> None:
        if self._closing:
            raise StoreClosed("The store is closed, since the bot is stopping. Nothing of this step was saved.")

    def _in_place(self, work: Callable[[], Result]) -> Result:
        """Do it over the file that is in place; where another may have taken that, open it again before and after."""
        self._open_again()
        try:
            return work()
        finally:
            self._open_again()

    def _open_again(self) -> None:
        if not self._database.is_spent:
            return
        fresh = opened_in_place(self._database, self._how)
        try:
            if self._set_up is not None:
                consult(fresh, self._set_up)
        except BaseException:
            fresh.presence = None
            fresh.close()
            raise
        spent, self._database = self._database, fresh
        spent.presence = None
        if spent.lock is not None:
            spent.lock.close()


def _look_at(reading: asyncio.Future[Any]) -> None:
    if not reading.cancelled():
        reading.exception()


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
    connection = Connection(await link, database, how)
    try:
        await connection.prepare(prepare)
        await connection.owe()
    except BaseException:
        await connection.close()
        raise
    return connection
