"""A lock that is a file of its own: many share it, or one has it alone. The system lets go of it however a process ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Event

BETWEEN = 0.002
"""Seconds between two tries."""


class SharedLock:
    """One hold of the lock that lies in this file, which stays where it is."""

    def __init__(self, path: Path, *, makes: bool = True) -> None:
        """Open it. Where it `makes` none, `FileNotFoundError` where there is none; another `OSError` where it does not open."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT if makes else os.O_RDONLY, 0o600)

    def shared(self, seconds: float) -> AbstractContextManager[bool]:
        """Share it for as long as a `with` lasts; whether it was had within so many seconds."""
        return self._held(fcntl.LOCK_SH, seconds, after=fcntl.LOCK_UN)

    def alone(self, seconds: float) -> AbstractContextManager[bool]:
        """The same, with nobody else."""
        return self._held(fcntl.LOCK_EX, seconds, after=fcntl.LOCK_UN)

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
    def _held(self, kind: int, seconds: float, *, after: int, stops: Event | None = None) -> Iterator[bool]:
        is_held = self._is_taken(kind, seconds, stops)
        try:
            yield is_held
        finally:
            if is_held or after != fcntl.LOCK_UN:
                fcntl.flock(self._file, after)

    def _is_taken(self, kind: int, seconds: float, stops: Event | None = None) -> bool:
        until, wait = time.monotonic() + seconds, stops.wait if stops else time.sleep
        while True:
            try:
                # Asked again and again, since `flock` waits for ever or not at all.
                fcntl.flock(self._file, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until or wait(BETWEEN):
                    return False
            else:
                return True


class Presence(SharedLock):
    """One connection's word that it has a database open; it is shared from `enter` on until it is closed."""

    def __init__(self, store: Path, *, makes: bool = True) -> None:
        """Open it, as above."""
        super().__init__(presence_file(store), makes=makes)

    def enter(self, seconds: float) -> bool:
        """Say so; whether nobody wants to be alone for as long as that."""
        return self._is_taken(fcntl.LOCK_SH, seconds)

    def alone(self, seconds: float, stops: Event | None = None) -> AbstractContextManager[bool]:
        """Have the database open with nobody else for as long as a `with` lasts; whether all others had closed it so soon, and
        nobody stopped that.

        Only the one bot or command that has the store's lock may ask: while two did, each could let go for the other.
        """
        # What is asked for in place of what is held is let go of first, also where it is not had then.
        return self._held(fcntl.LOCK_EX, seconds, after=fcntl.LOCK_SH, stops=stops)


def presence_file(store: Path) -> Path:
    """The file that is locked by all who have the database open. It is empty, and left where it is."""
    return store.with_name(f"{store.name}.open.lock")
