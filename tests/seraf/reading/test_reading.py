"""Tests of reading a whole pack: all faults are reported at once, each with its path."""

import pytest

from bot.runtime.packs import SHIPPED
from seraf.errors import PackFault
from seraf.pack import FILES
from seraf.reading.pack import read_instrument, read_pack
from tests.support.pack.other_board import FOLDER
from tests.support.pack.toml import ABSENT, parsed, put, read, vignettes, written
from tests.support.shipped import INSTRUMENT, PACK


def contents() -> dict[str, bytes]:
    return {name: (FOLDER / name).read_bytes() for name in FILES}


def faults_of(files: dict[str, bytes]) -> tuple[str, ...]:
    with pytest.raises(PackFault) as caught:
        read_pack(files)
    return caught.value.faults


def test_a_pack_that_was_taken_apart_and_written_again_is_the_same_pack() -> None:
    """Other tests change the parsed pack and write it as TOML."""
    again = read({**parsed(SHIPPED), **vignettes(SHIPPED)})

    assert again == PACK
    assert again.instrument.fingerprint == INSTRUMENT.fingerprint


def test_an_instrument_can_be_read_alone() -> None:
    """Sessions that began with an older instrument are finished with it."""
    assert read_instrument((SHIPPED / "instrument.toml").read_bytes()) == INSTRUMENT


def test_a_bad_instrument_read_alone_reports_every_fault() -> None:
    raw = parsed(FOLDER)["instrument.toml"]
    put(raw, "items.0.label", 7)
    put(raw, "bands.1.from", 0)

    with pytest.raises(PackFault) as caught:
        read_instrument(written(raw))

    assert len(caught.value.faults) == 2


def test_faults_of_all_files_are_reported_at_once_with_their_paths() -> None:
    files = parsed(FOLDER)
    put(files["instrument.toml"], "items.2.verified", "yes")
    put(files["guidance.toml"], "steps.0.text", "")
    put(files["contacts.toml"], "contacts.0.value", "112")
    put(files["glossary.toml"], "terms.1.text", 1)
    put(files["guide.toml"], "topics.0.roles", ["teacher"])

    with pytest.raises(PackFault) as caught:
        read(files)

    assert caught.value.faults == (
        "instrument.toml.items[2].verified: must be true or false, not a text",
        "guidance.toml.steps[0].text: empty; write a text",
        "contacts.toml.contacts: 'emergency' must be 999",
        "glossary.toml.terms[1].text: must be a text, not a whole number",
        "guide.toml.topics[0].roles: 'teacher' is not one of: school, health, preventative, residential, police, "
        "social-care, leaving-care, other",
    )
    assert str(caught.value) == "\n".join(caught.value.faults)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(name: str) -> None:
    files = contents()
    del files[name]

    assert f"{name}: missing; a pack has this file" in faults_of(files)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"name = \xff\xfe", "contacts.toml: not UTF-8 text (byte 7); save it as UTF-8"),
        (b"[[contacts", "contacts.toml: not TOML: "),
        (b"x = " + b"9" * 5_000, "contacts.toml: not TOML: "),
        (b"x = " + b"[" * 5_000, "contacts.toml: not TOML: "),
        (b"x = 2026-02-31", "contacts.toml: not TOML: "),
        (b'x = """\\\\""""\n' + b"a." * 20_000 + b"a = 1", "contacts.toml: not TOML of a pack: over 100 dots in a key"),
    ],
    ids=["not UTF-8", "not TOML", "a number without end", "nested without end", "no such day", "a key without end"],
)
def test_a_file_that_cannot_be_parsed_is_one_fault(content: bytes, fault: str) -> None:
    found = faults_of({**contents(), "contacts.toml": content})

    assert [each[: len(fault)] for each in found] == [fault]


def test_an_instrument_that_cannot_be_parsed_leaves_the_ids_in_conditions_unjudged() -> None:
    """Without the instrument it is not known which item ids exist, so only its own fault is reported."""
    raw = parsed(FOLDER)["guidance.toml"]
    put(raw, "leads.1.if", {"present": ["B1"]})
    put(raw, "leads.2", ABSENT)

    assert len(faults_of({**contents(), "instrument.toml": b"[", "guidance.toml": written(raw)})) == 1
