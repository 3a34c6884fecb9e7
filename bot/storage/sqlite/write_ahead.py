"""The write-ahead log of a database file: who writes to it, when it is moved into the file, and whether it is empty.

What was erased is in the log until it is: only an empty log lets anybody say that it is gone. A lock beside the database says who may
touch the log: all who write share it, the one that moves the log has it alone. Why SQLite's own locks are not enough is in
docs/adr/0007.
"""

import fcntl
import math
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

from bot.runtime.errors import StoreUnavailable

LONGEST = 2_000
"""Rows that may change before what is in the log is moved into the file: about ten megabytes."""

LOW = 64 * 1024 * 1024
"""Bytes of room on the disk below which the log is kept short: what it holds would be missing where the disk is full."""

SHORT = 128 * 1024
"""Bytes of a short log."""

RESERVE = 1024 * 1024
"""Bytes of the disk that are taken while there is room, and given up when there is none: to move the log, the file may have to grow."""

PATIENCE = 0.01
"""Seconds for which those who read or write are waited for, where the log is to be emptied; it is tried again."""

HELD_UP = (
    "What was erased is still in the log beside the database, since another program was reading it. End that program, or let"
    " it finish; then do this again."
)


BETWEEN = 0.002
"""Seconds between two tries to have the lock."""

HELD = "Another program held the log of the database for too long. End it, or let it finish. Nothing was saved."


class LogLock:
    """One connection's hold of the lock. The system lets go of it however a process ends."""

    def __init__(self, store: Path) -> None:
        # A file of its own: to close any handle of the database itself would drop SQLite's locks on it (ADR 0007).
        self._file = os.open(log_lock_file(store), os.O_RDWR | os.O_CREAT, 0o600)

    def shared(self, seconds: float) -> AbstractContextManager[bool]:
        """Share it for as long as a `with` lasts; whether it was had within so many seconds."""
        return self._held(fcntl.LOCK_SH, seconds)

    def alone(self, seconds: float) -> AbstractContextManager[bool]:
        """Return the same, with nobody else."""
        return self._held(fcntl.LOCK_EX, seconds)

    def give_to_owner(self, store: Path) -> None:
        """Give the file to the account that has the store, which has to open it too, where root made it."""
        status, own = store.stat(), os.fstat(self._file)
        if os.geteuid() == 0 and (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
            os.fchown(self._file, status.st_uid, status.st_gid)

    def close(self) -> None:
        """Let go of it, and close the file; a second time changes nothing."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    @contextmanager
    def _held(self, kind: int, seconds: float) -> Iterator[bool]:
        is_held = self._is_taken(kind, seconds)
        try:
            yield is_held
        finally:
            if is_held:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _is_taken(self, kind: int, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while True:
            try:
                # Asked again and again, since `flock` waits for ever or not at all.
                fcntl.flock(self._file, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    return False
                time.sleep(BETWEEN)
            else:
                return True


def log_lock_file(store: Path) -> Path:
    """Return the file that is locked. It is empty, and left where it is."""
    return store.with_name(f"{store.name}.log.lock")


class Database(sqlite3.Connection):
    """A connection to a database file, with its hold of the lock. One that only reads moves no log, and leaves none behind."""

    path: Path
    lock: LogLock | None = None
    patience: float = 0.0
    """Seconds for which a writer waits for somebody who is moving the log."""
    moved: int = 0
    """How many rows had changed when the log was moved last."""
    leaves_log: bool = True

    def close(self) -> None:
        """Close it. A log that is there because somebody looked goes again, unless something was written meanwhile."""
        super().close()
        if not self.leaves_log and log_bytes(self.path) == 0:
            self.leaves_log = True
            _forget_log(self.path)
        if self.lock is not None:
            self.lock.close()


def log_bytes(path: Path) -> int | None:
    """Return how long the log of a database is, or None if it has none."""
    try:
        return Path(f"{path}-wal").stat().st_size
    except OSError:
        return None


@contextmanager
def writing(database: sqlite3.Connection) -> Iterator[None]:
    """Write for as long as a `with` lasts, while nobody moves the log. `StoreUnavailable` where somebody does for too long."""
    if not isinstance(database, Database) or database.lock is None:
        yield
        return
    with database.lock.shared(database.patience) as is_held:
        if not is_held:
            raise StoreUnavailable(HELD)
        yield


def clear_log(database: sqlite3.Connection) -> bool:
    """Move all that is in the log into the file and empty it; whether it is empty now. A reader or a writer may prevent that."""
    if not isinstance(database, Database) or database.lock is None:
        return True
    with database.lock.alone(PATIENCE) as is_alone:
        if not is_alone:
            return False
        try:
            # For this alone SQLite waits less: the next one waits behind it, and it is tried again anyway.
            (patience,) = database.execute("PRAGMA busy_timeout").fetchone()
            database.execute(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}").fetchall()
            try:
                (is_busy, *_) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                database.execute(f"PRAGMA busy_timeout = {patience}").fetchall()
        except sqlite3.Error:
            return False
        database.moved = database.total_changes
        # Both, or nobody may say that it is gone: SQLite was held up by none, and the log has no byte (ADR 0007).
        return not is_busy and not log_bytes(database.path)


def make_room(database: sqlite3.Connection) -> bool:
    """Give back what the log takes of a disk that is full, by moving it into the file; whether it is empty now, and was not before."""
    if not isinstance(database, Database) or database.lock is None or not log_bytes(database.path):
        return False
    with suppress(OSError):
        _reserve_file(database.path).unlink()
    is_clear = clear_log(database)
    reserve_room(database.path)
    return is_clear


def reserve_room(path: Path) -> None:
    """Take the reserve of the disk, where there is room for it and more, and it is not taken."""
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
    """Bytes of room on the disk of a database; infinite where the system does not say."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return math.inf
    return disk.f_bavail * disk.f_frsize


def shorten_log(database: sqlite3.Connection) -> None:
    """Move what nobody reads any more into the file, once the log is long; where it cannot be, with a later write.

    While there is little room on the disk, a log that is not short is emptied, so that it gives back what it took.
    """
    if not isinstance(database, Database) or database.lock is None:
        return
    if (log_bytes(database.path) or 0) > SHORT and _room(database.path) < LOW:
        clear_log(database)
    if database.total_changes - database.moved < LONGEST:
        return
    with database.lock.alone(0) as is_alone:
        if is_alone:
            try:
                # Passive waits for nobody: nothing in the log has to be gone, it only grows long.
                database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            except sqlite3.Error:
                return  # what was written is durable all the same, in the log
            database.moved = database.total_changes


def _forget_log(path: Path) -> None:
    """Let SQLite itself take an empty log away: it does where nobody else has the database open."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0)) as last:
            last.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error:
        return
