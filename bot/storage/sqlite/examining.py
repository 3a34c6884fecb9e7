"""Everything that can be looked at in a database with its keys: file, indexes, rows, sealed values and audit, as plain sentences."""

import sqlite3
from collections.abc import Iterator

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreFault
from bot.storage.sqlite.database.copying import damage, odd_parts
from bot.storage.sqlite.database.transaction import fault
from bot.storage.sqlite.ledger.ledger import Ledger
from bot.storage.sqlite.resealing import open_everything
from bot.storage.sqlite.tables.audit import AuditRows
from bot.trail.audit import verify_trail

OF_AUDIT = "audit.entry"
"""Told one by one, where the audit is looked at."""

PARTED = """SELECT count(*) FROM people WHERE has IS NOT
    (EXISTS (SELECT 1 FROM standings WHERE standings.mark = people.mark)
    + 2 * EXISTS (SELECT 1 FROM rehearsals WHERE rehearsals.mark = people.mark)
    + 4 * EXISTS (SELECT 1 FROM cases WHERE cases.mark = people.mark))"""


def faults(database: sqlite3.Connection, keys: KeyRing) -> tuple[str, ...]:
    """Every fault of a database of this version, none where it is as the bot wrote it last."""
    try:
        return tuple(_faults(database, keys))
    except StoreFault as found:
        return (str(found),)
    except sqlite3.Error as error:
        return (str(fault(error)),)


def _faults(database: sqlite3.Connection, keys: KeyRing) -> Iterator[str]:
    yield from damage(database)
    yield from in_step(database, keys)[1]
    yield from verify_trail(keys, AuditRows(keys).unread(database))


def in_step(database: sqlite3.Connection, keys: KeyRing) -> tuple[int, tuple[str, ...]]:
    """How many sealed values open, and what is not as it was written last: rows, what belongs to people, values, tables.

    Entries of the audit are left to its own verification.
    """
    ledger = Ledger(keys)
    ledger.follow(database)
    found, opening = ledger.verify(database), open_everything(database, keys)
    (parted,) = database.execute(PARTED).fetchone()
    closed = (
        f"{count} of the values of {name} do not open: changed, or moved from elsewhere."
        for name, count in opening.closed.items()
        if name != OF_AUDIT
    )
    taken = f"Of {parted} of the people a standing, a rehearsal or a case was taken away or put there."
    said = (*([str(found)] if found else []), *([taken] if parted else []))
    return opening.opened, (*said, *closed, *odd_parts(database))
