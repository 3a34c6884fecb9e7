"""A machine for typing the pages of `docs/deploy`: a folder as its root, with stand-ins for what a test cannot have.

Files, folders, keys and the bot's own command line are real. Of systemd, users, containers and installers it is only known
which words they take; a word that is not known is a fault.
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
"""The bot's folder, from the root of the machine."""

GONE, FINE = Ran(0, "", ""), 0
REAL = frozenset({"mv", "rm", "chmod", "mkdir", "ssh-keygen"})
OWNERS = re.compile(r"--(owner|group)=[a-z-]+")
PIP: Mapping[str, frozenset[str]] = {
    "install": frozenset({"--no-index", "--require-hashes", "--no-deps", "--find-links", "-r"}),
    "download": frozenset({"--require-hashes", "--only-binary", "--dest", "-r"}),
    "wheel": frozenset({"--no-deps", "--no-build-isolation", "--wheel-dir"}),
    "uninstall": frozenset({"--yes"}),
}
"""The words that pip is given, by what it is to do."""

SAVED = frozenset({"ini", "curl"})
"""The marks of blocks that are saved as files."""

CONTAINER = frozenset({"pull", "image", "build", "run", "secret"})
OF_OTHERS = frozenset({"podman-restart.service"})
"""Units that come with other software."""

UNIT_VERBS = frozenset({"enable", "status", "start", "stop", "restart", "daemon-reload"})


def typed(text: str) -> Iterator[str]:
    """Every line that a page has somebody type, continued lines joined; scripts to save are left out."""
    for mark, block in FENCE.findall(text):
        whole = re.sub(r"\s*\\\n\s*", " ", block)
        if mark not in SAVED and not whole.lstrip().startswith(("#!", "( ")):
            yield from filter(None, map(str.strip, whole.splitlines()))


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine's root. The typed lines create the bot's folder."""

    root: Path

    def play(self, line: str) -> Ran:
        """Execute a line. `KeyError` if it is unknown here."""
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
    """Run the bot's command line; a long-running command is only asked for its help."""
    asked = words[1:] if words[1:] != ["run"] else ["run", "--help"]
    return run(machine.bot, *asked)


def _install(machine: Machine, words: list[str]) -> Ran:
    """Create folders, ignoring users unknown to this machine."""
    return machine._really([word for word in words if not OWNERS.fullmatch(word)])  # noqa: SLF001 - a part of it


def _python(machine: Machine, words: list[str]) -> Ran:
    """Create an environment as a folder; of an installer, check the words and that its files exist."""
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
    """Copy a file of the source into the wheelhouse, and then the wheelhouse into the bot's folder."""
    *options, source, target = words[1:]
    to = machine.root / target
    if options == ["-r"]:
        shutil.copytree(machine.root / source, to)
        return GONE
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(ROOT / source, to)
    return GONE


def _systemctl(_: Machine, words: list[str]) -> Ran:
    """Check the words and the shipped units; an instance belongs to its template."""
    verb, *units = [word for word in words[1:] if word != "--now"]
    files = [re.sub(r"@[a-z]+\.", "@.", each) for each in units]
    wrong = [each for each in files if each not in OF_OTHERS and not (DEPLOY / each).is_file()]
    return Ran(FINE if verb in UNIT_VERBS and not wrong else 1, "", f"{verb} {wrong}")


def _useradd(_: Machine, words: list[str]) -> Ran:
    """Accept a system user without a login shell."""
    wanted = {"--system", "--home-dir", "--shell", "/usr/sbin/nologin"}
    return Ran(FINE if wanted <= set(words) else 1, "", "")


def _chown(machine: Machine, words: list[str]) -> Ran:
    """Require the file to exist."""
    owner, *given = [word for word in words[1:] if word != "-R"]
    missing = [each for each in given if not Path(each).exists()]
    return Ran(FINE if not missing and ":" in owner else 1, "", f"{missing}")


def _runuser(_: Machine, words: list[str]) -> Ran:
    """Run a line as another account, in its folder and with its home."""
    wanted = {"--login", "--shell", "/bin/sh"}
    return Ran(FINE if wanted <= set(words) else 1, "", "")


def _container(machine: Machine, words: list[str]) -> Ran:
    """Check the verb and the command that runs in the bot's image."""
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
    """True if the bot's folder has the key file where `init` puts it."""
    return (machine.bot / APART).is_file()
