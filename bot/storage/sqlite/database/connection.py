"""The one connection to the database file: how it is opened, that its settings are in force, and who may use it when.

It refuses to know what is kept.
"""

import asyncio
import logging
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from errno import EACCES
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from bot.runtime.errors import StoreFault
from bot.runtime.owner_only_files import demand_own_folder
from bot.storage.sqlite.database.log_lock import LogLock
from bot.storage.sqlite.database.transaction import Work, consult, fault, read_at_once, transact
from bot.storage.sqlite.database.whole import demand_there, make_or_demand, unopened
from bot.storage.sqlite.database.write_ahead import Database, clear_log, log_bytes, shorten_log

Result = TypeVar("Result")

BUSY_MILLISECONDS = 2_000
AGAIN = 0.01
"""Seconds until another program is asked once more to let go."""

PRIMARY = 0xFF
"""The bits of an error's code that say what it is, without which kind of it."""

# Each as it is set and as it must read back. WAL, which is emptied after an erasure, and which no program moves by itself;
# FULL, so that an acknowledged response outlives a power cut; secure_delete, so that an erased row is overwritten.
PRAGMAS: tuple[tuple[str, str, str | int], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("wal_autocheckpoint", "0", 0),
    ("synchronous", "FULL", 2),
    ("secure_delete", "ON", 1),
    ("foreign_keys", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("temp_store", "MEMORY", 2),
)


class Connection:
    """The only way to the database: one transaction at a time, each whole even when its caller is cancelled."""

    def __init__(self, link: aiosqlite.Connection, database: Database) -> None:
        self._link = link
        self._database = database
        self._lock = asyncio.Lock()
        self._closing = False
        self._owes_erasure = False
        self._first: Work[None] | None = None
        self._under_way: set[asyncio.Task[Any]] = set()
        # A private seam, used here alone: aiosqlite's public calls are a hop to its thread each, and a turn is one hop.
        self._hop: Callable[[Callable[[], Any]], Awaitable[Any]] = link._execute  # noqa: SLF001

    def begin_with(self, first: Work[None]) -> None:
        """Do this first in every transaction from now on, also in those that only read."""
        self._first = first

    async def prepare(self, work: Work[Result]) -> Result:
        """Run what has to run outside of a transaction."""
        return await self._shielded(lambda: consult(self._database, work))

    async def write(self, work: Work[Result], *, durable: Callable[[], bool] = lambda: False) -> Result:
        """Run the work in a transaction, and return once it is durable; `StoreFault` when nothing was kept.

        `durable` is told, and says whether something was erased. What was is out of every file when this returns, or owed.
        """

        def whole() -> Result:
            """All in one hop, so that nothing can step in."""
            result = transact(self._database, partial(self._led, work))
            # After COMMIT, in the same hop. Where a reader keeps the log from being emptied, the erasure is owed and
            # tried again with each write (ADR 0063).
            self._owes_erasure |= durable()
            if self._owes_erasure:
                self._clear()
            else:
                shorten_log(self._database)
            return result

        return await self._shielded(whole)

    async def is_cleared(self) -> bool:
        """Whether no file holds what was erased; tried once more where somebody who was reading held that up."""
        if self._owes_erasure:
            await self.clear()
        return not self._owes_erasure

    async def owe(self) -> None:
        """Begin: an earlier process may have been killed before what it had erased was out of every file."""
        self._owes_erasure = not await self.clear()

    async def clear(self) -> bool:
        """Move all that was written into the file itself, and leave nothing beside it; whether that could be done now."""
        return await self._shielded(self._clear)

    async def read(self, work: Work[Result]) -> Result:
        """Run what only reads; it sees the database as it is at one time."""
        return await self._shielded(lambda: read_at_once(self._database, partial(self._led, work)))

    async def read_aside(self, work: Work[Result]) -> Result:
        """Run what reads for long over a connection of its own, which only reads: nobody waits for it."""
        return await asyncio.to_thread(self._read_aside, work)

    def _read_aside(self, work: Work[Result]) -> Result:
        with closing(open_read_only(self._database.path)) as database:
            return read_at_once(database, work)

    async def close(self) -> None:
        """Let what was begun finish, then close; closing twice is harmless."""
        is_first, self._closing = not self._closing, True
        if self._under_way:
            await asyncio.wait(self._under_way)
        try:
            if is_first:
                # So that after a clean stop the file alone is the whole database (ADR 0063).
                await self._hop(self._clear)
        finally:
            await self._link.close()

    def _clear(self) -> bool:
        is_clear = clear_log(self._database)
        self._owes_erasure &= not is_clear
        return is_clear

    def _led(self, work: Work[Result], database: sqlite3.Connection) -> Result:
        if self._first is not None:
            self._first(database)
        return work(database)

    async def _shielded(self, work: Callable[[], Result]) -> Result:
        """Run work to its end even when the caller is cancelled: cut half-way, it would undo the next caller's work too."""
        if self._closing:
            raise StoreFault("The store is closed, since the bot is stopping. Nothing of this step was saved.")
        step = asyncio.ensure_future(self._alone(work))
        # Kept here, since the loop holds a task only weakly, and so that `close` can wait for it.
        self._under_way.add(step)
        step.add_done_callback(self._under_way.discard)
        return await asyncio.shield(step)

    async def _alone(self, work: Callable[[], Result]) -> Result:
        async with self._lock:
            result: Result = await self._hop(work)
            return result


async def open_connection(
    path: Path, prepare: Work[None], *, busy_milliseconds: int = BUSY_MILLISECONDS, reads_only: bool = False
) -> Connection:
    """Open the database file, made 0600 (its folder 0700) where there is none, and prepare it before it is used.

    Where it `reads_only`, nothing is made, and SQLite refuses whatever would write.
    """
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)  # it prints values at DEBUG
    database = _opened(path, reads_only=reads_only)
    link = aiosqlite.Connection(lambda: database, iter_chunk_size=64)
    link._thread.daemon = True  # noqa: SLF001 - else a crash elsewhere leaves a process that neither works nor ends
    connection = Connection(await link, database)

    def ready(fresh: sqlite3.Connection) -> None:
        """Set it up, then prepare what is in it."""
        _set_pragmas(fresh, busy_milliseconds=busy_milliseconds, reads_only=reads_only)
        prepare(fresh)

    try:
        await connection.prepare(ready)
        await connection.owe()
    except BaseException:
        await connection.close()
        raise
    return connection


