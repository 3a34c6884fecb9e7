"""The lock beside a database that says who may touch its write-ahead log: all who write share it, the one that moves the log has it alone.

Why SQLite's own locks are not enough is in docs/adr/0063.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BETWEEN = 0.002
"""Seconds between two tries."""


class LogLock:
    """One connection's hold of the lock. The system lets go of it however a process ends."""

    def __init__(self, store: Path) -> None:
        # A file of its own: to close any handle of the database itself would drop SQLite's locks on it (ADR 0063).
        self._file = os.open(log_lock_file(store), os.O_RDWR | os.O_CREAT, 0o600)

    @contextmanager
    def shared(self, seconds: float) -> Iterator[bool]:
        """Share it for as long as a `with` lasts; whether it was had within so many seconds."""
        with self._held(fcntl.LOCK_SH, seconds) as is_held:
            yield is_held

    @contextmanager
    def alone(self, seconds: float) -> Iterator[bool]:
        """The same, with nobody else."""
        with self._held(fcntl.LOCK_EX, seconds) as is_held:
            yield is_held

    def close(self) -> None:
        """Close the file; a second time changes nothing."""
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
    """The file that is locked. It is empty, and left where it is."""
    return store.with_name(f"{store.name}.log.lock")
