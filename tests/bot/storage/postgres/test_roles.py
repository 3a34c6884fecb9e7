"""The roles that docs/deploy/postgresql-roles.sql makes are enough for the bot, and what is missing on a server is said."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from bot.crypto.keys import load_keys
from bot.crypto.sealing import KeyRing
from bot.operations.backup.file_format import identities_of, read_backup
from bot.operations.backup.service import examine, take
from bot.operations.moving import move_store
from bot.operations.rotation import rotate_keys
from bot.runtime.errors import StoreUnavailable
from bot.runtime.settings import StorePlace
from bot.storage.postgres.opening import looked_at, open_postgres, server_connection
from bot.storage.postgres.server_findings import ServerFinding, findings
from bot.storage.values import Done
from tests.support.places import ROOT
from tests.support.store.builders import ADA, BEA, KEYS, event, one, record_of, tap
from tests.support.store.keeping import NOON, Keep
from tests.support.store.server import Server, cluster, demand_programs, start

SCRIPT = ROOT / "docs" / "deploy" / "postgresql-roles.sql"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with cluster() as running:
        yield running


@pytest.fixture(params=["one role", "two roles"])
def place(server: Server, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StorePlace]:
    """The store in the database that the script makes for its role, run as in a managed service by someone who is no superuser."""
    separate = ["-v", "separate=yes"] if request.param == "two roles" else []
    psql = shutil.which("psql") or str(demand_programs() / "psql")
    server.run("DROP ROLE IF EXISTS manager")
    server.run("CREATE ROLE manager LOGIN CREATEDB CREATEROLE")
    words = [psql, "-X", "-q", *separate, "-f", str(SCRIPT), as_role(server, "manager", "postgres")]
    for _ in ("at first", "again, as after a database was dropped or restored"):
        subprocess.run(words, check=True, capture_output=True)
    assert server.asks("SELECT pg_has_role('manager', datdba, 'USAGE') FROM pg_database WHERE datname = 'seraf'") == [
        (False,)
    ]
    owner = as_role(server, "seraf_owner") if separate else ""
    yield StorePlace(tmp_path / "seraf.postgresql", as_role(server, "seraf"), owner=owner)
    server.run("DROP DATABASE seraf WITH (FORCE)")
    server.run("DROP ROLE seraf")
    server.run("DROP ROLE IF EXISTS seraf_owner")


def as_role(server: Server, role: str, database: str = "seraf") -> str:
    return f"postgresql:///{database}?host={server.folder}&user={role}"


def found_at(place: StorePlace) -> tuple[ServerFinding, ...]:
    with closing(server_connection(place)) as connection, closing(server_connection(place, as_owner=True)) as owner:
        return findings(connection, owner=owner)


def faults_at(place: StorePlace) -> list[str]:
    return [advice.text for advice in found_at(place) if advice.is_fault]


async def test_the_bot_runs_with_the_roles_and_nothing_more(place: StorePlace) -> None:
    assert faults_at(place) == []
    keys = KeyRing.fresh()

    store = await open_postgres(place, KEYS)
    await store.turns([event("k1", tap("{}")), event("k2", tap("{}"), person=BEA)])
    await store.turns([event("k3", tap(None))])
    assert await store.is_gone(seconds=0)
    await store.scrub()
    await store.change_keys(KEYS, keys)
    await store.close()
    again = await open_postgres(place, keys)

    assert (await record_of(again, BEA)).case == "{}"
    assert isinstance(await one(again, event("k4", tap("{}"))), Done)
    assert not await again.verify()
    await again.close()
    assert faults_at(place) == []
    assert [advice.text for advice in found_at(place) if "standby" not in advice.text] == []


@pytest.mark.parametrize("place", ["two roles"], indirect=True)
async def test_the_role_that_reads_and_writes_can_change_no_table_and_erased_is_not_said_without_the_owner(
    place: StorePlace,
) -> None:
    store = await open_postgres(place, KEYS)
    await store.close()
    alone = StorePlace(place.path, place.address)

    with closing(server_connection(alone)) as bot:
        for statement in (
            "DROP TABLE people",
            "CREATE TABLE own (id int)",
            "TRUNCATE people",
            "CREATE TEMP TABLE t ()",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                bot.execute(statement)
    store = await open_postgres(alone, KEYS)
    await store.turns([event("k1", tap("{}"))])
    await store.turns([event("k2", tap(None))])

    assert not await store.is_gone(seconds=0)
    assert (await record_of(store, ADA)).case is None
    await store.close()
    (missing,) = faults_at(alone)
    assert ("does not own" in missing, "case_keys" in missing) == (True, True)


async def test_what_is_missing_on_a_server_is_found(server: Server, tmp_path: Path) -> None:
    server.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    server.run("CREATE ROLE guest LOGIN")
    place = StorePlace(tmp_path / "seraf.postgresql", as_role(server, "postgres", "latin"))
    store = await open_postgres(place, KEYS)
    await store.close()
    server.run("CREATE RULE later AS ON DELETE TO people DO INSTEAD NOTHING", "latin")
    server.signal("fast")
    start(server.folder, "fsync=off", "synchronous_standby_names=")

    try:
        found = [(advice.is_fault, advice.text.partition(":")[0]) for advice in found_at(place)]
        of_guest = faults_at(StorePlace(place.path, as_role(server, "guest", "latin")))
    finally:
        server.signal("fast")
        server.signal("start")

    assert [text.split(" (")[0] for is_fault, text in found if not is_fault] == [
        "no synchronous standby is named",
        "the bot's role is a superuser of the server",
    ]
    assert [text.split(". ")[0] for is_fault, text in found if is_fault] == [
        "the database has another encoding",
        "fsync is off",
        "The database was changed from outside",
    ]
    assert [text.partition(" audit")[0] for text in of_guest if "read and write" in text] == [
        "the role may not read and write"
    ]


def test_a_synchronous_standby_that_is_not_connected_is_found(server: Server, place: StorePlace) -> None:
    server.waits_for_standby()
    try:
        assert [text.partition(",")[0] for text in faults_at(place)] == [
            "a synchronous standby is named (synchronous_standby_names)"
        ]
    finally:
        server.waits_for_standby(False)


CAUSES = {
    "missing": "no such database",
    "standby": "standby answers",
    "busy": "no connection left",
    "secret": "password",
    "closed": "pg_hba.conf",
}
"""Databases to which no connection can be made, and what an administrator is then told about."""


def test_why_there_is_no_connection_is_said(server: Server, tmp_path: Path) -> None:
    for name in ("standby", "busy", "secret", "closed"):
        server.run(f"CREATE DATABASE {name}")
        server.run(f"CREATE ROLE {name} LOGIN")
    server.run("CREATE ROLE missing LOGIN")
    server.run("ALTER DATABASE standby SET default_transaction_read_only = on")
    server.run("ALTER ROLE busy CONNECTION LIMIT 0")
    rules = server.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local secret all scram-sha-256\nlocal closed all reject\n{before}")
    server.run("SELECT pg_reload_conf()")
    server.until("SELECT count(*) = 2 FROM pg_hba_file_rules WHERE auth_method <> 'trust'")

    try:
        for name, cause in CAUSES.items():
            with pytest.raises(StoreUnavailable, match=cause):  # the bot tries again by itself
                looked_at(StorePlace(tmp_path / "seraf.postgresql", as_role(server, name, name)))
    finally:
        rules.write_text(before)
        server.run("SELECT pg_reload_conf()")


async def test_commands_work_with_the_roles_too(place: StorePlace, tmp_path: Path) -> None:
    keep = Keep.made(tmp_path / "var")
    await keep.fill()
    before = await keep.everything()

    move_store(keep.settings, place, at=NOON)
    settings = keep.settings.model_copy(update={"store": place})
    rotate_keys(place, keep.key_file, at=NOON)
    backup = read_backup(take(settings, None, at=NOON).path, identities_of(keep.identity))

    assert examine(backup, load_keys(keep.key_file)).findings == ()
    back = Keep.made(tmp_path / "back")
    shutil.copy2(keep.key_file, back.key_file)
    move_store(settings, back.place, at=NOON)
    assert await back.everything() == before
