"""The store in memory, for the terminal and for tests: the same tables, and no file."""

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreClosed
from bot.storage.session import SqliteSession
from bot.storage.sqlite.database_file import AS_IN_A_FILE
from bot.storage.sqlite.examining import in_step
from bot.storage.sqlite.preparing import prepare
from bot.storage.sqlite.resealing import change_keys
from bot.storage.sqlite.transaction import Work, commits_seen, consult, read_at_once, transaction
from bot.storage.store import Store
from bot.storage.tables import Tables

Result = TypeVar("Result")


class MemoryEngine:
    """The engine in memory: everything runs at once, on the thread of the caller."""

    is_slow_to_commit = False

    def __init__(self, prepare: Work[None]) -> None:
        self._database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        for setting in AS_IN_A_FILE:
            self._database.execute(f"PRAGMA {setting}").fetchall()
        prepare(self._database)
        self._session = SqliteSession(self._database)
        self._is_closed = False

    async def transact(self, work: Callable[[SqliteSession], Result], durable: Callable[[], None]) -> Result:
        self._demand_open()
        with transaction(self._database):
            result = work(self._session)
        durable()
        return result

    async def read(self, work: Callable[[SqliteSession], Result]) -> Result:
        self._demand_open()
        return read_at_once(self._database, lambda _: work(self._session))

    async def read_long(self, work: Callable[[SqliteSession], Result]) -> Result:
        self._demand_open()
        return read_at_once(self._database, lambda begun: work(SqliteSession(begun)))

    async def changes(self) -> object:
        self._demand_open()
        return consult(self._database, commits_seen)

    async def clear(self) -> bool:
        return True

    async def pack(self) -> None:
        pass

    async def change_keys(self, old: KeyRing, new: KeyRing) -> None:
        with transaction(self._database):
            change_keys(self._session, old=old, new=new)

    def examine(self, tables: Tables) -> tuple[str, ...]:
        return in_step(self._database, tables.keys)[1]

    async def close(self) -> None:
        self._is_closed = True
        self._database.close()

    def _demand_open(self) -> None:
        if self._is_closed:
            raise StoreClosed("The store is closed. Nothing of this step was saved.")


def in_memory(keys: KeyRing | None = None) -> Store:
    """Return an empty store in memory, under these keys or new ones."""
    own = keys or KeyRing.fresh()
    return Store(MemoryEngine(partial(prepare, own)), own)
