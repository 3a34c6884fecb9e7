"""A fake machine on which tests type the commands of `docs/deploy`: a folder is its root.

Files, folders, keys and the bot's command line are real. Systemd, users, containers and installers are not: only their
arguments are checked, and an unknown argument is an error.
"""

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.support.command_line.cli import Ran, run
from tests.support.command_line.desk import APART
from tests.support.command_line.runbooks import FENCE
from tests.support.places import ROOT

DEPLOY = ROOT / "docs" / "deploy"
BOT = Path("srv", "seraf-bot")
"""The bot's folder, relative to the root of the machine."""

GONE, FINE = Ran(0, "", ""), 0
REAL = frozenset({"mv", "rm", "chmod", "mkdir", "ssh-keygen"})
OWNERS = re.compile(r"--(owner|group)=[a-z-]+")
PIP: Mapping[str, frozenset[str]] = {
    "install": frozenset({"--no-index", "--require-hashes", "--no-deps", "--find-links", "-r"}),
    "download": frozenset({"--require-hashes", "--only-binary", "--dest", "-r"}),
    "wheel": frozenset({"--no-deps", "--no-build-isolation", "--wheel-dir"}),
    "uninstall": frozenset({"--yes"}),
}
"""The options that each pip command may be given."""

SAVED = frozenset({"ini", "curl"})
"""The languages of code blocks whose content is saved as a file."""

CONTAINER = frozenset({"pull", "image", "build", "run", "secret"})
OF_OTHERS = frozenset({"podman-restart.service"})
"""Systemd units that other software brings."""

UNIT_VERBS = frozenset({"enable", "status", "start", "stop", "restart", "daemon-reload"})


def typed(text: str) -> Iterator[str]:
    """Yield each command of a page, with continued lines joined. Blocks that are saved as scripts are left out."""
    for mark, block in FENCE.findall(text):
        whole = re.sub(r"\s*\\\n\s*", " ", block)
        if mark not in SAVED and not whole.lstrip().startswith(("#!", "( ")):
            yield from filter(None, map(str.strip, whole.splitlines()))


@dataclass(frozen=True, slots=True)
class Machine:
    """A fake machine, with a folder as its root. The typed commands create the bot's folder in it."""

    root: Path

    def play(self, line: str) -> Ran:
        """Run one command, and return its outcome. Raise KeyError if the program is not known here."""
        words = [self._here(word) for word in shlex.split(line)]
        program = Path(words[0]).name
        if program in REAL:
            return self._really(words)
        return PROGRAMS[program](self, words)

    @property
    def bot(self) -> Path:
        return self.root / BOT

    def _here(self, word: str) -> str:
        return str(self.root) + word if re.match(r"/(srv|etc|opt)/", word) else word

    def _really(self, words: list[str]) -> Ran:
        here = self.bot if self.bot.exists() and not words[-1].startswith("build/") else self.root
        for there in ("srv", "etc/seraf-bot"):
            (self.root / there).mkdir(parents=True, exist_ok=True)
        ended = subprocess.run(words, cwd=here, capture_output=True, text=True, timeout=60)
        return Ran(ended.returncode, ended.stdout, ended.stderr)


def _bot(machine: Machine, words: list[str]) -> Ran:
    """Run the bot's command line. `run`, which would not end, is only asked for its help."""
    asked = words[1:] if words[1:] != ["run"] else ["run", "--help"]
    return run(machine.bot, *asked)


def _install(machine: Machine, words: list[str]) -> Ran:
    """Create folders, without the owner and group, which this machine does not have."""
    return machine._really([word for word in words if not OWNERS.fullmatch(word)])  # noqa: SLF001 - a part of it


def _python(machine: Machine, words: list[str]) -> Ran:
    """Create a virtual environment as an empty folder. For pip, check the options, and that its files exist."""
    match words[1:]:
        case ["-m", "venv", name]:
            here = machine.root if name.startswith("build/") else machine.bot
            (here / name).mkdir(parents=True)
            return GONE
        case ["-m", "pip", verb, *rest]:
            return _pip(machine, verb, rest)
    return Ran(1, "", "no such words")


def _pip(machine: Machine, verb: str, rest: list[str]) -> Ran:
    wrong = [word for word in rest if word.startswith("-") and word not in PIP[verb]]
    lists = [after for word, after in pairwise(rest) if word == "-r"]
    read = [each for each in lists if not any((place / each).is_file() for place in (ROOT, machine.bot))]
    closed = verb == "uninstall" or {"--require-hashes", "--no-deps"} & set(rest)
    if verb == "wheel":
        (machine.root / rest[rest.index("--wheel-dir") + 1]).mkdir(parents=True, exist_ok=True)
    return Ran(FINE if not wrong and not read and closed else 1, "", f"{wrong} {read} {verb}")


def _cp(machine: Machine, words: list[str]) -> Ran:
    """Copy a file of the source into the wheelhouse, or, with `-r`, the wheelhouse into the bot's folder."""
    *options, source, target = words[1:]
    to = machine.root / target
    if options == ["-r"]:
        shutil.copytree(machine.root / source, to)
        return GONE
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(ROOT / source, to)
    return GONE


def _systemctl(_: Machine, words: list[str]) -> Ran:
    """Check the verb, and that each unit is shipped. An instance such as `a@b.service` belongs to `a@.service`."""
    verb, *units = [word for word in words[1:] if word != "--now"]
    files = [re.sub(r"@[a-z]+\.", "@.", each) for each in units]
    wrong = [each for each in files if each not in OF_OTHERS and not (DEPLOY / each).is_file()]
    return Ran(FINE if verb in UNIT_VERBS and not wrong else 1, "", f"{verb} {wrong}")


def _useradd(_: Machine, words: list[str]) -> Ran:
    """Accept only a system user without a login shell."""
    wanted = {"--system", "--home-dir", "--shell", "/usr/sbin/nologin"}
    return Ran(FINE if wanted <= set(words) else 1, "", "")


def _chown(machine: Machine, words: list[str]) -> Ran:
    """Accept only an owner with a group, and existing files."""
    owner, *given = [word for word in words[1:] if word != "-R"]
    missing = [each for each in given if not Path(each).exists()]
    return Ran(FINE if not missing and ":" in owner else 1, "", f"{missing}")


def _runuser(_: Machine, words: list[str]) -> Ran:
    """Accept only the options that give a command the account's folder and home. The command itself is not run."""
    wanted = {"--login", "--shell", "/bin/sh"}
    return Ran(FINE if wanted <= set(words) else 1, "", "")


def _container(machine: Machine, words: list[str]) -> Ran:
    """Check the podman verb. For `run`, ask the bot's command within the container for its help."""
    if words[1] not in CONTAINER:
        return Ran(1, "", words[1])
    if words[1] != "run":
        return GONE
    inside = words[words.index("seraf-bot", words.index("--user")) + 1 :]
    return run(machine.root, *(inside or ["run"]), "--help")


PROGRAMS: Mapping[str, Callable[[Machine, list[str]], Ran]] = {
    "seraf-bot": _bot,
    "python3": _python,
    "python": _python,
    "cp": _cp,
    "install": _install,
    "systemctl": _systemctl,
    "useradd": _useradd,
    "chown": _chown,
    "runuser": _runuser,
    "podman": _container,
}


def has_key(machine: Machine) -> bool:
    """Return True if the bot's folder has the key file where `init` creates it."""
    return (machine.bot / APART).is_file()
