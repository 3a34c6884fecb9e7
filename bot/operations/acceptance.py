"""What an operator does who knows what happened to a store: its rows are counted anew as they lie there, and the audit says so."""

import sqlite3
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.crypto.key_places import KeyPlace
from bot.crypto.keys import load_ring
from bot.runtime.errors import StoreFault
from bot.storage.sqlite.opening import open_for_command, tables_over
from bot.storage.sqlite.preparing import own_key
from bot.storage.sqlite.transaction import transact
from bot.storage.values import Entry
from bot.trail.audit import AuditEvent


def accept_rows(store: Path, place: KeyPlace, *, at: datetime, by: str) -> None:
    """Take every row that is there for the one that belongs there, while the bot may be running.

    What does not open, or belongs to a person by halves, stays refused. `KeyFault` and `StoreFault` say why not.
    """
    with open_for_command(store, place) as database:
        transact(database, partial(_accept, place, at, by))


def _accept(place: KeyPlace, at: datetime, by: str, database: sqlite3.Connection) -> None:
    keys = load_ring(place, own_key(database))
    tables = tables_over(database, keys)
    try:
        tables.ledger.follow()
        number = tables.ledger.number + 1
    except StoreFault:
        number = int(at.timestamp())  # later than any count can be, so that no running bot takes it for an older copy
    tables.audit.append([Entry(at, by, AuditEvent.STORE_ACCEPTED)])
    tables.ledger.count_anew(number)