def open_database(path: Path) -> sqlite3.Connection:
    """The database for a program that does one thing and ends: with the same settings, and without a thread."""
    database = _opened(path)
    try:
        consult(database, partial(_set_pragmas, busy_milliseconds=BUSY_MILLISECONDS))
    except BaseException:
        database.close()
        raise
    return database


def open_read_only(path: Path, *, busy_milliseconds: int = BUSY_MILLISECONDS) -> sqlite3.Connection:
    """The database for a program that only looks, in whatever version it is; so long another program is waited for."""
    database = _opened(path, reads_only=True)
    consult(database, lambda opened: opened.execute(f"PRAGMA busy_timeout = {busy_milliseconds}").fetchall())
    return database


def _opened(path: Path, *, reads_only: bool = False) -> Database:
    """The file as SQLite opens it; here and not on the other thread, where aiosqlite would lose track of a failure."""
    if reads_only:
        demand_there(path)
    else:
        _make_private(path)
    try:
        # Never a mode in which SQLite makes the file: it is made above, whole and for its owner alone.
        # Without an isolation level Python begins no transaction of its own; the connection is used on
        # another thread than this one.
        place = f"{path.absolute().as_uri()}?mode={'ro' if reads_only else 'rw'}"
        leaves_log = not reads_only or log_bytes(path) is not None
        database = sqlite3.connect(place, uri=True, isolation_level=None, check_same_thread=False, factory=Database)
        database.path, database.leaves_log = path, leaves_log
        database.lock = None if reads_only else LogLock(path)
    except sqlite3.Error as error:
        raise fault(error) from error
    except OSError as error:
        raise unopened(path, error) from error
    return database


def _set_pragmas(database: sqlite3.Connection, *, busy_milliseconds: int, reads_only: bool = False) -> None:
    """Set each and read it back; who only reads takes the log of the file as it is."""
    if isinstance(database, Database):
        database.patience = busy_milliseconds / 1000
    until = time.monotonic() + busy_milliseconds / 1000
    for name, value, expected in (("busy_timeout", str(busy_milliseconds), busy_milliseconds), *PRAGMAS):
        if reads_only and name == "journal_mode":
            continue
        _set(database, name, value, until=until)
        found = database.execute(f"PRAGMA {name}").fetchone()
        if found is None or found[0] != expected:
            raise StoreFault(
                f"SQLite did not take the setting {name} = {value}, on which the bot's promises rest."
                " Run the bot with an ordinary build of SQLite, and no other program at its database."
            )


def _set(database: sqlite3.Connection, name: str, value: str, *, until: float) -> None:
    """Set one. SQLite waits for nobody while it changes how it writes, so that this is tried again until then."""
    while True:
        try:
            database.execute(f"PRAGMA {name} = {value}").fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & PRIMARY != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(AGAIN)
        else:
            return


def _make_private(path: Path) -> None:
    """Create the file before SQLite would, so that only its owner can read it, and the journal that copies its mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        demand_own_folder(path.parent, fault=StoreFault)
        make_or_demand(path)
        path.chmod(0o600)
        if not os.access(path, os.R_OK | os.W_OK):  # never opened to see: to close it would drop SQLite's own locks
            raise PermissionError(EACCES, os.strerror(EACCES))
    except OSError as error:
        raise unopened(path, error) from error
