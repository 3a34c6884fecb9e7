"""A lock that lets only one bot use a store. The system releases it however the bot ends. ADR 0052 explains the library."""

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from bot.runtime.errors import InUse, StoreFault

LONGEST, BETWEEN = 0.5, 0.1  # seconds for which the lock is tried, since `check` may have it briefly, and between tries


class Alone:
    """The lock of a store. It is taken by `demand` and released by `release`, or taken for the length of a `with` block."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._lock = _lock(store)

    def __enter__(self) -> None:
        self.demand()

    def __exit__(self, *_: object) -> None:
        self.release()

    def demand(self) -> None:
        """Take the lock. Raise `InUse` if another program has it, or `StoreFault` if its file cannot be opened."""
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
        """Release the lock, so that another program can take it."""
        self._lock.release()


def is_running(store: Path) -> bool:
    """Return True if a bot, or a command that rewrites the store, has taken this store's lock."""
    if not lock_file(store).exists():
        return False
    lock = _lock(store)
    if not _is_taken(lock, seconds=0):
        return True
    lock.release()
    return False


def lock_file(store: Path) -> Path:
    """Return the path of the lock file, which is empty. It is never deleted, since then two bots could both have a lock."""
    return store.parent / f"{store.name}.lock"


def _lock(store: Path) -> FileLock:
    # The library's fallback without flock is a file that outlives a killed bot.
    return FileLock(lock_file(store), mode=0o600, poll_interval=BETWEEN, fallback_to_soft=False)


def _is_taken(lock: FileLock, *, seconds: float) -> bool:
    """Take the lock and return True. If another program still has it after this many seconds, return False."""
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
