"""A PostgreSQL server of the tests' own: a cluster in a temporary folder, reached by a socket in it, with fsync on."""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.crypto.sealing import KeyRing
from bot.runtime.settings import StorePlace
from bot.storage.ledger import STORED
from bot.storage.postgres.opening import open_postgres
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store

NEEDED = "SERAF_TESTS_NEED_POSTGRESQL"
"""The environment variable with which a missing server is a failure, and no reason to leave tests out."""

SETTINGS = (
    *("listen_addresses=", "max_connections=60", "shared_buffers=16MB", "max_wal_size=64MB", "logging_collector=off"),
    *("wal_level=replica", "max_wal_senders=4", "log_min_messages=fatal"),
)


ALONE = "ALTER SYSTEM RESET synchronous_standby_names"
WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
"""The commits that wait for a standby."""


@cache
def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL programs that are installed, or None."""
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    found = shutil.which("postgres")
    folders += [Path(found).resolve().parent] if found else []
    return max((folder for folder in folders if (folder / "postgres").exists()), default=None)


def demand_programs() -> Path:
    """Return the folder of the programs. Skip the test if there is none, or fail it where they are needed."""
    folder = programs()
    if folder is None and os.environ.get(NEEDED):
        pytest.fail("PostgreSQL is not installed on this machine")
    if folder is None:
        pytest.skip("PostgreSQL is not installed on this machine")
    return folder


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and its folder."""

    folder: Path

    def address(self, database: str = "postgres", *others: "Server") -> str:
        """Return the address of a database on this server, or on the one of several that takes writes."""
        hosts = ",".join(str(server.folder) for server in (self, *others))
        return f"postgresql:///{database}?host={hosts}&user=postgres"

    def run(self, statement: str, database: str = "postgres") -> None:
        """Run a statement outside a transaction."""
        with closing(psycopg.connect(self.address(database), autocommit=True)) as connection:
            connection.execute(statement)

    def asks(self, question: str) -> list[tuple[Any, ...]]:
        with closing(psycopg.connect(self.address(), autocommit=True)) as connection:
            return connection.execute(question).fetchall()

    def waits_for_standby(self, is_so: bool = True) -> None:
        """Let every commit wait until a standby has it, or none. It counts from now on."""
        self.run("ALTER SYSTEM SET synchronous_standby_names = '*'" if is_so else ALONE)
        self.run("SELECT pg_reload_conf()")
        self.until(f"SELECT current_setting('synchronous_standby_names') = '{'*' if is_so else ''}'")
        if not is_so:  # the checkpointer wakes those that wait
            self.until(f"SELECT NOT EXISTS ({WAITING})")

    def until(self, question: str, *, seconds: float = 60.0) -> None:
        """Wait until the answer to a question is true."""
        ends = time.monotonic() + seconds
        while self.asks(question) != [(True,)]:
            assert time.monotonic() < ends, question
            time.sleep(0.02)

    def promote(self) -> None:
        """Let a standby take writes from now on."""
        _control(self.folder, "promote")

    def follow(self, primary: "Server") -> None:
        """Become a standby of another server, from a new copy of it, and wait until it streams."""
        with suppress(subprocess.CalledProcessError):
            _control(self.folder, "stop", "-m", "immediate")
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        command = [str(demand_programs() / "pg_basebackup"), "-h", str(primary.folder), "-U", "postgres"]
        _run(self.folder, *command, "-D", str(self.folder / "data"), "-X", "stream", "-c", "fast", "-R", "--no-sync")
        start(self.folder)
        primary.until("SELECT EXISTS (SELECT 1 FROM pg_stat_replication WHERE state = 'streaming')")

    def signal(self, name: str) -> None:
        """Send a signal to the server: `immediate` (as after a power cut) or `fast` stop, or start."""
        _control(self.folder, "stop", "-m", name) if name != "start" else start(self.folder)


def as_postgres() -> dict[str, str]:
    """Return the arguments of `subprocess.run` for a program of the server."""
    # The server refuses to run as root.
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


def _control(folder: Path, *words: str) -> None:
    command = [str(demand_programs() / "pg_ctl"), "-D", str(folder / "data"), "-w", "-t", "60", "-s", *words]
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **as_postgres()
    )  # type: ignore[call-overload]


def start(folder: Path, *more: str) -> None:
    """Start the server of a folder."""
    options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={folder}", *more))
    _control(folder, "-l", str(folder / "log"), "-o", options, "start")


@contextmanager
def _folder() -> Iterator[Path]:
    """Yield the folder of a server, and stop the server at the end."""
    folder = Path(tempfile.mkdtemp(prefix="seraf-pg-"))
    try:
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        yield folder
    finally:
        with suppress(subprocess.CalledProcessError):
            _control(folder, "stop", "-m", "immediate")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def standby(primary: Server) -> Iterator[Server]:
    """Yield a new server that follows another one."""
    with _folder() as folder:
        server = Server(folder)
        server.follow(primary)
        yield server


