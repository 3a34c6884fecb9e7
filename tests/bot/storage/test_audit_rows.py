"""Tests of the audit in a database: appended, encrypted, read and dropped. Every change in the file is found."""

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.crypto.sealing import Sealer, place
from bot.runtime.errors import StoreFault
from bot.storage.sqlite.opening import tables_over
from bot.storage.sqlite.preparing import known_migrations, migrate
from bot.storage.sqlite.transaction import TEXT
from bot.storage.tables.audit import Audit
from bot.trail.audit import AuditEvent, verify_trail
from bot.trail.chain import NO_LINK, Entry, Head, head_of
from tests.support.store.builders import KEYS
from tests.support.store.trails import JANUARY, MONTHS, happened

LATER = MONTHS[-1] + timedelta(days=40)


def audit(database: sqlite3.Connection) -> Audit:
    return tables_over(database, KEYS).audit


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.text_factory = TEXT
    migrate(connection, known_migrations())
    connection.execute("PRAGMA foreign_keys = ON")
    yield connection
    connection.close()


@pytest.fixture
def entries(database: sqlite3.Connection) -> list[Entry]:
    happening = happened(random.Random(11))
    for entry in happening:
        audit(database).append([entry])
    return happening


def faults(database: sqlite3.Connection, anchor: Head | None = None) -> tuple[str, ...]:
    return verify_trail(KEYS, audit(database).trail(), anchor=anchor)


def months(database: sqlite3.Connection) -> list[tuple[str, int, bool]]:
    return [(row.month, row.count, row.dropped is not None) for row in audit(database).trail().segments]


def test_the_audit_is_followed_by_its_numbers(database: sqlite3.Connection, entries: list[Entry]) -> None:
    database.execute("UPDATE audit SET entry = zeroblob(157) WHERE number = 3")

    head, lines = audit(database).after(1)

    assert head == head_of(audit(database).trail())
    assert lines == audit(database).trail().lines[1:]
    assert lines[1].entry is None
    assert audit(database).after(None) == (head, ())
    assert audit(database).after(head.number) == (head, ())


def test_an_empty_audit_has_a_head(database: sqlite3.Connection) -> None:
    assert audit(database).after(0) == (Head(0, NO_LINK), ())


def test_appended_entries_are_read_in_order(database: sqlite3.Connection, entries: list[Entry]) -> None:
    trail = audit(database).trail()

    assert audit(database).entries() == tuple(entries)
    assert [line.entry for line in trail.lines] == entries
    assert [line.number for line in trail.lines] == list(range(1, len(entries) + 1))
    assert [row.month for row in trail.segments] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert faults(database, head_of(trail)) == ()


def test_entries_at_once_are_the_same_as_one_by_one(database: sqlite3.Connection, entries: list[Entry]) -> None:
    """The link from an entry to the one before contains nothing random."""
    other = sqlite3.connect(":memory:", isolation_level=None)
    migrate(other, known_migrations())

    audit(other).append(iter(entries))

    assert audit(other).trail() == audit(database).trail()


def test_appending_asks_no_more_of_a_long_audit(database: sqlite3.Connection, entries: list[Entry]) -> None:
    """A turn must cost the same in the last year of an audit as in its first."""
    asked: list[str] = []
    database.set_trace_callback(asked.append)

    audit(database).append([entries[-1]])

    assert [statement.split()[0] for statement in asked] == ["SELECT", "SELECT", "INSERT", "INSERT"]


def test_a_clock_that_went_back_begins_no_month(database: sqlite3.Connection, entries: list[Entry]) -> None:
    before = len(audit(database).trail().segments)

    audit(database).append([replace(entries[0], at=JANUARY - timedelta(days=400))])

    trail = audit(database).trail()
    assert (len(trail.segments), trail.lines[-1].month) == (before, "2026-04")
    assert faults(database) == ()


def test_a_month_begins_at_midnight_utc(database: sqlite3.Connection, entries: list[Entry]) -> None:
    midnight = datetime(2026, 7, 1, tzinfo=UTC)

    audit(database).append([replace(entries[0], at=midnight - timedelta(microseconds=1))])
    audit(database).append([replace(entries[0], at=midnight)])

    assert [month for month, _, _ in months(database)][-2:] == ["2026-06", "2026-07"]


def test_the_content_of_an_entry_is_sealed(database: sqlite3.Connection, entries: list[Entry]) -> None:
    lying = "\n".join(database.iterdump())

    for entry in entries:
        assert entry.who not in lying
        assert entry.who.encode().hex() not in lying.lower()
        assert entry.what.encode().hex() not in lying.lower()


def test_months_past_their_term_are_dropped_and_say_so(database: sqlite3.Connection, entries: list[Entry]) -> None:
    before = audit(database).trail()
    heads = [Head(line.number, line.link) for line in before.lines]
    counts = [row.count for row in before.segments]

    dropped = audit(database).drop_before("2026-03", now=LATER)

    assert dropped == counts[0] + counts[1]
    assert [gone for _, _, gone in months(database)] == [True, True, False, False, False]
    kept = audit(database).entries()
    assert kept[:-2] == tuple(entries[dropped:])
    assert kept[-2:] == tuple(Entry(LATER, "bot", AuditEvent.AUDIT_DROPPED, month) for month in ("2026-01", "2026-02"))
    assert all(faults(database, head) == () for head in heads)


def test_the_month_that_is_running_is_never_dropped(database: sqlite3.Connection, entries: list[Entry]) -> None:
    audit(database).drop_before("2099-01", now=LATER)

    assert months(database)[-2:] == [("2026-04", months(database)[-2][1], True), ("2026-05", 4, False)]
    assert len(audit(database).entries()) == 4
    assert faults(database) == ()


