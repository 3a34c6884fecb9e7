"""How a database is brought to this version, and found to belong to its keys, which it names, with a proof that they alone open.

One of an earlier release is bound once, in the transaction of a migration: profiles and codes to what stands beside them, all rows to a
ledger. A database that was bound before is never bound again: whoever took its ledger away would have old rows taken for the latest.
"""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.errors import KeyFault, StoreFault
from bot.storage.counted_tables import COUNTED
from bot.storage.ledger import Ledger
from bot.storage.sqlite.database_file import refuse_foreign
from bot.storage.sqlite.migrate import demand_current, known_migrations, migrate
from bot.storage.sqlite.resealing import BESIDE, COLUMNS, OF_MESSAGE, Value, say_whose, values
from bot.storage.sqlite.session import SqliteSession
from bot.storage.sqlite.transaction import Work, consult, transact
from bot.storage.store import Reload

PROOF = place("meta", "proof", row=1)

NEW = (
    "Nothing was ever kept in this database: its first start was cut short, or goes on just now. Start the bot once, with"
    " `run`, and it makes what is missing. If it ran here before, this is another file: restore the latest backup."
)
"""What to do about a database without a table."""

LEDGER, WHOSE = 8, 9
"""The migrations with which the ledger came, and whose each message is."""

OF_MESSAGES = tuple(column for column in COLUMNS if column.name == OF_MESSAGE)

TABLES = 11
"""How many of the tables that are counted there were then."""

HAS = """UPDATE people SET has = (SELECT count(*) FROM standings WHERE standings.mark = people.mark)
    + 2 * (SELECT count(*) FROM rehearsals WHERE rehearsals.mark = people.mark)
    + 4 * (SELECT count(*) FROM cases WHERE cases.mark = people.mark)"""


def prepare(
    keys: KeyRing, database: sqlite3.Connection, *, reload: Reload | None = None, upgrades: bool = True
) -> None:
    """Bring a database up to this version, and make sure that it and the keys belong together.

    Where it `upgrades` nothing, one of an earlier release is an `EarlierStore` instead.
    """

    def own(begun: sqlite3.Connection) -> KeyRing:
        """Return the keys that the database names, if keys can be read again. Raise `KeyFault` if they are not its own."""
        name = own_key(begun)
        found = keys if reload is None or name in ("", keys.id) else reload(name)
        demand_own_keys(begun, found)
        return found

    consult(database, refuse_foreign)
    if not upgrades:
        demand_current(database)
    migrate(database, known_migrations(), keyed=binding(own))
    transact(database, own)


def demand_own_keys(database: sqlite3.Connection, keys: KeyRing) -> None:
    """Leave a proof of the keys in a new database; in another, `KeyFault` unless they are the ones that left it."""
    sealed = Sealer(keys.seal).seal(keys.mark("proof"), PROOF)
    database.execute("INSERT INTO meta (id, key, proof) VALUES (1, ?, ?) ON CONFLICT DO NOTHING", (keys.id, sealed))
    demand_proof(database, keys)


def demand_proof(database: sqlite3.Connection, keys: KeyRing) -> None:
    """Raise `KeyFault` unless these keys left the proof that is in the database."""
    name, found = database.execute("SELECT key, proof FROM meta").fetchone() or ("", b"")
    try:
        own = Sealer(keys.seal).unseal(found, PROOF) == keys.mark("proof")
    except StoreFault:
        own = False
    if not own:
        raise KeyFault(
            f"The database was sealed with another key file: its own is named “{name}”, the one given “{keys.id}”."
            " Give the bot the key file that belongs to this database, or begin a new database in another place."
        )


def own_key(database: sqlite3.Connection) -> str:
    """Return the name of the key file that a database is sealed with. Raise `StoreFault` if nothing ever was in it."""
    try:
        found = database.execute("SELECT key FROM meta").fetchone()
    except sqlite3.OperationalError:
        if database.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None:
            raise
        raise StoreFault(NEW) from None
    return "" if found is None else str(found[0])


def binding(own: Callable[[sqlite3.Connection], KeyRing]) -> dict[int, Work[None]]:
    """Return what is done within the migrations that need keys, by their number; `own` gives the database's own keys."""
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
    Ledger(keys, SqliteSession(database)).count_anew(1, tables=COUNTED[:TABLES])


def _opened_unbound(value: Value, master: Sealer) -> bytes | None:
    """Return what is in a value of an earlier release, or None if it does not open."""
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
