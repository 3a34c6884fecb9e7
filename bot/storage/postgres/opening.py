"""Opens the store in a PostgreSQL database: makes its tables, or brings them up to this version, and verifies whose they are."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from importlib.resources import files
from time import monotonic
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.crypto.sealing import KeyRing, Sealer
from bot.runtime.errors import EarlierStore, SettingsFault, StoreFault
from bot.runtime.files import read_private
from bot.runtime.settings import StorePlace
from bot.storage.ledger import KEYS, Ledger
from bot.storage.moving_cases import SEVERAL, move_cases
from bot.storage.postgres.dialect import definition, without_comments
from bot.storage.postgres.engine import LONG, PostgresDesk, PostgresEngine
from bot.storage.postgres.lease import KnownNumber, Lease
from bot.storage.postgres.server_findings import ServerFinding, findings
from bot.storage.postgres.session import PostgresSession, ServerConnection, refuse_foreign_code, server_fault
from bot.storage.session import FROM, StoreSession, demand_here
from bot.storage.sqlite.preparing import PROOF, demand_proof, known_migrations, statements
from bot.storage.store import Reload, Store

USUAL: dict[str, Any] = {
    "target_session_attrs": "read-write",  # of several servers the one that is not a standby
    **{
        "connect_timeout": 3,
        "keepalives_idle": 3,
        "keepalives_interval": 1,
        "keepalives_count": 3,
        "tcp_user_timeout": 5_000,
    },
    **{"application_name": "seraf-bot", "gssencmode": "disable"},
}
"""The parameters of a connection that the address does not name itself."""

NO_WORK: Mapping[int, Callable[[], None]] = MappingProxyType({})
LOCK = 7_313_870_917_402_331  # any number: the lock under which one copy at a time brings the tables up
OLDEST = 16
"""The oldest schema that a bot must know to use the tables of this version. A release adds only, and the next one takes away."""


async def open_postgres(
    place: StorePlace, keys: KeyRing, *, reload: Reload | None = None, upgrades: bool = True, may_be_new: bool = True
) -> Store:
    """Return the store in this database, with `upgrades` brought up to this version. Its tables are made if it `may_be_new`.

    Raise `EarlierStore` for an earlier release's tables without `upgrades`, `KeyFault` if they belong to other keys, and
    `StoreFault` if the database cannot be used.
    """
    connect, as_owner = partial(server_connection, place), partial(server_connection, place, as_owner=True)
    known = KnownNumber(place.path)
    missing = known.lost or ("" if may_be_new else NONE)
    preparing = partial(as_owner, longest=LONG)
    made = await asyncio.to_thread(prepare_tables, preparing, keys, reload=reload, upgrades=upgrades, missing=missing)
    known.demand(made)
    engine = PostgresEngine(connect, as_owner if place.owner else None)
    return Store(engine, keys, reload, leading=Lease(connect, engine, known))


def server_connection(place: StorePlace, *, as_owner: bool = False, longest: float = float("inf")) -> ServerConnection:
    """Return a new connection to the server that takes writes, on which nothing is waited for after `longest` seconds.

    Raise `psycopg.Error` if none of the servers named is reached.
    With `as_owner` it is for the role that owns the tables, if the place names one.
    """
    is_owner = as_owner and bool(place.owner)
    named = conninfo_to_dict(place.owner if is_owner else place.address)
    if place.password_file is not None and not is_owner:
        password = read_private(place.password_file, "password file", fault=SettingsFault, most=1_000, closed_to=0o037)
        named["password"] = password.decode().rstrip("\r\n")
    # Without prepared statements, which a pooler between would give to another connection.
    address = make_conninfo("", **{**USUAL, **named})
    connection = ServerConnection.connect(address, autocommit=True, prepare_threshold=None)
    connection.until = monotonic() + longest
    return connection


def prepare_tables(
    connect: partial[ServerConnection],
    keys: KeyRing,
    *,
    reload: Reload | None,
    upgrades: bool,
    missing: str = "",
    is_moved: bool = False,
) -> int:
    """Make the tables, or bring them up to this version, in one transaction, and verify that they belong to the keys.

    Return the number of the ledger. With `missing`, no store is made where there is none: that is then the message of a
    `StoreFault`. Raise `Moved` for a store that was moved to another place unless `is_moved`.
    """
    try:
        with closing(connect()) as connection, connection.transaction():
            session = PostgresSession()
            session.connection = connection
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            found = schema_found(session)
            known = known_migrations()
            newest = known[-1].number
            if found > newest and oldest(session) > newest:
                raise StoreFault(
                    f"The database was made by a newer version of the bot (its schema is {found}, this version knows {newest})."
                    " It was left alone. Run the newer version."
                )
            if missing and (not found or session.execute("SELECT id FROM meta").fetchone() is None):
                raise StoreFault(missing)
            if 0 < found < newest and not upgrades:
                raise EarlierStore(
                    f"The database is of an earlier release (its schema is {found}, this version knows {newest}), and was left"
                    " as it is. Bring it up: seraf-bot upgrade. The next start with this version does the same."
                )

            def own() -> tuple[str | None, KeyRing]:
                (name,) = session.execute("SELECT key FROM meta").fetchone() or (None,)
                return name, keys if reload is None or name in (None, keys.id) else reload(name or "")

            if found < newest:
                make_tables(session, found, keyed={SEVERAL: lambda: move_cases(session, own()[1])} if found else {})
            if not is_moved:
                demand_here(session)
            name, ring = own()
            if name is None:
                proof = Sealer(ring.seal).seal(ring.mark("proof"), PROOF)
                session.execute("INSERT INTO meta (id, key, proof) VALUES (1, ?, ?)", (ring.id, proof))
                Ledger(ring, session).count_anew(1)
            demand_proof(session, ring)
            refuse_foreign_code(session)
            return session.head()[1] or 0
    except psycopg.Error as error:
        raise server_fault(error) from None


def make_tables(session: PostgresSession, found: int, *, keyed: Mapping[int, Callable[[], None]] = NO_WORK) -> None:
    """Bring the tables up from the version `found`, which is 0 for an empty database, to this version.

    `keyed` is work that needs the keys, to run within the migration of its number.
    """
    known = known_migrations()
    for step in (step for step in known if step.number > found):
        for statement in without_comments(step.statements):
            session.connection.execute(definition(statement))
        keyed.get(step.number, lambda: None)()
    for statement in without_comments(own_tables()) if not found else ():
        session.connection.execute(definition(statement))
    session.execute(
        "INSERT INTO schema_version (id, version, oldest) VALUES (1, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET version = excluded.version, oldest = excluded.oldest",
        (known[-1].number, OLDEST),
    )


def desk_of(place: StorePlace, keys: KeyRing, *, reload: Reload, upgrades: bool, is_moved: bool) -> PostgresDesk:
    """Return the desk of a command. Raise as `open_postgres` does; no tables are made."""
    as_owner = partial(server_connection, place, as_owner=True)
    prepare_tables(as_owner, keys, reload=reload, upgrades=upgrades, missing=NONE, is_moved=is_moved)
    return PostgresDesk(partial(server_connection, place), as_owner if place.owner else None)


@contextmanager
def session_at(place: StorePlace, *, is_read_only: bool = False) -> Iterator[PostgresSession]:
    """Yield a session in a transaction of its own: one that sees one state of the database, or one as the owner of the tables.

    Raise `StoreFault` on failure.
    """
    try:
        with closing(server_connection(place, as_owner=not is_read_only)) as connection, connection.transaction():
            connection.until = monotonic() + LONG
            session = PostgresSession()
            session.connection = connection
            connection.execute(ONE_STATE if is_read_only else "SET LOCAL synchronous_commit = on")
            yield session
    except psycopg.Error as error:
        raise server_fault(error) from None


def fill_tables(place: StorePlace, work: Callable[[StoreSession], None], *, replaces: bool) -> None:
    """Make the tables, and run the work that fills them, in one transaction. Raise `StoreFault` if one of them has a row.

    With `replaces`, rows of a store that has not arrived whole are deleted first.
    """
    with session_at(place) as session:
        session.execute("SELECT pg_advisory_xact_lock(?)", (LOCK,))
        if not (found := schema_found(session)):
            make_tables(session, found)
        demand_no_rows(session, replaces=replaces)
        session.defer_references()
        for table in KEYS:
            session.execute(f"DELETE FROM {table}")
        refuse_foreign_code(session)
        work(session)
    KnownNumber(place.path).forget()


def demand_no_rows(session: PostgresSession, *, replaces: bool) -> None:
    """Raise `StoreFault` if a table has a row. With `replaces`, a store that has not arrived whole may be there."""
    if not (found := schema_found(session)):
        return
    if found != known_migrations()[-1].number:
        raise StoreFault(
            "The database has tables of another version of the bot. Name an empty one. Nothing was changed."
        )
    (moved,) = session.execute("SELECT moved FROM meta").fetchone() or (None,)
    is_half = replaces and (moved or "").startswith(FROM)
    if not is_half and any(session.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in KEYS):
        raise StoreFault(
            "The database has rows of a store, and was left alone. Stop every copy of the bot, and name an empty database."
        )


def looked_at(place: StorePlace) -> tuple[ServerFinding, ...]:
    """Return what is missing on the server, or in the rights of the roles. Raise `StoreFault` if it cannot be asked."""
    try:
        with ExitStack() as opened:
            connection = opened.enter_context(closing(server_connection(place)))
            owner = opened.enter_context(closing(server_connection(place, as_owner=True))) if place.owner else None
            return findings(connection, owner=owner)
    except psycopg.Error as error:
        raise server_fault(error, "Nothing was changed.") from None


def lost_at(place: StorePlace) -> str:
    """Return the message of an empty database in which this copy has seen a store, or an empty text if it never has."""
    return KnownNumber(place.path).lost


def others(place: StorePlace) -> tuple[str, ...]:
    """Return the machines on which a copy of the bot runs with this database."""
    running = f"SELECT DISTINCT host FROM copies WHERE seen > clock_timestamp() - interval '{RUNS}'"
    with session_at(place, is_read_only=True) as session:
        return tuple(host for (host,) in session.execute(running)) if schema_found(session) else ()


def own_tables() -> tuple[str, ...]:
    """Return the statements that make the tables that only PostgreSQL has."""
    return tuple(statements(files("bot.storage.postgres").joinpath("copies.sql").read_text(encoding="utf-8")))


NONE = "There is no store in the database. Set SERAF_STORE to the place of yours; `run` or `people invite` makes a new one."
ONE_STATE = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
RUNS = "10 seconds"  # a copy that was seen for this time runs; it is seen every other second


def schema_found(session: PostgresSession) -> int:
    """Return the number of the last migration that was applied, or 0 for a database without the bot's tables."""
    (is_there,) = session.execute("SELECT to_regclass('schema_version') IS NOT NULL").fetchone()
    return int(session.execute("SELECT version FROM schema_version").fetchone()[0]) if is_there else 0


def oldest(session: PostgresSession) -> int:
    """Return the oldest version that a bot must know to use the tables."""
    return int(session.execute("SELECT oldest FROM schema_version").fetchone()[0])
