"""Codes that were given out stay readable, of every format, with the lists that they were made with."""

import json
from typing import Any

import pytest

from bot.crypto.code_cipher import REAL, REHEARSED, CodeCipher, Domain
from seraf.form.instrument import Instrument
from seraf.form.responses import Responses
from seraf.form.vocabulary import Age
from seraf.reading.pack import read_instrument
from seraf.review.carried import Carried
from seraf.review.carry_over import FACTS, UNSAID
from tests.support.places import TESTS
from tests.support.shipped import CARRY

FOLDER = TESTS / "golden" / "carry_over"
LISTS = {path.stem: read_instrument(path.read_bytes()) for path in sorted(FOLDER.glob("*.toml"))}
"""The lists as a store keeps them. They may be corrected in what is not asked and scored, and in nothing else."""

CODES: list[dict[str, Any]] = json.loads((FOLDER / "codes.json").read_text(encoding="utf-8"))
"""Every code with what is in it. None of these lines is ever to be changed, since codes like them are in children's files.

A line without `facts` is a code of the first format, which does not know them.
"""


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
        facts=Responses.of(line["facts"]) if "facts" in line else None,
    )


def domain_of(line: dict[str, Any]) -> Domain:
    """The domain that a line names by the bytes of its format."""
    return next(each for each in (REAL, REHEARSED) if line["domain"].encode() == each["facts" in line])


@pytest.mark.parametrize("line", CODES, ids=lambda line: line["code"])
def test_a_code_that_was_given_out_is_read_and_written_as_it_was(line: dict[str, Any]) -> None:
    """With the same key and the same list, the same code, and the same SERAF."""
    instrument = LISTS[line["list"]]
    carrier = CodeCipher(CARRY, tuple(LISTS.values()), domain_of(line))

    carried = carrier.read(line["code"])

    assert carried == carried_in(line, instrument)
    assert carrier.write(carried) == line["code"]


def test_the_golden_codes_are_of_both_formats_and_say_every_word() -> None:
    """So that no table can change its order without one of them being read wrongly."""
    older = [line["code"] for line in CODES if "facts" not in line]
    said = {(fact, word) for line in CODES for fact, word in line.get("facts", {}).items()}

    assert {len(code) for code in older} == {23, 29}
    assert {len(line["code"]) for line in CODES if line["code"] not in older} == {27, 33}
    assert said == {(fact, word) for fact, words in FACTS.items() for word in words if word != UNSAID}


def test_the_lists_of_the_first_release_have_the_fingerprints_they_had() -> None:
    """A fingerprint that was worked out differently would leave every earlier code unread."""
    assert {name: instrument.fingerprint[:12] for name, instrument in LISTS.items()} == {
        "south-gloucestershire": "607546527933",
        "other-board": "443cd777a790",
    }
