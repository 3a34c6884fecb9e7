"""Turns a current database into one that an earlier release could have left, with the earlier schema and encryption."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.clock import to_micros
from bot.runtime.settings import StorePlace
from bot.storage.cases import HOLDING, CaseHead
from bot.storage.copying import copy_rows
from bot.storage.ledger import CASES, COUNTED, KEYS, SLOTS, SUM_BYTES, Ledger
from bot.storage.moving_cases import SEVERAL
from bot.storage.postgres import opening
from bot.storage.session import SqliteSession
from bot.storage.sqlite.preparing import LEDGER, known_migrations, version
from bot.storage.sqlite.resealing import BESIDE, values, write
from bot.storage.tables import Tables
from bot.storage.tables.cases import wrapped_at

COUNTED_SINCE = (10, 11, 12, 13)
"""The schema versions that added a table of people with one case each whose rows are counted: sign-ins, passes, counts, restores."""

UNDO = (
    (17, ("DROP TABLE teams",)),
    (14, ("ALTER TABLE meta DROP COLUMN moved",)),
    (13, ("DROP TABLE short_lived",)),
    (12, ("DROP TABLE restores",)),
    (11, ("DROP TABLE monthly_counts",)),
    (10, ("DROP TABLE passes",)),
    (9, ("DROP TABLE sign_ins",)),
    (8, ("DROP INDEX litter_whose", "ALTER TABLE litter DROP COLUMN whose")),
    (7, ("DROP TABLE ledger", "ALTER TABLE people DROP COLUMN has")),
    (6, ("DROP TABLE rooms",)),
    (5, ("DROP TABLE rehearsal_parcels",)),
    (4, ("DROP TABLE rehearsals",)),
    (3, ("DROP TABLE parcels",)),
    (2, ("DROP TABLE contacts",)),
    (
        1,
        (
            *(f"DROP TABLE {table}" for table in ("standings", "tickets", "audit", "audit_segments", "reminders")),
            *(f"DROP INDEX people_{index}" for index in ("due", "born", "owed")),
            *(f"ALTER TABLE people DROP COLUMN {column}" for column in ("due", "born")),
            "ALTER TABLE meta DROP COLUMN bot",
        ),
    ),
)
"""The statements that undo each migration, the latest first. The number is the schema version that remains."""


def make_earlier(path: Path, keys: KeyRing, version: int) -> None:
    master = Sealer(keys.seal)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        session = SqliteSession(database)
        database.execute("DELETE FROM teams")  # no earlier release had any
        if version < SEVERAL:
            make_one_case_each(session, keys)
        else:
            (number,) = database.execute("SELECT number FROM ledger").fetchone()
            Ledger(keys, session).count_anew(number)
        if version == SEVERAL:
            database.executescript(BEFORE)
        for value in values(session, BESIDE) if version < LEDGER else ():
            write(
                session, value, replace(value, beside=()).resealed(master, value.opened(master), new=master, marks={})
            )
        for left, statements in UNDO:
            if left >= version:
                for statement in statements:
                    database.execute(statement)
        if version >= LEDGER:
            cut_sums(database, keys, sum(version < came for came in COUNTED_SINCE), is_of_one=version < SEVERAL)
        database.execute(f"PRAGMA user_version = {version}")


OF_ONE = COUNTED.index(CASES)  # the tables that were counted before people could have several cases
BEFORE = """
    CREATE TABLE cases_before (
        mark BLOB PRIMARY KEY NOT NULL REFERENCES people (mark),
        key INTEGER NOT NULL UNIQUE REFERENCES case_keys (id) ON DELETE CASCADE, body BLOB NOT NULL);
    CREATE TABLE parcels_before (mark BLOB PRIMARY KEY NOT NULL REFERENCES cases (mark) ON DELETE CASCADE, body BLOB NOT NULL);
"""
AFTER = """
    DROP TABLE parcels; DROP TABLE case_people; DROP TABLE cases;
    ALTER TABLE cases_before RENAME TO cases; ALTER TABLE parcels_before RENAME TO parcels;
