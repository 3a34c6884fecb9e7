"""A folder for the command line, with settings and a key file. Tests can add people with a case to its store."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from secrets import token_hex
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import TypeVar

from bot.access.account import Account, Removed, written
from bot.conversation.records import with_session
from bot.crypto.keys import load_key_file
from bot.runtime.settings import StorePlace
from bot.runtime.starting import EARLIER_KEY_FILE
from bot.storage.cases import NO_CALL, CallReminder
from bot.storage.opening import open_store
from bot.storage.store import Store
from bot.storage.tables import Tables
from bot.storage.values import Decision, Inbound, Record
from bot.trail.chain import Entry
from dialogs.core.role import Role
from dialogs.core.session import Session
from tests.support.command_line.cli import Ran, run
from tests.support.people.admitting import access
from tests.support.shipped import OCCASION
from tests.support.store.server import address_of_a_test
from tests.support.talk.talking import Talk

APART = Path(".config", "seraf-bot", "seraf.key")
"""Where `init` creates the key file, relative to the folder, which is its own home."""

WHO = "0a0b0c0d"
SAM = "telegram:7"
REFERENCE = OCCASION.reference
WORDS = tuple(REFERENCE.split())

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of a bot, in which tests run commands and read the store."""

    path: Path

    @property
    def place(self) -> StorePlace:
        """The place of the store that the settings in this folder name."""
        settings = self.path / ".env"
        named = re.search(
            r"^SERAF_STORE=(postgresql:.*)$", settings.read_text() if settings.exists() else "", re.MULTILINE
        )
        address = named[1] if named else ""
        return StorePlace(self.path / "var" / ("seraf.postgresql" if address else "seraf.sqlite"), address)

    def run(self, *words: str, **settings: str) -> Ran:
        """Run a command in this folder, on a terminal of 300 columns."""
        return run(self.path, *words, settings={"COLUMNS": "300"} | settings)

    def said(self, *words: str, **settings: str) -> str:
        """Return the output of a command that must succeed."""
        ran = self.run(*words, **settings)
        assert (ran.status, ran.err) == (0, ""), ran
        return ran.out

    def refused(self, *words: str, **settings: str) -> str:
        """Return the error message of a command that must end with status 2 and print nothing else."""
        ran = self.run(*words, **settings)
        assert (ran.status, ran.out) == (2, ""), ran
        return ran.err

    @property
    def key_file(self) -> Path:
        """The key file, where earlier releases had it if it is there, otherwise where `init` creates it now."""
        earlier = self.path / EARLIER_KEY_FILE
        return earlier if earlier.exists() else self.path / APART

    def part(self) -> None:
        """Move the key file from where earlier releases had it to where `init` creates it now."""
        (self.path / APART).parent.mkdir(mode=0o700, parents=True)
        self.key_file.rename(self.path / APART)

    def do(self, work: Callable[[Store], Awaitable[Result]]) -> Result:
        """Open the store, run a function on it, and return the result."""

        async def opened() -> Result:
            store = await open_store(self.place, self.key_file)
            try:
                return await work(store)
            finally:
                await store.close()

        return asyncio.run(opened())

    def standing(self, role: Role = Role.PRACTITIONER, *, who: str = WHO, at: datetime | None = None) -> Account:
        """Return an account whose chat is open."""
        return access(load_key_file(self.key_file), role, at=at, who=who)

    def admit(
        self,
        person: str = SAM,
        standing: Account | Removed | None = None,
        *,
        reference: str = REFERENCE,
        due: datetime | None = None,
        active: datetime | None = None,
        held: bool = False,
        call: CallReminder = NO_CALL,
    ) -> None:
        """Admit a person, with a case of this reference, or without a case if the reference is empty.

        They were last active in the case at `active`. With `held` it is on hold, and `call` is its call reminder.
        """
        now, given = datetime.now(UTC), standing or self.standing()

        # In a store of an earlier release, several people may have the same reference.
        def same(tables: Tables) -> int:
            return next(at for at in range(1, 9) if tables.cases.is_new(reference, at))

        number = self.do(lambda store: store.read(same))

        def begin(record: Record, _: object = None) -> Decision:
            after = with_case(replace(record, active=active or now), reference) if reference else record
            heads = tuple(replace(head, held=held, call=call, number=number) for head in after.heads)
            return Decision(replace(after, active=now, access=written(given), due=due, heads=heads), ())

        self.do(lambda store: store.turns([Inbound(f"admit {token_hex(8)}", now, person, begin, None)]))

    def record(self, person: str = SAM) -> Record:
        found = self.do(lambda store: store.recall(person))
        assert found is not None
        return found[0]

    def entries(self) -> list[tuple[str, str, str]]:
        """Return for each audit entry: who did it, what was done, and the reference of the case."""
        return [
            (entry.who, str(entry.what), entry.reference)
            for entry in self.do(lambda store: store.read(lambda t: t.audit.entries()))
        ]

    def enter(self, *entries: Entry) -> None:
        self.do(lambda store: store.write(lambda t: t.audit.append(entries)))


def made(path: Path, address: str = "") -> Folder:
    """Make a folder with settings, and a key file in the place of earlier releases, named by no setting."""
    copytree(_made_once().name, path, dirs_exist_ok=True)
    if address := address or address_of_a_test():
        text = (path / ".env").read_text()
        (path / ".env").write_text(re.sub(r"^SERAF_STORE=.*$", f"SERAF_STORE={address}", text, flags=re.MULTILINE))
    return Folder(path)


@cache
def _made_once() -> TemporaryDirectory[str]:
    folder = TemporaryDirectory()
    assert run(Path(folder.name), "init", settings={"SERAF_KEY_FILE": str(EARLIER_KEY_FILE)}).status == 0
    return folder


@cache
def begun(reference: str = REFERENCE) -> Session:
    """Return the session of an assessment in progress."""
    talk = Talk().begin()
    while not talk.session.has_case:
        talk.press(talk.labels[0])
    return replace(talk.session, reference=reference)


def with_case(record: Record, reference: str = REFERENCE) -> Record:
    """Return the record with an assessment in progress."""
    session = begun(reference)
    return with_session(record, session)
