"""The lease: of several copies of the bot, the one that holds it polls Telegram, delivers to chats, and does the housekeeping.

It is a row with the holder, an epoch and an end by the clock of the database. Whoever takes it locks the ledger first, so
no transaction of the copy before is under way then; and a copy that leads finds its epoch in each of its transactions.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic

import psycopg

from bot.runtime.errors import StoreFault, StoreUnavailable
from bot.runtime.files import read_at_most, replace_private
from bot.runtime.logs import FaultLog, log
from bot.storage.postgres.engine import END_SILENT, Connect, PostgresEngine
from bot.storage.postgres.session import ServerConnection, server_fault
from bot.storage.store import RunningCopy
from bot.watch.meter import meter

TERM = 6.0  # seconds after which a lease that was not renewed may be taken
RENEW_EVERY, ASK_EVERY = 2.0, 1.0  # seconds between renewals, and between a waiting copy's looks
LONGEST = 2.0  # seconds for one look or renewal
UNREACHED = 15.0  # seconds without the database after which a copy that does not lead goes on without a store too

TAKE = """INSERT INTO lease (id, holder, epoch, until) VALUES (1, %s, 1, clock_timestamp() + make_interval(secs => %s))
    ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, epoch = lease.epoch + 1, until = excluded.until
    WHERE lease.until < clock_timestamp() RETURNING epoch"""
RENEW = """UPDATE lease SET until = clock_timestamp() + make_interval(secs => %s)
    WHERE holder = %s AND epoch = %s RETURNING epoch"""
AT_ONCE = "SET LOCAL synchronous_commit = local"
"""A lease waits for no standby: while one is missing, the copy that leads goes on to tell everybody whom to call."""

HERE = """INSERT INTO copies (copy, host, polls, seen) VALUES (%s, %s, %s, clock_timestamp())
    ON CONFLICT (copy) DO UPDATE SET host = excluded.host, polls = excluded.polls, seen = excluded.seen"""
GIVE_UP = "UPDATE lease SET until = clock_timestamp() WHERE holder = %s AND epoch = %s"
OTHERS_POLL = "SELECT EXISTS (SELECT 1 FROM copies WHERE polls AND seen > clock_timestamp() - interval '10 seconds')"
"""Whether a copy that can poll Telegram is running: one that serves only pages leaves the lead to it."""

ALL = """SELECT host, extract(epoch FROM clock_timestamp() - seen)::float8, copy IS NOT DISTINCT FROM (SELECT holder FROM lease)
    FROM copies WHERE seen > clock_timestamp() - interval '1 day' ORDER BY 3 DESC, 1, copy"""


class KnownNumber:
    """The file of one copy with the highest number of the ledger that it has seen, so that an older state is noticed at a start."""

    def __init__(self, place: Path) -> None:
        self._path = place.with_name(f"{place.name}.number")
        self._noted = 0

    def demand(self, number: int) -> None:
        """Raise `StoreFault` if the ledger's number is lower than one that this copy has seen."""
        with suppress(OSError, ValueError):
            self._noted = int(read_at_most(self._path, 30))
        if number < self._noted:
            raise StoreFault(
                f"The database is older than this copy of the bot has seen it: it counts {number} writes, and had {self._noted}."
                " A standby that lacked the last of them took over, or an older state was put back. What was answered since is"
                " lost. Look for the server that has it. If there is none, or a backup was restored on purpose, delete"
                f" {self._path} on every machine, and start the bot."
            )

    @property
    def lost(self) -> str:
        """The fault of a database without a store if this copy has seen one: an empty one in its place would admit nobody (ADR 0052)."""
        if not self._path.exists():
            return ""
        return (
            "The database has no store any more, and this machine has seen one there. No new one is made. Look for the server that"
            " has it, or restore the latest backup: seraf-bot backup restore. Only to begin again, with nobody admitted and nothing"
            f" kept: delete {self._path}, and start the bot."
        )

    def forget(self) -> None:
        """Delete the file, since this program has just put a store there on purpose."""
        self._path.unlink(missing_ok=True)

    def note(self, number: int) -> None:
        """Write the number down if it is higher than before."""
        if number <= self._noted:
            return
        with suppress(OSError):  # it is written again within seconds
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_private(self._path, str(number).encode())
            self._noted = number


