"""One bot at a time per store: a lock on a file next to it, which the system releases however the bot ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.runtime.errors import SettingsFault, StoreFault

TRIES, BETWEEN = 5, 0.1
"""How often the lock is tried, and the seconds between two tries."""


@contextmanager
def alone_at(store: Path) -> Iterator[None]:
    """Hold the store's lock. Raises `SettingsFault` where another bot holds it."""
    descriptor = _opened(lock_file(store))
    try:
        if not _take_patiently(descriptor):
            raise SettingsFault(
                f"Another bot runs with this store ({store}). One polls at a time: stop that one, then start this one again."
                " The other commands of seraf-bot work while it runs."
            )
        yield
    finally:
        os.close(descriptor)


def is_running(store: Path) -> bool:
    """Whether a bot runs with this store."""
    if not lock_file(store).exists():
        return False
    descriptor = _opened(lock_file(store))
    try:
        return not _take(descriptor)
    finally:
        os.close(descriptor)


def lock_file(store: Path) -> Path:
    """The file whose lock stands for the store. It is empty, and stays there."""
    return store.parent / f"{store.name}.lock"


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreFault(
            f"The lock file {path} could not be opened: {error.strerror}. Give the bot's account the folder of its store."
        ) from error


def _take_patiently(descriptor: int) -> bool:
    """Take the lock; retry briefly, since `check` may hold it for a moment."""
    for _ in range(TRIES):
        if _take(descriptor):
            return True
        time.sleep(BETWEEN)
    return False


def _take(descriptor: int) -> bool:
    """Take the lock if it is free now."""
    # The system releases this lock with its process, so none is ever left behind, as a file with a process id would be.
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
