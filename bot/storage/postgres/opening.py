"""Opens the store in a PostgreSQL database: makes its tables, or brings them up to this version, and verifies whose they are."""

import asyncio
from contextlib import closing
from functools import partial
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.crypto.sealing import KeyRing, Sealer
from bot.runtime.errors import EarlierStore, SettingsFault, StoreFault
from bot.runtime.files import read_private
from bot.runtime.settings import StorePlace
from bot.storage.ledger import Ledger
from bot.storage.postgres.dialect import definition, without_comments
from bot.storage.postgres.engine import PostgresEngine
from bot.storage.postgres.lease import KnownNumber, Lease
from bot.storage.postgres.session import Connection, PostgresSession, fault, refuse_foreign
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

LOCK = 7_313_870_917_402_331  # any number: the lock under which one copy at a time brings the tables up
OLDEST = 13
"""The oldest schema that a bot must know to use the tables of this version. A release adds only, and the next one takes away."""


async def open_postgres(
    place: StorePlace, keys: KeyRing, *, reload: Reload | None = None, upgrades: bool = True
) -> Store:
    """Return the store in this database, whose tables are made if there are none, and with `upgrades` brought up to this version.

    Raise `EarlierStore` for an earlier release's tables without `upgrades`, `KeyFault` if they belong to other keys, and
    `StoreFault` if the database cannot be used.
    """
    connect, as_owner = partial(connected, place), partial(connected, place, as_owner=True)
    known = KnownNumber(place.path)
    known.demand(await asyncio.to_thread(prepare, as_owner, keys, reload=reload, upgrades=upgrades))
    engine = PostgresEngine(connect, as_owner if place.owner else None)
    return Store(engine, keys, reload, leading=Lease(connect, engine, known))


def connected(place: StorePlace, *, as_owner: bool = False) -> Connection:
    """Return a new connection to the server that takes writes. Raise `psycopg.Error` if none of the servers named is reached.

    With `as_owner` it is for the role that owns the tables, if the place names one.
    """
    is_owner = as_owner and bool(place.owner)
    named = conninfo_to_dict(place.owner if is_owner else place.address)
    if place.password_file is not None and not is_owner:
        password = read_private(place.password_file, "password file", fault=SettingsFault, most=1_000, closed_to=0o037)
        named["password"] = password.decode().rstrip("\r\n")
    # Without prepared statements, which a pooler between would give to another connection.
    return Connection.connect(make_conninfo("", **{**USUAL, **named}), autocommit=True, prepare_threshold=None)


def prepare(connect: partial[Connection], keys: KeyRing, *, reload: Reload | None, upgrades: bool) -> int:
    """Make the tables, or bring them up to this version, in one transaction, and verify that they belong to the keys.

    Return the number of the ledger.
    """
    try:
        with closing(connect()) as connection, connection.transaction():
            session = PostgresSession()
            session.connection = connection
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            found = version(session)
            known = known_migrations()
            newest = known[-1].number
            if found > newest and oldest(session) > newest:
                raise StoreFault(
                    f"The database was made by a newer version of the bot (its schema is {found}, this version knows {newest})."
                    " It was left alone. Run the newer version."
                )
            if 0 < found < newest and not upgrades:
                raise EarlierStore(
                    f"The database is of an earlier release (its schema is {found}, this version knows {newest}), and was left"
                    " as it is. Bring it up: seraf-bot upgrade. The next start with this version does the same."
                )
            if found < newest:
                steps = [statement for step in known if step.number > found for statement in step.statements]
                for statement in without_comments((*steps, *(own_tables() if not found else ()))):
                    connection.execute(definition(statement))
                connection.execute(
                    "INSERT INTO schema_version (id, version, oldest) VALUES (1, %s, %s)"
                    " ON CONFLICT (id) DO UPDATE SET version = excluded.version, oldest = excluded.oldest",
                    (newest, OLDEST),
                )
            name, *_ = session.head()
            ring = keys if reload is None or name in (None, keys.id) else reload(name or "")
            if name is None:
                proof = Sealer(ring.seal).seal(ring.mark("proof"), PROOF)
                session.execute("INSERT INTO meta (id, key, proof) VALUES (1, ?, ?)", (ring.id, proof))
                Ledger(ring, session).count_anew(1)
            demand_proof(session, ring)
            refuse_foreign(session)
            return session.head()[1] or 0
    except psycopg.Error as error:
        raise fault(error) from None


def own_tables() -> tuple[str, ...]:
    """Return the statements that make the tables that only PostgreSQL has."""
    return tuple(statements(files("bot.storage.postgres").joinpath("copies.sql").read_text(encoding="utf-8")))


def version(session: PostgresSession) -> int:
    """Return the number of the last migration that was applied, or 0 for a database without the bot's tables."""
    (is_there,) = session.execute("SELECT to_regclass('schema_version') IS NOT NULL").fetchone()
    return int(session.execute("SELECT version FROM schema_version").fetchone()[0]) if is_there else 0


def oldest(session: PostgresSession) -> int:
    """Return the oldest version that a bot must know to use the tables."""
    return int(session.execute("SELECT oldest FROM schema_version").fetchone()[0])
