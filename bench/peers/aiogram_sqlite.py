"""The bot of `aiogram_memory`, with its states in SQLite, one unencrypted transaction per change.

The library has no storage in SQLite, so this is the simplest possible one.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from typing import Any

import aiosqlite
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StorageKey

from bench.peers.aiogram_memory import poll

SCHEMA = "create table if not exists states (who text primary key, state text, data text not null default '{}')"
WRITE = "insert into states (who, {0}) values (?, ?) on conflict (who) do update set {0} = excluded.{0}"


class SqliteStorage(BaseStorage):
    """A storage with one row per person, which contains the person's state and data."""

    def __init__(self, database: aiosqlite.Connection) -> None:
        self._database = database

    async def set_state(self, key: StorageKey, state: str | State | None = None) -> None:
        """Store the state of a person."""
        await self._write("state", key, state.state if isinstance(state, State) else state)

    async def get_state(self, key: StorageKey) -> str | None:
        """Return the stored state of a person, or None."""
        return await self._read("state", key)

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Store the data of a person."""
        await self._write("data", key, json.dumps(dict(data)))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """Return the stored data of a person, or an empty mapping."""
        found: dict[str, Any] = json.loads(await self._read("data", key) or "{}")
        return found

    async def close(self) -> None:
        """Close the database."""
        await self._database.close()

    async def _read(self, column: str, key: StorageKey) -> str | None:
        query = f"select {column} from states where who = ?"
        async with self._database.execute(query, (_who(key),)) as rows:
            row = await rows.fetchone()
        return None if row is None else row[0]

    async def _write(self, column: str, key: StorageKey, value: str | None) -> None:
        await self._database.execute(WRITE.format(column), (_who(key), value))
        await self._database.commit()


def _who(key: StorageKey) -> str:
    return f"{key.bot_id}:{key.chat_id}:{key.user_id}"


async def main(base: str, token: str, file: str) -> None:
    """Run the bot until the process is ended."""
    async with aiosqlite.connect(f"{file}.sqlite") as database:
        await database.execute(SCHEMA)
        await poll(base, token, SqliteStorage(database))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
