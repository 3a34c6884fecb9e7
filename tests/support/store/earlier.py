"""Turns a current database into one that an earlier release could have left, with the earlier schema and encryption."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.storage.ledger import EMPTY, SUM_BYTES
from bot.storage.session import SqliteSession
from bot.storage.sqlite.preparing import LEDGER
from bot.storage.sqlite.resealing import BESIDE, values, write

COUNTED_SINCE = (10, 11, 12, 13)
"""The schema versions that added a table whose rows are counted: sign-ins, passes, monthly counts and restores."""

UNDO = (
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
        for value in values(session, BESIDE) if version < LEDGER else ():
            write(
                session, value, replace(value, beside=()).resealed(master, value.opened(master), new=master, marks={})
            )
        for left, statements in UNDO:
            if left >= version:
                for statement in statements:
                    database.execute(statement)
        if version >= LEDGER:
            cut_sums(database, keys, sum(version < came for came in COUNTED_SINCE))
        database.execute(f"PRAGMA user_version = {version}")


def cut_sums(database: sqlite3.Connection, keys: KeyRing, fewer: int) -> None:
    """Shorten the ledger's sums by `fewer` tables."""
    number, sealed = database.execute("SELECT number, sums FROM ledger").fetchone()
    sealer, where = Sealer(keys.seal), place("ledger", "sums", row=1, turn=number)
    sums = sealer.unseal(sealed, where)
    assert len(sums) == len(EMPTY)
    database.execute("UPDATE ledger SET sums = ?", (sealer.seal(sums[: len(sums) - fewer * SUM_BYTES], where),))
