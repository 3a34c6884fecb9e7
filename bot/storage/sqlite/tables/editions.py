"""Instruments as SQL, by fingerprint: they are no secret, and sealed so that nobody can change one."""

import sqlite3
from collections.abc import Mapping

from bot.crypto.sealing import KeyRing, Sealer, place


class EditionRows:
    """Keeps and lists instruments under one key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._sealer = Sealer(keys.seal)

    def keep(self, database: sqlite3.Connection, fingerprint: str, *, instrument: bytes) -> None:
        """Keep an instrument; the first bytes under a fingerprint stand."""
        sealed = self._sealer.seal(instrument, _place(fingerprint))
        database.execute("INSERT INTO editions VALUES (?, ?) ON CONFLICT DO NOTHING", (fingerprint, sealed))

    def everything(self, database: sqlite3.Connection) -> Mapping[str, bytes]:
        """Every instrument kept."""
        rows = database.execute("SELECT fingerprint, instrument FROM editions").fetchall()
        return {fingerprint: self._sealer.unseal(sealed, _place(fingerprint)) for fingerprint, sealed in rows}


def _place(fingerprint: str) -> bytes:
    return place("editions", "instrument", row=fingerprint.encode())
