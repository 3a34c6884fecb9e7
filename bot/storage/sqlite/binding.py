"""How a database of an earlier release is bound, once: profiles and codes to what stands beside them, all rows to a ledger.

It runs in the transaction of its migration. A database that was bound before is never bound again: whoever took its
ledger away would have old rows taken for the latest.
"""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from bot.crypto.sealing import KeyRing, Sealer
from bot.runtime.errors import StoreFault
from bot.storage.sqlite.database.transaction import Work
from bot.storage.sqlite.ledger.bound_tables import BOUND
from bot.storage.sqlite.ledger.ledger import Ledger
from bot.storage.sqlite.resealing import BESIDE, COLUMNS, OF_MESSAGE, Value, say_whose, values

LEDGER, WHOSE = 8, 9
"""The migrations with which the ledger came, and whose each message is."""

OF_MESSAGES = tuple(column for column in COLUMNS if column.name == OF_MESSAGE)

TABLES = 11
"""How many of the tables that are counted there were then."""

HAS = """UPDATE people SET has = (SELECT count(*) FROM standings WHERE standings.mark = people.mark)
    + 2 * (SELECT count(*) FROM rehearsals WHERE rehearsals.mark = people.mark)
    + 4 * (SELECT count(*) FROM cases WHERE cases.mark = people.mark)"""


def binding(own: Callable[[sqlite3.Connection], KeyRing]) -> dict[int, Work[None]]:
    """What is done within the migrations that need keys, by their number; `own` gives the database's own keys."""
    return {LEDGER: partial(_bind, own), WHOSE: partial(_say_whose, own)}


def _say_whose(own: Callable[[sqlite3.Connection], KeyRing], database: sqlite3.Connection) -> None:
    """Say of each message in whose chat it is. One that does not open is still found to be damaged."""
    keys = own(database)
    master = Sealer(keys.seal)
    for value in values(database, OF_MESSAGES):
        with suppress(StoreFault):
            say_whose(database, value.rowid, plain=value.opened(master), keys=keys)


def _bind(own: Callable[[sqlite3.Connection], KeyRing], database: sqlite3.Connection) -> None:
    """Bind it. A value that opens nowhere stays as it is, and is still found to be damaged."""
    keys = own(database)
    master = Sealer(keys.seal)
    database.execute(HAS)
    for value in values(database, BESIDE):
        plain = _opened_unbound(value, master)
        if plain is not None:
            sealed = value.resealed(master, plain, new=master, marks={})
            table, column = value.column.table, value.column.column
            database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (sealed, value.rowid))
    Ledger(keys).count_anew(database, 1, tables=BOUND[:TABLES])


def _opened_unbound(value: Value, master: Sealer) -> bytes | None:
    """What is in a value of an earlier release; None where it does not open."""
    try:
        return value.unbound.opened(master)
    except StoreFault:
        pass
    try:
        value.opened(master)
    except StoreFault:
        return None
    raise StoreFault(
        "The database was changed from outside: it was bound to a ledger before, and the ledger was taken away. Keep a copy"
        " of the file as it is, and restore the latest backup."
    )
