"""Tests of the key file: created once, readable by its owner alone, and refused with a reason when it is invalid."""

import base64
import json
import resource
import stat
from pathlib import Path

import pytest

from bot.crypto.keys import create_key_file, load_key_file
from bot.runtime.errors import KeyFault

SECRETS = ("seal", "lookup", "carry", "pepper")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "bot.key"


def rewrite(path: Path, **fields: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def test_a_new_key_file_is_read_back_and_is_its_owners_alone(path: Path) -> None:
    created = create_key_file(path)

    loaded = load_key_file(path)

    assert loaded == created
    assert len({created.seal, created.lookup, created.carry, created.pepper}) == 4
    assert {len(getattr(created, name)) for name in SECRETS} == {32}
    assert [stat.S_IMODE(place.stat().st_mode) for place in (path, path.parent)] == [0o600, 0o700]


def test_the_file_is_plain_json(path: Path) -> None:
    created = create_key_file(path)

    fields = json.loads(path.read_text())

    secrets = {name: base64.b64encode(getattr(created, name)).decode() for name in SECRETS}
    assert fields == {"v": 1, "id": created.id, **secrets}


def test_a_key_file_is_never_written_over(path: Path) -> None:
    created = create_key_file(path)

    with pytest.raises(KeyFault, match="already"):
        create_key_file(path)

    assert load_key_file(path) == created


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(KeyFault, match="Choose another place"):
        create_key_file(tmp_path / "file" / "bot.key")


def test_secrets_hide_themselves(path: Path) -> None:
    created = create_key_file(path)

    assert repr(created) == f"KeyRing(id='{created.id}')"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o666])
def test_a_file_open_to_others_is_refused(path: Path, mode: int) -> None:
    create_key_file(path)
    path.chmod(mode)

    with pytest.raises(KeyFault, match=f"mode {mode:04o}.*chmod 600"):
        load_key_file(path)


def test_a_folder_is_not_read_as_a_key_file(path: Path) -> None:
    create_key_file(path)

    with pytest.raises(KeyFault, match="not a plain file"):
        load_key_file(path.parent)


def test_a_link_leads_to_its_file(path: Path) -> None:
    created = create_key_file(path)
    link = path.with_name("link")
    link.symlink_to(path)

    assert load_key_file(link) == created
    path.chmod(0o644)
    with pytest.raises(KeyFault, match="mode 0644"):
        load_key_file(link)


def test_a_link_that_leads_round_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(path)

    with pytest.raises(KeyFault, match="could not be opened: Too many levels"):
        load_key_file(path)


def test_a_disk_that_is_full_leaves_no_half_written_file(path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50, hard))
    try:
        with pytest.raises(KeyFault, match="could not be created"):
            create_key_file(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert create_key_file(path) == load_key_file(path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 5000, "not JSON"),
        (b"x" * 5000, "not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "version"),
    ],
)
def test_a_file_of_something_else_is_refused(path: Path, text: bytes, found: str) -> None:
    create_key_file(path)
    path.write_bytes(text)

    with pytest.raises(KeyFault, match=found):
        load_key_file(path)


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("v", 3, "version"),
        ("id", "", "id is missing"),
        ("id", 7, "id is missing"),
        ("seal", None, "“seal” is missing"),
        ("lookup", base64.b64encode(bytes(31)).decode(), "“lookup” is missing or not 32"),
        ("carry", base64.b64encode(bytes(33)).decode(), "“carry” is missing or not 32"),
        ("pepper", "%%%", "“pepper” is not base 64"),
        ("pepper", "é", "“pepper” is not base 64"),
    ],
)
def test_a_wrong_field_is_named_without_its_secret(path: Path, field: str, value: object, found: str) -> None:
    created = create_key_file(path)
    secrets = [base64.b64encode(getattr(created, name)).decode() for name in SECRETS]
    rewrite(path, **{field: value})

    with pytest.raises(KeyFault, match=found) as fault:
        load_key_file(path)

    assert [secret for secret in secrets if secret in str(fault.value)] == []
