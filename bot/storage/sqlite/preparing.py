"""Upgrades a database to this version, and verifies that it belongs to its keys: it has their name, and a proof
sealed under them.

Each migration is a numbered SQL file, run statement by statement in a transaction of its own (`executescript` would commit
before it). A new database gets all migrations in a single transaction: if that is interrupted, the database is still new.

The migration that adds the ledger seals profiles and codes again, bound to the unencrypted values in their rows, and counts
all rows. A database that was bound before is refused: otherwise anybody could remove the ledger to have old rows accepted.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files
from types import MappingProxyType

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.errors import EarlierStore, KeyFault, StoreFault
from bot.storage.ledger import COUNTED, Ledger
from bot.storage.moving_cases import SEVERAL, move_cases
from bot.storage.session import SqliteSession, StoreSession, demand_here
from bot.storage.sqlite.database_file import refuse_foreign
from bot.storage.sqlite.resealing import BESIDE, COLUMNS, OF_MESSAGE, Value, say_whose, values, write
from bot.storage.sqlite.transaction import Work, consult, transact
from bot.storage.store import Reload


@dataclass(frozen=True, slots=True)
class Migration:
    """The statements that upgrade a database to the version `number`."""

    number: int
    statements: tuple[str, ...]


def known_migrations() -> tuple[Migration, ...]:
    """Return the migrations of this version of the bot, in order."""
    scripts = (file for file in files("bot.storage.sqlite.migrations").iterdir() if file.name.endswith(".sql"))
    return tuple(
        Migration(int(file.name.partition("_")[0]), tuple(statements(file.read_text(encoding="utf-8"))))
        for file in sorted(scripts, key=lambda file: file.name)
    )


def statements(script: str) -> Iterator[str]:
    """Yield the statements of an SQL script. Raise `ValueError` if the last one is not terminated."""
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
    """Upgrade a database. `keyed` is work to run within the migration of its number. Raise `StoreFault` for a newer database."""
    newest, found = migrations[-1].number, consult(connection, version)
    if found > newest:
        raise StoreFault(
            f"The database was made by a newer version of the bot (its schema is {found}, this version knows {newest})."
            " It was left alone. Run the newer version, or restore an older backup."
        )

    def apply(begun: sqlite3.Connection, steps: tuple[Migration, ...]) -> None:
        for migration in steps:
            if version(begun) >= migration.number:  # another program has just applied it
                continue
            for statement in migration.statements:
                begun.execute(statement)
            if migration.number in keyed:
                keyed[migration.number](begun)
            # In the same transaction: a migration that was cut short runs again from its beginning.
            begun.execute(f"PRAGMA user_version = {migration.number}")

    steps = tuple(migration for migration in migrations if migration.number > found)
    for transaction in [(step,) for step in steps] if found else [steps]:
        transact(connection, partial(apply, steps=transaction))


def demand_current(connection: sqlite3.Connection) -> None:
    """Raise `EarlierStore` for a database of an earlier release, since a command must not upgrade it under a running bot."""
    found, newest = consult(connection, version), known_migrations()[-1].number
    if 0 < found < newest:
        raise EarlierStore(
            f"The database is of an earlier release (its schema is {found}, this version knows {newest}), and was left as it"
            " is. Stop the bot, then bring it up: seraf-bot upgrade. The next start with this version does the same."
        )


def version(connection: sqlite3.Connection) -> int:
    """Return the number of the last migration that was applied."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


PROOF = place("meta", "proof", row=1)

NEW = (
    "Nothing was ever kept in this database: its first start was cut short, or goes on just now. Start the bot once, with"
    " `run`, and it makes what is missing. If it ran here before, this is another file: restore the latest backup."
)

LEDGER, WHOSE = 8, 9  # the migrations that add the ledger, and the person of each message


