"""Transactions on one SQLite connection, and its log (WAL). Each is saved whole or not at all, also while other programs use the file."""

import fcntl
import math
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.runtime.errors import StoreUnavailable
from bot.storage.session import fault, primary_code

LONGEST = 2_000  # rows that may change before a checkpoint: about ten megabytes of log
LOW = 64 * 1024 * 1024  # bytes of free disk below which the log is kept short, so that it does not fill the disk
SHORT = 128 * 1024  # bytes of a short log
RESERVE = 1024 * 1024  # bytes reserved on the disk, released when it is full: a checkpoint may have to grow the file
PATIENCE = 0.01  # seconds that a checkpoint waits for readers and writers; it is tried again later

HELD_UP = (
    "What was erased is still in the log beside the database, since another program was reading it. End that program, or let"
    " it finish; then do this again."
)

HELD = "Another program held the log of the database for too long. End it, or let it finish. Nothing was saved."


class LogLock:
    """A lock on the log of a database, for one connection. The operating system releases it however the process ends."""

    def __init__(self, store: Path) -> None:
        # A file of its own: closing any handle of the database would drop SQLite's locks on it (ADR 0007).
        self._file = os.open(log_lock_file(store), os.O_RDWR | os.O_CREAT, 0o600)

    def give_to_owner(self, store: Path) -> None:
        """Give a lock file that root created to the owner of the store, who has to open it too."""
        status, own = store.stat(), os.fstat(self._file)
        if os.geteuid() == 0 and (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
            os.fchown(self._file, status.st_uid, status.st_gid)

    def close(self) -> None:
        """Release the lock and close its file; closing twice is harmless."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    @contextmanager
    def held(self, seconds: float, *, is_shared: bool) -> Iterator[bool]:
        """Hold the lock during a `with`, alone or shared. Yield True, or False if it was not free within this many seconds."""
        kind = fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX
        until, is_held = time.monotonic() + seconds, False
        while not is_held:
            try:
                # Polled, since `flock` waits for ever or not at all.
                fcntl.flock(self._file, kind | fcntl.LOCK_NB)
                is_held = True
            except BlockingIOError:
                if time.monotonic() >= until:
                    break
                time.sleep(0.002)
        try:
            yield is_held
        finally:
            if is_held:
                fcntl.flock(self._file, fcntl.LOCK_UN)


def log_lock_file(store: Path) -> Path:
    """Return the lock file, which is empty and never deleted."""
    return store.with_name(f"{store.name}.log.lock")


class Database(sqlite3.Connection):
    """A connection to a database file, with its lock. A read-only connection makes no checkpoint, and leaves no new log behind."""

    path: Path
    lock: LogLock | None = None
    patience: float = 0.0  # seconds that a writer waits for a checkpoint
    moved: int = 0  # the number of changed rows at the last checkpoint
    leaves_log: bool = True

    def close(self) -> None:
        """Close the connection, and remove an empty log that a read-only connection created."""
        super().close()
        if not self.leaves_log and log_bytes(self.path) == 0:
            self.leaves_log = True
            # SQLite itself removes the log if nobody else has the database open.
            with suppress(sqlite3.Error):
                uri = f"{self.path.absolute().as_uri()}?mode=rw"
                with closing(sqlite3.connect(uri, uri=True, timeout=0)) as last:
                    last.execute("PRAGMA schema_version").fetchone()
        if self.lock is not None:
            self.lock.close()


def log_bytes(path: Path) -> int | None:
    """Return the length of the log of a database in bytes, or None if the database has no log."""
    try:
        return Path(f"{path}-wal").stat().st_size
    except OSError:
        return None


@contextmanager
def writing(database: sqlite3.Connection) -> Iterator[None]:
    """Prevent checkpoints during a `with`. Raise `StoreUnavailable` if one that is running takes too long."""
    if not isinstance(database, Database) or database.lock is None:
        yield
        return
    with database.lock.held(database.patience, is_shared=True) as is_held:
        if not is_held:
            raise StoreUnavailable(HELD)
        yield


def clear_log(database: sqlite3.Connection) -> bool:
    """Move the log into the database file. Return True if the log is now empty, or False if a reader or a writer prevented that."""
    if not isinstance(database, Database) or database.lock is None:
        return True
    with database.lock.held(PATIENCE, is_shared=False) as is_alone:
        if not is_alone:
            return False
        try:
            # Here SQLite waits less than usual: the next write waits behind it, and it is tried again anyway.
            (patience,) = database.execute("PRAGMA busy_timeout").fetchone()
            database.execute(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}").fetchall()
            try:
                (is_busy, *_) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                database.execute(f"PRAGMA busy_timeout = {patience}").fetchall()
        except sqlite3.Error:
            return False
        database.moved = database.total_changes
        # Only both together prove that erased rows are gone (ADR 0007).
        return not is_busy and not log_bytes(database.path)


def make_room(database: sqlite3.Connection) -> bool:
    """Free the space of the log on a full disk, by a checkpoint. Return True if the log was not empty before and is empty now."""
    if not isinstance(database, Database) or database.lock is None or not log_bytes(database.path):
        return False
    with suppress(OSError):
        _reserve_file(database.path).unlink()
    is_clear = clear_log(database)
    reserve_room(database.path)
    return is_clear


def reserve_room(path: Path) -> None:
    """Reserve space on the disk for a checkpoint, if there is enough free space and none is reserved."""
    if _room(path) < RESERVE + 2 * SHORT:
        return
    with suppress(OSError):
        reserve = os.open(_reserve_file(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            os.posix_fallocate(reserve, 0, RESERVE)
        finally:
            os.close(reserve)


def _reserve_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.reserve")


def _room(path: Path) -> float:
    """Return the free bytes on the disk of a database, or infinity if the system does not report them."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return math.inf
    return disk.f_bavail * disk.f_frsize


def shorten_log(database: sqlite3.Connection) -> None:
    """Move the log into the database file once it is long, except for what readers need. On a nearly full disk, empty it earlier."""
    if not isinstance(database, Database) or database.lock is None:
        return
    if (log_bytes(database.path) or 0) > SHORT and _room(database.path) < LOW:
        clear_log(database)
    if database.total_changes - database.moved < LONGEST:
        return
    with database.lock.held(0, is_shared=False) as is_alone:
        if is_alone:
            try:
                # Passive waits for nobody: here the log only has to become shorter, not empty.
                database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            except sqlite3.Error:
                return  # the writes are durable in the log
            database.moved = database.total_changes


Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Result]