class Lease:
    """The `Leading` of one copy."""

    def __init__(self, connect: Connect, engine: PostgresEngine, known: KnownNumber) -> None:
        self._connect, self._engine, self._known = connect, engine, known
        self._connection: ServerConnection | None = None
        self._gained, self._lost, self._failed = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._reached = monotonic()
        self.copies: tuple[RunningCopy, ...] = ()
        self.polls = True
        self._until = 0.0  # by this machine's monotonic clock: the end of the lease, as far as this copy can know
        self._faults = FaultLog("the lease cannot be renewed")
        self._trying: asyncio.Task[None] | None = None

    async def gained(self) -> None:
        """Return once this copy leads. Raise `StoreUnavailable` if the database was not reached for too long."""
        await self._reached_by(self._gained)

    async def lost(self) -> None:
        """Return once another copy leads. Raise `StoreUnavailable` if the database was not reached for longer than the term."""
        await self._reached_by(self._lost)

    async def _reached_by(self, event: asyncio.Event) -> None:
        waiting = [asyncio.create_task(each.wait()) for each in (event, self._failed)]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()
        if not event.is_set():
            raise StoreUnavailable("The database has not answered for seconds. Nothing is saved until it does.")

    def leads(self) -> bool:
        """Return True while this copy holds the lease. A copy that was stopped for a while finds that its time is over."""
        return self._gained.is_set() and not self._lost.is_set() and monotonic() < self._until

    def is_overtaken(self) -> bool:
        return self._gained.is_set() and not self.leads()

    def stand_down(self) -> None:
        self._engine.epoch = None
        self._gained.clear()
        self._lost.clear()

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Take and renew the lease while the block runs, and give it up at its end."""
        running = asyncio.create_task(self._run())
        try:
            yield
        finally:
            for task in (running, self._trying):
                if task is not None:
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)
            await asyncio.to_thread(self._give_up)

    async def _run(self) -> None:
        while True:
            begun = monotonic()
            try:
                epoch = await asyncio.to_thread(self._step)
            except (psycopg.Error, StoreFault) as error:
                self._faults.note(error if isinstance(error, StoreFault) else server_fault(error))
                meter().keeps(False)
                if monotonic() - self._reached > (TERM if self._gained.is_set() else UNREACHED):
                    self._failed.set()
            else:
                self._faults.over()
                self._reached = monotonic()
                if not self._engine.is_held_up:
                    meter().keeps()
                elif self._trying is None or self._trying.done():
                    self._trying = asyncio.create_task(self._try_to_save())
                self._take_note(epoch, begun)
            await asyncio.sleep(RENEW_EVERY if self._gained.is_set() else ASK_EVERY)

    async def _try_to_save(self) -> None:
        """Save nothing, but wait for the standby, so that a copy that nobody uses knows that it could serve again."""
        try:
            await self._engine.transact(lambda _: None, lambda: None)
        except StoreFault:
            meter().keeps(False)

    def _take_note(self, epoch: int | None, begun: float) -> None:
        if self._engine.epoch is None:
            if epoch is not None:
                self._engine.epoch, self._until = epoch, begun + TERM
                self._gained.set()
                log.info("leads", count=epoch)
        elif epoch == self._engine.epoch:
            if not self._lost.is_set():
                self._until = begun + TERM
        elif not self._lost.is_set():
            self._lost.set()
            log.warning("leads no more")

    def _step(self) -> int | None:
        """Renew the lease, or try to take it if nobody holds it. Return the epoch if this copy holds it."""
        try:
            return self._stepped()
        except psycopg.Error:  # the connection may be an old one that was cut meanwhile
            self._drop()
        try:
            return self._stepped()
        except BaseException:
            self._drop()
            raise

    def _stepped(self) -> int | None:
        if self._connection is None or self._connection.closed or self._connection.broken:
            self._connection = self._connect()
        connection, me, epoch = self._connection, self._engine.copy, self._engine.epoch
        connection.until = monotonic() + LONGEST
        with connection.transaction():
            connection.execute(AT_ONCE)
            connection.execute(HERE, (me, socket.gethostname(), self.polls))
            self.copies = tuple(RunningCopy(*row) for row in connection.execute(ALL).fetchall())
            self._note_number(connection)
            if not self.polls and connection.execute(OTHERS_POLL).fetchone() == (True,):
                connection.execute(GIVE_UP, (me, epoch))
                return None
            if epoch is not None:
                row = connection.execute(RENEW, (TERM, me, epoch)).fetchone()
                return None if row is None else int(row[0])
        row = connection.execute("SELECT until < clock_timestamp() FROM lease").fetchone()
        if row == (False,):
            return None
        connection.until = monotonic() + TERM
        with connection.transaction():
            connection.execute(AT_ONCE)
            connection.execute("SET LOCAL lock_timeout = '5s'")
            connection.execute(END_SILENT)
            connection.execute("SELECT 1 FROM ledger FOR UPDATE")
            row = connection.execute(TAKE, (me, TERM)).fetchone()
            for table, seen in (("copies", "seen"), ("commits", "at")):  # of copies that were killed
                connection.execute(f"DELETE FROM {table} WHERE {seen} < clock_timestamp() - interval '1 day'")
        return None if row is None else int(row[0])

    def _note_number(self, connection: ServerConnection) -> None:
        for (number,) in connection.execute("SELECT number FROM ledger").fetchall():
            self._known.note(number)

    def _give_up(self) -> None:
        with suppress(psycopg.Error):
            if self._connection is not None and not self._connection.closed:
                self._connection.until = monotonic() + 1
                self._note_number(self._connection)
                if self._engine.epoch is not None:
                    self._connection.execute(GIVE_UP, (self._engine.copy, self._engine.epoch))
                self._connection.execute("DELETE FROM copies WHERE copy = %s", (self._engine.copy,))
        self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
        self._connection = None
