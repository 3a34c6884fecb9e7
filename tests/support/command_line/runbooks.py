"""Runs the runbooks in a sample organisation: it fills their capitalised placeholders in, and runs every command.

Commands of the bot and simple file commands really run; systemd and age are replaced by fakes. A command that begins
with anything else is an error.
"""

import asyncio
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pyrage

from bot.access.account import Account, written
from bot.access.admission import Invitation
from bot.conversation.records import with_session
from bot.crypto.keys import load_key_file
from bot.operations.backup.file_format import identities_of
from bot.runtime.settings import StorePlace
from bot.storage.opening import open_store
from bot.storage.postgres.lease import KnownNumber
from bot.storage.values import Decision, Inbound, Record
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.role import Role
from tests.support.command_line.cli import Ran, run
from tests.support.command_line.desk import APART, begun
from tests.support.people.accounts import altered
from tests.support.people.admitting import PIN, access
from tests.support.places import ROOT
from tests.support.shipped import OCCASION
from tests.support.store.keeping import write_identity
from tests.support.store.server import Server, as_postgres, cluster, connected, demand_programs, standby

WHO, BOSS, INVITED = "0a0b0c0d", "1a2b3c4d", "5e6f7a8b"
STORE, BACKUPS = Path("var/seraf.sqlite"), Path("var/backups")
COPY, IDENTITY, PLACE = "apart/seraf.key.copy", "identity.txt", "apart"
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)

WORDS: Mapping[str, str] = {
    "PERSON": WHO,
    "ADMIN": BOSS,
    "INVITATION": INVITED,
    "REFERENCE": OCCASION.reference,
    "NAME": "Front-desk",
    "IDENTITY": IDENTITY,
    "PLACE": PLACE,
    "COPY": COPY,
}
"""The values of capitalised placeholders. BACKUP, HEAD and RECIPIENT are looked up only when they are needed."""

SERVERS = frozenset({"PRIMARY", "STANDBY", "DATA", "OTHER"})
LOOKED_UP = frozenset({"BACKUP", "HEAD", "RECIPIENT"}) | SERVERS
FILES = frozenset({"cat", "cp", "mv", "mkdir", "rm", "tar", "sha256sum"})
"""Programs that do the same here as on any machine."""

NOW_AND_THEN = ("-journal", "-wal", "-shm")
"""The endings of names of files that exist only at times, and so may be missing."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a runbook, with its expected exit status."""

    line: str
    status: int = 0

    @property
    def program(self) -> str:
        """The program that the command calls."""
        return self.line.partition(" ")[0]


def blocks(text: str) -> Iterator[tuple[str, Step]]:
    """Yield each command of a runbook, in order, with the language of its code block."""
    for mark, block in FENCE.findall(text):
        for line in filter(None, map(str.strip, block.splitlines())):
            command, _, status = line.partition(" # exit ")
            yield mark, Step(command, int(status or 0))


