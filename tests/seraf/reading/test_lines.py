"""Tests of the line number in a fault: that of the table, row or value, or the nearest line that can be found."""

import pytest

from seraf.reading.checks.lines import MOST_PLACED, placed_faults

FORM = b"""[instrument]
name = "ours"

[[items]]
id = "A1"
short = "One"
counts = [
  "first",
  "second",
]

[[items]]
short = "Two"

[[bands]]
from = 0

[[sections]]
id = "one"
ask = \"""
A question
of two lines.\"""

[[sections.options]]
id = "yes"

[[sections]]
id = "two"

[[sections.options]]
id = "no"
"""


def placed(fault: str, content: bytes = FORM) -> str:
    (said,) = placed_faults((fault,), {"instrument.toml": content})
    return said


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("instrument.name", "line 2 (instrument → name)"),
        ("instrument.edition", "line 1 (instrument → edition)"),
        ("items[0].short", "line 6 (items 1, A1 → short)"),
        ("items[0].counts[1]", "line 9 (items 1, A1 → counts 2)"),
        ("items[1].short", "line 13 (items 2 → short)"),
        ("items[1].gloss", "line 12 (items 2 → gloss)"),
        ("bands", "line 15 (bands)"),
        ("bands[0].from", "line 16 (bands 1 → from)"),
        ("sections[1].options[0].id", "line 31 (sections 2 → options 1, no → id)"),
        ("nowhere.deep", "line 1 (nowhere → deep)"),
        ("nowhere", "line 1 (nowhere)"),
    ],
)
def test_a_fault_is_at_its_line_or_at_that_of_its_table(path: str, where: str) -> None:
    assert placed(f"instrument.toml.{path}: is wrong") == f"instrument.toml, {where}: is wrong"


@pytest.mark.parametrize(
    ("what", "line"), [("'Two' is wrong", 13), ("'Three' is wrong", 4), ("must be a date such as 2027-01-31", 4)]
)
def test_a_quoted_word_of_a_fault_is_located_in_the_file(what: str, line: int) -> None:
    assert placed(f"instrument.toml.items: {what}").startswith(f"instrument.toml, line {line} (items): {what}")


def test_a_word_is_found_within_a_text_of_several_lines() -> None:
    assert placed("instrument.toml.sections[0].ask: has 'two lines', which is not said").startswith(
        "instrument.toml, line 22 ("
    )


@pytest.mark.parametrize("fault", ["no file at all", "other.toml: missing; a pack has this file"])
def test_a_fault_of_no_existing_file_stays_unchanged(fault: str) -> None:
    assert placed(fault) == fault


def test_the_cause_of_other_faults_is_reported_alone() -> None:
    """Syntax errors hide faults of the instrument, and those hide all others. A misspelt key hides the missing key."""
    broken, form, other = "guide.toml: not TOML: x", "instrument.toml.name: wrong", "guide.toml.topics: wrong"
    texts = {"instrument.toml": FORM, "guide.toml": b""}

    assert placed_faults((form, other, broken), texts) == ("guide.toml, line 1: not TOML: x",)
    assert placed_faults((other, form), texts) == ("instrument.toml, line 2 (name): wrong",)
    assert placed_faults((other,), texts) == ("guide.toml, line 1 (topics): wrong",)
    misspelt = "instrument.toml.items[0].shrt: not a key that is known here; known: short, label"
    missing = "instrument.toml.items[0].short: missing; write a text"
    (said,) = placed_faults((misspelt, missing), texts)
    assert said.endswith("is not a key; did you mean 'short'?")


def test_an_id_that_was_changed_is_one_fault() -> None:
    """The uses of the old id and the unused new id are reported as one fault."""
    lost = "'three' is not one of: one, two"
    faults = [f"instrument.toml.items[{at}].section: {lost}" for at in range(2)]

    found = placed_faults((*faults, "instrument.toml.sections: 'two' has no items"), {"instrument.toml": FORM})

    assert found == (f"instrument.toml, line 4 (items 1, A1 → section): {lost}; the same at line 12",)
    alone = ("instrument.toml.sections: 'two' has no items",)
    assert placed_faults(alone, {"instrument.toml": FORM})[0].endswith("'two' has no items")


def test_as_many_faults_are_placed_as_are_printed() -> None:
    faults = tuple(f"instrument.toml.items[0].short: wrong {number}" for number in range(MOST_PLACED + 1))

    found = placed_faults(faults, {"instrument.toml": FORM})

    assert found[MOST_PLACED - 1].startswith("instrument.toml, line 6")
    assert found[MOST_PLACED] == faults[MOST_PLACED]


@pytest.mark.parametrize(
    ("content", "what", "said"),
    [
        (b"\xef\xbb\xbfa = 1\n", "not TOML: Invalid statement (at line 1, column 1)", "line 1: the file begins with"),
        (b"a = 1\nb = \x92\n", "not UTF-8 text (byte 10); save it as UTF-8", "line 2: not UTF-8 text"),
        (b"a = 1\nb = [\n", "not TOML: Invalid value (at end of document)", "line 2: a list or a text is not closed"),
        (b"a = [\nb = 1\n", "not TOML: Unclosed array (at line 2, column 1)", "line 2: a list is not closed"),
        (b"a = 1\n?\n", "not TOML: Invalid statement (at line 2, column 1)", "line 2: not TOML: Invalid statement"),
        ("a = “one”\n".encode(), "not TOML: Invalid value (at line 1, column 5)", "line 1: curly quotes stand around"),
        (b'a = "one\n', "not TOML: Illegal character (at line 1, column 9)", "line 1: a text is not closed"),
        (b"a = 1/2/2027\n", "not TOML: Expected newline (at line 1, column 6)", "line 1: a date is written year first"),
        (b"a = 1\n", "not TOML: Invalid value (at line 9, column 1)", "line 9: no value stands after the ="),
    ],
)
def test_editing_slips_are_reported_in_plain_words(content: bytes, what: str, said: str) -> None:
    assert placed(f"instrument.toml: {what}", content).startswith(f"instrument.toml, {said}")
