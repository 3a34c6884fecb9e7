"""Tests of the commands `items`, `score`, `check` and `init`, and of the options `--version` and `--help`."""

import json
import re
import stat
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.crypto.keys import create_key_file, load_key_file
from seraf.advice.answer import items_as_values
from tests.support.command_line.cli import run
from tests.support.command_line.desk import APART, WHO, made
from tests.support.places import ROOT
from tests.support.shipped import INSTRUMENT, PACK

COMMANDS = (
    *("chat", "run", "items", "score", "check", "init"),
    *("people", "hold", "purge", "audit", "keys", "backup"),
)
WRONG = {"age": "twelve", "responses": {"V1": "perhaps", "X9": "yes"}, "judgement": "maybe", "colour": "blue"}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_items_are_a_table(tmp_path: Path) -> None:
    ran = run(tmp_path, "items")

    assert (ran.status, ran.err) == (0, "")
    assert all(item.id in ran.out for item in INSTRUMENT.items)
    assert list(tmp_path.iterdir()) == []


def test_items_as_json_are_for_programs(tmp_path: Path) -> None:
    ran = run(tmp_path, "items", "--json")

    assert json.loads(ran.out) == items_as_values(INSTRUMENT)
    assert (ran.status, ran.err) == (0, "")


def test_a_case_is_scored_from_a_file_and_from_standard_input(tmp_path: Path) -> None:
    case = json.dumps({"age": "under-13", "responses": {"V1": "yes", "S2": "recent"}, "told_or_seen": True})
    (tmp_path / "case.json").write_text(case)

    from_file = run(tmp_path, "score", "case.json")
    piped = run(tmp_path, "score", "-", typed=case.encode())

    assert from_file == piped
    assert (from_file.status, from_file.err) == (0, "")
    assert json.loads(from_file.out)["answered"] == 2


def test_the_next_steps_of_a_case_are_printed_in_the_order_in_which_they_are_shown(tmp_path: Path) -> None:
    case = {"age": "13-15", "responses": {"S2": "recent"}, "facts": {"profession": "school", "disabled": "yes"}}

    steps = json.loads(run(tmp_path, "score", "-", typed=json.dumps(case).encode()).out)["steps"]

    ids = [step["id"] for step in steps]
    assert [set(step) for step in steps] == [{"id", "text", "source", "says", "law", "ours"}] * len(steps)
    assert ids == [step.id for step in PACK.guidance.steps if step.id in ids]
    assert {"adults-at-school", "disabled", "psw-csw"} <= set(ids)
    assert not {"health", "network-police", "adult-safeguarding"} & set(ids)


def test_everything_wrong_with_a_case_is_listed_and_nothing_is_scored(tmp_path: Path) -> None:
    ran = run(tmp_path, "score", "-", typed=json.dumps(WRONG).encode())

    assert (ran.status, ran.out) == (2, "")
    lines = ran.err.splitlines()
    assert all(line.startswith("seraf-bot: ") for line in lines)
    assert all(any(word in line for line in lines) for word in ("age", "V1", "X9", "judgement", "colour"))


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"age": "13-15", "age": "under-13"}', b" " * 1_000_001],
)
def test_a_malformed_case_is_refused(tmp_path: Path, content: bytes) -> None:
    ran = run(tmp_path, "score", "-", typed=content)

    assert (ran.status, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    assert ran.err


@pytest.mark.parametrize("name", ["none.json", "."])
def test_an_unreadable_file_is_reported(tmp_path: Path, name: str) -> None:
    ran = run(tmp_path, "score", name)

    assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1)


def test_init_writes_both_files_private_and_never_over_existing_ones(tmp_path: Path) -> None:
    first = run(tmp_path, "init")
    env, key = tmp_path / ".env", tmp_path / APART
    before = (env.read_bytes(), key.read_bytes())

    second = run(tmp_path, "init")

    assert (first.status, second.status, first.err, second.err) == (0, 0, "", "")
    assert (mode(env), mode(key), mode(key.parent)) == (0o600, 0o600, 0o700)
    assert (env.read_bytes(), key.read_bytes()) == before
    assert second.out.count("is there already") == 2
    load_key_file(key)


