"""How SQL is run so that it is kept whole or not at all, beside other programmes at the same file.

It refuses to know what is kept.
"""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from bot.runtime.errors import StoreFault

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Result]

ATTEMPTS = 5
PRIMARY_CODE = 0xFF

UNSAVED = "Nothing of this step was saved."
UNWRITTEN = "The file could not be written anew, and stays as it is; all that was done before stands."
"""What a failure leaves: of a transaction nothing, of a file that was to be written anew what was in it."""

FAULTS = {
    sqlite3.SQLITE_BUSY: "Another programme held the database for too long. End it, or let it finish; the bot goes on.",
    sqlite3.SQLITE_LOCKED: "Another programme held the database for too long. End it, or let it finish.",
    sqlite3.SQLITE_FULL: "The disk under the database is full. Make room on it; the bot goes on by itself.",
    sqlite3.SQLITE_IOERR: "The disk under the database is full or failing. Make room on it; the bot goes on by itself.",
    sqlite3.SQLITE_READONLY: "The database may not be written. Give the bot's account the file and its folder.",
    sqlite3.SQLITE_CANTOPEN: "The database could not be opened. Give the bot's account the file and its folder.",
    sqlite3.SQLITE_CORRUPT: "The database is damaged. Stop the bot, and restore the latest backup.",
    sqlite3.SQLITE_NOTADB: "The file is not a database. Set the place of the bot's database, or restore a backup.",
}


def transact(connection: sqlite3.Connection, work: Work[Result]) -> Result:
    """The result of the work once it is durable; `StoreFault` when it is not, and then nothing of it was kept."""
    try:
        _abandon(connection)
        _patiently(connection, "BEGIN IMMEDIATE")
        result = work(connection)
        _patiently(connection, "COMMIT")
    except sqlite3.Error as error:
        raise fault(error) from error
    finally:
        _abandon(connection)
    return result


def read_at_once(connection: sqlite3.Connection, work: Work[Result]) -> Result:
    """The result of reading at one moment, whatever others write meanwhile; `StoreFault` when it could not be read."""
    try:
        _abandon(connection)
        connection.execute("BEGIN")
        return work(connection)
    except sqlite3.Error as error:
        raise fault(error) from error
    finally:
        _abandon(connection)


def consult(connection: sqlite3.Connection, work: Work[Result]) -> Result:
    """The result of one reading statement; `StoreFault` when it could not be read."""
    try:
        return work(connection)
    except sqlite3.Error as error:
        raise fault(error) from error


def rewrite(connection: sqlite3.Connection) -> None:
    """Write the whole file anew; `StoreFault` when it could not be, and then it is as it was.

    `secure_delete` overwrites what is deleted, but not what SQLite left behind in a page when it moved rows to others.
    """
    try:
        _abandon(connection)
        _patiently(connection, "VACUUM")
    except sqlite3.Error as error:
        raise fault(error, UNWRITTEN) from error


def fault(error: sqlite3.Error, left: str = UNSAVED) -> StoreFault:
    """What an operator can do about an error of SQLite, and what it left."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & PRIMARY_CODE
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    advice = FAULTS.get(code, "The database did not do what it should; this is the bot's own fault. Please report it.")
    return StoreFault(f"{advice} {left} ({name})")


def _abandon(connection: sqlite3.Connection) -> None:
    """Undo what an unfinished transaction left, if anything; a disk that fails here fails the next step instead."""
    if connection.in_transaction:
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            return


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Run a statement that waits for other programmes, again while they hold the file; SQLite keeps a busy COMMIT."""
    for _ in range(ATTEMPTS - 1):
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & PRIMARY_CODE != sqlite3.SQLITE_BUSY:
                raise
        else:
            return
    connection.execute(statement)
