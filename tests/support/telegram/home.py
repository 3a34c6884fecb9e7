"""The home of a bot in tests: its folder, its settings, and what it stores about people."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from pydantic import SecretStr

from bot.access.account import Account, read_account, written
from bot.conversation.records import session_of
from bot.crypto.keys import Keychain, create_key_file, load_key_file, replace_key_file
from bot.runtime.packs import SHIPPED
from bot.runtime.settings import Settings, StorePlace
from bot.storage.opening import open_store
from bot.storage.store import Store
from bot.storage.values import Decision, Inbound, Record
from bot.watch.vitals import Vitals, last_vitals, write_vitals
from dialogs.core.role import Role
from dialogs.core.session import Session
from tests.fakes.telegram import FakeTelegram
from tests.support.people.accounts import altered
from tests.support.people.admitting import access, admit
from tests.support.shipped import CARRY
from tests.support.store.server import address_of_a_test, connected
from tests.support.web.wire import ORIGIN

SAM, KIM, STRANGER = 7, 8, 9
"""The Telegram ids of two people who may use the bot, and of one who may not."""


@dataclass(frozen=True, slots=True)
class Home:
    """A folder with a key file and a store, and the other settings of a bot."""

    folder: Path
    server: FakeTelegram
    admitted: frozenset[int] = frozenset({SAM, KIM})
    pack: Path = field(default=SHIPPED)
    lock_minutes: int = 1440
    admins: frozenset[int] = frozenset()
    notes: bool = False
    counts: bool = False
    has_teams: bool = False
    watch_address: str = ""
    watch_chat: int | None = None
    is_newcomer: bool = False
    """True if no bot with this store has polled lately, so that the bot first checks whether another one polls."""
    pages: int = 0
    """The port of the web pages, or 0 if the bot has none."""
    roles: Mapping[int, str] = field(default_factory=dict)
    """What somebody is admitted as, where that is no practitioner."""
    address: str = field(default_factory=address_of_a_test)
    """The address of the store in PostgreSQL; empty where it is a file."""

    def __post_init__(self) -> None:
        if not self.key_file.exists():
            replace_key_file(self.key_file, Keychain(replace(create_key_file(self.key_file), carry=CARRY)))

    @property
    def store(self) -> Path:
        """The database file, or the beginning of the names of files beside a store in PostgreSQL."""
        return self.folder / ("seraf.postgresql" if self.address else "seraf.sqlite")

    @property
    def key_file(self) -> Path:
        return self.folder / "seraf.key"

    @property
    def settings(self) -> Settings:
        """The settings for a bot in this process."""
        return Settings.model_validate(
            {
                "telegram_token": SecretStr(self.server.token),
                "telegram_api": self.server.base,
                "lock_minutes": self.lock_minutes,
                "admins": self.admins,
                "state": self.folder,
                "store": self.address or self.store,
                "key_file": self.key_file,
                "pack": self.pack,
                "notes": self.notes,
                "counts": self.counts,
                "teams": "several" if self.has_teams else "one",
                "watch_address": self.watch_address,
                "watch_chat": self.watch_chat,
                "web_address": ORIGIN if self.pages else "",
                "web_bind": f"127.0.0.1:{self.pages or 8080}",
            }
        )

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables for a bot in its own process."""
        return {
            "SERAF_TELEGRAM_TOKEN": self.server.token,
            "SERAF_TELEGRAM_API": self.server.base,
            "SERAF_LOCK_MINUTES": str(self.lock_minutes),
            "SERAF_ADMINS": ",".join(map(str, sorted(self.admins))),
            "SERAF_STATE": str(self.folder),
            "SERAF_STORE": self.address or str(self.store),
            "SERAF_KEY_FILE": str(self.key_file),
            "SERAF_PACK": str(self.pack),
            "SERAF_NOTES": "on" if self.notes else "off",
            "SERAF_COUNTS": "on" if self.counts else "off",
            "SERAF_WATCH_ADDRESS": self.watch_address,
        }

    def has_polled(self) -> None:
        """Record that a bot has just polled from here, so the next one does not look for another first."""
        if self.is_newcomer:
            return
        now = datetime.now(UTC)
        before = last_vitals(self.store) or Vitals(now, now, has_store=True, is_keeping=True)
        reach = replace(before.reach, bot=self.settings.bot_number)
        write_vitals(self.store, replace(before, last=replace(before.last, polled=now), reach=reach))

    async def opened(self) -> Store:
        """Return the store, opened next to the bot."""
        return await open_store(StorePlace(self.store, self.address), self.key_file, upgrades=True)

    async def admit(self, now: datetime | None = None) -> None:
        """Admit the people in `admitted` who have no row yet, with open chats."""
        if not self.admitted:
            return
        keys, store = load_key_file(self.key_file), await self.opened()
        for role, people in groupby(sorted(self.admitted, key=self._role), self._role):
            await admit(store, [f"telegram:{each}" for each in sorted(people)], access(keys, Role(role), at=now))
        await store.close()

    def _role(self, person: int) -> str:
        return self.roles.get(person, Role.PRACTITIONER)

    async def reopen(self, person: int, now: datetime) -> None:
        """Open the chat of a person at this time, as if they had just entered their PIN."""

        def opening(record: Record, _: object = None) -> Decision:
            standing = read_account(record.access)
            assert isinstance(standing, Account)
            return Decision(replace(record, access=written(altered(standing, seen=now, is_locked=False))), ())

        store = await self.opened()
        await store.turns([Inbound(f"reopen {person} {now}", now, f"telegram:{person}", opening, None)])
        await store.write(lambda t: t.channel.mark_polled(now))
        await store.close()

    async def record(self, person: int) -> Record | None:
        store = await self.opened()
        found = await store.recall(f"telegram:{person}")
        await store.close()
        return found[0] if found else None

    async def session(self, person: int) -> Session:
        record = await self.record(person)
        assert record is not None
        return session_of(record)

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """Read the database as a second program."""
        with closing(connected(self.address) if self.address else sqlite3.connect(self.store)) as other:
            return other.execute(statement).fetchall()