def test_init_names_the_key_file_and_how_people_are_admitted(tmp_path: Path) -> None:
    ran = run(tmp_path, "init", settings={"SERAF_KEY_FILE": "my keys/seraf.key"})

    assert "Losing it loses the data" in ran.out
    copy = f"/path/on/offline/medium/seraf-{load_key_file(tmp_path / 'my keys' / 'seraf.key').id}.key"
    assert f"\n  cp -np 'my keys/seraf.key' {copy}\n  cmp 'my keys/seraf.key' {copy}\n" in ran.out
    assert "SERAF_ADMINS" in ran.out
    assert "seraf-bot people invite" in ran.out
    assert "second copy" not in run(tmp_path, "init", settings={"SERAF_KEY_FILE": "my keys/seraf.key"}).out


@pytest.mark.parametrize("left", ["var/seraf.sqlite", "var/backups/of-last-week.age"])
@pytest.mark.parametrize("settings", [{}, {"SERAF_KEY_FILE": "elsewhere.key"}])
def test_where_something_was_sealed_init_writes_no_key(tmp_path: Path, left: str, settings: dict[str, str]) -> None:
    (tmp_path / left).parent.mkdir(parents=True)
    (tmp_path / left).touch()

    ran = run(tmp_path, "init", settings=settings)

    assert ran.status == 2
    assert "No new one was written. Put your copy of it back there" in ran.err
    assert left in ran.err
    assert list(tmp_path.rglob("*.key")) == []
    create_key_file(tmp_path / settings.get("SERAF_KEY_FILE", str(APART)))
    assert run(tmp_path, "init", settings=settings).status == 0


def test_a_missing_key_file_must_be_restored_and_is_never_replaced(tmp_path: Path) -> None:
    folder = made(tmp_path)
    folder.admit()
    folder.key_file.unlink()

    for words in (
        ("people", "list"),
        ("audit", "verify"),
        ("keys", "rotate", "--no-backup"),
        ("summary", "A"),
        ("purge",),
    ):
        said = folder.refused(*words)
        assert "Put your copy of it back there" in said
        assert not re.search(r"create one|install |cp |mv ", said)


def test_an_installation_of_an_earlier_release_finds_its_key_file(tmp_path: Path) -> None:
    folder = made(tmp_path)
    folder.admit()
    create_key_file(tmp_path / APART)

    assert WHO in folder.said("people", "list")
    assert "var/seraf.key: is there already" in folder.said("init")


@pytest.mark.parametrize("named", ["", "relative"])
def test_the_key_file_is_made_with_the_other_secrets_of_the_account(tmp_path: Path, named: str) -> None:
    """The value of `XDG_CONFIG_HOME` counts only if it is an absolute path."""
    run(tmp_path, "init", settings={"XDG_CONFIG_HOME": named})
    run(tmp_path, "init", settings={"XDG_CONFIG_HOME": str(tmp_path / "own")})
    elsewhere = run(
        tmp_path, "init", settings={"SERAF_KEY_COMMAND": "print keys", "XDG_CONFIG_HOME": str(tmp_path / "x")}
    )

    keys = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.key")}
    assert keys == {APART, Path("own/seraf-bot/seraf.key")}
    assert "The keys come from the command in SERAF_KEY_COMMAND: no key file was written" in elsewhere.out
    assert not (tmp_path / "var").exists()


def test_init_writes_a_working_setup(tmp_path: Path) -> None:
    run(tmp_path, "init")

    ran = run(tmp_path, "check")

    assert ran.status == 1
    assert "SERAF_TELEGRAM_TOKEN is not set" in " ".join(ran.out.split())


def test_the_version_is_printed(tmp_path: Path) -> None:
    schema = max(int(file.name[:4]) for file in (ROOT / "bot/storage/sqlite/migrations").glob("*.sql"))

    assert run(tmp_path, "--version").out == f"seraf-bot {version('seraf-bot')} (schema of the store: {schema})\n"


def test_the_help_lists_every_command_and_shell_completion(tmp_path: Path) -> None:
    ran = run(tmp_path, "--help")

    assert ran.status == 0
    assert all(command in ran.out for command in COMMANDS)
    assert "--install-completion" in ran.out


@pytest.mark.parametrize(
    "words",
    [
        *[("hold", each) for each in ("set", "lift")],
        *[("people", each) for each in ("withdraw", "remove", "lock", "renew")],
        *[("backup", each) for each in ("verify", "restore")],
        ("audit", "export"),
    ],
)
def test_the_help_has_what_is_to_be_put_in_as_the_documents_have_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    ran = run(tmp_path, *words, "--help")

    assert ran.status == 0
    assert not re.search(r"[{}]|\[\[", ran.out)
