"""Tests of every kind of fault of a vignette: a sound one with one change has exactly that fault."""

import copy
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.runtime.packs import SHIPPED, load_pack
from seraf.errors import PackFault
from seraf.reading.pack import read_pack
from tests.support.pack.other_board import FOLDER
from tests.support.pack.other_board import PACK as OTHER
from tests.support.pack.toml import ABSENT, Raw, parsed, put, vignettes, with_few_words, written

NAME = "vignettes/kai.toml"
SOUND = vignettes(SHIPPED)
CONTENT = {name: written(raw) for name, raw in with_few_words(parsed(SHIPPED)).items()}
LONG = "He is 14. " * 71


def faults_of(files: dict[str, bytes]) -> list[str]:
    with pytest.raises(PackFault) as caught:
        read_pack({**CONTENT, **files})
    return list(caught.value.faults)


def faults_with(edit: Callable[[Raw], object]) -> list[str]:
    raw = copy.deepcopy(SOUND[NAME])
    edit(raw)
    return faults_of({NAME: written(raw)})


def answer(raw: Raw, place: str) -> Raw:
    rows: list[Raw] = raw["key"]["answers"]
    return next(row for row in rows if place in row["places"])


SHAPE: list[tuple[str, object, str]] = [
    ("id", "a very long id with blanks", "id: must be at most 16 letters, digits"),
    ("title", "x" * 41, "title: 41 characters; at most 40 fit"),
    ("about", ABSENT, "about: missing; write a text"),
    ("warning", "", "warning: empty; write a text"),
    ("themes", ["horses"], "themes: 'horses' is not one of: boy, girl"),
    ("colour", "red", "colour: not a key that is known here"),
    ("parts.0.title", ABSENT, "parts[0].title: missing; write a text"),
    ("parts.0.text", LONG, "parts[0].text: 710 characters; at most 700 fit"),
    ("parts.0.colour", 1, "parts[0].colour: not a key that is known here"),
    ("key.age", "14", "key.age: '14' is not one of: under-13, 13-15"),
    ("key.total", "19", "key.total: must be a whole number, not a text"),
    ("key.category", ABSENT, "key.category: missing"),
    ("key.first_call", "mother", "key.first_call: 'mother' is not one of: emergency, art"),
    ("key.first_call_because", "x" * 201, "key.first_call_because: 201 characters; at most 200 fit"),
    ("key.steps", ["told"], "key.steps: not a key that is known here"),
    ("key.rules", ["karma"], "key.rules: 'karma' is not one of: both-columns, family"),
    ("key.colour", 1, "key.colour: not a key that is known here"),
    ("key.answers.0.places", [], "key.answers[0].places: needs at least 1, has 0"),
    ("key.answers.0.because", "x" * 201, "key.answers[0].because: 201 characters; at most 200 fit"),
    ("key.answers.0.rules", ["karma"], "key.answers[0].rules: 'karma' is not one of: both-columns, family"),
    ("key.answers.0.colour", 1, "key.answers[0].colour: not a key that is known here"),
]


@pytest.mark.parametrize(("path", "value", "fault"), SHAPE, ids=[f"{path} {fault}" for path, _, fault in SHAPE])
def test_a_vignette_of_the_wrong_shape_gives_one_fault_with_its_place(path: str, value: object, fault: str) -> None:
    found = faults_with(lambda raw: put(raw, path, value))

    assert [each[: len(NAME) + 1 + len(fault)] for each in found] == [f"{NAME}.{fault}"]


def test_a_vignette_without_a_key_is_one_fault() -> None:
    assert faults_with(lambda raw: raw.pop("key")) == [f"{NAME}.key: missing; say what a careful reader would answer"]


def test_a_vignette_with_invalid_toml_is_one_fault() -> None:
    assert [each.partition(" (")[0] for each in faults_of({NAME: b"id = "})] == [f"{NAME}: not TOML: Invalid value"]


def test_two_vignettes_with_one_id_are_a_fault() -> None:
    sound = written(SOUND[NAME])

    assert faults_of({NAME: sound, "vignettes/other.toml": sound}) == [
        "vignettes/other.toml.id: 'kai' is already the id of another vignette; choose another"
    ]


def mistake(raw: Raw, place: str, **changed: object) -> None:
    answer(raw, place).update(changed)


