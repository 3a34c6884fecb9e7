"""Tests of where keys come from (a file, a systemd credential or a command): one contract, and the limits of each."""

import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.crypto.keys import (
    LARGEST,
    MISSING,
    CodeChange,
    Keychain,
    KeyPlace,
    create_key_file,
    key_place,
    load_key_file,
    load_keys,
    load_ring,
    replace_key_file,
    successor,
    writable,
)
from bot.crypto.sealing import KeyRing
from bot.runtime.errors import KeyFault, SettingsFault
from bot.runtime.settings import LocalSettings
from tests.support.places import ROOT

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def in_file(path: Path) -> dict[str, str]:
    return {"key_file": str(path)}


def in_credential(path: Path) -> dict[str, str]:
    if path.exists() and not path.stat().st_mode & 0o077:
        path.chmod(0o440)
    return {"key_credential": path.name, "key_file": "none"}


def by_command(path: Path) -> dict[str, str]:
    program = f"import pathlib; print(pathlib.Path({str(path)!r}).read_text())"
    return {"key_command": shlex.join((sys.executable, "-c", program)), "key_file": "none"}


@pytest.fixture(params=[in_file, in_credential, by_command])
def placed(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], KeyPlace]:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    path = tmp_path / "bot.key"
    return lambda: key_place(LocalSettings.model_validate(request.param(path)))


def test_every_place_gives_the_keys_and_refuses_anything_else(placed: Callable[[], KeyPlace], tmp_path: Path) -> None:
    path = tmp_path / "bot.key"

    with pytest.raises(KeyFault, match=r"Put your copy|put your copy|Run it by hand"):
        load_keys(placed())
    assert not path.exists()

    first = create_key_file(path)
    after = successor(first, CodeChange(NOW, NOW + timedelta(days=9)))
    replace_key_file(path, Keychain(first, after))
    assert load_keys(placed()) == Keychain(first, after)
    assert load_ring(placed(), after.id) == after
    assert load_key_file(placed()) == replace(first, codes=after.codes, older=after.older)
    with pytest.raises(KeyFault, match=f"is “{first.id}”"):
        load_ring(placed(), "another")

    for text in ("", "hunter two", '{"v": 1, "id": "hunter"}', " " * (LARGEST + 1), '{"v": 9}'):
        path.chmod(0o600)
        path.write_text(text)
        with pytest.raises(KeyFault) as fault:
            load_keys(placed())
        assert "hunter" not in str(fault.value)
        assert "new one" not in str(fault.value).replace("do not write a new one", "")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/no/such/program", "could not be started: No such file"),
        (f"{sys.executable} -c 'raise SystemExit(3)'", "ended with status 3"),
        (f"{sys.executable} -c 'print(9 * 100_000 * str(9))'", "printed more than"),
        (f"{sys.executable} -c 'import time; time.sleep(60)'", "had not ended"),
    ],
)
def test_a_key_command_that_gives_no_keys_is_reported(monkeypatch: pytest.MonkeyPatch, command: str, said: str) -> None:
    monkeypatch.setattr("bot.crypto.keys.SECONDS", 2)

    with pytest.raises(KeyFault, match=said):
        load_keys(key_place(LocalSettings.model_validate({"key_command": command})))


def test_only_a_file_can_be_written_and_two_places_are_one_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bot.key"

    assert writable(key_place(LocalSettings.model_validate({"key_file": file}))) == file
    for setting in ({"key_command": "print keys"}, {"key_credential": "bot.key"}):
        with pytest.raises(KeyFault, match=r"Nothing was changed\.\nStop the bot.*--key-file FILE"):
            writable(key_place(LocalSettings.model_validate(setting)))
    create_key_file(file)
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(KeyFault, match=r"cannot write new ones\. Nothing was changed\."):
        writable(file)
    with pytest.raises(ValidationError, match="keep the one that has the keys"):
        LocalSettings.model_validate({"key_command": "print keys", "key_credential": "bot.key"})


@pytest.mark.parametrize("folder", [None, "elsewhere"])
def test_a_missing_credential_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str | None) -> None:
    place = key_place(LocalSettings.model_validate({"key_credential": "bot.key"}))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    if folder:
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / folder))

    with pytest.raises(KeyFault, match=r"LoadCredential=bot\.key:FILE"):
        load_keys(place)
    if folder:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "bot.key").write_bytes(MISSING)
        (tmp_path / folder / "bot.key").chmod(0o440)
        with pytest.raises(KeyFault, match=r"There is no key file .* LoadCredential=bot\.key:FILE.* restart the bot"):
            load_keys(place)
        (tmp_path / folder / "bot.key").unlink()
        create_key_file(tmp_path / folder / "bot.key")
        (tmp_path / folder / "bot.key").chmod(0o444)
        with pytest.raises(KeyFault, match="open to others"):
            load_keys(place)


def test_older_codes_open_no_longer_than_the_latest_limit() -> None:
    first = successor(KeyRing.fresh(), CodeChange(NOW, NOW + timedelta(days=90)))

    later = successor(first, CodeChange(NOW + timedelta(days=1), NOW + timedelta(days=8)))
    none = successor(first, CodeChange(NOW + timedelta(days=1), NOW + timedelta(days=1)))

    assert [each.until for each in later.older] == [NOW + timedelta(days=8)] * 2
    assert {each.secret for each in later.older} == {first.carry, first.codes}
    assert none.older == ()
    assert len({first.code_secret, later.code_secret, none.code_secret, first.carry}) == 4


def test_modules_ask_for_the_place_of_the_keys() -> None:
    """A module that used the path from the settings would fail if the keys are in no file."""
    asking = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "bot").rglob("*.py") if ".key_file" in path.read_text()
    }

    # What was left half-written is looked for next to the file; a rotation is told a file of its own.
    assert asking == {"bot/crypto/keys.py", "bot/cli/operate/check.py", "bot/cli/operate/store.py"}


def test_an_account_without_a_home_must_name_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An example is a container whose account is a number without a name. A path in the settings is enough there."""

    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)

    with pytest.raises(SettingsFault, match="SERAF_KEY_FILE: this account has no home"):
        LocalSettings.model_validate({})
    assert LocalSettings.model_validate({"key_file": tmp_path / "bot.key"}).key_file == tmp_path / "bot.key"
