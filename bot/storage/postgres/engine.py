"""The engine of a store in PostgreSQL: one connection for turns, on a thread of its own, and others for long reads.

Every writing transaction first locks the ledger's row, so that one writes at a time over all copies of the bot, as in one
SQLite file. So no two can wait for each other, and the audit is one chain.
"""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic, sleep
from typing import Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreClosed, StoreFault, StoreUnavailable
from bot.storage.copying import copy_rows
from bot.storage.ledger import ERASED, KEYS, Head
from bot.storage.postgres.session import PostgresSession, ServerConnection, refuse_foreign_code, server_fault
from bot.storage.session import SqliteSession, StoreSession
from bot.storage.sqlite.examining import in_step
from bot.storage.sqlite.preparing import known_migrations, migrate
from bot.storage.sqlite.resealing import change_keys
from bot.storage.sqlite.transaction import transact
from bot.storage.tables import Tables

Result = TypeVar("Result")
InSession = Callable[[StoreSession], Result]  # work in a session, within a transaction

LONGEST = 8.0  # seconds for a transaction, from its beginning to the request to commit it
LONGEST_COMMIT = 5.0  # seconds for a commit, which waits for a standby; after that its outcome is looked up
LONG = 600.0  # seconds for work that reads or writes every row
PATIENCE, NO_PATIENCE = 7_000, 500
"""Milliseconds for which a transaction waits for the ledger's row, and after one that could not be saved: work that waits
then only holds up what people are told meanwhile."""

ATTEMPTS = 5
BETWEEN = 0.2  # seconds between two tries to reach the server while a commit has to be looked up
AGAIN = ("40001", "40P01")  # another transaction came in between: the whole work is done again

HELD = "55P03"  # another transaction held the ledger's row for too long

BEGIN = (
    "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = {durable}; SET LOCAL lock_timeout = {patience};"
    " SET LOCAL statement_timeout = '{longest}s'; SET LOCAL idle_in_transaction_session_timeout = '{silent}s';{named}"
    " SELECT number, sums FROM ledger FOR UPDATE; SELECT (SELECT key FROM meta WHERE moved IS NULL),"
    " (SELECT latest FROM commits WHERE copy = '{copy}'),"
    " (SELECT epoch FROM lease WHERE holder = '{copy}')"
)
READ = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL statement_timeout = '{longest}s';"
    " SELECT number, sums FROM ledger; SELECT (SELECT key FROM meta WHERE moved IS NULL), NULL, NULL"
)
DONE = (
    "INSERT INTO commits (copy, latest, at) VALUES (?, ?, now())"
    " ON CONFLICT (copy) DO UPDATE SET latest = excluded.latest, at = excluded.at"
)

SILENT, LONG_SILENT = 5, 60
"""Seconds after which a transaction is ended whose copy sends nothing more, since it hangs or was cut off."""

LONG_NAME = "seraf-bot, long work"
END_SILENT = f"""SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE datname = current_database() AND usename = current_user AND relation = 'ledger'::regclass AND mode = 'RowShareLock'
    AND state <> 'idle' AND wait_event = 'ClientRead' AND state_change < clock_timestamp()
    - make_interval(secs => CASE application_name WHEN '{LONG_NAME}' THEN {LONG_SILENT} ELSE {SILENT} END)"""
"""Ends what holds the ledger's row and is silent. `idle_in_transaction_session_timeout` does not: in the middle of a series of
statements no such time runs, and the request to flush at the end of a series stops it."""

ERASED_FROM = (
    "INSERT INTO erased (name, latest) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET latest = excluded.latest"
)

UNANSWERED = (
    "The database server did not say within seconds whether the last step was saved. It waits for a standby, or broke off."
    " Look at the server and its synchronous standby; the bot looks up what was saved."
)

Connect = Callable[[], ServerConnection]


class Unanswered(StoreUnavailable):
    """A commit whose answer did not come: it may be durable, or not."""


class NotLeading(StoreUnavailable):
    """Another copy leads now, and this one led before."""


class Unconfirmed(StoreUnavailable):
    """A commit that is durable on this server, and on no other: a failover could lose it."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A transaction that was asked to commit: its random name, which it wrote into the database, and the result of its work."""

    name: str
    result: Any


