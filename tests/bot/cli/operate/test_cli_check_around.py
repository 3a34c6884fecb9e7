"""Tests of `check` on the disk, Telegram, sign-in, polls and admissions. It reports all at once and changes nothing."""

import asyncio
import json
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.cli.main import COMMANDS
from bot.crypto.keys import load_key_file
from bot.runtime.clock import SystemClock
from bot.runtime.single_instance import Alone
from dialogs.core.role import Role
from tests.fakes.openid.provider import FakeProvider
from tests.support.command_line.bot_api import bot_api
from tests.support.command_line.desk import Folder
from tests.support.people.accounts import altered
from tests.support.store.earlier import make_earlier

RIGHT = {"SERAF_TELEGRAM_TOKEN": "1234:x", "SERAF_ADMINS": "7", "COLUMNS": "300"}


def findings_about(folder: Folder, about: str, **settings: str) -> list[tuple[str, str]]:
    ran = folder.run("check", "--json", **{"SERAF_TELEGRAM_API": bot_api(), **RIGHT, **settings})
    said = json.loads(ran.out)
    assert ran.status == (not said["in_order"])
    return [(each["order"], each["found"]) for each in said["findings"] if each["about"] == about]


def test_check_reports_what_telegram_answers_to_the_token(kept: Folder) -> None:
    assert findings_about(kept, "Telegram") == [("yes", "answers, and knows the bot as @seraf_bot")]
    ((order, said),) = findings_about(kept, "Telegram", SERAF_TELEGRAM_TOKEN="1234:y")
    assert (order, "copy it again from @BotFather" in said, "1234:y" in said) == ("NO", True, False)
    assert findings_about(kept, "Telegram", SERAF_TELEGRAM_API="http://127.0.0.1:1")[0][0] == "look"


@pytest.mark.parametrize(("free", "order"), [(10**12, "yes"), (10**8, "look"), (10**6, "NO")])
def test_check_reports_a_full_disk(kept: Folder, monkeypatch: pytest.MonkeyPatch, free: int, order: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))

    assert findings_about(kept, "disk space")[0][0] == order


def test_check_reports_admissions_that_end_within_a_fortnight(kept: Folder) -> None:
    assert findings_about(kept, "admissions")[0][0] == "yes"
    soon = datetime.now(UTC) + timedelta(days=10)
    kept.admit("telegram:8", altered(kept.standing(who="0a0b0c0e"), until=soon), reference="")

    ((order, said),) = findings_about(kept, "admissions")

    assert order == "look"
    assert said.startswith("1 runs out by")


def test_check_reports_a_running_bot_that_has_stopped_polling(kept: Folder) -> None:
    kept.do(lambda store: store.write(lambda t: t.channel.mark_polled(datetime.now(UTC) - timedelta(minutes=20))))

    assert findings_about(kept, "last poll")[0][0] == "yes"
    with Alone(kept.path / "var" / "seraf.sqlite"):
        ((order, said),) = findings_about(kept, "last poll")
    assert (order, said.endswith("20 minutes ago, though the bot runs: look at its log")) == ("look", True)


def test_check_reports_every_fault_at_once_and_cuts_no_path(kept: Folder) -> None:
    (kept.path / ".env").chmod(0o640)
    (kept.path / "var").chmod(0o755)
    far = "/".join(["far", *(f"folder-{number}" for number in range(12)), "seraf.key"])

    wrong = {"SERAF_LOCK_MINUTES": "0", "SERAF_NOTES": "maybe", "SERAF_KEY_FILE": far, "HTTPS_PROXY": "nowhere"}
    ran = kept.run("check", **RIGHT | wrong | {"SERAF_TELEGRAM_API": bot_api(), "COLUMNS": "70"})

    flat = "".join(line.split("│")[3].strip() for line in ran.out.splitlines() if line.startswith("│"))
    assert ran.status == 1
    assert far in flat
    for said in (
        "SERAF_LOCK_MINUTES",
        "SERAF_NOTES",
        "HTTPS_PROXY",
        ".env is open",
        "var is open",
        "answers, and knows",
    ):
        assert said in flat.replace("isopen", "is open"), said