def prepare(
    keys: KeyRing,
    database: sqlite3.Connection,
    *,
    reload: Reload | None = None,
    upgrades: bool = True,
    is_moved: bool = False,
) -> None:
    """Upgrade a database, and verify that it belongs to the keys. Without `upgrades`, raise `EarlierStore` for an earlier one instead.

    Raise `Moved` for a store that was moved to another place unless `is_moved`.
    """

    def own(begun: sqlite3.Connection) -> KeyRing:
        """Return the keys that the database names. Raise `KeyFault` if the proof in the database does not open with them."""
        name = own_key(begun)
        ring = keys if reload is None or name in ("", keys.id) else reload(name)
        sealed = Sealer(ring.seal).seal(ring.mark("proof"), PROOF)
        begun.execute("INSERT INTO meta (id, key, proof) VALUES (1, ?, ?) ON CONFLICT DO NOTHING", (ring.id, sealed))
        demand_proof(begun, ring)
        return ring

    consult(database, refuse_foreign)
    if not upgrades:
        demand_current(database)
    migrate(database, known_migrations(), keyed=binding(own))
    transact(database, own)
    if not is_moved:
        consult(database, demand_here)


def demand_proof(database: sqlite3.Connection | StoreSession, keys: KeyRing) -> None:
    """Raise `KeyFault` unless the proof in the database can be decrypted with these keys."""
    name, proof = database.execute("SELECT key, proof FROM meta").fetchone() or ("", b"")
    with suppress(StoreFault):
        if Sealer(keys.seal).unseal(proof, PROOF) == keys.mark("proof"):
            return
    raise KeyFault(
        f"The database was sealed with another key file: its own is named “{name}”, the one given “{keys.id}”."
        " Give the bot the key file that belongs to this database, or begin a new database in another place."
    )


def own_key(database: sqlite3.Connection | StoreSession) -> str:
    """Return the name of the keys of a database, empty if it has none yet. Raise `StoreFault` if it has no tables."""
    try:
        row = database.execute("SELECT key FROM meta").fetchone()
    except sqlite3.OperationalError:
        if database.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None:
            raise
        raise StoreFault(NEW) from None
    return "" if row is None else str(row[0])


def binding(own: Callable[[sqlite3.Connection], KeyRing]) -> dict[int, Work[None]]:
    """Return, by number, the work of migrations that need the keys, which `own` returns. Values that do not open are left as they are."""

    def bind(database: sqlite3.Connection) -> None:
        keys = own(database)
        master = Sealer(keys.seal)
        database.execute(
            """UPDATE people SET has = (SELECT count(*) FROM standings WHERE standings.mark = people.mark)
            + 2 * (SELECT count(*) FROM rehearsals WHERE rehearsals.mark = people.mark)
            + 4 * (SELECT count(*) FROM cases WHERE cases.mark = people.mark)"""
        )
        session = SqliteSession(database)
        for value in values(session, BESIDE):
            plain = _opened_unbound(value, master)
            if plain is not None:
                write(session, value, value.resealed(master, plain, new=master, marks={}))
        # The first eleven tables are those of that version.
        Ledger(keys, session).count_anew(1, tables=COUNTED[:11])

    def name_people_of_messages(database: sqlite3.Connection) -> None:
        keys, session = own(database), SqliteSession(database)
        for value in values(session, tuple(column for column in COLUMNS if column.name == OF_MESSAGE)):
            with suppress(StoreFault):
                say_whose(session, value, plain=value.opened(Sealer(keys.seal)), keys=keys)

    def move(database: sqlite3.Connection) -> None:
        move_cases(SqliteSession(database), own(database))

    return {LEDGER: bind, WHOSE: name_people_of_messages, SEVERAL: move}


def _opened_unbound(value: Value, master: Sealer) -> bytes | None:
    """Return a value of an earlier release, decrypted, or None if it does not open. Raise `StoreFault` if it was bound before."""
    with suppress(StoreFault):
        return replace(value, beside=()).opened(master)
    try:
        value.opened(master)
    except StoreFault:
        return None
    raise StoreFault(
        "The database was changed from outside: it was bound to a ledger before, and the ledger was taken away. Keep a copy"
        " of the file as it is, and restore the latest backup."
    )