def test_a_clock_that_went_back_drops_only_what_was_over_then(
    database: sqlite3.Connection, entries: list[Entry]
) -> None:
    audit(database).drop_before("2099-01", now=MONTHS[1])

    assert [gone for _, _, gone in months(database)] == [True, False, False, False]
    assert faults(database) == ()


def test_it_continues_after_a_drop(database: sqlite3.Connection, entries: list[Entry]) -> None:
    number = audit(database).trail().lines[-1].number
    audit(database).drop_before("2026-04", now=LATER)

    audit(database).append([replace(entries[0], at=LATER)])

    assert audit(database).trail().lines[-1].number == number + 3 + 1
    assert faults(database) == ()


TAMPERS = {
    "an entry removed": "DELETE FROM audit WHERE number = 3",
    "the last entry removed": "DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)",
    "all entries removed": "DELETE FROM audit",
    "entries swapped": "UPDATE audit SET entry = (SELECT entry FROM audit AS other WHERE other.number = 5 - audit.number)"
    " WHERE number IN (2, 3)",
    "an entry changed": "UPDATE audit SET entry = zeroblob(157) WHERE number = 2",
    "an entry emptied": "UPDATE audit SET entry = '' WHERE number = 2",
    "a link changed": "UPDATE audit SET link = randomblob(32) WHERE number = 2",
    "a number changed": "UPDATE audit SET number = 9000 WHERE number = (SELECT max(number) FROM audit)",
    "a month changed": "UPDATE audit SET month = '2026-02' WHERE number = 1",
    "an entry doubled": "INSERT INTO audit SELECT 9000, month, entry, link FROM audit WHERE number = 2",
    "a row removed": "DELETE FROM audit_segments WHERE month = '2026-02'",
    "the latest month removed": "DELETE FROM audit WHERE month = '2026-04';"
    "DELETE FROM audit_segments WHERE month = '2026-04'",
    "the first month removed": "DELETE FROM audit WHERE month = '2026-01';"
    "DELETE FROM audit_segments WHERE month = '2026-01'",
    "a row's name changed": "UPDATE audit_segments SET month = x'ff00' WHERE month = '2026-02'",
    "a row's count changed": "UPDATE audit_segments SET count = count + 1 WHERE month = '2026-02'",
    "a row's count no number": "UPDATE audit_segments SET count = 'many' WHERE month = '2026-02'",
    "a row's start changed": "UPDATE audit_segments SET start = 'x' WHERE month = '2026-02'",
    "a row's head changed": "UPDATE audit_segments SET head = randomblob(64) WHERE month = '2026-02'",
    "the last row's head changed": "UPDATE audit_segments SET head = '' WHERE month = '2026-04'",
    "a row marked as dropped": "UPDATE audit_segments SET dropped = 9e18 WHERE month = '2026-01'",
    "a month dropped by hand": "DELETE FROM audit WHERE month = '2026-01';"
    "UPDATE audit_segments SET dropped = 1800000000000000 WHERE month = '2026-01'",
    "a row made": "INSERT INTO audit_segments SELECT '2026-09', first, count, start, head, dropped FROM audit_segments"
    " WHERE month = '2026-04'",
    "the end cut with its row": "DELETE FROM audit WHERE number = (SELECT max(number) FROM audit);"
    "UPDATE audit_segments SET count = count - 1, head = (SELECT link FROM audit ORDER BY number DESC LIMIT 1)"
    " || substr(head, 33) WHERE month = '2026-04'",
}


@pytest.mark.parametrize("statements", TAMPERS.values(), ids=TAMPERS.keys())
def test_a_changed_file_is_found_at_once_and_permanently(
    database: sqlite3.Connection, entries: list[Entry], statements: str
) -> None:
    database.execute("PRAGMA foreign_keys = OFF")
    for statement in statements.split(";"):
        database.execute(statement)

    at_once = faults(database)
    audit(database).append([replace(entries[-1], at=MONTHS[-1] + timedelta(days=1))])
    after_the_next = faults(database)
    audit(database).append([replace(entries[-1], at=LATER)])
    next_month = faults(database)

    assert at_once != ()
    assert after_the_next != ()
    assert next_month != ()


def test_an_entry_without_a_place_is_refused(database: sqlite3.Connection, entries: list[Entry]) -> None:
    """Another entry already has the next number. It is not overwritten, and the audited act does not happen."""
    database.execute("INSERT INTO audit SELECT max(number) + 1, month, entry, link FROM audit")

    with pytest.raises(StoreFault, match="audit verify"):
        audit(database).append([entries[0]])


def test_a_row_that_was_changed_still_shows_once_its_month_was_dropped(
    database: sqlite3.Connection, entries: list[Entry]
) -> None:
    database.execute("UPDATE audit_segments SET head = start || substr(head, 33) WHERE month = '2026-01'")

    audit(database).drop_before("2026-02", now=LATER)

    assert months(database)[0][2]
    assert any("row of 2026-01" in fault for fault in faults(database))


def test_an_entry_that_does_not_open_stops_reading_but_not_verifying(
    database: sqlite3.Connection, entries: list[Entry]
) -> None:
    database.execute("UPDATE audit SET entry = randomblob(157) WHERE number = 2")

    with pytest.raises(StoreFault, match=r"audit\.entry"):
        audit(database).entries()
    assert audit(database).trail().lines[1].entry is None
    assert any(fault.startswith("Entry 2 does not open") for fault in faults(database))


def test_an_entry_is_sealed_to_its_number(database: sqlite3.Connection, entries: list[Entry]) -> None:
    """An entry is encrypted for its number alone, so that a rotation of the keys can encrypt it again."""
    (body,) = database.execute("SELECT entry FROM audit WHERE number = 2").fetchone()

    assert Sealer(KEYS.seal).unseal(body, place("audit", "entry", row=2))
