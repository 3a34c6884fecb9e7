"""The lock beside a database that says who may touch its write-ahead log: all who write share it, the one that moves the log has it alone.

Why SQLite's own locks are not enough is in docs/adr/0007.
"""

from pathlib import Path

from bot.storage.sqlite.database.shared_lock import SharedLock


class LogLock(SharedLock):
    """One connection's hold of the lock."""

    def __init__(self, store: Path) -> None:
        # A file of its own: to close any handle of the database itself would drop SQLite's locks on it (ADR 0007).
        super().__init__(log_lock_file(store))


def log_lock_file(store: Path) -> Path:
    """The file that is locked. It is empty, and left where it is."""
    return store.with_name(f"{store.name}.log.lock")