def test_looking_at_a_store_of_an_earlier_release_changes_no_byte_and_no_mode(kept: Folder) -> None:
    """A running bot of the earlier release could not read an upgraded store."""
    path = kept.path / "var" / "seraf.sqlite"
    make_earlier(path, load_key_file(kept.path / "var" / "seraf.key"), 7)
    path.chmod(0o640)
    before = path.read_bytes()

    ((order, said),) = findings_about(kept, "store opens")

    assert (order, "seraf-bot upgrade" in said) == ("look", True)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (before, 0o640)
    path.chmod(0o600)
    for words in (
        ("people", "list"),
        ("purge",),
        ("audit", "show"),
        ("backup", "create"),
        ("keys", "rotate", "--no-backup"),
    ):
        kept.run(*words, **RIGHT)
        assert path.read_bytes() == before, words


@pytest.mark.parametrize("what", ["file", "folder"])
def test_every_command_refuses_settings_that_others_can_read_or_replace(kept: Folder, what: str) -> None:
    place, mode, close = (kept.path / ".env", 0o644, "chmod 600") if what == "file" else (kept.path, 0o777, "chmod 700")
    place.chmod(mode)

    for command in COMMANDS:
        ran = kept.run(command, "--help") if command in ("people", "hold") else kept.run(command)
        assert ran.status == (1 if command == "check" else 2), command
        assert close in (ran.out if command == "check" and what == "file" else ran.err + ran.out) or command == "check"
    kept.path.chmod(0o700)


@pytest.mark.parametrize("how", ["open", "a link"])
def test_a_store_and_a_key_file_in_a_folder_of_others_are_refused(kept: Folder, how: str) -> None:
    for folder in {kept.path / "var", kept.key_file.parent}:
        if how == "open":
            folder.chmod(0o777)
        else:
            folder.symlink_to(folder.rename(folder.with_name(f"{folder.name}-elsewhere")))

    ran = kept.run("people", "list"), kept.run("init")

    assert [each.status for each in ran] == [2, 2]
    assert all(("is open to others" if how == "open" else "is a link") in each.err for each in ran)


@pytest.mark.parametrize(
    ("api", "said"),
    [
        ("http://api.example.org", "must begin with https://"),
        ("http://10.0.0.1:8081", "must begin with https://"),
        ("http://127.0.0.1.example.org", "must begin with https://"),
        ("https://sam:sesame@api.example.org", "must have no user name"),
        ("https://@api.example.org", "must have no user name"),
        ("http://localhost:8081", ""),
        ("http://[::1]:8081", ""),
        ("https://api.example.org", ""),
    ],
)
def test_the_token_is_never_in_plain_text_and_no_name_is_in_the_address(kept: Folder, api: str, said: str) -> None:
    ran = kept.run("people", "list", SERAF_TELEGRAM_API=api)

    assert (ran.status == 2, said in ran.err, "sesame" in ran.err) == (bool(said), True, False)


def test_settings_are_taken_word_for_word(kept: Folder) -> None:
    env: Path = kept.path / ".env"
    env.write_text("SERAF_PACK=${HOME}/pack\n")
    env.chmod(0o600)
    assert "SERAF_PACK: ${HOME}/pack is not a folder" in kept.refused("items")
    env.unlink()
    os.mkfifo(env, 0o600)
    assert ".env: cannot be read" in kept.refused("items")


def access_of_the_owner(path: Path | str, mode: int) -> bool:
    return (Path(path).stat().st_mode >> 6) & mode == mode


