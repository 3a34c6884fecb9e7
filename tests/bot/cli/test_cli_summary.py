"""Tests of `seraf-bot summary CODE`: each format is made from a review code, without a store, with clear errors."""

import json
import stat
from pathlib import Path

import pytest

from bot.crypto.code_cipher import CodeCipher
from bot.crypto.keys import create_key_file, load_key_file
from bot.runtime.starting import EARLIER_KEY_FILE
from tests.support.command_line.cli import run
from tests.support.command_line.desk import APART, made
from tests.support.pack.carrying import MARCH, OLDER, of_a_newer_release
from tests.support.shipped import INSTRUMENT, PACK

TOLD = next(each.title for each in PACK.guidance.leads if each.id == "told")


@pytest.fixture
def code(tmp_path: Path) -> str:
    key_file = tmp_path / EARLIER_KEY_FILE
    create_key_file(key_file)
    return CodeCipher(load_key_file(key_file).carry, (INSTRUMENT,)).write(MARCH)


def test_the_text_is_printed(tmp_path: Path, code: str) -> None:
    ran = run(tmp_path, "summary", code)

    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("SERAF SUMMARY\n")
    assert f"Review code: {code}" in ran.out
    assert "Not in the code: reference; day of the judgement" in ran.out
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["seraf.key", "var"]


@pytest.mark.parametrize("form", ["text", "json", "fhir"])
def test_an_older_code_opens_and_lists_its_gaps(tmp_path: Path, code: str, form: str) -> None:
    """An older code does not hold what the child told, so its page leaves out what to do now, which depends on that."""
    older = CodeCipher(load_key_file(tmp_path / "var" / "seraf.key").carry, (INSTRUMENT,)).write(OLDER)

    old, new = (" ".join(run(tmp_path, "summary", each, "--format", form).out.split()) for each in (older, code))

    assert older in old
    assert "This page does not know whether the child told anyone" in old
    assert "This page does not know" not in new
    assert TOLD in new
    assert TOLD not in old


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("x.pdf", b"%PDF-1.7"),
        ("X.PDF", b"%PDF-1.7"),
        ("x.txt", b"SERAF SUMMARY"),
        ("x.json", b'{\n  "schema": "seraf-summary"'),
        ("x.fhir.json", b'{\n  "resourceType"'),
        ("x", b"SERAF SUMMARY"),
    ],
)
def test_the_name_of_the_file_chooses_the_format(tmp_path: Path, code: str, name: str, beginning: bytes) -> None:
    ran = run(tmp_path, "summary", code, "--to", name)

    assert (ran.status, ran.err) == (0, "")
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert (tmp_path / name).read_bytes().startswith(beginning)


def test_a_name_with_another_format_s_ending_is_queried(tmp_path: Path, code: str) -> None:
    ran = run(tmp_path, "summary", code, "--format", "text", "--to", "x.pdf")

    assert (ran.status, ran.out) == (2, "")
    assert "x.pdf is the name of another format than --format text" in ran.err
    assert not (tmp_path / "x.pdf").exists()


@pytest.mark.parametrize("form", ["json", "fhir"])
def test_output_for_programs_is_whole_json(tmp_path: Path, code: str, form: str) -> None:
    ran = run(tmp_path, "summary", code, "--format", form)

    assert ran.status == 0
    assert json.loads(ran.out)


def test_an_existing_file_is_left_alone(tmp_path: Path, code: str) -> None:
    (tmp_path / "made").write_text("mine", encoding="utf-8")

    ran = run(tmp_path, "summary", code, "--to", "made")

    assert (ran.status, ran.err) == (2, "seraf-bot: made is there already, and was left alone. Name a new file.\n")
    assert (tmp_path / "made").read_text(encoding="utf-8") == "mine"


def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path, code: str) -> None:
    (tmp_path / "plain").write_text("", encoding="utf-8")

    ran = run(tmp_path, "summary", code, "--to", "plain/made")

    assert ran.status == 2
    assert "plain/made could not be written" in ran.err


def test_a_pdf_is_not_printed(tmp_path: Path, code: str) -> None:
    ran = run(tmp_path, "summary", code, "--format", "pdf")

    assert (ran.status, ran.out) == (2, "")
    assert "--to summary.pdf" in ran.err


def test_a_wrong_code_is_reported_and_not_repeated(tmp_path: Path, code: str) -> None:
    wrong = ("0" if code[0] != "0" else "1") + code[1:]

    ran = run(tmp_path, "summary", wrong)

    assert (ran.status, ran.out) == (2, "")
    assert "Compare it with the case record" in ran.err
    assert wrong not in ran.err


def test_where_there_is_a_store_its_audit_has_who_typed_a_code_and_not_the_code(tmp_path: Path) -> None:
    folder = made(tmp_path)
    folder.admit()
    code = CodeCipher(load_key_file(folder.key_file).carry, (INSTRUMENT,)).write(MARCH)

    assert f"Review code: {code}" in folder.said("summary", code)
    assert "did not make that code" in folder.refused("summary", code[:-1])
    newer = of_a_newer_release(MARCH, CodeCipher(load_key_file(folder.key_file).carry, (INSTRUMENT,)))
    assert "A newer release of the bot made that code" in (said := folder.refused("summary", newer))
    assert newer not in said

    result = ["code-read", "code-refused", "code-refused"]
    assert folder.entries() == [("operator anna", each, "") for each in result]
    (tmp_path / "var" / "seraf.sqlite").write_text("no database, only words\n" * 100)
    assert "not a database" in folder.refused("summary", code)


def test_a_code_is_read_from_standard_input_too(tmp_path: Path, code: str) -> None:
    """Read from standard input, the code appears in neither the process list nor the shell history."""
    assert run(tmp_path, "summary", "-", typed=f"{code}\n".encode()).out == run(tmp_path, "summary", code).out
    assert run(tmp_path, "summary", "-").status == 2


def test_without_a_key_file_it_names_its_place(tmp_path: Path) -> None:
    ran = run(tmp_path, "summary", "AAAAAA-AAAAAA-AAAAAA-AAAAAA")

    assert (ran.status, ran.out) == (2, "")
    assert f"{APART}. Put your copy of it back there" in ran.err
