"""The import contracts of pyproject.toml. Each violation is noticed, even in a new module."""

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from shutil import copyfile

import pytest

from tests.support.places import ROOT

PACKAGES = ("seraf", "state_machines", "dialogs", "bot")

NEEDED = {
    "bot/channels/telegram/new.py": "import telegram\n",
    "state_machines/new.py": "import transitions\n",
    "bot/storage/postgres/new.py": "import psycopg\n",
    "seraf/search/new.py": "import rapidfuzz\nimport snowballstemmer\n",
}
"""Imports of a library by its one permitted package, which import-linter needs to know it."""

DIRECTION = "Imports go one way: bot, dialogs, then state_machines and seraf, which do not know each other"
SERAF, DIALOGS, BOT = (f"The floors of {package}" for package in ("seraf", "dialogs", "bot"))
CIRCLES = "No folder imports another in a circle, at any depth"
REHEARSALS = "No part of the real conversation knows rehearsals"
GUESTS = "Guests and screens have no way to a real conversation, to who people are, or to their store"
STEPS = "Guests take no step of their own: the turn of a rehearsal does it, and is given no session"
TRANSITIONS = "Only state_machines knows transitions"
TELEGRAM = "Only the Telegram channel knows the Telegram library"
DRIVER = "Only the store in PostgreSQL knows its driver, which need not be installed"
STEMS = "Only the search knows stems and distances of words"
PURITY = "The inner packages import no network, disk, clock, randomness or log"

BROKEN: tuple[tuple[str, Mapping[str, str]], ...] = (
    (DIRECTION, {"seraf/form/new.py": "import bot.runtime\n"}),
    (DIRECTION, {"state_machines/newer.py": "import seraf.form\n"}),
    (SERAF, {"seraf/form/new.py": "import seraf.score\n"}),
    (SERAF, {"seraf/newer.py": ""}),
    (DIALOGS, {"dialogs/phrases/new.py": "import dialogs.notes\n"}),
    (DIALOGS, {"dialogs/newer/__init__.py": ""}),
    (BOT, {"bot/trail/new.py": "import bot.storage\n"}),
    (BOT, {"bot/newer/__init__.py": ""}),
    (
        CIRCLES,
        {
            "bot/storage/tables/new.py": "import bot.storage.sqlite\n",
            "bot/storage/sqlite/new.py": "import bot.storage.tables\n",
        },
    ),
    (CIRCLES, {"seraf/form/one.py": "import seraf.form.two\n", "seraf/form/two.py": "import seraf.form.one\n"}),
    (REHEARSALS, {"dialogs/turn/new.py": "import dialogs.rehearsal.core\n"}),
    (REHEARSALS, {"dialogs/newer/__init__.py": "import dialogs.rehearsal\n"}),
    (GUESTS, {"bot/channels/web/rooms/new.py": "import bot.conversation.conversation\n"}),
    (GUESTS, {"bot/channels/web/rooms/new.py": "import bot.rehearsal.documents\nimport bot.rehearsal.mode\n"}),
    (GUESTS, {"dialogs/rehearsal/guest/new.py": "import dialogs.locked\n"}),
    (
        GUESTS,
        {
            "bot/channels/web/rooms/new.py": "import bot.channels.web.visitor\n",
            "bot/channels/web/visitor.py": "import bot.storage.store\n",
        },
    ),
    (STEPS, {"dialogs/rehearsal/guest/new.py": "import dialogs.turn.step\n"}),
    (STEPS, {"bot/channels/web/rooms/new.py": "from dialogs.cards.show import show\n"}),
    (TRANSITIONS, {"dialogs/form/new.py": "import transitions\n"}),
    (DRIVER, {"bot/storage/new.py": "import psycopg\n"}),
    (TELEGRAM, {"bot/wiring.py": "from telegram import Bot\n"}),
    (TELEGRAM, {"bot/channels/newer.py": "from telegram.error import TelegramError\n"}),
    (STEMS, {"dialogs/form/new.py": "import rapidfuzz\n"}),
    (STEMS, {"seraf/reading/new.py": "import snowballstemmer\n"}),
    (PURITY, {"seraf/newer.py": "import random\n"}),
    (PURITY, {"state_machines/newer.py": "from datetime import date\nimport time\n"}),
)


def skeleton(root: Path) -> None:
    """Create the project's packages with empty modules in `root`, and copy the import contracts."""
    copyfile(ROOT / "pyproject.toml", root / "pyproject.toml")
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            place = root / path.relative_to(ROOT)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
    write(root, NEEDED)


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def verdicts(root: Path) -> dict[str, str]:
    """Return import-linter's verdict on each contract, KEPT or BROKEN, by the contract's name."""
    pytest.importorskip("importlinter", reason="import-linter is not installed: `make check` installs it, and asks it")
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env={"COLUMNS": "1000"})
    lines = [line.rstrip() for line in ran.stdout.splitlines()]
    return {
        line.removesuffix(f" {verdict}"): verdict
        for line in lines
        for verdict in ("KEPT", "BROKEN")
        if line.endswith(f" {verdict}")
    }


def names() -> list[str]:
    found = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [str(contract["name"]) for contract in found["tool"]["importlinter"]["contracts"]]


def test_empty_packages_keep_every_contract(tmp_path: Path) -> None:
    skeleton(tmp_path)

    assert verdicts(tmp_path) == dict.fromkeys(names(), "KEPT")


@pytest.mark.parametrize(
    ("contract", "files"), BROKEN, ids=lambda each: each if isinstance(each, str) else "+".join(each)
)
def test_a_new_module_cannot_break_a_contract_unseen(contract: str, files: Mapping[str, str], tmp_path: Path) -> None:
    skeleton(tmp_path)

    write(tmp_path, files)

    assert verdicts(tmp_path)[contract] == "BROKEN"


def test_every_contract_was_seen_to_fail() -> None:
    assert {contract for contract, _ in BROKEN} == set(names())
