"""Tests of the store next to other programs: a busy database is retried, and a failure is reported."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.runtime.errors import StoreFault
from bot.storage.session import fault
from bot.storage.sqlite.transaction import ATTEMPTS, consult, read_at_once, transact


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "rows.db"
    database = sqlite3.connect(place)
    database.execute("CREATE TABLE rows (n INTEGER UNIQUE)")
    database.close()
    return place


@pytest.fixture
def ours(path: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(path, isolation_level=None, timeout=0)
    yield database
    database.close()


@pytest.fixture
def other(path: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(path, isolation_level=None, timeout=0)
    yield database
    database.close()


def add(database: sqlite3.Connection, n: int = 1) -> int:
    database.execute("INSERT INTO rows VALUES (?)", (n,))
    return n


def kept(database: sqlite3.Connection) -> list[tuple[int]]:
    return database.execute("SELECT n FROM rows").fetchall()


def end_at(ours: sqlite3.Connection, other: sqlite3.Connection, *, statement: str, attempt: int) -> list[str]:
    """End the other program's transaction when `statement` is tried for the n-th time; return the tried statements."""
    tried: list[str] = []

    def watch(sql: str) -> None:
        tried.append(sql)
        if tried.count(statement) == attempt and other.in_transaction:
            other.execute("COMMIT")

    ours.set_trace_callback(watch)
    return tried


def test_work_is_committed_once_it_returns(ours: sqlite3.Connection, other: sqlite3.Connection) -> None:
    assert transact(ours, add) == 1
    assert kept(other) == [(1,)]


@pytest.mark.parametrize("attempt", range(1, ATTEMPTS + 1))
@pytest.mark.parametrize(("begun", "busy"), [("BEGIN IMMEDIATE", "BEGIN IMMEDIATE"), ("BEGIN", "COMMIT")])
def test_a_busy_database_is_retried(
    ours: sqlite3.Connection, other: sqlite3.Connection, begun: str, busy: str, attempt: int
) -> None:
    other.execute(begun)
    assert kept(other) == []
    tried = end_at(ours, other, statement=busy, attempt=attempt)

    transact(ours, add)

    assert tried.count(busy) == attempt
    assert kept(other) == [(1,)]


@pytest.mark.parametrize("begin", ["BEGIN IMMEDIATE", "BEGIN"])
def test_a_program_that_does_not_end_is_reported(
    ours: sqlite3.Connection, other: sqlite3.Connection, begin: str
) -> None:
    other.execute(begin)
    kept(other)

    with pytest.raises(StoreFault, match="Another program held the database"):
        transact(ours, add)

    other.execute("COMMIT")
    assert (ours.in_transaction, kept(other)) == (False, [])
    assert transact(ours, add) == 1


@pytest.mark.parametrize("stop", [ValueError("no"), KeyboardInterrupt()])
def test_work_that_fails_leaves_nothing(ours: sqlite3.Connection, stop: BaseException) -> None:
    def fail(database: sqlite3.Connection) -> None:
        add(database)
        raise stop

    with pytest.raises(type(stop)):
        transact(ours, fail)

    assert (ours.in_transaction, kept(ours)) == (False, [])


def test_an_error_of_sqlite_is_a_fault_that_quotes_no_value(ours: sqlite3.Connection) -> None:
    """The fault contains the name of SQLite's error, and no value of the row."""
    transact(ours, lambda database: add(database, 424242))

    with pytest.raises(StoreFault, match="SQLITE_CONSTRAINT_UNIQUE") as failed:
        transact(ours, lambda database: add(database, 424242))

    assert "424242" not in str(failed.value)
    assert "Nothing of this step was saved" in str(failed.value)


def test_a_transaction_that_could_not_be_undone_is_undone_before_the_next(ours: sqlite3.Connection) -> None:
    ours.execute("BEGIN")
    add(ours, 7)

    transact(ours, add)

    assert kept(ours) == [(1,)]


def test_an_undoing_that_fails_does_not_hide_what_happened(ours: sqlite3.Connection) -> None:
    def refuse_to_roll_back(action: int, name: str | None, *_: str | None) -> int:
        refused = action == sqlite3.SQLITE_TRANSACTION and name == "ROLLBACK"
        return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK

    transact(ours, add)
    ours.set_authorizer(refuse_to_roll_back)

    with pytest.raises(StoreFault, match="SQLITE_CONSTRAINT_UNIQUE"):
        transact(ours, add)

    ours.set_authorizer(None)
    assert transact(ours, lambda database: add(database, 2)) == 2
    assert kept(ours) == [(1,), (2,)]


def test_a_reading_that_fails_is_a_fault(ours: sqlite3.Connection) -> None:
    with pytest.raises(StoreFault, match="the bot's own fault"):
        consult(ours, lambda database: database.execute("SELECT * FROM nowhere"))


def test_reads_of_one_look_are_of_one_moment(ours: sqlite3.Connection, other: sqlite3.Connection) -> None:
    def read_twice(database: sqlite3.Connection) -> tuple[list[tuple[int]], list[tuple[int]]]:
        first = kept(database)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            transact_at_once(other)
        return first, kept(database)

    assert read_at_once(ours, read_twice) == ([], [])
    transact_at_once(other)
    assert read_at_once(ours, kept) == [(1,)]
    with pytest.raises(StoreFault):
        read_at_once(ours, lambda database: database.execute("SELECT * FROM nowhere"))
    assert not ours.in_transaction


def transact_at_once(database: sqlite3.Connection) -> None:
    try:
        database.execute("BEGIN IMMEDIATE")
        add(database)
        database.execute("COMMIT")
    finally:
        if database.in_transaction:
            database.execute("ROLLBACK")


def test_an_error_without_a_code_is_a_fault_too() -> None:
    """Errors of the Python library itself carry no error code of SQLite."""
    assert "(ProgrammingError)" in str(fault(sqlite3.ProgrammingError("closed")))