class PostgresDesk:
    """The `Desk` of a command, which runs beside the bot and has no event loop."""

    def __init__(self, connect: Connect, as_owner: Connect | None) -> None:
        self._engine = PostgresEngine(connect, as_owner)

    def transact(self, work: InSession[Result]) -> Result:
        return self._engine.written(work, lambda: None, LONG)

    def read(self, work: InSession[Result]) -> Result:
        return self._engine.read_now(work, LONG)

    def rewrite(self, seconds: float) -> None:
        until = monotonic() + seconds
        self.transact(lambda session: session.erased.update(KEYS))
        while not self._engine.clear_now():
            if monotonic() > until:
                raise StoreUnavailable(
                    "Some tables were not written anew (VACUUM FULL), since another program held them. End it, or let it finish;"
                    " then do this again."
                )
            sleep(BETWEEN)

    def close(self) -> None:
        self._engine.leave()


class PostgresEngine:
    """The `Engine` of a store. It finishes each transaction even if its caller is cancelled, and connects again by itself."""

    is_slow_to_commit = True

    def __init__(self, connect: Connect, connect_owner: Connect | None = None) -> None:
        self._connect, self._connect_owner = connect, connect_owner
        self._thread = ThreadPoolExecutor(1, "store")
        self._session = PostgresSession()
        self._connection: ServerConnection | None = None
        self._durable = "on"
        self.is_held_up = False
        """True from a transaction that could not be saved until the next one that was."""
        self._closing = False
        self._under_way: set[asyncio.Future[Any]] = set()
        self.copy = secrets.token_hex(8)
        """The name of this copy in the database, drawn at each start."""
        self.epoch: int | None = None
        """The epoch of the lease while this copy leads. Its transactions fail once another copy has taken the lease."""

    async def transact(self, work: InSession[Result], durable: Callable[[], None]) -> Result:
        """Run the work in a transaction, and call `durable` on the same thread after the commit.

        A commit without an answer is looked up on the next connection, and the work is done again if it was not kept. If
        it cannot be looked up in time, raise `StoreUnavailable`: the caller must not say that it was saved.
        """
        return await self._run(partial(self.written, work, durable, LONGEST))

    async def read(self, work: InSession[Result]) -> Result:
        return await self._run(lambda: self._read(self._session, work, LONGEST))

    async def read_long(self, work: InSession[Result]) -> Result:
        self._demand_open()

        def beside() -> Result:
            session = PostgresSession()
            session.connection = self._new_connection()
            try:
                refuse_foreign_code(session)  # also hourly, since the verification of all rows is read here
                return self._read_once(session, work, LONG)
            finally:
                session.connection.close()

        task = asyncio.ensure_future(asyncio.to_thread(_faulted, beside))
        self._under_way.add(task)
        task.add_done_callback(self._over)
        return await asyncio.shield(task)

    def _over(self, task: asyncio.Future[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # marks it as seen: its caller may be gone

    async def changes(self) -> object:
        return await self._run(lambda: self._alone("SELECT pg_current_snapshot()::text"))

    async def clear(self) -> bool:
        return await self._run(self._clear)

    async def pack(self) -> None:
        def note(session: StoreSession) -> None:
            session.erased |= set(ERASED)

        await self.transact(note, lambda: None)
        if not await self.clear():
            raise StoreUnavailable(
                "Erased rows are still in a table's file: another program holds the table. It is tried again."
            )

    async def change_keys(self, old: KeyRing, new: KeyRing) -> None:
        await self._run(
            partial(self.written, lambda session: change_keys(session, old=old, new=new), lambda: None, LONG)
        )

    def examine(self, tables: Tables) -> tuple[str, ...]:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            migrate(copy, known_migrations())
            transact(copy, lambda begun: copy_rows(tables.session, SqliteSession(begun)))
            return in_step(copy, tables.keys)[1]

    async def close(self) -> None:
        """Finish the work that has begun, then close the connection. Closing twice is harmless."""
        if self._closing:
            return
        self._closing = True
        while self._under_way:
            await asyncio.wait(tuple(self._under_way))

        await asyncio.get_running_loop().run_in_executor(self._thread, self.leave)
        self._thread.shutdown(wait=False)

    # On the thread of the store, or in a command, which has no other.

    def leave(self) -> None:
        """Close the connection, and delete the name of the latest commit, which nobody looks up any more."""
        with suppress(psycopg.Error):
            if self._connection is not None and not self._connection.closed:
                self._connection.until = monotonic() + 1
                self._connection.execute("DELETE FROM commits WHERE copy = %s", (self.copy,))
        self._drop()

    def clear_now(self) -> bool:
        """Do as `clear`."""
        return self._clear()

    def read_now(self, work: InSession[Result], longest: float) -> Result:
        """Do as `read`, within so many seconds."""
        return self._read(self._session, work, longest)

    def written(self, work: InSession[Result], durable: Callable[[], None], longest: float) -> Result:
        """Do as `transact`, within so many seconds."""
        until, attempt = monotonic() + longest + LONGEST_COMMIT, 0
        unanswered: Commit | None = None
        while True:
            attempt += 1
            commit: Commit | None = None
            try:
                connection = self._connected()
                connection.until = monotonic() + longest
                latest = self._begin(connection, longest)
                if unanswered is not None and latest == unanswered.name:
                    # It may be on this server alone. This commit is answered only once the standby has both.
                    self._commit(connection)
                    durable()
                    kept: Result = unanswered.result
                    return kept
                unanswered = None  # the lock is this transaction's, so the one before has ended, and was not kept
                commit = self._worked(connection, work)
                self._commit(connection)
            except (NotLeading, Unconfirmed):
                self._abandon()
                raise
            except StoreUnavailable as error:
                self._abandon()
                if commit is not None and isinstance(error, Unanswered):
                    unanswered = commit
                if unanswered is None:
                    raise
                # Until the server is back, nobody knows whether the last step was saved.
                if monotonic() > until:
                    raise Unanswered(UNANSWERED) from None
                sleep(BETWEEN)
            except psycopg.Error as error:
                is_lost = self._connection is None or self._connection.broken or self._connection.closed
                self._abandon()
                may_again = (
                    error.sqlstate in AGAIN
                    or (is_lost and attempt == 1)
                    or (is_lost and unanswered is not None)
                    or (error.sqlstate == HELD and self._ended_silent())
                )
                if attempt >= ATTEMPTS or monotonic() > until or not may_again:
                    self.is_held_up = True
                    raise server_fault(error) if unanswered is None else Unanswered(UNANSWERED) from None
            except BaseException:
                self._abandon()
                raise
            else:
                durable()
                if self._session.erased:
                    self._clear()
                result: Result = commit.result
                return result

    def _begin(self, connection: ServerConnection, longest: float) -> str | None:
        """Begin a transaction, and return the name of the latest commit of this process in the database, or None."""
        begin = BEGIN.format(
            **{"durable": self._durable, "copy": self.copy, "patience": NO_PATIENCE if self.is_held_up else PATIENCE},
            **{"longest": int(longest), "silent": LONG_SILENT if longest == LONG else SILENT},
            named=f" SET LOCAL application_name = '{LONG_NAME}';" if longest == LONG else "",
        )
        head, latest, epoch = _opened(connection, begin)
        if self.epoch not in (None, epoch):
            raise NotLeading(
                "Another copy of the bot leads now: this one was away for too long. Nothing of this step was saved."
            )
        self._session.known_head = head
        return latest

    def _worked(self, connection: ServerConnection, work: InSession[Result]) -> Commit:
        """Do the work, and write the name of its commit. When this returns, every statement has succeeded."""
        session, name = self._session, secrets.token_hex(8)
        session.connection = connection
        session.erased.clear()
        session.demanded.clear()
        try:
            with connection.pipeline() as session.pipeline:
                result = work(session)
                session.execute(DONE, (self.copy, name))
                for table in sorted(session.erased):
                    session.execute(ERASED_FROM, (table, name))
        finally:
            session.pipeline = session.ahead = None
        session.settle()
        return Commit(name, result)

    def _commit(self, connection: ServerConnection) -> None:
        """Commit. Raise `Unanswered` if no answer came, or if the server warned that a standby has not confirmed it."""
        connection.until, self.is_held_up = monotonic() + LONGEST_COMMIT, True
        try:
            with _warned(connection) as warnings:
                connection.execute("COMMIT")
        except psycopg.Error:
            if not (connection.broken or connection.closed):
                raise
            raise Unanswered(UNANSWERED) from None
        if warnings:
            raise Unconfirmed(
                "The last step is on one server alone, since its standby has not confirmed it. Nobody is told that it is saved."
            )
        self.is_held_up = False

    def _read(self, session: PostgresSession, work: InSession[Result], longest: float) -> Result:
        """Read on the store's own connection, and once more on a new one if that was lost."""
        for is_last in (False, True):
            try:
                session.connection = self._connected()
                return self._read_once(session, work, longest)
            except psycopg.Error as error:
                is_lost = self._connection is None or self._connection.broken or self._connection.closed
                if is_last or not is_lost:
                    raise server_fault(error) from None
        raise AssertionError

    def _read_once(self, session: PostgresSession, work: InSession[Result], longest: float) -> Result:
        connection = session.connection
        connection.until = monotonic() + longest
        try:
            session.known_head, *_ = _opened(connection, READ.format(longest=int(longest)))
            return work(session)
        finally:
            session.known_head = None
            _rolled_back(connection)

    def _alone(self, statement: str) -> object:
        """Return the value of a statement outside a transaction."""
        try:
            connection = self._connected()
            connection.until = monotonic() + LONGEST
            return connection.execute(statement).fetchone()
        except psycopg.Error as error:
            self._abandon()
            raise server_fault(error) from None

    def _clear(self) -> bool:
        """Rewrite the tables from which any copy erased rows, so that no byte of these is left in their files.

        Return True if none is left.
        """
        with ExitStack() as stack:
            try:
                connection = owner = self._connected()
                connection.until = monotonic() + LONGEST
                noted = connection.execute("SELECT name, latest FROM erased ORDER BY name").fetchall()
                if noted and self._connect_owner is not None:
                    owner = stack.enter_context(closing(self._connect_owner()))
                for name, latest in noted:
                    assert name in KEYS, "only tables of the store are noted"
                    owner.until = monotonic() + LONGEST
                    with _warned(owner) as warnings:
                        owner.execute(f"VACUUM (FULL) {name}")
                    if warnings:  # of a table that this role does not own: it was skipped
                        return False
                    connection.until = monotonic() + LONGEST
                    # Not if a row was erased meanwhile.
                    connection.execute("DELETE FROM erased WHERE name = %s AND latest = %s", (name, latest))
            except (psycopg.Error, StoreFault):
                self._abandon()
                return False
        return True

    def _connected(self) -> ServerConnection:
        """Return the connection of the store, or a new one if it was lost."""
        if self._connection is None or self._connection.closed or self._connection.broken:
            self._drop()
            self._connection = self._new_connection()
            self._connection.until = monotonic() + LONGEST
            (level,) = self._connection.execute("SHOW synchronous_commit").fetchone() or ("on",)
            # A stronger level stays: then a standby has not only stored but applied what was acknowledged.
            self._durable = "remote_apply" if level == "remote_apply" else "on"
        return self._connection

    def _new_connection(self) -> ServerConnection:
        try:
            return self._connect()
        except psycopg.Error as error:
            raise server_fault(error) from None

    def _abandon(self) -> None:
        if self._connection is not None:
            _rolled_back(self._connection)

    def _ended_silent(self) -> bool:
        """End a transaction that holds the ledger's row and is silent. Return True if there was one."""
        try:
            return bool(self._connected().execute(END_SILENT).fetchall())
        except (psycopg.Error, StoreFault):
            return False

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
        self._connection = None

    async def _run(self, work: Callable[[], Result]) -> Result:
        """Run work after all earlier work. It runs to its end even if the caller is cancelled, since it runs on another thread."""
        self._demand_open()
        future = asyncio.get_running_loop().run_in_executor(self._thread, work)
        future.add_done_callback(self._over)
        return await asyncio.shield(future)

    def _demand_open(self) -> None:
        if self._closing:
            raise StoreClosed("The store is closed, since the bot is stopping. Nothing of this step was saved.")


def _opened(connection: ServerConnection, begin: str) -> tuple[Head, str | None, int | None]:
    """Begin a transaction. Return the head of the database, the name of this copy's latest commit, and the epoch if it leads."""
    rows: list[Any] = []
    cursor = connection.execute(begin)  # several statements in one message, and so in one round trip
    while True:
        if cursor.description is not None:
            rows.append(cursor.fetchone())
        if not cursor.nextset():
            break
    ledger, (key, latest, epoch) = rows[0] or (None, None), rows[1]
    return (key, *ledger), latest, epoch


@contextmanager
def _warned(connection: ServerConnection) -> Iterator[list[str]]:
    """Yield a list that gets the warnings of the server while the block runs. A statement with one may not have done its work."""
    warnings: list[str] = []

    def note(diagnostic: psycopg.errors.Diagnostic) -> None:
        warnings.extend([diagnostic.severity_nonlocalized] if diagnostic.severity_nonlocalized == "WARNING" else [])

    connection.add_notice_handler(note)
    try:
        yield warnings
    finally:
        connection.remove_notice_handler(note)


def _rolled_back(connection: ServerConnection) -> None:
    """End the transaction. A connection on which that fails is closed."""
    if connection.closed or connection.pgconn.transaction_status == TransactionStatus.IDLE:
        return
    try:
        connection.until = monotonic() + 2
        connection.execute("ROLLBACK")
    except psycopg.Error:
        connection.close()


def _faulted(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except psycopg.Error as error:
        raise server_fault(error) from None
