"""A list is verified when two people signed every item and the pack, and no longer once what they signed is changed."""

from datetime import date
from pathlib import Path

import pytest

from bot.runtime.packs import load_pack
from bot.workbench.signing import signed_by
from seraf.form.instrument import Instrument
from seraf.pack import Pack
from seraf.reading.pack import read_instrument, read_pack
from tests.support.command_line.cli import run
from tests.support.pack import second_board
from tests.support.pack.second_board import SHIPPED_FILES

DAY = date(2026, 3, 4)
LEADS = (("Lead one", "Safeguarding lead"), ("Lead two", "Head of service"))


def signed_all(files: dict[str, bytes], people: tuple[tuple[str, str], ...] = LEADS) -> dict[str, bytes]:
    """The files once these people signed every item and the pack."""
    files = signed_items(files, people)
    for person in people:
        files = with_signature(files, person, "pack")
    return files


def signed_items(files: dict[str, bytes], people: tuple[tuple[str, str], ...] = LEADS) -> dict[str, bytes]:
    """The files once these people signed every item, and nobody the pack."""
    for person in people:
        for item in second_board.PACK.instrument.items:
            files = with_signature(files, person, item.id)
    return files


def with_signature(files: dict[str, bytes], person: tuple[str, str], of: str) -> dict[str, bytes]:
    """The files with one signature more."""
    instrument = second_board.PACK.instrument
    return {**files, "instrument.toml": signed_by(person, of, on=DAY, instrument=instrument, files=files)}


@pytest.fixture(scope="module")
def signed() -> dict[str, bytes]:
    """The second board's pack, signed by two people."""
    return signed_all(second_board.files())


def changed(files: dict[str, bytes], name: str, before: str, after: str) -> Pack:
    """The pack once a text was replaced everywhere in a file."""
    assert before in files[name].decode()
    return read_pack({**files, name: files[name].decode().replace(before, after).encode()})


def test_two_people_make_a_list_verified(signed: dict[str, bytes]) -> None:
    """One is not enough, whoever signs twice is one, and every item says so too."""
    assert read_pack(signed).instrument.is_verified
    once = signed_all(second_board.files(), (LEADS[0], ("lead  ONE", "Another role")))
    assert not read_pack(once).instrument.is_verified
    assert not any(item.verified for item in read_pack(once).instrument.items)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("instrument.toml", "Cash, phones, clothes", "Cash and clothes"),
        ("instrument.toml", '"points" = 5', '"points" = 4'),
        ("instrument.toml", "Lead two", "Lead three"),
        ("instrument.toml", "Head of service", "Head of school"),
        ("instrument.toml", "2026-03-04", "2027-03-04"),
        ("instrument.toml", "Lantern", "Lamp"),
        ("guidance.toml", "Do not lean on the number.", "The number may help."),
    ],
)
def test_what_is_changed_after_it_was_signed_is_not_signed(
    signed: dict[str, bytes], name: str, before: str, after: str
) -> None:
    """Words, points, names, and the line of a signature itself: its person, role and day."""
    assert not changed(signed, name, before, after).instrument.is_verified


def test_find_and_replace_verifies_no_list() -> None:
    """Every `verified = false` made true, and still it is a working list."""
    replaced = SHIPPED_FILES["instrument.toml"].replace(b"verified = false", b"verified = true")
    instrument = read_pack({**SHIPPED_FILES, "instrument.toml": replaced}).instrument

    assert all(item.verified for item in instrument.items)
    assert not instrument.is_verified


def test_a_number_that_is_put_right_leaves_the_signatures(signed: dict[str, bytes]) -> None:
    """Whoever rang it confirms it: that is another thing, and must not wait for two people."""
    assert changed(signed, "contacts.toml", "Do not wait until morning.", "Ring at night too.").instrument.is_verified


def test_a_list_that_is_kept_with_its_cases_keeps_its_signatures(signed: dict[str, bytes]) -> None:
    """It is read alone then; and one of a release without signatures counts as it did."""
    kept: Instrument = read_instrument(signed["instrument.toml"])
    assert kept.is_verified
    assert not read_instrument(second_board.files()["instrument.toml"]).is_verified
    assert read_instrument(_earlier()).is_verified


def test_one_person_who_writes_their_name_in_two_ways_has_not_signed_a_kept_list() -> None:
    """Every item has two people; the pack has one of them twice."""
    files = signed_items(second_board.files())
    for person in (LEADS[0], ("lead  ONE", "Another role")):
        files = with_signature(files, person, "pack")

    assert not read_instrument(files["instrument.toml"]).is_verified
    assert read_instrument(with_signature(files, LEADS[1], "pack")["instrument.toml"]).is_verified


def test_it_is_signed_at_the_desk(tmp_path: Path) -> None:
    """By name and role, on today's date; signing again replaces one's own line; a changed item says so."""
    folder = tmp_path / "second"
    folder.mkdir()
    for name, content in second_board.files().items():
        (folder / name).write_bytes(content)
    items = [item.id for item in second_board.PACK.instrument.items]

    for by, role in (*LEADS, LEADS[0]):
        ran = run(tmp_path, "pack", "sign", "second", "pack", *items, "--by", by, "--role", role)
        assert ran.status == 0, ran.err

    assert ran.out.startswith("pack, V1, V2")
    assert "Not signed" not in ran.out
    assert load_pack(folder).instrument.is_verified
    text = (folder / "instrument.toml").read_text()
    assert text.count("[[signatures]]") == 2 * (len(items) + 1)
    (folder / "instrument.toml").write_text(text.replace("Cash, phones, clothes", "Cash, clothes"))
    assert "Changed after it was signed: pack, S5." in run(tmp_path, "pack", "check", "second").out
    assert run(tmp_path, "pack", "sign", "second", "V99", "--by", "a", "--role", "b").status == 2
    assert run(tmp_path, "pack", "sign", "second", "V1", "--by", 'a"b', "--role", "b").status == 2


def _earlier() -> bytes:
    """An instrument as it was written before there were names and signatures, with every item verified."""
    text = second_board.files()["instrument.toml"].decode()
    line = next(line for line in text.splitlines() if line.startswith('"names"'))
    return text.replace(line + "\n", "").replace('"verified" = false', '"verified" = true').encode()