@cache
def _first_data() -> Path:
    """Return the data of a server that was never started, which every server of this run begins with a copy of."""
    making = _folder()
    folder = making.__enter__()
    atexit.register(making.__exit__, None, None, None)
    command = [str(demand_programs() / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust"]
    _run(folder, *command, "--locale=C", "--encoding=UTF8", "--no-instructions", "--no-sync", "-k")
    return folder / "data"


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_postgres())  # type: ignore[call-overload]


@contextmanager
def cluster(*settings: str) -> Iterator[Server]:
    """Yield a new server with these settings besides its usual ones."""
    with _folder() as folder:
        _run(folder, "cp", "-a", str(_first_data()), str(folder / "data"))
        start(folder, *settings)
        yield Server(folder)


@pytest.fixture(scope="session")
def database_server() -> Server:
    """The server of this run, or a skip where PostgreSQL is not installed."""
    return _server()


@cache
def _server() -> Server:
    running = cluster()
    server = running.__enter__()
    atexit.register(running.__exit__, None, None, None)
    server.run("CREATE DATABASE seraf")
    return server


STORE = "SERAF_TESTS_STORE"
"""The environment variable that is `postgresql` where the bots of the tests have their store there, each in a database of its own."""

NUMBERS = count()


def are_on_server() -> bool:
    """Return True where the stores of the tests are in PostgreSQL."""
    return os.environ.get(STORE) == "postgresql"


def address_of_a_test() -> str:
    """Return the address of a new, empty database, or an empty string where the bots of the tests have files."""
    return new_database() if are_on_server() else ""


async def store_at(path: Path, keys: KeyRing) -> Store:
    """Return the store in this file, or where the stores of the tests are on the server, one that is empty for each new path."""
    if not are_on_server():
        return await open_sqlite(path, keys)
    if _latest != [path]:
        emptied(_server())
        _latest[:] = [path]
    return await open_postgres(StorePlace(path, _server().address("seraf")), keys)


_latest: list[Path] = []
_made: list[str] = []
MOST = 6
"""The most databases of bots that are kept at a time: a full proof makes thousands."""


def new_database() -> str:
    """Return the address of a new, empty database."""
    name = f"seraf_{os.getpid()}_{next(NUMBERS)}"
    _server().run(f"CREATE DATABASE {name}")
    _made.append(name)
    if len(_made) > MOST:
        _server().run(f"DROP DATABASE {_made.pop(0)} WITH (FORCE)")
    return _server().address(name)


def connected(address: str) -> psycopg.Connection[Any]:
    """Return a connection of another program than the bot."""
    return psycopg.connect(address, autocommit=True)


def emptied(server: Server) -> str:
    """Return the address of the database `seraf` without any row of the store."""
    address = server.address("seraf")
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        there = connection.execute("SELECT to_regclass('ledger') IS NOT NULL").fetchone()
        if there == (True,):
            names = ("copies", "commits", "erased", "lease", "ledger", *[table.name for table in reversed(STORED)])
            with connection.transaction():
                connection.execute("SET CONSTRAINTS ALL DEFERRED")
                for name in names:
                    connection.execute(f"DELETE FROM {name}")
    return address


async def opened_there(server: Server, keys: KeyRing | None = None) -> Store:
    """Return an empty store on the server."""
    return await open_postgres(StorePlace(server.folder / "seraf", emptied(server)), keys or KeyRing.fresh())


POOL = """[databases]
* = host={server} port=5432 user=postgres
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = 3
logfile = {folder}/log
pidfile = {folder}/pid
"""


@contextmanager
def pooled(server: Server) -> Iterator[str]:
    """Yield the address of the database `seraf` through PgBouncer in transaction mode. Skip the test where it is not installed."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("PgBouncer is not installed on this machine")
    folder = Path(tempfile.mkdtemp(prefix="seraf-pool-"))
    (folder / "pool.ini").write_text(POOL.format(server=server.folder, folder=folder), encoding="utf-8")
    if os.geteuid() == 0:
        for path in (folder, folder / "pool.ini"):
            shutil.chown(path, "postgres", "postgres")
    pool = subprocess.Popen([program, "-q", str(folder / "pool.ini")], cwd=folder, **as_postgres())  # type: ignore[call-overload]
    try:
        for _ in range(100):
            if (folder / ".s.PGSQL.6432").exists():
                break
            time.sleep(0.05)
        yield f"postgresql:///seraf?host={folder}&port=6432&user=postgres"
    finally:
        pool.terminate()
        pool.wait()
        shutil.rmtree(folder, ignore_errors=True)
