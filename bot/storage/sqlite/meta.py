"""What a database knows of itself, as SQL: which key file is its own, when the channel was polled, its editions."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.errors import KeyFault, StoreFault
from bot.runtime.timestamps import from_micros, to_micros

PROOF = place("meta", "proof", 1)


def demand_own_keys(database: sqlite3.Connection, keys: KeyRing) -> None:
    """Leave a proof of the keys in a new database; in another, `KeyFault` unless they are the ones that left it."""
    sealer = Sealer(keys.seal)
    proof = keys.mark("proof")
    sealed = sealer.seal(proof, PROOF)
    database.execute("INSERT INTO meta (id, key, proof) VALUES (1, ?, ?) ON CONFLICT DO NOTHING", (keys.id, sealed))
    name, found = database.execute("SELECT key, proof FROM meta").fetchone()
    try:
        own = sealer.unseal(found, PROOF) == proof
    except StoreFault:
        own = False
    if not own:
        raise KeyFault(
            f"The database was sealed with another key file: its own is named “{name}”, the one given “{keys.id}”."
            " Give the bot the key file that belongs to this database, or begin a new database in another place."
        )


def polled_at(database: sqlite3.Connection) -> datetime | None:
    """When the channel was last asked for events."""
    (micros,) = database.execute("SELECT polled FROM meta").fetchone()
    return None if micros is None else from_micros(micros)


def mark_polled(database: sqlite3.Connection, at: datetime) -> None:
    """Remember when the channel was last asked for events."""
    database.execute("UPDATE meta SET polled = ?", (to_micros(at),))


def bot_name(database: sqlite3.Connection) -> str:
    """The bot's public name; empty until it has run."""
    (name,) = database.execute("SELECT bot FROM meta").fetchone()
    return name or ""


def keep_bot_name(database: sqlite3.Connection, name: str) -> None:
    """Remember the bot's public name."""
    database.execute("UPDATE meta SET bot = ?", (name,))


class Editions:
    """Instruments by fingerprint; they are no secret, and sealed so that nobody can change one."""

    def __init__(self, keys: KeyRing) -> None:
        self._sealer = Sealer(keys.seal)

    def keep(self, database: sqlite3.Connection, fingerprint: str, instrument: bytes) -> None:
        """Keep an instrument; the first bytes under a fingerprint stand."""
        sealed = self._sealer.seal(instrument, _place(fingerprint))
        database.execute("INSERT INTO editions VALUES (?, ?) ON CONFLICT DO NOTHING", (fingerprint, sealed))

    def everything(self, database: sqlite3.Connection) -> Mapping[str, bytes]:
        """Every instrument kept."""
        rows = database.execute("SELECT fingerprint, instrument FROM editions").fetchall()
        return {fingerprint: self._sealer.unseal(sealed, _place(fingerprint)) for fingerprint, sealed in rows}


def _place(fingerprint: str) -> bytes:
    return place("editions", "instrument", fingerprint.encode())
