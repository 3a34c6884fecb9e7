"""An organisation whose clock a test moves: its folder, its command line, and its people.

The commands are the real ones. People talk to the real conversation, over the store of the folder.
"""

import asyncio
import itertools
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

import pytest

from bot.access.account import Account, Removed, read_account
from bot.conversation.conversation import Conversation
from bot.crypto.at_random import make_code, make_reference
from bot.crypto.keys import load_key_file
from bot.rehearsal.mode import REHEARSALS
from bot.runtime.settings import StorePlace
from bot.storage.opening import open_store
from bot.storage.values import KeyOnly, first_record
from tests.support.command_line.cli import run
from tests.support.command_line.desk import APART, Folder
from tests.support.people.admitting import PIN, door
from tests.support.people.visiting import Hands, Visitor
from tests.support.shipped import SCRIPT
from tests.support.store.keeping import write_identity

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday. All days of the story are counted from it."""

FIRST = "telegram:1"
"""The first administrator, whose Telegram number is in the settings."""

IDENTITY = "identity.txt"
"""The identity file, which decrypts backups."""


class Member(Visitor):
    """A person of the organisation, who uses the real conversation with the keys of its folder."""

    def __init__(self, person: str, clock: Hands, keys_of: Path) -> None:
        super().__init__(person)
        self.clock = clock
        self._keys = (
            token_hex() for _ in itertools.count()
        )  # so that a member with the same number in another folder does not repeat an event key
        own = door(load_key_file(keys_of))
        self.bot = Conversation(SCRIPT, clock, make_reference, REHEARSALS, door=own, admins=frozenset({FIRST}))

    async def look(self) -> None:
        """Reload the person's row, which the command line may have changed."""
        found = await self.store.recall(self.person)
        self.record = found[0] if found else first_record(self.person)

    async def uses_it(self, code: str = "") -> bool:
        """Send the code, accept the notice, and enter a PIN, if asked. Return True if the chat is open then."""
        await self.look()
        await self.start(code)
        if isinstance(self.outcome, KeyOnly):
            return False
        if "I understand" in self.labels:
            await self.press("I understand")
        if "Choose a PIN" in self.text:
            await self.pin()
            await self.pin()
        if "Tap your PIN" in self.text:
            await self.pin()
        return not self.bot.is_closed(self.record)

    async def begins(self, *, and_finishes: bool = False) -> str:
        """Begin an assessment, up to item 1 or up to its result. Return its reference."""
        assert await self.uses_it()
        await self.begin()
        if and_finishes:
            await self.finish()
        return self.session.reference


