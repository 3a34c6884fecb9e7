"""Everything that can be looked at in a database with its keys: file, indexes, rows, sealed values and audit, as plain sentences."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreFault
from bot.storage.counted_tables import MONTHS
from bot.storage.sqlite.copying import damage, odd_parts, set_aside
from bot.storage.sqlite.resealing import open_everything
from bot.storage.sqlite.session import SqliteSession
from bot.storage.sqlite.transaction import fault
from bot.storage.store import Store
from bot.storage.tables.audit import LINES
from bot.storage.tables.tables import Tables
from bot.trail.audit import AuditLook, Head, Trail, look_at, verify_trail

OF_AUDIT = "audit.entry"
"""Told one by one, where the audit is looked at."""

PARTED = """SELECT count(*) FROM people WHERE has IS NOT
    (EXISTS (SELECT 1 FROM standings WHERE standings.mark = people.mark)
    + 2 * EXISTS (SELECT 1 FROM rehearsals WHERE rehearsals.mark = people.mark)
    + 4 * EXISTS (SELECT 1 FROM cases WHERE cases.mark = people.mark))"""


def faults(database: sqlite3.Connection, keys: KeyRing) -> tuple[str, ...]:
    """Return every fault of a database of this version, none where it is as the bot wrote it last."""
    try:
        return tuple(_faults(database, keys))
    except StoreFault as found:
        return (str(found),)
    except sqlite3.Error as error:
        return (str(fault(error)),)


def _faults(database: sqlite3.Connection, keys: KeyRing) -> Iterator[str]:
    yield from damage(database)
    yield from in_step(database, keys)[1]
    yield from verify_trail(keys, Tables(SqliteSession(database), keys).audit.unread())


def in_step(database: sqlite3.Connection, keys: KeyRing) -> tuple[int, tuple[str, ...]]:
    """Return how many sealed values open, and what is not as it was written last: rows, what belongs to people, values, tables.

    Entries of the audit are left to its own verification.
    """
    ledger = Tables(SqliteSession(database), keys).ledger
    ledger.follow()
    found, opening = ledger.verify(), open_everything(database, keys)
    (parted,) = database.execute(PARTED).fetchone()
    closed = (
        f"{count} of the values of {name} do not open: changed, or moved from elsewhere."
        for name, count in opening.closed.items()
        if name != OF_AUDIT
    )
    taken = f"Of {parted} of the people a standing, a rehearsal or a case was taken away or put there."
    said = (*([str(found)] if found else []), *([taken] if parted else []))
    return opening.opened, (*said, *closed, *odd_parts(database))


async def look_at_audit(store: Store, keys: KeyRing, *, anchor: Head | None = None) -> AuditLook:
    """Return every fault of the audit, and whether months were put back or taken away: what is left may be whole in itself.

    Entries are gone through one at a time, in a copy that is still sealed: who reads for long keeps the log from being emptied, and
    whoever empties it then keeps others waiting.
    """
    with ExitStack() as copies:

        def take(tables: Tables) -> tuple[Trail, tuple[str, ...]]:
            """Return the entries, and what is wrong with the count of months."""
            assert isinstance(tables.session, SqliteSession)
            copy = copies.enter_context(set_aside(tables.session.database))
            copy.execute("CREATE TABLE audit (number INTEGER PRIMARY KEY, month, entry, link)")
            copy.executemany("INSERT INTO audit VALUES (?, ?, ?, ?)", tables.session.execute(LINES))
            copy.commit()
            trail = tables.audit.unread(copy.execute)
            try:
                tables.ledger.demand_table(MONTHS)
            except StoreFault as fault:
                return trail, (str(fault),)
            return trail, ()

        trail, faults = await store.read(take)
        look = await asyncio.to_thread(look_at, keys, trail, anchor=anchor)
        return replace(look, faults=(*look.faults, *faults))
