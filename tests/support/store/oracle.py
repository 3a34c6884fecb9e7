"""Database triggers that record every written row, to check the ledger of the session independently."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot.crypto.sealing import KeyRing
from bot.storage.ledger import COUNTED, MODULUS, SLOTS, Ledger, StoredTable, value
from bot.storage.session import SqliteSession
from bot.storage.sqlite import database_file
from bot.storage.sqlite.preparing import prepare

FOLD = "oracle_fold"
NAMED = {table.name: table for table in COUNTED}


class Oracle:
    """A recorder, by triggers on one connection, of each counted row that is deleted (-1) or inserted (1)."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.told: list[tuple[StoredTable, int, tuple[object, ...]]] = []
        self.places: dict[int, int] = {}
        database.create_function(FOLD, -1, lambda name, sign, *row: self.told.append((NAMED[name], sign, row)))
        for table in COUNTED:
            for kind, rows in (("INSERT", ("NEW",)), ("DELETE", ("OLD",)), ("UPDATE", ("OLD", "NEW"))):
                of = f" OF {', '.join(sorted(table.watched))}" if kind == "UPDATE" else ""
                calls = " ".join(f"SELECT {FOLD}('{table.name}', {counted(table, row)});" for row in rows)
                database.execute(
                    f"CREATE TEMP TRIGGER oracle_{table.name}_{kind} AFTER {kind}{of} ON main.{table.name} BEGIN {calls} END"
                )

    def sums(self, key: bytes) -> Counter[str]:
        """Return, for each table, the sum over the recorded rows."""
        found = Counter[str]()
        for table, sign, row in self.told:
            found[table.name] = (found[table.name] + sign * value(key, table, row)) % MODULUS
        return +found


def counted(table: StoredTable, row: str) -> str:
    """Return SQL for the arguments of the trigger's call: 1 or -1, the counted columns of the row, and its nonces."""
    nonces = (f"substr({row}.{each}, 2, 12)" for each in table.sealed)
    return ", ".join(("1" if row == "NEW" else "-1", *(f"{row}.{each}" for each in table.columns), *nonces))


@pytest.fixture(autouse=True)
def told_by_triggers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check at the end of every transaction that the ledger agrees with the triggers."""
    oracles: dict[sqlite3.Connection, Oracle] = {}

    def watched(prepare: Callable[..., None]) -> Callable[..., None]:
        def prepared(keys: KeyRing, database: sqlite3.Connection, **how: object) -> None:
            prepare(keys, database, **how)
            oracles[database] = Oracle(database)

        return prepared

    def allowed(_: int, __: str | None, ___: str | None, ____: str | None, within: str | None) -> int:
        is_ours = within is None or within.startswith("oracle_")
        return sqlite3.SQLITE_OK if is_ours else sqlite3.SQLITE_DENY

    def oracle_of(ledger: Ledger) -> Oracle | None:
        session = ledger._session  # noqa: SLF001 - that of the database that it counts for
        return oracles.get(session.database) if isinstance(session, SqliteSession) else None

    follow, position, rewind, keep = Ledger.follow, Ledger.position, Ledger.rewind, Ledger.keep

    def follows(ledger: Ledger, row: Sequence[Any] = ()) -> None:
        if (oracle := oracle_of(ledger)) is not None:
            oracle.told.clear()
        follow(ledger, row)

    def placed(ledger: Ledger) -> int:
        if (oracle := oracle_of(ledger)) is not None:
            oracle.places[position(ledger)] = len(oracle.told)
        return position(ledger)

    def rewound(ledger: Ledger, place: int) -> None:
        if (oracle := oracle_of(ledger)) is not None:
            del oracle.told[oracle.places[place] :]
        rewind(ledger, place)

    def kept(ledger: Ledger) -> None:
        if (oracle := oracle_of(ledger)) is not None:
            sums, places = Counter[str](), {2 * SLOTS + number: table.name for number, table in enumerate(COUNTED)}
            for each in ledger._changes:  # noqa: SLF001 - the changes that the session reported to it
                name = places[each.places[-1]]
                sums[name] = (sums[name] + each.amount) % MODULUS
            assert +sums == oracle.sums(ledger._key)  # noqa: SLF001
        keep(ledger)

    monkeypatch.setattr(database_file, "_authorised", allowed)
    for module in ("opening", "memory"):
        monkeypatch.setattr(f"bot.storage.sqlite.{module}.prepare", watched(prepare))
    for name, patched in (("follow", follows), ("position", placed), ("rewind", rewound), ("keep", kept)):
        monkeypatch.setattr(Ledger, name, patched)
