"""Where a bot of the tests lives: its folder, its settings, and what its store has of a person."""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from bot.conversation import session_of
from bot.keys import create_key_file, load_key_file
from bot.packs import SHIPPED
from bot.settings import Settings
from bot.storage.sqlite import SqliteStore, open_sqlite
from bot.storage.values import Record
from dialogs.session import Session
from tests.fakes.telegram import FakeTelegram

SAM, KIM, STRANGER = 7, 8, 9
"""Two people who may use the bot, and one who may not."""


@dataclass(frozen=True, slots=True)
class Home:
    """A folder with a key file and a store, and what else the bot is told."""

    folder: Path
    server: FakeTelegram
    admitted: frozenset[int] = frozenset({SAM, KIM})
    pack: Path = field(default=SHIPPED)

    def __post_init__(self) -> None:
        if not self.key_file.exists():
            create_key_file(self.key_file)

    @property
    def store(self) -> Path:
        """The database file."""
        return self.folder / "seraf.sqlite"

    @property
    def key_file(self) -> Path:
        """The key file."""
        return self.folder / "seraf.key"

    @property
    def settings(self) -> Settings:
        """The settings of a bot in this process."""
        return Settings.model_validate(
            {
                "telegram_token": SecretStr(self.server.token),
                "telegram_api": self.server.base,
                "admitted": self.admitted,
                "store": self.store,
                "key_file": self.key_file,
                "pack": self.pack,
            }
        )

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a bot in a process of its own."""
        return {
            "SERAF_TELEGRAM_TOKEN": self.server.token,
            "SERAF_TELEGRAM_API": self.server.base,
            "SERAF_ADMITTED": ",".join(map(str, sorted(self.admitted))),
            "SERAF_STORE": str(self.store),
            "SERAF_KEY_FILE": str(self.key_file),
            "SERAF_PACK": str(self.pack),
        }

    async def opened(self) -> SqliteStore:
        """The store, opened beside the bot."""
        return await open_sqlite(self.store, load_key_file(self.key_file))

    async def record(self, person: int) -> Record | None:
        """What the store has of a person."""
        store = await self.opened()
        found = await store.recall(f"telegram:{person}")
        await store.close()
        return found[0] if found else None

    async def session(self, person: int) -> Session:
        """The session that the store has of a person who has one."""
        record = await self.record(person)
        assert record is not None
        return session_of(record)

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """What a second programme reads in the database."""
        beside = sqlite3.connect(self.store)
        rows = beside.execute(statement).fetchall()
        beside.close()
        return rows
