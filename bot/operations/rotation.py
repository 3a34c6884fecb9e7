"""How the keys are changed beside a running bot, in four steps; run again, it goes on after the last that was done.

New secrets are written beside the old ones in the key file; one transaction seals everything under the new ones; the
database file is written anew, so that no old byte is left in it; the old secrets are struck out. At any moment the key
file holds those that the database names as its own.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.crypto.keys import Keychain, load_keys, load_ring, replace_key_file
from bot.operations.backup_service import demand_store
from bot.runtime.errors import StoreFault
from bot.storage.sqlite.database.transaction import rewrite, transact
from bot.storage.sqlite.opening import open_for_command
from bot.storage.sqlite.own_keys import own_key
from bot.storage.sqlite.resealing import reseal
from bot.storage.sqlite.tables.audit import AuditRows
from bot.storage.values import Entry
from bot.trail.audit import OPERATOR, What


@dataclass(frozen=True, slots=True)
class Rotated:
    """The name of the key file now, and how many values were sealed anew: None where an earlier run had done so."""

    key: str
    values: int | None


def rotate_keys(store: Path, key_file: Path, at: datetime) -> Rotated:
    """Change the keys. `KeyFault` and `StoreFault` say why not; nothing is lost, and it can be run again.

    The steps are taken under the lock of the database, so that two rotations take turns.
    """
    demand_store(store)
    with open_for_command(store, key_file) as database:
        database.execute("PRAGMA cache_spill = OFF")  # else a large rotation locks readers out before it is kept
        values = transact(database, partial(_change, key_file, at))
        _write_anew(key_file, database)
        return Rotated(transact(database, partial(_strike_out, key_file)), values)


def _change(key_file: Path, at: datetime, database: sqlite3.Connection) -> int | None:
    """Write the new secrets, then seal everything under them; None when that is done."""
    chain, own = load_keys(key_file), own_key(database)
    if chain.following is not None and chain.following.id == own:
        return None
    old, new = load_ring(key_file, own), chain.coming
    if chain.following is None:
        replace_key_file(key_file, Keychain(old, new))
    count = reseal(database, old, new)
    AuditRows(new).append(database, [Entry(at, OPERATOR, What.KEYS_ROTATED)])
    return count


def _write_anew(key_file: Path, database: sqlite3.Connection) -> None:
    """Leave no old byte in the file; `StoreFault` says what stands already, and what is left to do."""
    try:
        rewrite(database)
    except StoreFault as fault:
        raise StoreFault(
            f"Everything is sealed under the new keys. {fault} What was sealed under the old ones may be left in it, and"
            f" {key_file} has both until this is finished. Once there is room, run it again: seraf-bot keys rotate"
        ) from None


def _strike_out(key_file: Path, database: sqlite3.Connection) -> str:
    """Leave the database's own secrets alone in the key file, and say their name."""
    chain, own = load_keys(key_file), own_key(database)
    if chain.following is not None and chain.following.id == own:
        replace_key_file(key_file, Keychain(chain.following))
    return own
