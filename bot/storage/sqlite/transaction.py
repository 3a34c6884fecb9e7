"""How SQL is run so that it is kept whole or not at all, while other programs use the same file.

It refuses to know what is kept.
"""

import shutil
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from bot.runtime.errors import DamagedStore, StoreFault, StoreUnavailable
from bot.storage.sqlite.write_ahead import Database, writing

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Result]

TEXT = partial(str, encoding="utf-8", errors="surrogateescape")
"""Reads a text in a database, whatever bytes somebody wrote there: what is wrong with it is for others to find."""

COPIES = 1.5
"""Times the size of the file that there has to be room for beside it, where it is written anew: its log holds all of it."""

ATTEMPTS = 5
PRIMARY_CODE = 0xFF

UNSAVED = "Nothing of this step was saved."
UNWRITTEN = "The file could not be written anew, and stays as it is; all that was done before stands."
"""What a failure leaves: nothing of a transaction, and a file that could not be rewritten as it was."""


class DiskFull(StoreUnavailable):
    """There is no room for what was to be written."""


FAULTS = {
    sqlite3.SQLITE_BUSY: "Another program held the database for too long. End it, or let it finish; the bot goes on.",
    sqlite3.SQLITE_LOCKED: "Another program held the database for too long. End it, or let it finish.",
    sqlite3.SQLITE_FULL: "The disk under the database is full. Make room on it; the bot goes on by itself.",
    sqlite3.SQLITE_IOERR: "The disk under the database is full or failing. Make room on it; the bot goes on by itself.",
    sqlite3.SQLITE_READONLY: "The database may not be written. Give the bot's account the file and its folder.",
    sqlite3.SQLITE_CANTOPEN: "The database could not be opened. Give the bot's account the file and its folder.",
    sqlite3.SQLITE_CORRUPT: "The database is damaged. Stop the bot, and restore the latest backup.",
    sqlite3.SQLITE_NOTADB: "The file is not a database. Set the place of the bot's database, or restore a backup.",
}

KINDS: dict[int, type[StoreFault]] = {
    sqlite3.SQLITE_BUSY: StoreUnavailable,
    sqlite3.SQLITE_LOCKED: StoreUnavailable,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_IOERR: StoreUnavailable,
    sqlite3.SQLITE_CORRUPT: DamagedStore,
    sqlite3.SQLITE_NOTADB: DamagedStore,
}
"""What passes by itself, and what does not pass before a backup is restored."""


def transact(connection: sqlite3.Connection, work: Work[Result]) -> Result:
    """Return the result of the work once it is durable. Raise `StoreFault` if it is not, and then nothing of it was kept."""
    with writing(connection):
        try:
            _abandon(connection)
            # The right to write is taken at once: a transaction that begins by reading is refused it once
            # another program has written.
            _patiently(connection, "BEGIN IMMEDIATE")
            result = work(connection)
            _patiently(connection, "COMMIT")
        except sqlite3.Error as error:
            raise fault(error) from error
        finally:
            _abandon(connection)
    return result


def read_at_once(connection: sqlite3.Connection, work: Work[Result]) -> Result:
    """Return the result of reading the database as it is at one time. Raise `StoreFault` if it could not be read."""
    try:
        _abandon(connection)
        connection.execute("BEGIN")
        return work(connection)
    except sqlite3.Error as error:
        raise fault(error) from error
    finally:
        _abandon(connection)


def consult(connection: sqlite3.Connection, work: Work[Result]) -> Result:
    """Return the result of work that needs no transaction. Raise `StoreFault` if SQLite fails."""
    try:
        return work(connection)
    except sqlite3.Error as error:
        raise fault(error) from error


def commits_seen(connection: sqlite3.Connection) -> tuple[int, int]:
    """Two numbers, of which one is another once another program committed something, or this connection did."""
    (others,) = connection.execute("PRAGMA data_version").fetchone()
    return others, connection.total_changes


def pack(database: Database) -> None:
    """Write the whole file anew (VACUUM): where SQLite moved rows from one page to another, it may have left copies of them, erased
    ones too. Everybody waits for it. Raise `StoreFault` if it could not be done, and then the file stays as it was.
    """
    needed, free = int(COPIES * database.path.stat().st_size), shutil.disk_usage(database.path.parent).free
    if free < needed:  # it would fill the disk on which people's answers are kept
        raise StoreUnavailable(
            f"There is no room to write {database.path} anew: {needed // 1_000_000:,} MB are needed beside it, and"
            f" {free // 1_000_000:,} MB are free. Make room on that disk, then do this again. Nothing was changed."
        )
    with writing(database):
        try:
            _abandon(database)
            _patiently(database, "VACUUM")
        except sqlite3.Error as error:
            raise fault(error, UNWRITTEN) from error


def fault(error: sqlite3.Error, left: str = UNSAVED) -> StoreFault:
    """Return an error of SQLite as advice to the operator, and what it left."""
    code = primary_code(error)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    advice = FAULTS.get(code, "The database did not do what it should; this is the bot's own fault. Please report it.")
    return KINDS.get(code, StoreFault)(f"{advice} {left} ({name})")


def primary_code(error: sqlite3.Error) -> int:
    """Return what kind of error SQLite met, without the details."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & PRIMARY_CODE


def _abandon(connection: sqlite3.Connection) -> None:
    """Undo an unfinished transaction, if there is one. An error here is ignored: the next step meets it again."""
    if connection.in_transaction:
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            return


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Run a statement, and try again while another program holds the file; a COMMIT that was busy can be repeated."""
    for _ in range(ATTEMPTS - 1):
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if primary_code(error) != sqlite3.SQLITE_BUSY:
                raise
        else:
            return
    connection.execute(statement)