@dataclass(frozen=True, slots=True)
class Organisation:
    """A bot's folder for runbooks: an administrator with a PIN, a person with a case, an invitation, a backup."""

    folder: Path
    head: str
    servers: tuple[Server, ...] = ()
    """The database servers, of which the first took the writes, if the store is there."""

    def value(self, word: str) -> str:
        """Return the present value of a placeholder. For BACKUP it is the latest backup."""
        match word:
            case "BACKUP":
                latest = max((self.folder / BACKUPS).glob("*.age"), key=lambda path: path.stat().st_mtime_ns)
                return str(latest.relative_to(self.folder))
            case "HEAD":
                return self.head
            case "RECIPIENT":
                (identity,) = identities_of(self.folder / IDENTITY)
                return str(identity.to_public())
            case "PRIMARY" | "STANDBY" | "DATA" | "OTHER":
                folder = self.servers[word in ("STANDBY", "OTHER")].folder
                return str(folder if word in ("PRIMARY", "STANDBY") else folder / "data")
            case _:
                return WORDS[word]

    def filled(self, line: str) -> list[str]:
        """Return the words of a command, with placeholders and `~/` replaced by their values."""
        known = rf"\b({'|'.join((*WORDS, *LOOKED_UP))})\b"
        said = re.sub(known, lambda found: self.value(found[0]), line)
        return [word.replace("~/", f"{self.folder}/") for word in shlex.split(said)]

    def play(self, step: Step) -> Ran:
        """Run one command, and return its outcome. Raise KeyError if the program is not known here."""
        if step.program in FILES:
            return self._with_files(self.filled(step.line))
        return PROGRAMS[step.program](self, self.filled(step.line))

    def _with_files(self, words: list[str]) -> Ran:
        """Run a file command, with `*` expanded. Moving a file that exists only at times succeeds without it."""
        if words[0] == "mv" and words[1].endswith(NOW_AND_THEN) and not (self.folder / words[1]).exists():
            return Ran(0, "", "")
        found = [sorted(map(str, self.folder.glob(word))) if "*" in word else [word] for word in words]
        ended = subprocess.run(list(chain(*found)), cwd=self.folder, capture_output=True, text=True, timeout=60)
        return Ran(ended.returncode, ended.stdout, ended.stderr)

    def copied(self, folder: Path, *, without_key: bool = False) -> "Organisation":
        """Copy the organisation to another folder. Without its key, only the second copy of the key is left."""
        shutil.copytree(self.folder, folder)
        if without_key:
            (folder / APART).unlink()
        return replace(self, folder=folder)


def _bot(here: Organisation, words: list[str]) -> Ran:
    """Run the bot's command line. If `--confirmed-by` is given, type the PIN of the confirming administrator."""
    typed = f"{PIN}\n".encode() if "--confirmed-by" in words else b""
    return run(here.folder, *words[1:], typed=typed)


def _systemctl(_: Organisation, words: list[str]) -> Ran:
    """Check, in place of systemd, that the verb is known and that each unit is shipped."""
    options = {"--now"}
    verb, *units = [word for word in words[1:] if word not in options]
    is_known = verb in {"start", "stop", "restart", "enable", "disable"} and units
    wrong = [each for each in units if not (ROOT / "docs" / "deploy" / each).is_file()]
    return Ran(0 if is_known and not wrong else 1, "", f"{verb} {wrong}")


def _age_keygen(here: Organisation, words: list[str]) -> Ran:
    """Create an identity file, in place of age-keygen, unless it exists."""
    option, name = words[1:]
    if option == "-o" and not (here.folder / "elsewhere" / name).exists():
        (here.folder / "elsewhere").mkdir()
        write_identity(here.folder / "elsewhere" / name)
        return Ran(0, "", "")
    return Ran(1, "", "exists")


def _age(here: Organisation, words: list[str]) -> Ran:
    """Decrypt a file, in place of age."""
    decrypt, by, identity, to, made, file = words[1:]
    assert (decrypt, by, to) == ("--decrypt", "--identity", "--output")
    content = pyrage.decrypt((here.folder / file).read_bytes(), identities_of(here.folder / identity))
    (here.folder / made).write_bytes(content)
    return Ran(0, "", "")


def _python(here: Organisation, words: list[str]) -> Ran:
    """Create a virtual environment as an empty folder."""
    assert words[1:3] == ["-m", "venv"]
    (here.folder / words[3]).mkdir()
    return Ran(0, "", "")


def _postgres(_: Organisation, words: list[str]) -> Ran:
    """Run a program of PostgreSQL as it is."""
    program = str(demand_programs() / words[0])
    ended = subprocess.run(  # type: ignore[call-overload]
        [program, *words[1:]], cwd="/", capture_output=True, text=True, timeout=120, **as_postgres()
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr)


def _pg_ctl(here: Organisation, words: list[str]) -> Ran:
    """Start or stop a server, with the settings of the tests."""
    verb, option, data, *how = words[1:]
    assert (option, how) in (("-D", []), ("-D", ["-m", "fast"]))
    (server,) = [server for server in here.servers if data == str(server.folder / "data")]
    server.signal({"start": "start", "stop": "fast"}[verb])
    return Ran(0, "", "")


