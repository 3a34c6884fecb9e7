"""Tests of the modules that help imports: neither the list of commands nor `--help` loads those of rehearsals."""

import subprocess
import sys
from inspect import cleandoc
from pathlib import Path

import pytest
import typer

from bot.cli.main import ABOUT, COMMANDS, app
from bot.crypto.keys import create_key_file
from bot.runtime.packs import SHIPPED
from tests.support.command_line.cli import PLAIN

GROUP = typer.main.get_command(app)


SELDOM = {
    "aiohttp", "aiosqlite", "holidays", "phonenumbers", "pydantic_settings", "segno", "structlog", "telegram",
    "typst",
}  # fmt: skip
"""Modules that are slow to import and that no command needs for its first output."""


def imported(folder: Path, *words: str, **settings: str) -> set[str]:
    look = (
        "import sys\nfrom bot.cli.main import SerafError, app\n"
        f"try: app({list(words)!r})\nexcept (SystemExit, SerafError): pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    plain = {name: value for name, value in PLAIN.items() if not name.startswith("SERAF_")}
    env = plain | {"HOME": str(folder)} | settings
    ran = subprocess.run(
        [sys.executable, "-c", look], cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=True
    )
    return set(ran.stderr.decode().split("\n"))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_matches_their_own_help(name: str) -> None:
    assert isinstance(GROUP, typer.core.TyperGroup)
    command = GROUP.get_command(typer.Context(GROUP), name)

    assert command is not None
    assert cleandoc(command.help or "").partition("\n\n")[0] == ABOUT[name]


def test_every_command_is_listed_in_order() -> None:
    assert list(ABOUT) == list(COMMANDS)


def test_help_imports_no_command(tmp_path: Path) -> None:
    modules = imported(tmp_path, "--help")

    assert {each.partition(":")[0] for each in COMMANDS.values()} & modules == set()
    assert (SELDOM | {"asyncio", "pydantic", "bot.runtime.packs"}) & modules == set()


def test_a_chat_imports_what_its_first_card_needs(tmp_path: Path) -> None:
    modules = imported(tmp_path, "chat")

    assert "dialogs.cards.show" in modules
    ours = {"bot.assemble", "bot.runtime.settings"}
    others = {"seraf.reading.checks", "pydantic"}
    assert (SELDOM | ours | others) & modules == set()


@pytest.mark.parametrize("name", ["chat", "items", "score"])
def test_where_something_is_set_up_settings_are_read(tmp_path: Path, name: str) -> None:
    assert "bot.runtime.settings" in imported(tmp_path, name, seraf_pack=str(SHIPPED))

    (tmp_path / ".env").write_text("")
    (tmp_path / ".env").chmod(0o600)
    assert "bot.runtime.settings" in imported(tmp_path, name)


def test_a_chat_with_keys_in_their_usual_place_has_review_codes(tmp_path: Path) -> None:
    key_file = tmp_path / ".config" / "seraf-bot" / "seraf.key"
    key_file.parent.mkdir(mode=0o700, parents=True)
    create_key_file(key_file)

    assert "bot.crypto.code_cipher" in imported(tmp_path, "chat")


@pytest.mark.parametrize("is_there", [True, False])
def test_a_failure_is_logged_without_its_message(tmp_path: Path, is_there: bool) -> None:
    look = (
        "import sys\nfrom bot.runtime.logs import stand_by\nstand_by()\n"
        f"if not {is_there}: sys.modules['structlog'] = None\n"
        "raise ValueError('a name of somebody')"
    )

    ran = subprocess.run([sys.executable, "-c", look], cwd=tmp_path, env=PLAIN, capture_output=True)

    assert ran.returncode == 1
    assert b"ValueError" in ran.stderr
    assert b"somebody" not in ran.stderr
    assert is_there or ran.stderr == b"failed: ValueError\n"
