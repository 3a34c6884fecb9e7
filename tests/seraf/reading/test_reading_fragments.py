"""Tests of every kind of fault in the sentences for made-up cases: one changed value gives exactly that fault."""

import copy
from typing import Any

import pytest

from bot.runtime.packs import SHIPPED
from seraf.cases.fragments import Fragments
from seraf.errors import PackFault
from seraf.pack import FRAGMENTS
from seraf.reading.cases.fragments import read_fragments
from seraf.reading.toml.tables import Faults, TomlTable
from tests.support.pack.toml import ABSENT, Raw, parsed, put, read, stated
from tests.support.shipped import INSTRUMENT, PACK

SOUND: Raw = stated(SHIPPED, INSTRUMENT.edition.places)[FRAGMENTS]
LONG = " ".join(["long"] * 20) + "."
STRANGER = "An uncle says of {name} that {they} {are} at home, and so it is."

CODED = "speaks of 'V1', a code that nobody sees; say it in plain words, such as 'Emotional neglect'"

CASES: list[tuple[str, object, str]] = [
    ("title", "{home}", "title: '{home}' has a place that is not known here; known: name, years"),
    ("titles", ABSENT, "titles: missing; write a table [titles]"),
    ("titles.school", "x" * 41, "titles.school: 41 characters; at most 40 fit"),
    ("children.0.name", "Ann Lee", "children[0].name: must be one first name and nothing else"),
    ("children.0.pronoun", "it", "children[0].pronoun: 'it' is not one of: he, she, they"),
    ("children.0.name", "Callum", "children: 'Callum' stands more than once"),
    ("children", SOUND["children"][:1], "children: needs at least 2, has 1"),
    ("homes", SOUND["homes"][:1], "homes: needs at least 2, has 1"),
    ("times.soon", SOUND["times"]["soon"][:2], "times.soon: needs at least 3, has 2"),
    ("because.rest", SOUND["because"]["rest"][:1], "because.rest: needs at least 2, has 1"),
    ("today.0.texts", SOUND["today"][0]["texts"][:2], "today[0].texts: needs at least 3, has 2"),
    ("homes.0.text", "a b c d e f g h i", "homes[0].text: has more than eight words"),
    ("homes.0.needs", ["V99"], "homes[0].needs: 'V99' is not the id of an item"),
    ("times.soon.0", "in the last few moments", "times.soon: 'in the last few moments' has 23 characters; at most 20"),
    (
        "frames.worker.1",
        SOUND["frames"]["worker"][0],
        f"frames.worker: {SOUND['frames']['worker'][0]!r} stands more than",
    ),
    ("frames.worker.0", "That is all of {what}.", "frames.worker: 'That is all of {what}.' has a place that is not"),
    ("frames.uneasy.0", "Uneasy.", "frames.uneasy: 'Uneasy.' has 1 words; write 10 to 16"),
    ("frames.rest", ["x."], "frames.rest: needs at least 3, has 1"),
    ("because.rest.0", "x" * 90, f"because.rest: {'x' * 90!r} has 90 characters; at most 89 fit"),
    ("calls.high", ABSENT, "calls.high: must be a list of texts, none of them empty"),
    ("today.0.texts.0", "Safe.", "today[0].texts: 'Safe.' has 1 words; write 13 to 23"),
    ("today.0.danger", "yes", "today: each has its danger or its condition; write one that any child may have"),
    ("today.2.if", {"presence": ["M4"]}, "today[2].if.presence: not a fact"),
    ("keyed.0.place", "V99", "keyed[0].place: 'V99' is not one of: danger, told_or_seen, judgement, V1"),
    ("keyed.0.answer", "yes", "keyed[0].answer: 'yes' is not one of: no, not-known"),
    ("keyed.0.other", "not-known", "keyed[0].other: the other reading is the same as the first"),
    ("keyed.0.because", "So {they} said.", "keyed[0].because: 'So {they} said.' could mean two people by '{they}'"),
    ("keyed", [], "keyed: every judgement has its condition; write one that always holds"),
    ("follows.0.item", "S99", "follows[0].item: 'S99' is not the id of an item"),
    ("follows.0.of", "V2", "follows[0].of: 'V2' is of another section than 'S3'"),
    ("said.0.item", "V99", "said[0].item: 'V99' is not the id of an item"),
    ("said.0.answer", "both", "said[0].answer: 'both' is not one of: yes, no, not-known"),
    ("said.0.telling", "outside", "said[0].answer: 'yes' cannot be told as outside"),
    ("said.0.ages", ["young"], "said[0].ages: 'young' is not one of: under-13, 13-15, 16-17, 18-25, not-known"),
    ("said.0.because", ABSENT, "said[0].because: missing; write a text"),
    ("said.0.because", "x" * 111, "said[0].because: 111 characters; at most 110 fit"),
    ("said.0.school.0", LONG, f"said[0].school: {LONG!r} has 20 words; write 10 to 19"),
    ("said.0.school.0", "a b c d e f g h i j", "said[0].school: 'a b c d e f g h i j' does not end as a sentence does"),
    (
        "said.0.school.0",
        STRANGER,
        f"said[0].school: {STRANGER!r} could mean two people by '{{they}}'; write {{name}}, or who",
    ),
    ("said.0.concern", ABSENT, "said[0].item: is told in 2 ways; write 3 at least"),
    (
        "said.1",
        SOUND["said"][0],
        f"said: 'plain {' '.join((SOUND['said'][0]['item'], SOUND['said'][0]['answer']))}' stands",
    ),
    (
        "said.1.school.0",
        SOUND["said"][0]["school"][0],
        f"said: {SOUND['said'][0]['school'][0]!r} stands more than once",
    ),
    ("title", "{name}, V1", f"title: '{{name}}, V1' {CODED}"),
    ("about", "Of V1.", f"about: 'Of V1.' {CODED}"),
    ("warning", "Of V1.", f"warning: 'Of V1.' {CODED}"),
    ("titles.school", "V1", f"titles.school: 'V1' {CODED}"),
    ("homes.0.text", "with V1", f"homes[0].text: 'with V1' {CODED}"),
    ("frames.worker.0", "That is all of V1.", f"frames.worker: 'That is all of V1.' {CODED}"),
    ("because.family.0", "It stands under V1.", f"because.family: 'It stands under V1.' {CODED}"),
    ("calls.low.0", "V1 is low.", f"calls.low: 'V1 is low.' {CODED}"),
    ("keyed.0.other_because", "V1 is low.", f"keyed[0].because: 'V1 is low.' {CODED}"),
    (
        "said.1.school.0",
        "That is V1, and there is no more of it at all.",
        f"said[1].school: 'That is V1, and there is no more of it at all.' {CODED}",
    ),
    ("said.0", SOUND["said"][0] | {"school": [], "services": []}, "said[0].item: needs a line of two of these at"),
]


