"""A folder with a key file and a store that contains rows of every kind, and the identity file for its backups."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage

from bot.access.account import Removed, written
from bot.crypto.keys import create_key_file
from bot.operations.backup.file_format import Backup
from bot.operations.backup.service import copied
from bot.runtime.settings import Settings, StorePlace
from bot.storage.opening import open_store
from bot.storage.store import Store
from bot.storage.values import Decision, Inbound, MonthlyCount, OwedDocument, Record, Reminder, Shown
from bot.trail.chain import Entry
from dialogs.core.teams import Member, Team, TeamPlace
from seraf.advice.contacts import Check
from tests.support.store.builders import having

NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)
FAR = NOON + timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Keep:
    """The folder of a store, its key file and its backups."""

    folder: Path
    address: str = ""
    """The address of the store in PostgreSQL; empty where it is a file."""

    @classmethod
    def made(cls, folder: Path, address: str = "") -> "Keep":
        """Return a folder with a new key file, and a backup identity file elsewhere."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keep = cls(folder, address)
        create_key_file(keep.key_file)
        write_identity(keep.identity)
        return keep

    def elsewhere(self, address: str = "") -> "Keep":
        """Return another machine with copies of the key file and the identity file, and no store."""
        there = Keep(self.folder.with_name("elsewhere"), address)
        there.folder.mkdir(mode=0o700)
        shutil.copy2(self.key_file, there.key_file)
        shutil.copy2(self.identity, there.identity)
        return there

    @property
    def store(self) -> Path:
        """The database file, or the beginning of the names of files beside a store in PostgreSQL."""
        return self.folder / ("seraf.postgresql" if self.address else "seraf.sqlite")

    @property
    def place(self) -> StorePlace:
        return StorePlace(self.store, self.address)

    @property
    def key_file(self) -> Path:
        return self.folder / "seraf.key"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def identity(self) -> Path:
        """The identity file. It is outside the folder, since in production it is not on the bot's machine."""
        return self.folder.with_name(f"{self.folder.name}-identity.txt")

    @property
    def recipient(self) -> str:
        """The public key of the identity, to which backups are encrypted."""
        return str(pyrage.x25519.Identity.from_str(self.identity.read_text().split()[-1]).to_public())

    @property
    def settings(self) -> Settings:
        """The settings of a command in this process."""
        places: dict[str, Any] = {"store": self.place, "key_file": self.key_file, "backup_folder": self.backups}
        return Settings.model_validate(places | {"backup_recipients": (self.recipient,)})

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables for a command in its own process."""
        return {
            "SERAF_STATE": str(self.folder),
            "SERAF_STORE": str(self.place),
            "SERAF_KEY_FILE": str(self.key_file),
            "SERAF_BACKUP_FOLDER": str(self.backups),
            "SERAF_BACKUP_RECIPIENTS": self.recipient,
        }

    async def opened(self) -> Store:
        """Return the store, opened with the current key file."""
        return await open_store(self.place, self.key_file)

    async def fill(self, people: int = 3, *, word: str = "word") -> None:
        """Store rows of every kind, each with this word in it, for this many people."""
        store = await self.opened()
        await store.turns([put(number, f"{word} {number}") for number in range(people)])
        await store.turns([rehearse(number, f"{word} {number}") for number in range(people)])
        for number in range(people):
            await store.show(person(number), Shown(f"{word} {number}", NOON, b"delivered", sending=False))
        await store.write(lambda t: t.messages_to_remove.add(person(0), f"{word} of the bot", born=NOON))
        await store.write(lambda t: t.invitation_codes.issue(f"{word}-code", f"ticket {word}", until=FAR))
        check = Check("art", f"number {word}", NOON.date(), is_right=True)
        await store.write(lambda t: t.contact_checks.keep(check))
        count = MonthlyCount("2026-03", "lead", word)
        await store.write(lambda t: t.monthly_counts.add((count,)))
        await store.write(lambda t: t.teams.keep(Team(f"team {word}", (Member("dada0001", TeamPlace.MANAGES),))))
        await store.write(lambda t: t.editions.keep("fingerprint", f"instrument {word}".encode()))
        await store.write(lambda t: t.channel.mark_polled(NOON))
        await store.close()

    def backup(self) -> Backup:
        """Return a backup of the current database, taken at `NOON`."""
        with copied(self.settings, at=NOON) as made:
            return Backup(made.manifest, made.copy.file.read(), made.proof)

    async def everything(self) -> Mapping[str, object]:
        """Return the decrypted content of the store, by kind."""
        store = await self.opened()
        try:
            return {
                "everyone": await store.everyone(),
                "messages": await store.read(lambda t: t.messages_to_remove.oldest_first()),
                "messages of one": await store.read(lambda t: t.messages_to_remove.of(person(0))),
                "editions": dict(await store.read(lambda t: t.editions.by_fingerprint())),
                "reminders": await store.read(lambda t: t.reminders.due(FAR)),
                "checks": await store.read(lambda t: t.contact_checks.latest()),
                "counts": await store.read(lambda t: t.monthly_counts.by_month()),
                "teams": await store.read(lambda t: t.teams.everyone()),
                "documents": await store.read(lambda t: t.documents.owed()),
                "polled": await store.read(lambda t: t.channel.polled_at()),
            }
        finally:
            await store.close()

    async def words(self) -> tuple[str, ...]:
        """Return the kinds of all audit entries, in order."""
        store = await self.opened()
        entries = await store.read(lambda t: t.audit.entries())
        await store.close()
        return tuple(str(entry.what) for entry in entries)


def person(number: int) -> str:
    """Return the id under which a store knows the person with this number."""
    return f"telegram:{number}"


def put(number: int, text: str, *, key: str = "put") -> Inbound:
    """Return an event that stores a case, an account, an audit entry, a reminder and a document, all with this text."""
    later = timedelta(minutes=number)

    def decide(record: Record, _: object = None) -> Decision:
        """Return the decision that stores them."""
        after = replace(record, card=record.card + 1, profile=f"profile {text}", phase="asking")
        after = replace(
            after,
            edition="fingerprint",
            active=NOON + later,
            access=written(Removed(was=f"access {text}")),
            due=FAR - later,
        )
        reference = record.hand or f"reference {text}"
        after = having(after, json.dumps({"ref": reference, "said": f"case {text}"}), reference=reference)
        after = replace(after, heads=tuple(replace(head, held=True) for head in after.heads))
        entry = Entry(NOON, f"{number:08x}", "begun", f"reference {number}")
        reminder = Reminder(record.person, f"reference {text}", FAR - later)
        document = OwedDocument(record.person, reference, "pdf", NOON + later)
        return Decision(after, (), (entry, reminder, document))

    return Inbound(key=f"{key}:{number}", at=NOON, person=person(number), decide=decide, own_message=f"own {text}")


def rehearse(number: int, text: str, *, key: str = "rehearse") -> Inbound:
    """Return an event that stores a rehearsal of a person and a document of it, both with this text."""

    def decide(record: Record, _: object = None) -> Decision:
        """Return the decision that stores them."""
        document = OwedDocument(record.person, "", f"kind {text}", NOON)
        return Decision(replace(record, rehearsal=f"rehearsal {text}"), (), (document,))

    return Inbound(key=f"{key}:{number}", at=NOON, person=person(number), decide=decide, own_message=None)


def erase(number: int) -> Inbound:
    """Return an event that erases the case of a person."""

    def decide(record: Record, _: object = None) -> Decision:
        """Return the decision that erases the case."""
        return Decision(having(replace(record, phase="", edition=""), None), ())

    return Inbound(key=f"erase:{number}", at=NOON, person=person(number), decide=decide, own_message=None)


def write_identity(path: Path) -> str:
    """Write an identity file as age-keygen does, and return its public key."""
    identity = pyrage.x25519.Identity.generate()
    path.write_text(f"# created: 2026-11-24T12:00:00Z\n# public key: {identity.to_public()}\n{identity}\n")
    path.chmod(0o600)
    return str(identity.to_public())
