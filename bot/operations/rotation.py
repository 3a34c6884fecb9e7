"""Key rotation while the bot runs, in four steps. Run again after an interruption, it continues with the next step.

1. The new secrets are added to the key file. 2. One transaction re-seals everything under them. 3. The database file is
rewritten, so that no old byte is left in it. 4. The old secrets are removed from the key file. At every moment the key
file holds the secrets that the database names.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.crypto.keys import CodeChange, Keychain, load_keys, load_ring, replace_key_file
from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreFault
from bot.storage.sqlite.database.transaction import rewrite, transact
from bot.storage.sqlite.database.write_ahead import demand_clear_log
from bot.storage.sqlite.ledger.ledger import Ledger
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


@dataclass(frozen=True, slots=True)
class _Change:
    """When the keys are changed, by whom, and whether the secret of review codes is changed with them."""

    at: datetime
    by: str
    codes: CodeChange | None


def rotate_keys(
    store: Path, key_file: Path, *, at: datetime, by: str = OPERATOR, codes: CodeChange | None = None
) -> Rotated:
    """Change the keys. `KeyFault` and `StoreFault` say why not; nothing is lost, and it can be run again.

    The steps are taken under the lock of the database, so that two rotations take turns.
    """
    with open_for_command(store, key_file) as database:
        values = transact(database, partial(_change, key_file, _Change(at, by, codes)))
        _write_anew(key_file, database)
        return Rotated(transact(database, partial(_strike_out, key_file)), values)


def _change(key_file: Path, change: _Change, database: sqlite3.Connection) -> int | None:
    """Write the new secrets, then seal everything under them; None when that is done."""
    chain, own = load_keys(key_file), own_key(database)
    if chain.following is not None and chain.following.id == own:
        return None
    old, new = load_ring(key_file, own), chain.coming(change.codes)
    # The key file is written first: were the process killed after the commit, the new secrets would be lost otherwise.
    if chain.following is None:
        replace_key_file(key_file, Keychain(old, new))
    number = _demand_in_step(database, old)
    count = reseal(database, old, new=new)
    is_of_codes = new.codes != old.codes
    what = (What.KEYS_ROTATED, What.CODES_ROTATED) if is_of_codes else (What.KEYS_ROTATED,)
    AuditRows(new).append(database, [Entry(change.at, change.by, each) for each in what])
    Ledger(new).count_anew(database, number + 1)
    return count


def _demand_in_step(database: sqlite3.Connection, keys: KeyRing) -> int:
    """How many writes the ledger has counted; `StoreFault` for what was put back, which would be right from now on."""
    ledger = Ledger(keys)
    ledger.follow(database)
    ledger.demand_all_in_step(database)
    return ledger.number


def _write_anew(key_file: Path, database: sqlite3.Connection) -> None:
    """Rewrite the database file, so that no old byte is left; `StoreFault` says what is done already and what remains to do."""
    try:
        rewrite(database)
        demand_clear_log(database)
    except StoreFault as fault:
        raise StoreFault(
            f"Everything is sealed under the new keys. {fault} What was sealed under the old ones may be left in it, and"
            f" {key_file} has both until this is finished. Once there is room, run it again: seraf-bot keys rotate"
        ) from None


def _strike_out(key_file: Path, database: sqlite3.Connection) -> str:
    """Remove all secrets from the key file but those that the database names, and return that name."""
    chain, own = load_keys(key_file), own_key(database)
    if chain.following is not None and chain.following.id == own:
        replace_key_file(key_file, Keychain(chain.following))
    return own
