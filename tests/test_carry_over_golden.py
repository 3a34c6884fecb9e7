"""Codes that were given out stay readable: those of the first release, with the lists that they were made with."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.carrying import Carrier
from seraf.carried import Carried
from seraf.instrument import Instrument
from seraf.reading import read_instrument
from seraf.responses import Responses
from seraf.vocabulary import Age
from tests.support.shipped import CARRY

FOLDER = Path(__file__).parent / "golden" / "carry_over"
LISTS = {path.stem: read_instrument(path.read_bytes()) for path in sorted(FOLDER.glob("*.toml"))}
"""The lists as a store keeps them. They may be corrected in what is not asked and scored, and in nothing else."""

CODES: list[dict[str, Any]] = json.loads((FOLDER / "codes.json").read_text(encoding="utf-8"))
"""Every code with what is in it. None of these lines is ever to be changed, since codes like them are in children's files."""


def carried_in(line: dict[str, Any], instrument: Instrument) -> Carried:
    """The SERAF that a line says is in its code."""
    return Carried(
        year=line["year"],
        month=line["month"],
        age=Age(line["age"]),
        judgement=line["judgement"],
        responses=Responses.of(line["responses"]),
        fingerprint=instrument.fingerprint,
        answers=Responses.of(line["answers"]),
    )


@pytest.mark.parametrize("line", CODES, ids=lambda line: line["code"])
def test_a_code_of_the_first_release_is_read_and_written_as_it_was(line: dict[str, Any]) -> None:
    """With the same key and the same list, the same code, and the same SERAF."""
    instrument = LISTS[line["list"]]
    carrier = Carrier(CARRY, tuple(LISTS.values()), line["domain"].encode())

    carried = carrier.read(line["code"])

    assert carried == carried_in(line, instrument)
    assert carrier.write(carried) == line["code"]


def test_the_lists_of_the_first_release_have_the_fingerprints_they_had() -> None:
    """A fingerprint that was worked out differently would leave every earlier code unread."""
    assert {name: instrument.fingerprint[:12] for name, instrument in LISTS.items()} == {
        "south-gloucestershire": "607546527933",
        "other-board": "443cd777a790",
    }
