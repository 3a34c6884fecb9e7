"""Tests that a pack that was fully checked (proven) with this release is not checked again, and a changed pack is."""

import re
import shutil
from pathlib import Path

import pytest

from bot.runtime import packs
from bot.runtime.packs import PROVEN, SHIPPED, fingerprint_of, load_pack, pack_files
from seraf.errors import PackFault
from seraf.reading.pack import read_pack
from tests.support.command_line.cli import run

FILES = pack_files(SHIPPED)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "pack"))


def spoil(folder: Path) -> None:
    path = min((folder / "vignettes").glob("*.toml"))
    text = path.read_text(encoding="utf-8")
    total = re.search(r"^total = (\d+)$", text, re.MULTILINE)
    assert total
    path.write_text(text.replace(total[0], f"total = {int(total[1]) + 1}"), encoding="utf-8")


def test_the_shipped_pack_is_known_and_holds() -> None:
    assert PROVEN.read_text().split() == [fingerprint_of(FILES)], "run `make docs-write`, which proves it"

    assert read_pack(FILES) == read_pack(FILES, is_proven=True) == load_pack(SHIPPED)


def test_a_known_pack_is_known_wherever_it_lies(copied: Path) -> None:
    assert fingerprint_of(pack_files(copied)) == fingerprint_of(FILES)


@pytest.mark.parametrize("name", FILES)
def test_any_change_of_any_file_is_another_fingerprint(name: str) -> None:
    content = FILES[name]
    rest = {each: held for each, held in FILES.items() if each != name}

    changed = (
        {**FILES, name: content + b"\n"},
        {**FILES, name: content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]},
        rest,
        {**rest, f"{name}x": content},
    )

    assert len({fingerprint_of(each) for each in (*changed, FILES)}) == len(changed) + 1


def test_content_moved_between_files_changes_the_fingerprint() -> None:
    assert fingerprint_of({"a": b"xy", "b": b"z"}) != fingerprint_of({"a": b"x", "b": b"yz"})


def test_a_changed_pack_is_proven_again(copied: Path) -> None:
    spoil(copied)

    with pytest.raises(PackFault, match="total"):
        load_pack(copied)


@pytest.mark.parametrize("content", [None, b"\xff", b"no fingerprint\n"])
def test_without_a_list_all_is_proven(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    path = tmp_path / "proven.txt"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(packs, "PROVEN", path)
    assert load_pack(copied) == load_pack(SHIPPED)

    spoil(copied)

    with pytest.raises(PackFault):
        load_pack(copied)


def test_only_what_is_listed_goes_unproven(copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong pack is loaded if its fingerprint is listed, which shows that listed packs are not checked again."""
    spoil(copied)
    path = tmp_path / "proven.txt"
    path.write_text(fingerprint_of(pack_files(copied)))
    monkeypatch.setattr(packs, "PROVEN", path)

    assert load_pack(copied).vignettes


@pytest.mark.parametrize("words", [("items",), ("chat",), ("pack", "check", "pack")])
def test_every_reader_reports_a_slip_in_a_pack_once_with_its_line(
    copied: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    instrument = copied / "instrument.toml"
    text = instrument.read_text(encoding="utf-8").replace('"Drugs"', "Drugs", 1)
    instrument.write_text(text, encoding="utf-8")
    line = next(at for at, each in enumerate(text.splitlines(), 1) if "= Drugs" in each)

    ran = run(tmp_path, *words, settings={"SERAF_PACK": "pack"})

    assert ran.status == 2
    assert ran.err.startswith(f"seraf-bot: instrument.toml, line {line}: no value stands after the =")
    assert ran.err.count("\n") == 1
