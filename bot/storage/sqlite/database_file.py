"""Creates and opens the database file: for its owner alone, with settings that are verified, and without triggers or views."""

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from errno import EACCES
from pathlib import Path
from typing import Literal, NamedTuple

from bot.runtime.errors import DamagedStore, StoreFault, StoreUnavailable
from bot.runtime.files import demand_own_folder, write_private
from bot.storage.session import fault, primary_code
from bot.storage.sqlite.transaction import HELD, TEXT, Database, LogLock, consult, log_bytes

BUSY_MILLISECONDS = 2_000

# Each setting, its value, and the value that it must read back. The log (WAL) is emptied after an erasure, and never by itself;
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

AS_IN_A_FILE = ("secure_delete = ON", "foreign_keys = ON", "temp_store = MEMORY")
"""The settings of a database in memory, so that it stores and erases rows as a database in a file does."""


class FileOpening(NamedTuple):
    """The way to open a file: whether to write (and to create a missing file), in which mode of SQLite, and with which settings."""

    writes: bool
    mode: Literal["rw", "ro"]
    settings: Sequence[Setting]
    busy_milliseconds: int = BUSY_MILLISECONDS

    @property
    def patience(self) -> float:
        """The seconds to wait for other programs that use the file."""
        return self.busy_milliseconds / 1000


WRITING = FileOpening(writes=True, mode="rw", settings=PRAGMAS)
LOOKING = FileOpening(writes=False, mode="ro", settings=PRAGMAS[1:])


def open_database(path: Path) -> Database:
    """Return the open database for a single command, with the settings of the bot and without a thread of its own."""
    return opened(path, WRITING)


def open_read_only(path: Path, *, busy_milliseconds: int = BUSY_MILLISECONDS) -> Database:
    """Return the database, opened read-only whatever its version."""
    return opened(path, LOOKING._replace(settings=(), busy_milliseconds=busy_milliseconds))


def open_to_copy(path: Path) -> Database:
    """Return a connection to copy from, which recovers the log of a crash. Raise `StoreFault` if the file cannot be opened or is empty."""
    return opened(path, LOOKING._replace(mode="rw", settings=PRAGMAS[1:2]))


def opened(path: Path, how: FileOpening) -> Database:
    """Return the database in this file, opened in this way. Raise `StoreFault` if it cannot be opened."""
    try:
        if not how.writes:
            demand_there(path)
            return _connected(path, how, None)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        demand_own_folder(path.parent, fault=StoreFault)
        # Before SQLite would, so that only its owner can read the file, and the journal, which copies its mode.
        make_or_demand(path)
        path.chmod(0o600)
        if not os.access(path, os.R_OK | os.W_OK):  # not opened to test it: closing it would drop SQLite's locks
            raise PermissionError(EACCES, os.strerror(EACCES))
        for trace in traces(path.with_name(f".{path.name}.new")):  # earlier releases wrote a new file there
            with suppress(OSError):
                trace.unlink(missing_ok=True)
        lock = LogLock(path)
        try:
            lock.give_to_owner(path)
            with lock.held(how.patience, is_shared=True) as is_held:
                if not is_held:
                    raise StoreUnavailable(HELD)
                return _connected(path, how, lock)
        except BaseException:
            lock.close()
            raise
    except sqlite3.Error as error:
        raise fault(error) from error
    except OSError as error:
        raise unopened(path, error) from error


def _connected(path: Path, how: FileOpening, lock: LogLock | None) -> Database:
    # In no mode does SQLite create the file: it was created before, whole and for its owner alone. Without an isolation level
    # Python begins no transaction of its own; the connection is used on another thread.
    uri = f"{path.absolute().as_uri()}?mode={how.mode}"
    leaves_log = how.mode == "rw" or log_bytes(path) is not None
    database = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, factory=Database)
    try:
        database.path, database.leaves_log, database.patience = path, leaves_log, how.patience
        database.text_factory = TEXT
        set_pragmas(database, how)
    except BaseException:
        database.close()
        raise
    database.lock = lock
    return database