TEXT = partial(str, encoding="utf-8", errors="surrogateescape")  # decodes any bytes: a wrong text is found later
COPIES = 1.5  # free disk space that VACUUM needs, as a multiple of the file's size: its log holds the whole file
ATTEMPTS = 5
UNWRITTEN = "The file could not be written anew, and stays as it is; all that was done before stands."


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Save everything that is written within the `with`, durably, or nothing. Raise `StoreFault` if SQLite fails."""
    with writing(connection):
        try:
            _abandon(connection)
            # The write lock is taken at once: a transaction that begins by reading is refused it once another program
            # has written.
            _patiently(connection, "BEGIN IMMEDIATE")
            yield
            _patiently(connection, "COMMIT")
        except sqlite3.Error as error:
            raise fault(error) from error
        finally:
            _abandon(connection)


def transact(connection: sqlite3.Connection, work: Work[Result]) -> Result:
    """Return the result of the work once it is durable. Raise `StoreFault` if nothing was saved."""
    with transaction(connection):
        return work(connection)


def read_at_once(connection: sqlite3.Connection, work: Work[Result]) -> Result:
    """Return the result of work that reads in one transaction, so that it sees one state of the database. Raise `StoreFault` on failure."""
    try:
        _abandon(connection)
        connection.execute("BEGIN")
        return work(connection)
    except sqlite3.Error as error:
        raise fault(error) from error
    finally:
        _abandon(connection)


def consult(connection: sqlite3.Connection, work: Work[Result]) -> Result:
    """Return the result of work that needs no transaction. Raise `StoreFault` if SQLite fails."""
    try:
        return work(connection)
    except sqlite3.Error as error:
        raise fault(error) from error


def commits_seen(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return two numbers, one of which changes when this connection or another program commits."""
    (others,) = connection.execute("PRAGMA data_version").fetchone()
    return others, connection.total_changes


def pack(database: Database) -> None:
    """Rewrite the file (VACUUM), to remove copies of erased rows that SQLite left when it moved rows. Raise `StoreFault` on failure."""
    needed, free = int(COPIES * database.path.stat().st_size), shutil.disk_usage(database.path.parent).free
    if free < needed:  # it would fill the disk on which people's answers are kept
        raise StoreUnavailable(
            f"There is no room to write {database.path} anew: {needed // 1_000_000:,} MB are needed beside it, and"
            f" {free // 1_000_000:,} MB are free. Make room on that disk, then do this again. Nothing was changed."
        )
    with writing(database):
        try:
            _abandon(database)
            _patiently(database, "VACUUM")
        except sqlite3.Error as error:
            raise fault(error, UNWRITTEN) from error


def _abandon(connection: sqlite3.Connection) -> None:
    """Roll back an unfinished transaction. An error here is ignored: the next statement meets it again."""
    if connection.in_transaction:
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            return


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Execute a statement, and retry while another program holds the file; a busy COMMIT can be repeated."""
    for _ in range(ATTEMPTS - 1):
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if primary_code(error) != sqlite3.SQLITE_BUSY:
                raise
        else:
            return
    connection.execute(statement)