MEANING: list[tuple[str, Callable[[Raw], object], str]] = [
    ("unknown item", lambda raw: mistake(raw, "M3", places=["M99"]), "key.answers.M99: neither an item nor a question"),
    ("missing item", lambda raw: mistake(raw, "M3", places=["M99"]), "key.answers.M3: missing; put it"),
    ("missing question", lambda raw: mistake(raw, "stage", places=["known"]), "key.answers.stage: missing; put it"),
    (
        "profession",
        lambda raw: mistake(raw, "stage", places=["stage", "profession"]),
        "key.answers.profession: neither",
    ),
    ("twice", lambda raw: mistake(raw, "M3", places=["M3", "M5"]), "key.answers.M5: answered more than once"),
    ("unknown option", lambda raw: mistake(raw, "M3", answer="current"), "key.answers.M3: 'current' is not one of"),
    ("unknown answer", lambda raw: mistake(raw, "danger", answer="maybe"), "key.answers.danger: 'maybe' is not one of"),
    (
        "no judgement",
        lambda raw: mistake(raw, "judgement", answer="not-asked"),
        "key.answers.judgement: 'not-asked' is",
    ),
    ("other option", lambda raw: mistake(raw, "S3", other="yes"), "key.answers.S3: 'yes' is not one of: current"),
    ("one reading", lambda raw: mistake(raw, "S3", other="not-known"), "key.answers.S3: the other reading is the same"),
    ("no reason", lambda raw: mistake(raw, "S3", other_because=""), "key.answers.S3: write `other` and"),
    ("no reading", lambda raw: mistake(raw, "S3", other=""), "key.answers.S3: write `other` and"),
    ("not cited", lambda raw: answer(raw, "M3").pop("cites"), "key.answers.M3.cites: missing; name the sentence"),
    ("no cited", lambda raw: answer(raw, "S1").pop("cites"), "key.answers.S1.cites: missing; name the sentence"),
    ("judged", lambda raw: answer(raw, "judgement").pop("cites"), "key.answers.judgement.cites: missing; name"),
    ("misquoted", lambda raw: mistake(raw, "M3", cites="When it buzzes."), "key.answers.M3.cites: not word for word"),
    ("total", lambda raw: put(raw, "key.total", 18), "key.total: 18 is stated, but the answers come to 22"),
    ("category", lambda raw: put(raw, "key.category", 3), "key.category: 3 is stated, but the answers come to 4"),
    (
        "call",
        lambda raw: put(raw, "key.first_call", "lead"),
        "key.first_call: lead is not step 1 of the card for these answers; write art",
    ),
    (
        "misplaced rule",
        lambda raw: mistake(raw, "M3", rules=["family"]),
        "key.answers.M3.rules: family is not practised",
    ),
    ("rule unnamed", lambda raw: put(raw, "key.rules", ["suspicion"]), "key.rules: not-known is practised at"),
    ("rule unpractised", lambda raw: raw["key"]["rules"].append("family"), "key.rules: family is at no answer"),
]


@pytest.mark.parametrize(("edit", "fault"), [case[1:] for case in MEANING], ids=[case[0] for case in MEANING])
def test_a_key_that_claims_what_is_not_so_is_a_named_fault(edit: Callable[[Raw], object], fault: str) -> None:
    found = faults_with(edit)

    assert [each for each in found if each.startswith(f"{NAME}.{fault}")] != []
    assert len(found) <= 2
    assert all(each.startswith(f"{NAME}.") for each in found)


def test_a_short_question_that_other_answers_decide_cannot_be_answered_otherwise() -> None:
    name = next(name for name, raw in SOUND.items() if name.startswith("vignettes/") and _says(raw, "M5"))
    raw = copy.deepcopy(SOUND[name])
    raw["key"]["answers"].append({"places": ["not_at_school"], "answer": "no", "because": "It is so."})

    assert faults_of({name: written(raw)}) == [
        f"{name}.key.answers.not_at_school: other answers make it yes; write that, or change them"
    ]


def _says(raw: Raw, item: str) -> bool:
    return any(item in each["places"] and each["answer"] == "yes" for each in raw["key"]["answers"])


def test_all_faults_of_several_vignettes_are_reported_at_once() -> None:
    kai, mara = copy.deepcopy(SOUND[NAME]), copy.deepcopy(SOUND["vignettes/mara.toml"])
    put(kai, "key.total", 3)
    put(kai, "key.category", 1)
    put(mara, "title", 7)

    found = faults_of({NAME: written(kai), "vignettes/mara.toml": written(mara)})

    assert found == [
        f"{NAME}.key.total: 3 is stated, but the answers come to 22: write that, if each answer is right",
        f"{NAME}.key.category: 1 is stated, but the answers come to 4: write that, if each answer is right",
        "vignettes/mara.toml.title: must be a text, not a whole number",
    ]


@pytest.mark.parametrize("name", ["instrument.toml", "guidance.toml"])
def test_no_key_is_judged_by_an_instrument_or_guidance_that_is_broken(name: str) -> None:
    found = faults_of({name: b"[", **{each: written(raw) for each, raw in SOUND.items()}})

    assert [each for each in found if each.startswith("vignettes/")] == []


def test_a_pack_without_vignettes_starts_and_has_none() -> None:
    """With such a pack nobody can rehearse a vignette."""
    assert OTHER.vignettes == ()


def test_vignettes_are_read_from_their_folder_in_the_order_of_their_files(tmp_path: Path) -> None:
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "vignettes").mkdir()
    (tmp_path / "vignettes" / "notes.txt").write_text("none", encoding="utf-8")
    for name in ("b.toml", "a.toml"):
        (tmp_path / "vignettes" / name).write_text("[", encoding="utf-8")

    with pytest.raises(PackFault) as caught:
        load_pack(tmp_path)

    assert [each.partition(":")[0] for each in caught.value.faults] == [
        "vignettes/a.toml, line 1",
        "vignettes/b.toml, line 1",
    ]