def faults_of(raw: Raw) -> list[str]:
    faults = Faults()
    read_fragments(TomlTable("fragments", raw, faults), INSTRUMENT)
    return faults.found


@pytest.mark.parametrize(("path", "value", "fault"), CASES, ids=lambda value: str(value)[:40])
def test_one_wrong_value_is_named_with_its_place(path: str, value: Any, fault: str) -> None:
    raw = copy.deepcopy(SOUND)
    put(raw, path, value)

    assert any(each.startswith(f"fragments.{fault}") for each in faults_of(raw))


@pytest.mark.parametrize("end", [".", "?", "!", "”"])
def test_a_sentence_may_end_in_each_of_the_ways_in_which_one_ends(end: str) -> None:
    raw = copy.deepcopy(SOUND)
    put(raw, "frames.worker.0", f"That is all there is{end}")

    assert faults_of(raw) == []


def test_the_sound_file_has_no_fault() -> None:
    """The tests with one changed value would prove nothing if the unchanged file had faults."""
    assert faults_of(copy.deepcopy(SOUND)) == []


def test_a_line_that_is_too_long_for_its_part_is_a_fault() -> None:
    raw = copy.deepcopy(SOUND)
    line = " ".join(["extraordinarily"] * 10) + "."
    put(raw, "said.0.school.0", line)

    assert faults_of(raw) == [f"fragments.said[0].school: {line!r} has 160 characters; at most 125 fit"]


def test_a_home_that_any_child_may_have_is_needed() -> None:
    raw = copy.deepcopy(SOUND)
    raw["homes"] = [each for each in raw["homes"] if "needs" in each]

    assert faults_of(raw) == ["fragments.homes: each needs an item; write one that any child may have"]


def test_sentences_that_make_no_case_are_a_fault() -> None:
    raw = copy.deepcopy(SOUND)
    raw["said"] = [each for each in raw["said"] if each["answer"] == "no" and "telling" not in each]

    assert faults_of(raw) == ["fragments.said: there is not enough for a case of any kind; write more of them"]


def test_a_pack_may_have_none() -> None:
    files = parsed(SHIPPED)
    del files[FRAGMENTS]

    assert read(files).fragments is None
    assert isinstance(PACK.fragments, Fragments)


def test_a_fault_keeps_the_pack_from_starting() -> None:
    files = parsed(SHIPPED)
    files[FRAGMENTS]["said"] = []

    with pytest.raises(PackFault, match=r"fragments\.toml"):
        read(files)
