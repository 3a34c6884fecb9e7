"""Which key file a database belongs to: its name, and a proof that only its own keys open."""

import sqlite3

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.errors import KeyFault, StoreFault

PROOF = place("meta", "proof", row=1)

NEW = (
    "Nothing was ever kept in this database: its first start was cut short, or goes on just now. Start the bot once, with"
    " `run`, and it makes what is missing. If it ran here before, this is another file: restore the latest backup."
)
"""What to do about a database without a table."""


def demand_own_keys(database: sqlite3.Connection, keys: KeyRing) -> None:
    """Leave a proof of the keys in a new database; in another, `KeyFault` unless they are the ones that left it."""
    sealed = Sealer(keys.seal).seal(keys.mark("proof"), PROOF)
    database.execute("INSERT INTO meta (id, key, proof) VALUES (1, ?, ?) ON CONFLICT DO NOTHING", (keys.id, sealed))
    demand_proof(database, keys)


def demand_proof(database: sqlite3.Connection, keys: KeyRing) -> None:
    """`KeyFault` unless these keys left the proof that is in the database."""
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
    """The name of the key file that a database is sealed with. `StoreFault` where nothing ever was in it."""
    try:
        found = database.execute("SELECT key FROM meta").fetchone()
    except sqlite3.OperationalError:
        if database.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None:
            raise
        raise StoreFault(NEW) from None
    return "" if found is None else str(found[0])
