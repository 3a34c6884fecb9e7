"""Opens the store at its place, a database file or PostgreSQL, whose driver is loaded only then: for the bot, a command, or a copy."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from types import ModuleType
from typing import Protocol, TypeVar

from bot.crypto.keys import KeyPlace, load_key_file, load_ring
from bot.runtime.errors import DamagedStore, SettingsFault, StoreFault
from bot.runtime.settings import StorePlace
from bot.storage.copying import copy_rows
from bot.storage.ledger import KEYS
from bot.storage.session import FROM, SqliteSession, StoreSession, demand_here
from bot.storage.sqlite import examining
from bot.storage.sqlite.database_file import BUSY_MILLISECONDS, open_read_only, open_to_copy, traces
from bot.storage.sqlite.opening import SqliteDesk, open_file_to_look, open_sqlite
from bot.storage.sqlite.preparing import known_migrations, migrate, version
from bot.storage.sqlite.transaction import consult, transact
from bot.storage.store import Store

MISSING = "A store in PostgreSQL needs its driver, which is not installed: pip install 'seraf-bot[postgresql]'"

Result = TypeVar("Result")


class Desk(Protocol):
    """The database of a command, which may run at the same time as the bot.

    The keys may be rotated meanwhile, so each transaction reads which keys the database names. Its methods raise `StoreFault`.
    """

    def transact(self, work: Callable[[StoreSession], Result]) -> Result:
        """Return the result of the work once it is durable. It may run twice if the connection is lost."""

    def read(self, work: Callable[[StoreSession], Result]) -> Result:
        """Return the result of work that only reads. It sees one state of the database."""

    def rewrite(self, seconds: float) -> None:
        """Write every table anew, so that no file has a value that was deleted or replaced. Wait for readers for this long."""

    def close(self) -> None:
        """Close the database."""


def _postgres() -> ModuleType:
    try:
        from bot.storage.postgres import opening
    except ImportError:
        raise SettingsFault(MISSING) from None
    return opening


async def open_store(
    place: StorePlace,
    keys_at: KeyPlace,
    *,
    is_looked_through: bool = False,
    upgrades: bool = False,
    may_be_new: bool = True,
    busy_milliseconds: int = BUSY_MILLISECONDS,
) -> Store:
    """Return the store, with keys that are loaded again after a rotation. `open_sqlite` and `open_postgres` say what can fail.

    Only a file is looked through, and only a file is held by other programs: a server checks its own pages.
    """
    keys, reload = load_key_file(keys_at), partial(load_ring, keys_at)
    if not place.address:
        return await open_sqlite(
            place.path,
            keys,
            busy_milliseconds=busy_milliseconds,
            reload=reload,
            is_looked_through=is_looked_through,
            upgrades=upgrades,
        )
    opening = _postgres()
    store: Store = await opening.open_postgres(place, keys, reload=reload, upgrades=upgrades, may_be_new=may_be_new)
    return store


async def open_to_look(place: StorePlace, keys_at: KeyPlace) -> Store:
    """Return the store for a look, which changes nothing. Raise `EarlierStore` for that of an earlier release."""
    if place.address:
        return await open_store(place, keys_at, may_be_new=False)
    return await open_file_to_look(place.path, keys_at)


@contextmanager
def open_desk(
    place: StorePlace, keys_at: KeyPlace, *, upgrades: bool = False, is_moved: bool = False
) -> Iterator[Desk]:
    """Yield the desk of a command. No store is made.

    Raise `EarlierStore` for an earlier release's store unless it `upgrades`, and `Moved` for one that was moved unless `is_moved`.
    """
    keys, reload = load_key_file(keys_at), partial(load_ring, keys_at)
    desk: Desk
    if place.address:
        desk = _postgres().desk_of(place, keys, reload=reload, upgrades=upgrades, is_moved=is_moved)
    else:
        desk = SqliteDesk(place.path, keys, reload=reload, upgrades=upgrades, is_moved=is_moved)
    with closing(desk):
        yield desk


def schema_of(place: StorePlace, *, busy_milliseconds: int = BUSY_MILLISECONDS) -> int:
    """Return the number of the last migration that was applied to the store, or 0 if there is none."""
    if place.address:
        opening = _postgres()
        with opening.session_at(place, is_read_only=True) as session:
            return int(opening.schema_found(session))
    if not place.path.exists():
        return 0
    with closing(open_read_only(place.path, busy_milliseconds=busy_milliseconds)) as database:
        return consult(database, version)


def running_copies(place: StorePlace) -> tuple[str, ...]:
    """Return the machines on which a copy of the bot runs with a store in PostgreSQL."""
    hosts: tuple[str, ...] = _postgres().others(place) if place.address else ()
    return hosts


def missing_on_server(place: StorePlace) -> tuple[tuple[bool, str], ...]:
    """Return what is missing on the server of a store in PostgreSQL: True if a promise does not hold, and the advice."""
    found: tuple[tuple[bool, str], ...] = _postgres().looked_at(place)
    return found


def lost_on_server(place: StorePlace) -> str:
    """Return the message of an empty database on a server if this machine has seen a store in it, else an empty text."""
    text: str = _postgres().lost_at(place)
    return text


@contextmanager
def snapshot(place: StorePlace) -> Iterator[sqlite3.Connection]:
    """Yield one state of the whole store: a file within a transaction, or the rows of PostgreSQL in a temporary file of their schema."""
    if not place.address:
        with closing(open_to_copy(place.path)) as source:
            consult(source, lambda begun: begun.execute("BEGIN"))
            _demand_here(source)
            yield source
        return
    opening = _postgres()
    with opening.session_at(place, is_read_only=True) as session, _temporary(place) as copy:
        found, known = opening.schema_found(session), known_migrations()
        if not found:
            raise StoreFault(opening.NONE)
        if found > known[-1].number:
            raise StoreFault(
                f"The database was brought up by a newer version of the bot (its schema is {found}). Copy it with that version."
            )
        migrate(copy, tuple(step for step in known if step.number <= found))
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        tables = tuple(name for name in KEYS if name in there)  # an earlier release had fewer
        transact(copy, lambda begun: copy_rows(session, SqliteSession(begun), tables=tables))
        _demand_here(copy)
        yield copy


@contextmanager
def _temporary(place: StorePlace) -> Iterator[sqlite3.Connection]:
    with ExitStack() as opened:
        try:
            place.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _, (copy,) = opened.enter_context(examining.unnamed(place.path, connections=1))
        except OSError as error:
            raise StoreFault(
                f"No copy could be made in {place.path.parent}: {error.strerror}. Make room on the disk."
            ) from None
        yield copy


def _demand_here(database: sqlite3.Connection) -> None:
    if consult(database, version) >= MOVED:
        consult(database, demand_here)


MOVED = 15  # the migration since which a store says whether it was moved


def demand_empty(place: StorePlace, *, replaces: bool = False) -> None:
    """Raise `StoreFault` if there is a store, or what is left of one. With `replaces`, one that has not arrived whole may be there."""
    if place.address:
        opening = _postgres()
        with opening.session_at(place, is_read_only=True) as session:
            opening.demand_no_rows(session, replaces=replaces)
    elif not (replaces and _has_not_arrived(place)):
        examining.demand_room(place.path)


def fill_store(place: StorePlace, work: Callable[[StoreSession], None], *, replaces: bool = False) -> None:
    """Make a store with what the work inserts, whole or not at all. Raise as `demand_empty` does."""
    demand_empty(place, replaces=replaces)
    if place.address:
        _postgres().fill_tables(place, work, replaces=replaces)
        return
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        migrate(database, known_migrations())
        transact(database, lambda begun: work(SqliteSession(begun)))
        for trace in traces(place.path) if replaces else ():
            trace.unlink(missing_ok=True)
        examining.put(place.path, examining.image(database))


def _has_not_arrived(place: StorePlace) -> bool:
    try:
        with closing(open_read_only(place.path)) as database:
            moved = consult(database, lambda begun: begun.execute("SELECT moved FROM meta").fetchone())
    except (StoreFault, DamagedStore):
        return False
    return bool(moved and moved[0] and moved[0].startswith(FROM))