@pytest.mark.parametrize(
    ("name", "mode", "advice"),
    [
        (
            "var/seraf.sqlite",
            0o400,
            "Give the bot's account var, and each file in it whose name begins with seraf.sqlite",
        ),
        ("var/seraf.sqlite-shm", 0o400, "each file in it whose name begins with seraf.sqlite"),
        ("var/seraf.sqlite.log.lock", 0o400, "each file in it whose name begins with seraf.sqlite"),
        ("var", 0o500, "Give the bot's account var, and each file"),
        ("var/backups", 0o500, "so no backup can be made. Give the bot's account that folder"),
    ],
)
def test_check_reports_unwritable_files_and_leaves_none_behind(
    kept: Folder, monkeypatch: pytest.MonkeyPatch, *, name: str, mode: int, advice: str
) -> None:
    """SQLite creates the log with the mode of the database file, so the bot could not write to it later."""
    monkeypatch.setattr(os, "access", access_of_the_owner)
    (kept.path / "var" / "backups").mkdir(mode=0o700)
    assert findings_about(kept, "may write") == [("yes", "this account can write the store and the backups")]
    (kept.path / name).touch()
    (kept.path / name).chmod(mode)
    before = sorted((kept.path / "var").iterdir())

    ((order, said),) = findings_about(kept, "may write")

    assert order == "NO"
    assert said.startswith(f"{name} cannot be written by this account")
    assert advice in said
    assert findings_about(kept, "store opens")[0][0] == ("yes" if name == "var/backups" else "NO")
    assert sorted((kept.path / "var").iterdir()) == before
    assert stat.S_IMODE((kept.path / name).stat().st_mode) == mode


CASES = {"SERAF_WEB": "cases", "SERAF_OIDC_CLIENT": "seraf"}


def test_a_sign_in_is_looked_at_where_there_are_cases_alone(kept: Folder) -> None:
    assert findings_about(kept, "sign-in") == []
    ((order, said),) = findings_about(kept, "sign-in", **CASES)
    assert (order, "SERAF_OIDC_ISSUER must be set" in said) == ("NO", True)


def test_pages_alone_need_no_token(kept: Folder) -> None:
    without = {"SERAF_TELEGRAM_TOKEN": "", "SERAF_OIDC_ISSUER": "http://127.0.0.1:1"}

    assert findings_about(kept, "settings", **CASES, **without) == [
        ("yes", "no token: people come with a browser alone")
    ]
    assert findings_about(kept, "settings", **without)[0][0] == "NO"


def test_pages_of_rooms_without_a_token_are_told_who_opens_a_room(kept: Folder) -> None:
    without = {"SERAF_TELEGRAM_TOKEN": "", "SERAF_WEB_ADDRESS": "https://seraf.example.org"}

    ((order, said),) = findings_about(kept, "settings", **without)

    assert (order, "nobody can open a room" in said) == ("look", True)
    assert findings_about(kept, "Telegram", **without) == []
    assert findings_about(kept, "last poll", **without) == []


async def test_with_pages_alone_check_is_silent_about_chats(kept: Folder) -> None:
    administrator = kept.standing(Role.ADMIN, who="9a9b9c9d")
    await asyncio.to_thread(kept.admit, "web:admin", administrator, reference="")
    async with FakeProvider(SystemClock()) as there:
        settings = {**CASES, "SERAF_OIDC_ISSUER": there.issuer, "SERAF_ADMINS": "7", "COLUMNS": "300"}
        full = await asyncio.to_thread(kept.run, "check", **settings)
        for left in (kept.path / "var").glob("seraf.sqlite*"):
            left.unlink()
        empty = await asyncio.to_thread(kept.run, "check", **settings)

    assert (full.status, empty.status) == (0, 0)
    assert "telegram" not in (full.out + empty.out).lower()
    assert "last poll" not in full.out
    assert "nobody can use the bot: hand over a code of" in empty.out


async def test_check_reports_how_the_sign_in_answers(kept: Folder) -> None:
    async with FakeProvider(SystemClock()) as there:
        settings = {**CASES, "SERAF_OIDC_ISSUER": there.issuer}
        ((order, said),) = await asyncio.to_thread(findings_about, kept, "sign-in", **settings)
        assert (order, said) == ("yes", "the organisation's sign-in answers, and calls itself as set")
        there.errs.discovery = {"issuer": "https://other.example"}
        ((order, said),) = await asyncio.to_thread(findings_about, kept, "sign-in", **settings)
        assert (order, "calls itself otherwise" in said) == ("NO", True)
        there.errs.is_down = True
        ((order, said),) = await asyncio.to_thread(findings_about, kept, "sign-in", **settings)
        assert (order, "answered 503" in said or "JSON" in said) == ("NO", True)
    ((order, said),) = await asyncio.to_thread(findings_about, kept, "sign-in", **settings)
    assert order == "NO", "nothing listens there any more"
