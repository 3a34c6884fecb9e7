"""Transactions on one SQLite connection, each kept whole or not at all while other programs use the same file."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from bot.runtime.errors import StoreUnavailable
from bot.storage.session import fault, primary_code
from bot.storage.sqlite.write_ahead import Database, writing

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Result]

TEXT = partial(str, encoding="utf-8", errors="surrogateescape")  # decodes any bytes: a wrong text is found later
COPIES = 1.5  # free space that VACUUM needs beside the file, in sizes of the file: its log holds the whole file
ATTEMPTS = 5
UNWRITTEN = "The file could not be written anew, and stays as it is; all that was done before stands."


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Keep everything written within the `with`, durably, or nothing. Raise `StoreFault` if SQLite fails."""
    with writing(connection):
        try:
            _abandon(connection)
            # The write lock is taken at once: a transaction that begins by reading is refused it once another program
            # has written.
            _patiently(connection, "BEGIN IMMEDIATE")
            yield
            _patiently(connection, "COMMIT")
        except sqlite3.Error as error:
            raise fault(error) from error
        finally:
            _abandon(connection)


def transact(connection: sqlite3.Connection, work: Work[Result]) -> Result:
    """Return the result of the work once it is durable. Raise `StoreFault` if nothing was saved."""
    with transaction(connection):
        return work(connection)


def read_at_once(connection: sqlite3.Connection, work: Work[Result]) -> Result:
    """Return the result of work that reads the database as it is at one time. Raise `StoreFault` if SQLite fails."""
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
    """Return two numbers, one of which changes when this connection or another program commits."""
    (others,) = connection.execute("PRAGMA data_version").fetchone()
    return others, connection.total_changes


def pack(database: Database) -> None:
    """Rewrite the file (VACUUM) without copies of erased rows, left when SQLite moved rows. Raise `StoreFault` if it failed."""
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


def _abandon(connection: sqlite3.Connection) -> None:
    """Roll back an unfinished transaction. An error here is ignored: the next statement meets it again."""
    if connection.in_transaction:
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            return


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Execute a statement, and retry while another program holds the file; a busy COMMIT can be repeated."""
    for _ in range(ATTEMPTS - 1):
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if primary_code(error) != sqlite3.SQLITE_BUSY:
                raise
        else:
            return
    connection.execute(statement)