@dataclass(slots=True)
class Year:
    """The organisation: its folder, its clock, its people, and the invitation codes that were printed."""

    folder: Folder
    hands: Hands
    codes: list[str]
    staff: dict[str, Member] = field(default_factory=dict)
    gone: list[Member] = field(default_factory=list)
    leads: list[Member] = field(default_factory=list)

    @classmethod
    def begun(cls, path: Path, monkeypatch: pytest.MonkeyPatch) -> "Year":
        """Run `init` in a new folder, with an administrator and a backup recipient. The bot uses the test's clock."""
        hands, codes = Hands(), list[str]()
        hands.at = BEGIN
        monkeypatch.setattr("bot.runtime.clock.SystemClock.now", lambda _: hands.at)
        monkeypatch.setattr("bot.cli.people.inviting.make_code", lambda: _noted(codes))
        path.mkdir()
        assert run(path, "init").status == 0
        settings = path / ".env"
        values = {"ADMINS": "1", "BACKUP_RECIPIENTS": write_identity(path / IDENTITY)}
        text = settings.read_text(encoding="utf-8")
        for name, value in values.items():
            assert f"SERAF_{name}=\n" in text
            text = text.replace(f"SERAF_{name}=\n", f"SERAF_{name}={value}\n")
        settings.write_text(text, encoding="utf-8")
        return cls(Folder(path), hands, codes)

    def day(self, number: int, *, hour: int = 0) -> None:
        """Set the clock to a day, counted from `BEGIN`. It can only move forward."""
        then = BEGIN + timedelta(days=number, hours=hour)
        assert then >= self.hands.at
        self.hands.at = then

    @property
    def people(self) -> list[Member]:
        """The staff, in order of their arrival."""
        return list(self.staff.values())

    @property
    def everybody(self) -> list[Member]:
        """All people who must have access: administrators and staff."""
        return [*self.leads, *self.staff.values()]

    def member(self, number: int) -> Member:
        """Return the person with this Telegram number."""
        return Member(f"telegram:{number}", self.hands, self.folder.key_file)

    def meet(self, work: Callable[[], Awaitable[object]]) -> None:
        """Run `work` with the store open, so that people can use the bot."""

        async def at_work() -> None:
            store = await open_store(StorePlace(self.folder.path / "var" / "seraf.sqlite"), self.folder.key_file)
            for member in (*self.everybody, *self.gone):
                member.store = store
            try:
                await work()
            finally:
                await store.close()

        asyncio.run(at_work())

    def who_can_use_it(self, members: Iterable[Member]) -> list[bool]:
        """Let each of these people try to use the bot. Return whether they could."""
        found: list[bool] = []

        async def try_all() -> None:
            for member in members:
                found.append(await member.uses_it())

        self.meet(try_all)
        return found

    def demand_exactly_those(self, *, of: int | None = None) -> None:
        """Check that exactly the people who must have access can use the bot. `of` limits how many try it."""
        should, should_not = self.everybody[:of], self.gone[:of]
        assert self.who_can_use_it([*should, *should_not]) == [True] * len(should) + [False] * len(should_not)

    def confirmed(self, *words: str, by: str = "", status: int = 0) -> str:
        """Run a command that an administrator confirms, by default the latest one. Return its output and errors."""
        typed, who = f"{PIN}\n".encode(), by or self.who(self.leads[-1])
        ran = run(self.folder.path, *words, "--confirmed-by", who, typed=typed, settings={"COLUMNS": "300"})
        assert ran.status == status, ran
        return ran.out + ran.err

    def who(self, member: Member) -> str:
        """Return the id that a person has in the list of people and in the audit."""
        access = read_account(self.folder.record(member.person).access)
        assert isinstance(access, Account)
        return access.audit_id

    def is_removed(self, member: Member) -> bool:
        """Return True if only the removal of a person is stored, and perhaps a case that is held."""
        record = self.folder.record(member.person)
        return isinstance(read_account(record.access), Removed) and record.profile == "{}" and not record.rehearsal

    def happened(self) -> Mapping[str, int]:
        """Verify the audit, and return how often each kind of event is in it."""
        assert self.folder.said("audit", "verify").startswith("Whole: ")
        return Counter(what for _, what, _ in self.folder.entries())

    def listed(self, *words: str) -> list[dict[str, object]]:
        """Return the rows of `people list --json`."""
        rows: list[dict[str, object]] = json.loads(self.folder.said("people", "list", "--json", *words))
        return rows

    def rows(self, *tables: str) -> int:
        """Return the total number of rows in these tables of the store."""
        with closing(sqlite3.connect(self.folder.path / "var" / "seraf.sqlite")) as database:
            counted = (database.execute(f"SELECT count(*) FROM {each}").fetchone()[0] for each in tables)
            return sum(counted)

    def remove(self, *members: Member) -> None:
        """Remove these people, one command each."""
        for member in members:
            self.folder.said("people", "remove", self.who(member), "--yes")
            self.gone.append(member)
            self.staff = {label: each for label, each in self.staff.items() if each is not member}

    def moved(self, path: Path) -> "Year":
        """Return the organisation in a new folder, with only the settings, the key file and the backup identity."""
        path.mkdir()
        for name in (".env", IDENTITY):
            shutil.copy2(self.folder.path / name, path / name)
        (path / APART).parent.mkdir(mode=0o700, parents=True)
        shutil.copy2(self.folder.key_file, path / APART)
        return self.at(path)

    def at(self, path: Path) -> "Year":
        """Return the same people as users of the bot in another folder, which has the same key file."""

        def again(members: Iterable[Member]) -> list[Member]:
            return [Member(each.person, self.hands, self.folder.key_file) for each in members]

        staff = dict(zip(self.staff, again(self.people), strict=True))
        return Year(Folder(path), self.hands, self.codes, staff, again(self.gone), again(self.leads))


def _noted(codes: list[str]) -> str:
    """Return a new code, and record it, since it is otherwise only printed on a slip."""
    codes.append(make_code())
    return codes[-1]
