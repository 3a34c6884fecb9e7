"""One bot at a store: a lock on a file next to it, which the system releases however the bot ends.

Why a library holds it, and which of its defaults is turned off, is in docs/adr/0052.
"""

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from bot.runtime.errors import InUse, StoreFault

LONGEST, BETWEEN = 0.5, 0.1
"""Seconds for which the lock is tried, since `check` may hold it for a moment; and the seconds between two tries."""


class Alone:
    """The lock of a store: held from the first `demand` on, until it is released; in a `with`, for as long as that lasts."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._lock = _lock(store)

    def __enter__(self) -> None:
        self.demand()

    def __exit__(self, *_: object) -> None:
        self.release()

    def demand(self) -> None:
        """Hold the lock. Raise `InUse` if another bot holds it, `StoreFault` if its file cannot be opened."""
        if not self._lock.is_locked and not _is_taken(self._lock, seconds=LONGEST):
            raise InUse(
                f"Another bot runs with this store ({self._store}), or a command rewrites it. One polls at a time: stop that"
                " one, or let it end, then start this one again. The other commands of seraf-bot work while a bot runs."
            )
        with suppress(OSError):  # there may be no store yet
            _give_to_owner(self._store)

    def release(self) -> None:
        """Let another bot in; a second time changes nothing."""
        self._lock.release()


def is_running(store: Path) -> bool:
    """Return True if a bot runs with this store."""
    if not lock_file(store).exists():
        return False
    lock = _lock(store)
    if not _is_taken(lock, seconds=0):
        return True
    lock.release()
    return False


def _give_to_owner(store: Path) -> None:
    """Give the lock's file to the account that has the store, which has to open it too, where root made it."""
    owner, lock = store.stat(), lock_file(store)
    if os.geteuid() == 0 and lock.stat().st_uid != owner.st_uid:
        os.chown(lock, owner.st_uid, owner.st_gid)


def lock_file(store: Path) -> Path:
    """Return the file whose lock stands for the store. It is empty, and left where it is: to unlink it could let two bots in."""
    return store.parent / f"{store.name}.lock"


def _lock(store: Path) -> FileLock:
    # Without flock the library would fall back to a file that only has to exist, and that outlives a killed bot.
    return FileLock(lock_file(store), mode=0o600, poll_interval=BETWEEN, fallback_to_soft=False)


def _is_taken(lock: FileLock, *, seconds: float) -> bool:
    """Take the lock within so many seconds, if nobody else holds it for so long."""
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
