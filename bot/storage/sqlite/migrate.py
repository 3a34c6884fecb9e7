"""How a database comes to this version: numbered SQL files, each in a transaction of its own, statement by statement.

A new one is made in a single transaction: cut short, it is still new, and nobody meets half of one.

`executescript` is not used, since it commits what was begun before it.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from types import MappingProxyType

from bot.runtime.errors import EarlierStore, StoreFault
from bot.storage.sqlite.transaction import Work, consult, transact


@dataclass(frozen=True, slots=True)
class Migration:
    """The statements that bring a database to the version `number`."""

    number: int
    statements: tuple[str, ...]


def known_migrations() -> tuple[Migration, ...]:
    """Return the migrations of this version of the bot, in order."""
    scripts = sorted(
        (file for file in files("bot.storage.sqlite.migrations").iterdir() if file.name.endswith(".sql")),
        key=lambda file: file.name,
    )
    return tuple(
        Migration(int(file.name.partition("_")[0]), tuple(statements(file.read_text(encoding="utf-8"))))
        for file in scripts
    )


def statements(script: str) -> Iterator[str]:
    """Yield the script's statements, one at a time. Raise `ValueError` for an unfinished last one."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if any(line.strip() and not line.lstrip().startswith("--") for line in pending.splitlines()):
        raise ValueError("the last statement of a migration has no end")


def migrate(
    connection: sqlite3.Connection,
    migrations: tuple[Migration, ...],
    *,
    keyed: Mapping[int, Work[None]] = MappingProxyType({}),
) -> None:
    """Bring the database up to the last of these migrations; a newer database is refused and left alone.

    `keyed` is what takes keys, by the number of the migration in whose transaction it is done.
    """
    newest = migrations[-1].number
    found = consult(connection, version)
    if found > newest:
        raise StoreFault(
            f"The database was made by a newer version of the bot (its schema is {found}, this version knows {newest})."
            " It was left alone. Run the newer version, or restore an older backup."
        )
    steps = [
        partial(_apply, migration=each, keyed=keyed.get(each.number)) for each in migrations if each.number > found
    ]
    if found:
        for step in steps:
            transact(connection, step)
    else:
        transact(connection, partial(_make, steps=steps))


def demand_current(connection: sqlite3.Connection) -> None:
    """Raise `EarlierStore` if an earlier release made the database, so that no command changes it under one that runs.

    One in which nothing ever was is nobody's.
    """
    found, newest = consult(connection, version), known_migrations()[-1].number
    if 0 < found < newest:
        raise EarlierStore(
            f"The database is of an earlier release (its schema is {found}, this version knows {newest}), and was left as it"
            " is. Stop the bot, then bring it up: seraf-bot upgrade. The next start with this version does the same."
        )


def version(connection: sqlite3.Connection) -> int:
    """Return the number of the last migration that was applied."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _make(connection: sqlite3.Connection, *, steps: Sequence[Work[None]]) -> None:
    for step in steps:
        step(connection)


def _apply(connection: sqlite3.Connection, *, migration: Migration, keyed: Work[None] | None) -> None:
    """Apply a migration unless another program has just done so."""
    if version(connection) >= migration.number:
        return
    for statement in migration.statements:
        connection.execute(statement)
    if keyed is not None:
        keyed(connection)
    # In the same transaction as what it counts: one that was cut short is done again from its beginning.
    connection.execute(f"PRAGMA user_version = {migration.number}")