PROGRAMS: Mapping[str, Callable[[Organisation, list[str]], Ran]] = {
    "seraf-bot": _bot,
    "systemctl": _systemctl,
    "age-keygen": _age_keygen,
    "age": _age,
    "python3": _python,
    "psql": _postgres,
    "pg_isready": _postgres,
    "pg_basebackup": _postgres,
    "pg_ctl": _pg_ctl,
}
"""The function that runs a command, for each program."""


def organisation(folder: Path) -> Organisation:
    """Create the organisation: `seraf-bot init`, people, a backup, a second copy of the key file, and `.venv`."""
    assert run(folder, "init").status == 0
    (folder / PLACE).mkdir(mode=0o700)
    shutil.copy2(folder / APART, folder / COPY)
    (folder / ".venv").mkdir()
    recipient, settings = write_identity(folder / IDENTITY), folder / ".env"
    values = {"TELEGRAM_TOKEN": "123456:sandbox", "ADMINS": "7", "BACKUP_RECIPIENTS": recipient}
    text = settings.read_text(encoding="utf-8")
    for name, value in values.items():
        assert f"SERAF_{name}=\n" in text
        text = text.replace(f"SERAF_{name}=\n", f"SERAF_{name}={value}\n")
    settings.write_text(text, encoding="utf-8")
    asyncio.run(_fill(folder))
    backed_up = run(folder, "backup", "create", "--to", str(BACKUPS / "organisation.age"))
    head = re.search(r"^Head: (\S+)$", backed_up.out, re.MULTILINE)
    assert head is not None, backed_up.err
    return Organisation(folder, head[1])


@contextmanager
def after_a_failure(here: Organisation) -> Iterator[Organisation]:
    """Yield the same organisation with its store in PostgreSQL, whose server has just failed. Its synchronous standby runs."""
    with cluster() as primary, standby(primary) as second:
        for server in (primary, second):
            server.waits_for_standby()
        primary.run("CREATE DATABASE seraf")
        place = StorePlace(here.folder / "var" / "seraf.postgresql", primary.address("seraf", second))
        with (here.folder / ".env").open("a", encoding="utf-8") as settings:
            settings.write(f"\nSERAF_STORE={place.address}\n")
        asyncio.run(_fill(here.folder, place))
        verified = run(here.folder, "audit", "verify")
        (head,) = re.findall(r"\d+:\S+", verified.out)
        with closing(connected(primary.address("seraf"))) as desk:
            ((number,),) = desk.execute("SELECT number FROM ledger").fetchall()
        KnownNumber(place.path).note(number)
        primary.signal("immediate")
        yield replace(here, head=head, servers=(primary, second))


async def _fill(folder: Path, place: StorePlace | None = None) -> None:
    """Add an administrator, a person with an open case, and an invitation to the store of a folder."""
    keys, session, now = load_key_file(folder / APART), begun(), datetime.now(UTC)
    # A PIN is hashed here, before the transaction.
    person = altered(access(keys, at=now, who=WHO), name="Front-desk")
    boss: Account = altered(access(keys, Role.ADMIN, at=now, who=BOSS), until=now + timedelta(days=9))

    def begin(record: Record, _: object = None) -> Decision:
        talking = with_session(record, session, active=now)
        after = replace(talking, card=session.card, active=now, access=written(person))
        return Decision(after, (), (Entry(now, WHO, AuditEvent.BEGUN, session.reference),))

    def lead(record: Record, _: object = None) -> Decision:
        """Admit an administrator whose access expires soon."""
        return Decision(replace(record, active=now, access=written(boss)), ())

    store = await open_store(place or StorePlace(folder / STORE), folder / APART)
    await store.turns(
        [Inbound("begin", now, "telegram:42", begin, None), Inbound("lead", now, "telegram:9", lead, None)]
    )
    invitation = Invitation(INVITED, Role.PRACTITIONER, "Front-desk")
    await store.write(
        lambda t: t.invitation_codes.issue("23456789ABCDEF", invitation.text(), until=now + timedelta(days=7))
    )
    await store.close()
