"""What the shipped pack says of its categories in sentences is what its bands say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass

import pytest

from tests.support.shipped import PACK

RANGES = (
    re.compile(r"Category (?P<category>[1-4])[^.:]*: (?P<low>\d+) to (?P<high>\d+) points"),
    re.compile(r"(?P<low>\d+) to (?P<high>\d+) is Category (?P<category>[1-4])"),
)
"""How a sentence says from where to where a category goes."""

BEGINS = {band.category: band.lowest for band in PACK.instrument.bands}


def texts(value: object) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for each in value.values() for text in texts(each))
    elif isinstance(value, Sequence | frozenset):
        yield from (text for each in value for text in texts(each))
    elif is_dataclass(value) and not isinstance(value, type):
        yield from (text for each in fields(value) for text in texts(getattr(value, each.name)))


def wrong(said: str) -> list[str]:
    """The ranges in a text that are not those of the bands."""
    found = [match for pattern in RANGES for match in pattern.finditer(said)]
    return [
        match[0]
        for match in found
        if (int(match["low"]), int(match["high"]))
        != (BEGINS[int(match["category"])], BEGINS.get(int(match["category"]) + 1, 0) - 1)
    ]


def test_no_sentence_of_the_pack_contradicts_its_bands() -> None:
    """Of those that say from where to where a category goes; there are some in the glossary and in the guide."""
    said = [text for text in texts(PACK) if any(pattern.search(text) for pattern in RANGES)]

    assert len(said) >= 2
    assert [each for text in said for each in wrong(text)] == []


@pytest.mark.parametrize(
    "said",
    ["Category 1 (not at risk): 0 to 6 points.", "The points add up. 0 to 4 is Category 1, 6 to 10 is Category 2."],
)
def test_a_sentence_that_does_is_found(said: str) -> None:
    """One number off is enough."""
    assert len(wrong(said)) == 1
