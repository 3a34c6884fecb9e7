"""How the database file is opened: made for its owner alone, its settings in force, and while nobody makes it anew.

It refuses to know what is kept.
"""

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from errno import EACCES
from itertools import count
from pathlib import Path
from typing import Literal, NamedTuple

from bot.runtime.errors import StoreFault, StoreUnavailable
from bot.runtime.files import demand_own_folder
from bot.storage.sqlite.database.log_lock import LogLock
from bot.storage.sqlite.database.shared_lock import Presence
from bot.storage.sqlite.database.store_files import real, take_unfinished_away
from bot.storage.sqlite.database.transaction import TEXT, fault, primary_code
from bot.storage.sqlite.database.whole import demand_there, make_or_demand, unopened
from bot.storage.sqlite.database.write_ahead import HELD, Database, log_bytes

BUSY_MILLISECONDS = 2_000
AGAIN = 0.01
"""Seconds until another program is asked once more to let go."""

TIMES_AS_LONG = 30
"""How much longer somebody is waited for who makes the file anew than for a transaction."""

OPENINGS = count(1)
"""Numbers the openings of this process."""


# Each as it is set and as it must read back. WAL, which is emptied after an erasure, and which no program moves by itself;
# FULL, so that an acknowledged response outlives a power cut; secure_delete, so that an erased row is overwritten.
Setting = tuple[str, str, str | int]
PRAGMAS: tuple[Setting, ...] = (
    ("journal_mode", "WAL", "wal"),
    ("wal_autocheckpoint", "0", 0),
    ("synchronous", "FULL", 2),
    ("secure_delete", "ON", 1),
    ("foreign_keys", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("temp_store", "MEMORY", 2),
)


class BeingMade(StoreUnavailable):
    """Somebody makes the file anew, so that nobody else can open it."""


class FileOpening(NamedTuple):
    """How a file is opened: whether it is made where there is none, whether anything is written, and SQLite's settings."""

    makes: bool
    writes: bool
    mode: Literal["rw", "ro"]
    settings: Sequence[Setting]
    busy_milliseconds: int = BUSY_MILLISECONDS
    is_beside: bool = False
    """Whether it is opened beside another connection of this process, which lets no file be put in place meanwhile."""

    @property
    def patience(self) -> float:
        """Seconds for which others are waited for."""
        return self.busy_milliseconds / 1000


WRITING = FileOpening(makes=True, writes=True, mode="rw", settings=PRAGMAS)
LOOKING = FileOpening(makes=False, writes=False, mode="ro", settings=PRAGMAS[1:])


def open_database(path: Path) -> Database:
    """The database for a program that does one thing and ends: with the same settings, and without a thread."""
    return opened(path, WRITING)


def open_read_only(path: Path, *, busy_milliseconds: int = BUSY_MILLISECONDS) -> Database:
    """The database for a program that only looks, in whatever version it is; so long another program is waited for."""
    return opened(path, LOOKING._replace(settings=(), busy_milliseconds=busy_milliseconds))


def open_beside(path: Path) -> Database:
    """The same for a connection of this process that has it open, and sees to it that no other file is put in place meanwhile."""
    return opened(path, LOOKING._replace(settings=(), is_beside=True))


def open_to_copy(path: Path) -> Database:
    """A second connection to a database that is only read, and whose log of a crash, where there is one, is seen to.

    `StoreFault` where it does not open, or is empty.
    """
    return opened(path, LOOKING._replace(mode="rw", settings=PRAGMAS[1:2]))


def opened(path: Path, how: FileOpening) -> Database:
    """The file as SQLite opens it; `StoreFault` where it does not, or where somebody makes it anew for too long."""
    if how.makes:
        _make_private(path)
    else:
        demand_there(path)
    try:
        presence = _entered(path, how)
        try:
            return _opened(path, how, presence)
        except BaseException:
            if presence is not None:
                presence.close()
            raise
    except sqlite3.Error as error:
        raise fault(error) from error
    except OSError as error:
        raise unopened(path, error) from error


def opened_in_place(spent: Database, how: FileOpening) -> Database:
    """The file that is in its place now, under the word that was given for the one before; `StoreFault` where it does not open."""
    try:
        # Never made: where the store is gone, an empty one would admit nobody (ADR 0052).
        demand_there(spent.path)
        return _opened(spent.path, how, spent.presence)
    except sqlite3.Error as error:
        raise fault(error) from error
    except OSError as error:
        raise unopened(spent.path, error) from error


def _entered(path: Path, how: FileOpening) -> Presence | None:
    """The word that it is open, given before it is, so that nobody makes the file anew meanwhile."""
    if how.is_beside:
        return None
    store = real(path)
    try:
        presence = Presence(store, makes=how.writes)
    except FileNotFoundError:
        return None
    try:
        presence.give_to_owner(store)
        if not presence.enter(how.patience * TIMES_AS_LONG):
            raise BeingMade(
                "The database is being written anew, which may take a minute. Let that finish, then do this again. Nothing was changed."
            )
    except BaseException:
        presence.close()
        raise
    if how.writes:
        with suppress(OSError):  # nothing is gone before it is
            take_unfinished_away(store)
    return presence


def _opened(path: Path, how: FileOpening, presence: Presence | None) -> Database:
    if not how.writes:
        return _connected(path, how, presence, None)
    lock = LogLock(path)
    try:
        lock.give_to_owner(path)
        # Also under this lock nobody gives another file its name: where somebody took the one of `presence` away, it is left.
        with lock.shared(how.patience) as is_held:
            if not is_held:
                raise StoreUnavailable(HELD)
            return _connected(path, how, presence, lock)
    except BaseException:
        lock.close()
        raise


def _connected(path: Path, how: FileOpening, presence: Presence | None, lock: LogLock | None) -> Database:
    # Never a mode in which SQLite makes the file: it is made before, whole and for its owner alone. Without an isolation level
    # Python begins no transaction of its own; the connection is used on another thread than this one.
    place = f"{path.absolute().as_uri()}?mode={how.mode}"
    leaves_log = how.mode == "rw" or log_bytes(path) is not None
    database = sqlite3.connect(place, uri=True, isolation_level=None, check_same_thread=False, factory=Database)
    try:
        database.path, database.leaves_log, database.patience = path, leaves_log, how.patience
        database.opening = next(OPENINGS)
        database.text_factory = TEXT
        set_pragmas(database, how)
    except BaseException:
        database.close()
        raise
    database.lock, database.presence = lock, presence
    return database


def set_pragmas(database: Database, how: FileOpening) -> None:
    """Set each and read it back."""
    until = time.monotonic() + how.patience
    for name, value, expected in (("busy_timeout", str(how.busy_milliseconds), how.busy_milliseconds), *how.settings):
        _set(database, name, value, until=until)
        found = database.execute(f"PRAGMA {name}").fetchone()
        if found is None or found[0] != expected:
            raise StoreFault(
                f"SQLite did not take the setting {name} = {value}, on which the bot's promises rest."
                " Run the bot with an ordinary build of SQLite, and no other program at its database."
            )


def _set(database: sqlite3.Connection, name: str, value: str, *, until: float) -> None:
    """Set one. SQLite waits for nobody while it changes how it writes, so that this is tried again until then."""
    while True:
        try:
            database.execute(f"PRAGMA {name} = {value}").fetchall()
        except sqlite3.OperationalError as error:
            if primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(AGAIN)
        else:
            return


def _make_private(path: Path) -> None:
    """Create the file before SQLite would, so that only its owner can read it, and the journal that copies its mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        demand_own_folder(path.parent, fault=StoreFault)
        make_or_demand(path)
        path.chmod(0o600)
        if not os.access(path, os.R_OK | os.W_OK):  # never opened to see: to close it would drop SQLite's own locks
            raise PermissionError(EACCES, os.strerror(EACCES))
    except OSError as error:
        raise unopened(path, error) from error
