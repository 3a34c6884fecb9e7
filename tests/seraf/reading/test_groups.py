"""Tests of groups of ages and professions: defined once in a pack, usable in all files, and covering every value."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.runtime.packs import SHIPPED
from dialogs.form.path import options
from seraf.advice.action_plan import Hour
from seraf.case_view import CaseView
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import FACT_WORDS, Age
from seraf.pack import Pack
from seraf.reading.pack import read_instrument
from seraf.reading.toml.conditions import GROUPED, judge_groups, read_groups
from seraf.reading.toml.tables import Faults, TomlTable
from seraf.review.carry_over import AGES as AGES_OF_CODES
from tests.support.pack.other_board import FOLDER
from tests.support.pack.toml import Raw, faults_of, groups_of, meant, parsed, put, read, vignettes, written
from tests.support.shipped import PACK

CHILD, ADULT = ["under-13", "13-15", "16-17", "not-known"], ["18-25"]
CALLER = ["school", "health", "police", "preventative", "residential", "leaving-care", "other", "not-known"]
AGES = {"child": CHILD, "adult": ADULT}
PROFESSIONS = {"caller": CALLER, "decides": ["social-care"]}
NOTE = {"id": "n", "text": "A note.", "source": "ours", "if": {"age": ["child"], "profession": ["caller"]}}
ASKED = {
    **{"id": "moved", "ask": "Has moved", "rest": "no", "what": "To another place.", "source": "ours"},
    **{"ticks": [{"answer": "yes", "short": "Has moved"}], "if": {"age": ["child"]}, "card": "case"},
    "yes_when": {"profession": ["decides"]},
}


def grouped(**groups: Any) -> dict[str, Raw]:
    files = parsed(FOLDER)
    files["guidance.toml"]["groups"] = groups or {"age": AGES, "profession": PROFESSIONS}
    return files


def reworded(value: Any, change: Callable[[str, list[str]], list[str]]) -> Any:
    if isinstance(value, dict):
        return {
            key: change(key, each) if key in GROUPED and isinstance(each, list) else reworded(each, change)
            for key, each in value.items()
            if key != "groups"
        }
    return [reworded(each, change) for each in value] if isinstance(value, list) else value


def test_a_group_means_its_words_in_every_condition_of_guidance_and_call() -> None:
    files = grouped()
    guidance, calling = files["guidance.toml"], files["calling.toml"]
    guidance["notes"] = [NOTE]
    guidance["circumstances"] = [ASKED]
    guidance["evidence"] = [{"if": {"age": ["adult"], "present": ["G1"]}}]
    put(guidance, "leads.0.if.age", ["child"])
    put(guidance, "steps.0.if", {"age": ["adult"], "moved": ["yes"]})
    put(calling, "say.0.if", {"profession": ["caller"]})
    put(calling, "asked.0.if", {"age": ["adult", "not-known"]})

    pack = read(files)

    child, caller = frozenset(CHILD), frozenset(CALLER)
    (moved,) = pack.guidance.circumstances
    assert dict(pack.guidance.notes[0].condition.asks) == {"age": child, "profession": caller}
    assert dict(pack.guidance.leads[0].conditions[0].asks)["age"] == child
    assert dict(pack.guidance.steps[0].conditions[0].asks)["age"] == {"18-25"}
    assert dict(pack.guidance.evidence[0].asks)["age"] == {"18-25"}
    assert (dict(moved.matters[0].asks), dict(moved.implied[0].asks)) == (
        {"age": child},
        {"profession": frozenset({"social-care"})},
    )
    assert dict(pack.calling.lines[0].condition.asks) == {"profession": caller}
    assert dict(pack.calling.prompts[0].condition.asks) == {"age": {"18-25", "not-known"}}


def test_groups_of_the_instrument_are_known_to_its_rules_and_to_all_files_after_it() -> None:
    """Additions of points can use a group, and a stored instrument can be read without the other files."""
    files = parsed(FOLDER)
    plain = read(files)
    instrument = files["instrument.toml"]
    instrument["groups"] = {"age": {"young": ["under-13"], "older": ["13-15", "16-17", "18-25", "not-known"]}}
    put(instrument, "additions.0.when.age", ["young"])
    put(files["guidance.toml"], "leads.0.if.age", ["older"])
    put(files["calling.toml"], "asked.0.if", {"age": ["young"]})

    pack = read(files)

    each = (pack.instrument, plain.instrument, read_instrument(written(instrument)))
    one, other, alone = (replace(read, is_signed=True) for read in each)  # nobody has signed the changed text
    assert one == other == alone
    assert dict(pack.guidance.leads[0].conditions[0].asks)["age"] == {"13-15", "16-17", "18-25", "not-known"}
    assert dict(pack.calling.prompts[0].condition.asks) == {"age": {"under-13"}}


CASES = 3  # of the made-up cases, each of which is proven anew


def test_the_shipped_pack_written_with_groups_is_the_same_pack() -> None:
    """Each list of ages or professions can be replaced by the name of a group, also in made-up cases."""
    files = parsed(SHIPPED)
    groups, cases = groups_of(files), dict(sorted(vignettes(SHIPPED).items())[:CASES])
    names = {frozenset(words): name for each in (AGES, PROFESSIONS) for name, words in each.items()}

    def in_words(key: str, given: list[str]) -> list[str]:
        return sorted(dict(meant({key: given}, groups))[key])

    def by_name(key: str, given: list[str]) -> list[str]:
        words = frozenset(in_words(key, given))
        return [names[words]] if words in names else sorted(words)

    spelt_out, named = ({name: reworded(raw, change) for name, raw in files.items()} for change in (in_words, by_name))
    named["guidance.toml"]["groups"] = {"age": AGES, "profession": PROFESSIONS}

    assert str(named["guidance.toml"]).count("'child'") > 50
    assert read({**spelt_out, **cases}) == read({**named, **cases}) == replace(PACK, vignettes=PACK.vignettes[:CASES])


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("age.child", [*CHILD, "under-10"], "groups.age.child: 'under-10' is not one of: under-13, 13-15, 16-17"),
        ("age.child", [*CHILD, "13-15"], "groups.age.child: '13-15' stands more than once"),
        ("age.none", [], "groups.age.none: needs at least 1, has 0"),
        ("age.none", "13-15", "groups.age.none: must be a list of texts"),
        ("age.13-15", ["13-15"], "groups.age.13-15: is a word of this fact; give the group another name"),
        ("age.adult", ["not-known"], "groups.age: '18-25' is in no group: no rule would know it; put it where it"),
        ("profession.decides", ["other"], "groups.profession: 'social-care' is in no group: no rule would know it"),
        ("stage", {"x": ["first"]}, "groups.stage: not a key that is known here; known: age, profession"),
        ("age", ["child"], "groups.age: must be a table, not a list"),
    ],
)
def test_a_wrong_group_is_a_fault_with_its_path(path: str, value: object, fault: str) -> None:
    files = grouped(age=dict(AGES), profession=dict(PROFESSIONS))
    put(files["guidance.toml"]["groups"], path, value)

    (found,) = faults_of(files)

    assert found.startswith(f"guidance.toml.{fault}")


def test_a_group_is_named_once_in_a_pack() -> None:
    files = grouped(age=AGES)
    files["instrument.toml"]["groups"] = {"age": AGES}

    assert faults_of(files) == (
        "guidance.toml.groups.age.child: is already the name of a group; name each once",
        "guidance.toml.groups.age.adult: is already the name of a group; name each once",
    )


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("age", "'adults' is not one of: under-13, 13-15, 16-17, 18-25, not-known, child, adult"),
        ("stage", "'adults' is not one of: first, review, not-known"),
    ],
)
def test_a_name_that_no_group_has_is_a_fault(key: str, said: str) -> None:
    """The fault lists the allowed values and the groups of this fact."""
    files = grouped()
    put(files["guidance.toml"], "leads.0.if", {key: ["adults"]})

    assert faults_of(files) == (f"guidance.toml.leads[0].if.{key}: {said}",)


def test_a_group_means_nothing_in_a_pack_that_does_not_name_it() -> None:
    files = parsed(FOLDER)
    put(files["guidance.toml"], "leads.0.if", {"age": ["child"]})

    assert faults_of(files) == (
        "guidance.toml.leads[0].if.age: 'child' is not one of: under-13, 13-15, 16-17, 18-25, not-known",
    )


@pytest.mark.parametrize(("key", "new"), [("age", "under-10"), ("profession", "youth-justice")])
def test_a_word_that_the_code_gains_is_a_fault_of_every_pack_that_does_not_group_it(key: str, new: str) -> None:
    """Otherwise existing rules would silently ignore a new age band or profession."""
    words = {**FACT_WORDS, key: (*FACT_WORDS[key], new)}
    faults = Faults()
    table = TomlTable("guidance.toml", {"groups": {"age": AGES, "profession": PROFESSIONS}}, faults)

    judge_groups(table, read_groups(table, words=words), words=words)

    assert faults.found == [
        f"guidance.toml.groups.{key}: {new!r} is in no group: no rule would know it; put it where it belongs"
    ]


def test_a_stored_instrument_is_read_although_its_groups_miss_a_word() -> None:
    """A case that began with it can be finished. Only a pack that starts has to group all present values."""
    raw = parsed(FOLDER)["instrument.toml"]
    raw["groups"] = {"age": {"young": ["under-13"]}}

    assert read_instrument(written(raw)).additions


def test_every_age_band_has_a_place_wherever_code_lists_them() -> None:
    assert set(AGES_OF_CODES) == set(Age) <= set(options("age"))


BOTH = {"present": [["G1", "G2"], ["B1"]]}


def with_detail(condition: Any) -> Any:
    files = parsed(FOLDER)
    details = files["guidance.toml"].setdefault("details", [])
    details.insert(0, {"id": "both", "line": "care", "text": "Say both.", "source": "ours", "if": condition})
    return files


def ticks(pack: Pack, *ticked: str) -> Responses:
    items = [pack.instrument.item(each) for each in ticked]
    return Responses.of({item.id: next(each.id for each in item.section.options if each.is_present) for item in items})


@pytest.mark.parametrize(
    ("ticked", "is_said"), [(("G1", "B1"), True), (("G2", "B1"), True), (("G1", "G2"), False), (("B1",), False)]
)
def test_each_list_has_to_be_met(ticked: tuple[str, ...], is_said: bool) -> None:
    pack = read(with_detail(BOTH))
    detail = next(each for each in pack.guidance.plan.details if each.id == "both")

    facts = CaseView(pack.instrument, Case(responses=ticks(pack, *ticked))).advice(pack.guidance).settled

    assert any(condition.holds(facts) for condition in detail.conditions) is is_said


def test_an_action_card_has_the_detail_only_if_both_hold() -> None:
    pack = read(with_detail({"present": [["G1"], ["B1"]]}))

    def details(*ticked: str) -> set[str]:
        case = Case(responses=ticks(pack, *ticked), answers={"danger": "yes"})
        planned = CaseView(pack.instrument, case).advice(pack.guidance).planned(hour=Hour(is_open=True))
        return {text for each in planned for text in each.details}

    assert "Say both." not in details("G1") | details("B1")
    assert "Say both." in details("G1", "B1")


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ({"present": [["G1"], "B1"]}, "details[0].if.present: has words and lists side by side; write a list for each"),
        ({"present": [["G1"], []]}, "details[0].if.present[1]: needs at least 1, has 0"),
        ({"present": [["G1"], [["B1"]]]}, "details[0].if.present[1]: must be a list of texts, none of them empty"),
        ({"present": [["G1"], ["X9"]]}, "details[0].if.present: 'X9' is not one of: "),
        ({"weather": [["wet"]]}, "details[0].if.weather: not a fact; known: "),
        ({"age": [["under-13"], ["13-15"]]}, "details[0].if: can never hold: a case has one word for `age`, and no"),
        ({"mix": [["none"], ["signs"]]}, "details[0].if: can never hold: a case has one word for `mix`, and no"),
    ],
)
def test_a_condition_that_does_not_fit_is_named(condition: Any, fault: str) -> None:
    assert [each for each in faults_of(with_detail(condition)) if fault in each]


def test_one_list_within_a_list_is_that_list() -> None:
    plain, nested = (read(with_detail({"present": each})) for each in (["G1", "B1"], [["G1", "B1"]]))

    assert plain.guidance.plan.details == nested.guidance.plan.details
