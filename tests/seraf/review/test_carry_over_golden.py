"""Codes that were given out stay readable, of every format, with the lists that they were made with."""

import json
from typing import Any

import pytest

from bot.crypto.code_cipher import REAL, REHEARSED, CodeCipher, Domain
from seraf.form.instrument import Instrument
from seraf.form.responses import Responses
from seraf.form.vocabulary import Age
from seraf.reading.pack import read_instrument
from seraf.review.carry_over import TABLES, UNSAID, Carried, NewerCode
from tests.support.pack.carrying import of_a_newer_release
from tests.support.places import TESTS
from tests.support.shipped import CARRY

FOLDER = TESTS / "golden" / "carry_over"
LISTS = {path.stem: read_instrument(path.read_bytes()) for path in sorted(FOLDER.glob("*.toml"))}
"""The lists as a store keeps them. They may be corrected in what is not asked and scored, and in nothing else."""

CODES: list[dict[str, Any]] = json.loads((FOLDER / "codes.json").read_text(encoding="utf-8"))
"""Every code with what is in it. None of these lines is ever to be changed, since codes like them are in children's files.

A line without `facts` is a code of the first format, which does not know them. A line with `later` is a code that a later
release may write, and says what it has in the four bits that are 0 today.
"""

READ = [line for line in CODES if "later" not in line]
"""Those that are read today."""


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
        facts=Responses.of(line.get("facts", {})),
        code_format=format_of(line),
    )


def domain_of(line: dict[str, Any]) -> Domain:
    """The domain that a line names by the bytes of its format."""
    return next(each for each in (REAL, REHEARSED) if line["domain"].encode() in each)


def format_of(line: dict[str, Any]) -> int:
    """The format of a line's code, by the same bytes."""
    return domain_of(line).index(line["domain"].encode()) + 1


@pytest.mark.parametrize("line", READ, ids=lambda line: line["code"])
def test_a_code_that_was_given_out_is_read_and_written_as_it_was(line: dict[str, Any]) -> None:
    """With the same key and the same list, the same code, and the same SERAF."""
    instrument = LISTS[line["list"]]
    carrier = CodeCipher(CARRY, tuple(LISTS.values()), domain_of(line))

    carried = carrier.read(line["code"])

    assert carried == carried_in(line, instrument)
    assert carrier.write(carried) == line["code"]


@pytest.mark.parametrize("line", [line for line in CODES if "later" in line], ids=lambda line: line["code"])
def test_a_code_of_a_later_release_is_what_today_s_is_with_four_bits_more(line: dict[str, Any]) -> None:
    """Today it is refused as that, and as nothing else; a later release finds the rest of it where it is today."""
    carrier = CodeCipher(CARRY, tuple(LISTS.values()), domain_of(line))

    with pytest.raises(NewerCode):
        carrier.read(line["code"])

    carried = carried_in(line, LISTS[line["list"]])
    assert of_a_newer_release(carried, line["later"], carrier) == line["code"]


@pytest.mark.parametrize(("code_format", "lengths"), [(1, {23, 29}), (2, {27, 33}), (3, {29, 35})])
def test_the_golden_codes_of_each_format_say_every_word_of_it(code_format: int, lengths: set[int]) -> None:
    """Real ones and rehearsed, of usual months and others; so no table can change its order without one of them being read wrongly."""
    lines = [line for line in READ if format_of(line) == code_format]
    said = {(fact, word) for line in lines for fact, word in line.get("facts", {}).items()}

    assert {len(line["code"]) for line in lines} == lengths
    assert {domain_of(line) for line in lines} == {REAL, REHEARSED}
    assert said == {(fact, word) for fact, words in TABLES[code_format].items() for word in words if word != UNSAID}


def test_the_lists_of_the_first_release_have_the_fingerprints_they_had() -> None:
    """A fingerprint that was worked out differently would leave every earlier code unread."""
    assert {name: instrument.fingerprint[:12] for name, instrument in LISTS.items()} == {
        "south-gloucestershire": "607546527933",
        "other-board": "443cd777a790",
    }
