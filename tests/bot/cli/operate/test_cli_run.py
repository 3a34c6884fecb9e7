"""Tests that `seraf-bot run` refuses a wrong setting or pack: one line for each fault, status 2, and no secret.

With a wrong key file or store it starts, and tells people whom to call.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.crypto.keys import create_key_file
from bot.runtime.single_instance import Alone
from tests.support.command_line.cli import run

TOKEN = "1234:a-token-of-nobody"

Spoil = Callable[[Path], dict[str, str]]


def open_env(folder: Path) -> dict[str, str]:
    (folder / ".env").write_text(f"SERAF_TELEGRAM_TOKEN={TOKEN}")
    (folder / ".env").chmod(0o644)
    return {}


def no_pack(folder: Path) -> dict[str, str]:
    (folder / "pack").mkdir()
    return {"SERAF_PACK": "pack"}


WRONG: dict[str, tuple[Spoil, str]] = {
    "token malformed": (lambda _: {"SERAF_TELEGRAM_TOKEN": "hunter two"}, "SERAF_TELEGRAM_TOKEN: a token has letters"),
    "token without a colon": (
        lambda _: {"SERAF_TELEGRAM_TOKEN": "hunter"},
        "SERAF_TELEGRAM_TOKEN: a token has letters",
    ),
    "token missing": (lambda _: {"SERAF_TELEGRAM_TOKEN": ""}, "SERAF_TELEGRAM_TOKEN is missing"),
    "pack missing": (lambda _: {"SERAF_PACK": "none"}, "SERAF_PACK: none is not a folder"),
    "pack empty": (no_pack, "instrument.toml"),
    "administrators": (lambda _: {"SERAF_ADMINS": "7,@sam,-1"}, "SERAF_ADMINS: entry 2, 3"),
    "settings open": (open_env, ".env is open to others (mode 0644)"),
    "address": (lambda _: {"SERAF_TELEGRAM_API": "telegram"}, "SERAF_TELEGRAM_API: must be an address"),
    "port": (lambda _: {"SERAF_TELEGRAM_API": "http://127.0.0.1:99999"}, "SERAF_TELEGRAM_API: must be an address"),
    "token in it": (lambda _: {"SERAF_TELEGRAM_API": f"http://x/bot{TOKEN}"}, "SERAF_TELEGRAM_API: must be an address"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_key_file(tmp_path / "var" / "seraf.key")
    return tmp_path


@pytest.mark.parametrize("name", WRONG)
def test_it_does_not_start_with_anything_wrong(folder: Path, name: str) -> None:
    spoil, said = WRONG[name]

    ran = run(folder, "run", settings={"SERAF_TELEGRAM_TOKEN": TOKEN, "SERAF_ADMINS": "7"} | spoil(folder))

    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert all(line.startswith("seraf-bot: ") for line in ran.err.splitlines())
    assert not re.search(r"Traceback|hunter|a-token-of-nobody", ran.err)


@pytest.mark.parametrize("name", ["SERAF_KEY_FILE", "SERAF_KEY_CREDENTIAL", "SERAF_KEY_COMMAND"])
def test_a_fallback_does_not_start_where_keys_are_named(folder: Path, name: str) -> None:
    ran = run(folder, "run", "--only-numbers", settings={"SERAF_TELEGRAM_TOKEN": TOKEN, name: "seraf.key"})

    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"seraf-bot: {name}: must not be set for --only-numbers")


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [((), {}, "SERAF_TELEGRAM_TOKEN is missing"), (("--web",), {"SERAF_TELEGRAM_TOKEN": TOKEN}, "serves no pages")],
)
def test_a_fallback_needs_a_token_and_has_no_pages(
    tmp_path: Path, words: tuple[str, ...], settings: dict[str, str], said: str
) -> None:
    ran = run(tmp_path, "run", "--only-numbers", *words, settings=settings)

    assert (ran.status, said in ran.err) == (2, True)


def test_a_second_fallback_in_a_folder_does_not_start(tmp_path: Path) -> None:
    with Alone(tmp_path / "var" / "only-numbers"):
        ran = run(tmp_path, "run", "--only-numbers", settings={"SERAF_TELEGRAM_TOKEN": TOKEN})

    assert (ran.status, "is running in this folder already" in ran.err) == (75, True)


def test_every_wrong_setting_gets_a_line(folder: Path) -> None:
    """A single start reports every wrong setting."""
    wrong = {"SERAF_TELEGRAM_TOKEN": "a b", "SERAF_TELEGRAM_API": "x", "SERAF_ADMINS": "y"}

    ran = run(folder, "run", settings=wrong)

    assert ran.status == 2
    assert [line.split()[1] for line in ran.err.splitlines()] == [
        "SERAF_TELEGRAM_TOKEN:",
        "SERAF_TELEGRAM_API:",
        "SERAF_ADMINS:",
    ]


def test_unreadable_settings_are_reported(folder: Path) -> None:
    (folder / ".env").write_bytes(b"\xff\xfe\x00")
    (folder / ".env").chmod(0o600)

    ran = run(folder, "run")

    assert (ran.status, len(ran.err.splitlines())) == (2, 1)
    assert "cannot be read" in ran.err