def set_pragmas(database: sqlite3.Connection, how: FileOpening) -> None:
    """Apply the settings, and read each back. Raise `StoreFault` if one is not in force."""
    until = time.monotonic() + how.patience
    for name, value, expected in (("busy_timeout", str(how.busy_milliseconds), how.busy_milliseconds), *how.settings):
        while True:
            try:
                database.execute(f"PRAGMA {name} = {value}").fetchall()
                break
            except sqlite3.OperationalError as error:
                # SQLite does not wait for other programs while it changes its journal mode.
                if primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(0.01)
        row = database.execute(f"PRAGMA {name}").fetchone()
        if row is None or row[0] != expected:
            raise StoreFault(
                f"SQLite did not take the setting {name} = {value}, on which the bot's promises rest."
                " Run the bot with an ordinary build of SQLite, and no other program at its database."
            )


def refuse_foreign(database: sqlite3.Connection) -> None:
    """Raise `StoreFault` if the file has triggers or views, which could write as if they were the bot. Those created later cannot run."""
    database.set_authorizer(_authorised)
    foreign = database.execute("SELECT type, name FROM main.sqlite_schema WHERE type IN ('trigger', 'view')").fetchone()
    if foreign is not None:
        raise StoreFault(
            f"The database was changed from outside: it has the {foreign[0]} “{foreign[1]}”, and the bot makes none."
            " Keep a copy of the file as it is, and restore the latest backup."
        )


def _authorised(_: int, __: str | None, ___: str | None, ____: str | None, within: str | None) -> int:
    """Deny the statements of triggers and views, and WITH clauses, which SQLite treats like views. The bot uses none of them."""
    return sqlite3.SQLITE_OK if within is None else sqlite3.SQLITE_DENY


def demand_whole(database: sqlite3.Connection) -> None:
    """Raise `DamagedStore` if SQLite finds damage in any page."""
    if consult(database, lambda begun: begun.execute("PRAGMA quick_check(1)").fetchone()) != ("ok",):
        raise DamagedStore("SQLite finds the database damaged. Stop the bot, and restore the latest backup.")


def demand_there(path: Path) -> None:
    """Raise `StoreFault` if there is no file, and `DamagedStore` for an empty one, which SQLite would take for a new database."""
    try:
        _demand_content(path)
    except FileNotFoundError as error:
        raise StoreFault(f"There is no database at {path}. Set SERAF_STORE to the place of yours.") from error
    except OSError as error:
        raise unopened(path, error) from error


def make_or_demand(path: Path) -> None:
    """Create a database without tables if there is no file. Raise `DamagedStore` for an empty file, which would admit nobody."""
    try:
        _demand_content(path)
    except FileNotFoundError:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as new:
            new.execute("CREATE TABLE first (id)")  # SQLite writes no page of a database that never had content
            new.execute("DROP TABLE first")
            new.execute("VACUUM")
            content = new.serialize()
        try:
            write_private(path, content)
        except FileExistsError:
            return  # another program was quicker


def traces(path: Path) -> tuple[Path, ...]:
    """Return the paths of a database file and of the files that SQLite keeps next to it, which it would apply to the next database."""
    return tuple(path.with_name(path.name + ending) for ending in ("", "-journal", "-wal", "-shm"))


def unopened(path: Path, error: OSError) -> StoreFault:
    """Return the fault for a database file that the operating system could not open."""
    return StoreFault(
        f"The database {path} could not be opened: {error.strerror}. Give the bot's account its file and folder."
    )


def _demand_content(path: Path) -> None:
    if not path.stat().st_size:
        raise DamagedStore(
            f"The database {path} is empty: something cut it off. Restore the latest backup. Only where there never was"
            " anything in it, delete the file."
        )
