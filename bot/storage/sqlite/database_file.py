"""How the database file is made, opened and looked at: for its owner alone, its settings in force, and nobody else's triggers in it.

It refuses to know what is kept.
"""

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from errno import EACCES
from pathlib import Path
from typing import Literal, NamedTuple

from bot.runtime.errors import DamagedStore, StoreFault, StoreUnavailable
from bot.runtime.files import demand_own_folder, write_private
from bot.storage.sqlite.transaction import TEXT, consult, fault, primary_code
from bot.storage.sqlite.write_ahead import HELD, Database, LogLock, log_bytes

BUSY_MILLISECONDS = 2_000
AGAIN = 0.01
"""Seconds until another program is asked once more to let go."""

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

AS_IN_A_FILE = ("secure_delete = ON", "foreign_keys = ON", "temp_store = MEMORY")
"""What counts of these in memory too, so that bytes that are put in a file later are what they would be there."""

TRACES = ("", "-journal", "-wal", "-shm")
"""The endings of the files that SQLite may leave of a database. The last three would be taken for the next database's."""

DAMAGED = "SQLite finds the database damaged. Stop the bot, and restore the latest backup."


class FileOpening(NamedTuple):
    """How a file is opened: whether it is made where there is none, whether anything is written, and SQLite's settings."""

    makes: bool
    writes: bool
    mode: Literal["rw", "ro"]
    settings: Sequence[Setting]
    busy_milliseconds: int = BUSY_MILLISECONDS

    @property
    def patience(self) -> float:
        """Seconds for which others are waited for."""
        return self.busy_milliseconds / 1000


WRITING = FileOpening(makes=True, writes=True, mode="rw", settings=PRAGMAS)
LOOKING = FileOpening(makes=False, writes=False, mode="ro", settings=PRAGMAS[1:])


def open_database(path: Path) -> Database:
    """Return the database for a program that does one thing and ends: with the same settings, and without a thread."""
    return opened(path, WRITING)


def open_read_only(path: Path, *, busy_milliseconds: int = BUSY_MILLISECONDS) -> Database:
    """Return the database for whoever only looks, in whatever version it is; so long another program is waited for."""
    return opened(path, LOOKING._replace(settings=(), busy_milliseconds=busy_milliseconds))


def open_to_copy(path: Path) -> Database:
    """Return a second connection to a database that is only read, and whose log of a crash, where there is one, is seen to.

    `StoreFault` where it does not open, or is empty.
    """
    return opened(path, LOOKING._replace(mode="rw", settings=PRAGMAS[1:2]))


def opened(path: Path, how: FileOpening) -> Database:
    """Return the file as SQLite opens it. Raise `StoreFault` if it does not."""
    if how.makes:
        _make_private(path)
    else:
        demand_there(path)
    try:
        if not how.writes:
            return _connected(path, how, None)
        for left in traces(path.with_name(f".{path.name}.new")):  # earlier releases wrote a new file there
            with suppress(OSError):
                left.unlink(missing_ok=True)
        lock = LogLock(path)
        try:
            lock.give_to_owner(path)
            with lock.shared(how.patience) as is_held:
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
    # Never a mode in which SQLite makes the file: it is made before, whole and for its owner alone. Without an isolation level
    # Python begins no transaction of its own; the connection is used on another thread than this one.
    place = f"{path.absolute().as_uri()}?mode={how.mode}"
    leaves_log = how.mode == "rw" or log_bytes(path) is not None
    database = sqlite3.connect(place, uri=True, isolation_level=None, check_same_thread=False, factory=Database)
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


def refuse_foreign(database: sqlite3.Connection) -> None:
    """Raise `StoreFault` if the file has triggers or views, since the bot makes none; one that comes later never runs.

    It would write with the bot's own hand.
    """
    database.set_authorizer(_authorised)
    foreign = database.execute("SELECT type, name FROM main.sqlite_schema WHERE type IN ('trigger', 'view')").fetchone()
    if foreign is not None:
        raise StoreFault(
            f"The database was changed from outside: it has the {foreign[0]} “{foreign[1]}”, and the bot makes none."
            " Keep a copy of the file as it is, and restore the latest backup."
        )


def _authorised(_: int, __: str | None, ___: str | None, ____: str | None, within: str | None) -> int:
    """Refuse whatever a trigger or a view asks for. It runs when a statement is read, not each time.

    What a statement names by WITH is a view to SQLite as well, and so is refused: none of the bot's has one.
    """
    return sqlite3.SQLITE_OK if within is None else sqlite3.SQLITE_DENY


def demand_whole(database: sqlite3.Connection) -> None:
    """Raise `DamagedStore` if SQLite finds damage in any page; it reads them all."""
    if consult(database, lambda one: one.execute("PRAGMA quick_check(1)").fetchone()) != ("ok",):
        raise DamagedStore(DAMAGED)


def demand_there(path: Path) -> None:
    """Raise `StoreFault` if there is no file. Raise `DamagedStore` for an empty one, which SQLite itself would take for a new database."""
    try:
        _demand_something(path)
    except FileNotFoundError as error:
        raise StoreFault(f"There is no database at {path}. Set SERAF_STORE to the place of yours.") from error
    except OSError as error:
        raise unopened(path, error) from error


def make_or_demand(path: Path) -> None:
    """Make a database without a table where there is no file, whole and for its owner alone. Raise `DamagedStore` for an empty file.

    Taken for a new one, nobody would be admitted any more.
    """
    try:
        _demand_something(path)
    except FileNotFoundError:
        _make(path)
    except OSError as error:
        raise unopened(path, error) from error


def traces(path: Path) -> tuple[Path, ...]:
    """Return a database file, and those that SQLite may leave beside it."""
    return tuple(path.with_name(path.name + trace) for trace in TRACES)


def unopened(path: Path, error: OSError) -> StoreFault:
    """Return what to do about a database file that the system does not let be opened."""
    return StoreFault(
        f"The database {path} could not be opened: {error.strerror}. Give the bot's account its file and folder."
    )


def _demand_something(path: Path) -> None:
    if not path.stat().st_size:
        raise DamagedStore(
            f"The database {path} is empty: something cut it off. Restore the latest backup. Only where there never was"
            " anything in it, delete the file."
        )


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


def _make(path: Path) -> None:
    new = sqlite3.connect(":memory:", isolation_level=None)
    try:
        new.execute("CREATE TABLE first (id)")  # SQLite writes no page of a database in which nothing ever was
        new.execute("DROP TABLE first")
        new.execute("VACUUM")
        write_private(path, new.serialize())
    except FileExistsError:
        return  # another program was quicker
    except OSError as error:
        raise unopened(path, error) from error
    finally:
        new.close()
