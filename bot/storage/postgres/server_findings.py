"""Findings for whoever administers the PostgreSQL server: what of its settings, and of the bot's role, the promises need."""

from typing import NamedTuple

import psycopg

from bot.runtime.errors import StoreFault
from bot.storage.ledger import ERASED, KEYS
from bot.storage.postgres.session import PostgresSession, ServerConnection, refuse_foreign_code, server_fault

OLDEST, NEWEST = 15, 18  # the versions of PostgreSQL that the bot is made for

SETTINGS = {
    "server_encoding": ("UTF8", "the database has another encoding: make a new one with ENCODING 'UTF8'"),
    "fsync": (
        "on",
        "fsync is off: after a power cut the database can be damaged, and what was acknowledged gone. Turn it on",
    ),
    "full_page_writes": ("on", "full_page_writes is off: a power cut can damage the database. Turn it on"),
}
"""Settings of the server without which the promises do not hold: the value that each needs, and the advice."""

SHOWN = "SELECT " + ", ".join(f"current_setting('{name}')" for name in SETTINGS)
SERVER = """SELECT current_setting('server_version_num')::int / 10000, current_setting('synchronous_standby_names'),
    EXISTS (SELECT FROM pg_stat_replication), current_setting('data_checksums'), rolsuper FROM pg_roles WHERE rolname = current_user"""
TABLES = """SELECT relname,
    has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
    AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'),
    pg_has_role(relowner, 'USAGE') FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY relname"""
MAY_CREATE = "SELECT has_schema_privilege(current_schema(), 'CREATE')"


class ServerFinding(NamedTuple):
    """One thing to change, or to know. If it `is_fault`, a promise does not hold until it is changed."""

    is_fault: bool
    text: str


def findings(connection: ServerConnection, *, owner: ServerConnection | None = None) -> tuple[ServerFinding, ...]:
    """Return what is missing on the server, or in the rights of the role. `owner` is a connection of SERAF_STORE_OWNER, if it is set.

    Raise `StoreFault` if the server cannot be asked.
    """
    try:
        return (*_of_the_server(connection), *_of_the_role(connection, owner or connection))
    except psycopg.Error as error:
        raise server_fault(error, "Nothing was changed.") from None


def _of_the_server(connection: ServerConnection) -> list[ServerFinding]:
    shown = connection.execute(SHOWN).fetchone() or ()
    found = [
        ServerFinding(True, text)
        for value, (wanted, text) in zip(shown, SETTINGS.values(), strict=True)
        if value != wanted
    ]
    (row,) = connection.execute(SERVER).fetchall()
    version, standbys, is_followed, checksums, is_superuser = row
    if version < OLDEST:
        found.append(ServerFinding(True, f"PostgreSQL {version} is too old: the bot needs {OLDEST} to {NEWEST}"))
    elif version > NEWEST:
        found.append(ServerFinding(False, f"PostgreSQL {version} is newer than what was tried: {OLDEST} to {NEWEST}"))
    if not standbys:
        text = "no synchronous standby is named (synchronous_standby_names): a failover can lose answers that people were told"
        found.append(ServerFinding(False, f"{text} are saved"))
    elif not is_followed:
        text = (
            "a synchronous standby is named (synchronous_standby_names), and none is connected, so nothing can be saved"
        )
        found.append(ServerFinding(True, f"{text}: start the standby, or let the server wait for none"))
    if checksums != "on":
        text = "data checksums are off: a page that the disk damaged is found late (pg_checksums --enable)"
        found.append(ServerFinding(False, text))
    if is_superuser:
        text = "the bot's role is a superuser of the server: use one that docs/deploy/postgresql-roles.sql makes"
        found.append(ServerFinding(False, text))
    return found


def _of_the_role(connection: ServerConnection, owner: ServerConnection) -> list[ServerFinding]:
    (schema,) = connection.execute("SELECT current_schema()").fetchone() or (None,)
    if schema is None:
        return [ServerFinding(True, "the role may use no schema of the database: GRANT USAGE ON SCHEMA public")]
    found = list[ServerFinding]()
    rights = {name: may_write for name, may_write, _ in connection.execute(TABLES).fetchall()}
    if closed := [name for name, may_write in rights.items() if not may_write]:
        text = f"the role may not read and write {', '.join(closed)}: GRANT SELECT, INSERT, UPDATE, DELETE"
        found.append(ServerFinding(True, text))
    owned = {name for name, _, is_owned in owner.execute(TABLES).fetchall() if is_owned}
    if rights and (others := [name for name in ERASED if name in rights and name not in owned]):
        text = f"the role does not own {', '.join(others)}, so erased rows stay in the files of these tables and nobody is told"
        found.append(ServerFinding(True, f"{text} that they are gone. Make it the owner, or set SERAF_STORE_OWNER"))
    if not rights.keys() >= KEYS.keys() and owner.execute(MAY_CREATE).fetchone() != (True,):
        found.append(
            ServerFinding(
                True, "the tables are not made yet, and the role may not make them: make it the owner of the database"
            )
        )
    try:
        session = PostgresSession()
        session.connection = connection
        refuse_foreign_code(session)
    except StoreFault as foreign:
        found.append(ServerFinding(True, str(foreign)))
    return found
