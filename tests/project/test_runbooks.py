"""Every command of the runbooks, run in a sandbox in the order in which it stands.

A line may end in `# exit 1` where another exit status is what it is for. Files that a runbook moves by hand are moved.
"""

import asyncio
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.access.standing import written
from bot.crypto.keys import load_key_file
from bot.storage.sqlite.store import open_sqlite
from bot.storage.store import Decision, Entry, Inbound, Record
from bot.trail.audit import What
from dialogs.core.codec import encode
from dialogs.core.session import Session
from tests.support.command_line.cli import run
from tests.support.command_line.desk import APART
from tests.support.people.admitting import access
from tests.support.places import ROOT
from tests.support.shipped import OCCASION
from tests.support.store.keeping import write_identity
from tests.support.talk.talking import Talk

FOLDER = ROOT / "docs" / "governance" / "runbooks"
RUNBOOKS = sorted(FOLDER.glob("*.md"))
PLACEHOLDERS = frozenset({"PERSON", "REFERENCE", "BACKUP", "IDENTITY", "HEAD", "NAME"})

WHO = "0a0b0c0d"
STORE = Path("var/seraf.sqlite")
KEY_FILE = APART
BACKUPS = Path("var/backups")
IDENTITY = "identity.txt"
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A bot's folder that a runbook may work in, and what its placeholders stand for there."""

    folder: Path
    head: str

    def value(self, placeholder: str) -> str:
        """What somebody would put in a placeholder's place now; the backup is the latest one."""
        match placeholder:
            case "BACKUP":
                latest = max((self.folder / BACKUPS).glob("*.age"), key=lambda path: path.stat().st_mtime_ns)
                return str(latest.relative_to(self.folder))
            case "HEAD":
                return self.head
            case _:
                return {"PERSON": WHO, "REFERENCE": OCCASION.reference, "IDENTITY": IDENTITY, "NAME": "Front-desk"}[
                    placeholder
                ]

    def filled(self, line: str) -> list[str]:
        """The words of a command, with every placeholder replaced."""
        return shlex.split(re.sub(r"\b[A-Z]{4,}\b", lambda found: self.value(found[0]), line))


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a runbook: a command with the exit status that it ends with, or a file to be moved by hand."""

    line: str
    status: int = 0

    @property
    def is_command(self) -> bool:
        """Whether it is typed at the bot's own command line."""
        return self.line.startswith("seraf-bot ")


def steps(text: str) -> Iterator[Step]:
    """What a runbook has somebody do, in order: every line marked `sh`, and the moves among those marked `text`."""
    for mark, block in FENCE.findall(text):
        for line in filter(None, map(str.strip, block.splitlines())):
            command, _, status = line.partition(" # exit ")
            if mark == "sh":
                yield Step(command, int(status or 0))
            elif line.startswith("mv "):
                yield Step(line)


def sandbox(folder: Path) -> Sandbox:
    """Make a bot's folder: settings and key file by `seraf-bot init`, somebody admitted with an open case, a backup."""
    assert run(folder, "init").status == 0
    recipient, settings = write_identity(folder / IDENTITY), folder / ".env"
    values = {"TELEGRAM_TOKEN": "123456:sandbox", "ADMINS": "7", "BACKUP_RECIPIENTS": recipient}
    text = settings.read_text(encoding="utf-8")
    for name, value in values.items():
        assert f"SERAF_{name}=\n" in text
        text = text.replace(f"SERAF_{name}=\n", f"SERAF_{name}={value}\n")
    settings.write_text(text, encoding="utf-8")
    asyncio.run(_fill(folder))
    backed_up = run(folder, "backup", "create", "--to", str(BACKUPS / "sandbox.age"))
    head = re.search(r"^Head: (\S+)$", backed_up.out, re.MULTILINE)
    assert head is not None, backed_up.err
    return Sandbox(folder, head[1])


async def _fill(folder: Path) -> None:
    """Put somebody with an open case into the store of a folder."""
    keys, session, now = load_key_file(folder / KEY_FILE), _begun(), datetime.now(UTC)
    standing = replace(access(keys, at=now, who=WHO), name="Front-desk")

    def begin(record: Record) -> Decision:
        """Admit, and begin."""
        talking = replace(record, case=encode(session), phase=str(session.phase), edition=session.fingerprint)
        after = replace(talking, card=session.card, active=now, access=written(standing))
        return Decision(after, (), (Entry(now, WHO, What.BEGUN, session.reference),))

    store = await open_sqlite(folder / STORE, keys)
    await store.turns([Inbound("sandbox", now, "telegram:42", begin, None)])
    await store.close()


def _begun() -> Session:
    """An assessment that is under way."""
    talk = Talk().begin()
    while not talk.session.has_case:
        talk.press(talk.labels[0])
    return talk.session


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """A sandbox that is copied for each runbook."""
    return sandbox(tmp_path_factory.mktemp("sandbox"))


def moved(folder: Path, line: str) -> None:
    """Move a file as the runbook says; one that is there only now and then need not be."""
    _, source, target = shlex.split(line.replace("~/", ""))
    if (folder / source).exists() or not source.endswith(("-wal", "-shm")):
        (folder / source).rename(folder / target)


@pytest.mark.parametrize("path", RUNBOOKS, ids=lambda path: path.stem)
def test_every_command_of_a_runbook_does_what_it_is_for(path: Path, made: Sandbox, tmp_path: Path) -> None:
    """Each ends with the status that is written beside it, and says nothing of a fault where that is 0."""
    here = replace(made, folder=tmp_path / "bot")
    shutil.copytree(made.folder, here.folder)

    for step in steps(path.read_text(encoding="utf-8")):
        if not step.is_command:
            moved(here.folder, step.line)
            continue
        ran = run(here.folder, *here.filled(step.line)[1:])
        assert ran.status == step.status, f"{step.line}\n{ran.out}{ran.err}"


@pytest.mark.parametrize("path", RUNBOOKS, ids=lambda path: path.stem)
def test_a_runbook_has_commands_of_the_bot_alone_and_known_placeholders(path: Path) -> None:
    """So that all of it is run, and whoever reads it knows what to put in."""
    text = path.read_text(encoding="utf-8")
    lines = [line.strip() for mark, block in FENCE.findall(text) if mark == "sh" for line in block.splitlines()]

    words = {word for line in lines for word in re.findall(r"\b[A-Z]{2,}\b", line)}

    assert lines
    assert [line for line in lines if not line.startswith("seraf-bot ")] == []
    assert {mark for mark, _ in FENCE.findall(text)} <= {"sh", "text"}
    assert words <= PLACEHOLDERS


def test_there_is_a_runbook_for_each_case() -> None:
    """And the page of the papers leads to every one."""
    names = {
        "first-day",
        "forgotten-pin",
        "hold",
        "key-leaked",
        "leaked-token",
        "leaver",
        "lost-phone",
        "put-back",
        "restore",
    }
    page = (FOLDER.parent / "README.md").read_text(encoding="utf-8")

    assert {path.stem for path in RUNBOOKS} == names
    assert [name for name in names if f"(runbooks/{name}.md)" not in page] == []


def test_a_step_is_read_with_its_status() -> None:
    """In lists too; what is neither the bot's command nor a move is left to the reader."""
    text = (
        "1. Do:\n\n"
        "   ```sh\n   seraf-bot check # exit 1\n   seraf-bot purge\n   ```\n"
        "```text\nsystemctl stop seraf-bot\nmv a b\n```\n"
    )

    assert list(steps(text)) == [Step("seraf-bot check", 1), Step("seraf-bot purge"), Step("mv a b")]