"""


def make_one_case_each(session: SqliteSession, keys: KeyRing) -> None:
    """Put each person's one case, and what its head says, where the release before had it, and count all rows as they are then."""
    database, master, tables = session.database, Sealer(keys.seal), Tables(session, keys)
    tables.ledger.follow()
    database.executescript(BEFORE)
    for mark, profile, turn, *beside in database.execute(
        "SELECT mark, profile, turn, card, phase, edition, active, has FROM people"
    ).fetchall():
        name = database.execute("SELECT person FROM people WHERE mark = ?", (mark,)).fetchone()[0]
        row = tables.people.find(master.unseal(name, place("people", "person", row=mark)).decode())
        assert row is not None
        where = place("people", "profile", row=mark, turn=turn, beside=tuple(beside))
        master.unseal(profile, where)
        plain = master.seal(row.record.profile.encode(), where)
        database.execute("UPDATE people SET profile = ? WHERE mark = ?", (plain, mark))
        for head in row.record.heads:
            case = row.case(head.reference)
            assert case is not None
            body, secret = (
                tables.cases.body(case, person=row.record.person, kinds=HOLDING),
                master.unseal(case.wrapped, wrapped_at(case.mark, case.key)),
            )
            database.execute(
                "UPDATE case_keys SET wrapped = ? WHERE id = ?",
                (master.seal(secret, wrapped_at(mark, case.key)), case.key),
            )
            sealed = Sealer(secret).seal(body.encode(), place("cases", "body", row=mark, turn=turn))
            database.execute("INSERT INTO cases_before VALUES (?, ?, ?)", (mark, case.key, sealed))
            access = {**(json.loads(row.record.access) if row.record.access else {}), **_of_account(head)}
            if row.record.access and _of_account(head):
                standing = master.seal(json.dumps(access).encode(), place("standings", "body", row=mark, turn=turn))
                database.execute("UPDATE standings SET body = ? WHERE mark = ?", (standing, mark))
            for (parcel,) in database.execute("SELECT body FROM parcels WHERE mark = ?", (case.mark,)).fetchall():
                opened = master.unseal(parcel, place("parcels", "body", row=case.mark))
                again = master.seal(opened, place("parcels", "body", row=mark))
                database.execute("INSERT INTO parcels_before VALUES (?, ?)", (mark, again))
    database.executescript(AFTER)
    (number,) = database.execute("SELECT number FROM ledger").fetchone()
    Ledger(keys, session).count_anew(number, tables=COUNTED[:OF_ONE])


def _of_account(head: CaseHead) -> dict[str, object]:
    """Return what the account said of the case with this head."""
    call = head.call
    said: dict[str, object] = {"held": head.reference} if head.held else {}
    said |= {"is_warned": True} if head.is_warned else {}
    said |= {"finished": to_micros(head.finished)} if head.finished else {}
    if call.due is not None:
        said |= {"call_of": head.reference, "call_due": to_micros(call.due), "is_call_said": call.is_said}
        said |= {"call_next": to_micros(call.next)} if call.next else {}
    return said


def cut_sums(database: sqlite3.Connection, keys: KeyRing, fewer: int, *, is_of_one: bool = True) -> None:
    """Shorten the ledger's sums to those of a release before people could have several cases, and by `fewer` tables."""
    if not is_of_one:
        return
    number, sealed = database.execute("SELECT number, sums FROM ledger").fetchone()
    sealer, where = Sealer(keys.seal), place("ledger", "sums", row=1, turn=number)
    sums = sealer.unseal(sealed, where)[: (2 * SLOTS + OF_ONE - fewer) * SUM_BYTES]
    database.execute("UPDATE ledger SET sums = ?", (sealer.seal(sums, where),))


def fill_earlier(place: StorePlace, path: Path) -> None:
    """Make a store in an empty database of PostgreSQL with the tables of the file's schema, and copy the rows of the file into it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as source:
        known = known_migrations()[: version(source)]
        there = {name for (name,) in source.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        tables = dict.fromkeys(table for table in KEYS if table in there)
        with patch.object(opening, "known_migrations", lambda: known), patch.object(opening, "KEYS", tables):
            opening.fill_tables(place, lambda to: copy_rows(SqliteSession(source), to, tables=tables), replaces=False)
