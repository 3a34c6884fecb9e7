"""A lock that allows one bot per store. The system releases it however the bot ends. ADR 0052 explains the library."""

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from bot.runtime.errors import InUse, StoreFault

LONGEST, BETWEEN = 0.5, 0.1  # seconds for which the lock is tried (`check` may hold it briefly), and between tries


class Alone:
    """The lock of a store, held from the first `demand` until `release`, or for the duration of a `with`."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._lock = _lock(store)

    def __enter__(self) -> None:
        self.demand()

    def __exit__(self, *_: object) -> None:
        self.release()

    def demand(self) -> None:
        """Take the lock. Raise `InUse` if another program holds it, or `StoreFault` if its file cannot be opened."""
        if not self._lock.is_locked and not _is_taken(self._lock, seconds=LONGEST):
            raise InUse(
                f"Another bot runs with this store ({self._store}), or a command rewrites it. One polls at a time: stop that"
                " one, or let it end, then start this one again. The other commands of seraf-bot work while a bot runs."
            )
        with suppress(OSError):  # there may be no store yet
            owner, lock = self._store.stat(), lock_file(self._store)
            # The owner of the store must be able to open the lock too.
            if os.geteuid() == 0 and lock.stat().st_uid != owner.st_uid:
                os.chown(lock, owner.st_uid, owner.st_gid)

    def release(self) -> None:
        """Release the lock."""
        self._lock.release()


def is_running(store: Path) -> bool:
    """Return True if a bot, or a command that rewrites the store, holds the lock of this store."""
    if not lock_file(store).exists():
        return False
    lock = _lock(store)
    if not _is_taken(lock, seconds=0):
        return True
    lock.release()
    return False


def lock_file(store: Path) -> Path:
    """Return the path of the lock file. It is empty and never deleted, since deleting it could let two bots hold the lock."""
    return store.parent / f"{store.name}.lock"


def _lock(store: Path) -> FileLock:
    # The library's fallback without flock is a file that outlives a killed bot.
    return FileLock(lock_file(store), mode=0o600, poll_interval=BETWEEN, fallback_to_soft=False)


def _is_taken(lock: FileLock, *, seconds: float) -> bool:
    """Take the lock and return True, or return False if another program still holds it after this many seconds."""
    path = Path(lock.lock_file)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire(timeout=seconds)
    except Timeout:
        return False
    except OSError as error:
        raise StoreFault(
            f"The lock file {path} could not be opened: {error.strerror}. Give the bot's account the folder of its store."
        ) from error
    return True
