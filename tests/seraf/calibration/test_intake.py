"""Tests of the assumed intake (cases drawn by assumed shares): the shares hold, and a pack can read each case."""

import json
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from seraf.calibration.intake import AGE, PROFESSION, assumed_cases
from seraf.case_view import CaseView
from seraf.form.circumstances import Basis, Choice, Circumstance, Condition
from seraf.form.instrument import Instrument
from seraf.form.responses import Case
from seraf.form.vocabulary import NOT_KNOWN, Age, Meaning
from seraf.pack import Pack
from seraf.reading.cases.intake import read_intake
from seraf.reading.form.request import as_request, read_request
from seraf.reading.toml.tables import Faults, TomlTable
from tests.support.pack.other_board import PACK as OTHER_PACK
from tests.support.pack.toml import Raw
from tests.support.shipped import INSTRUMENT, PACK

NEAR = 0.03
"""The tolerance of a share in some thousand cases."""


@cache  # and not while tests are collected, which every worker does
def drawn() -> tuple[Case, ...]:
    return tuple(assumed_cases(PACK))


def share(cases: list[Case], question: str, answer: str) -> float:
    return sum(case.answers[question] == answer for case in cases) / len(cases)


def test_two_thirds_come_to_category_1_and_a_tenth_to_category_4() -> None:
    found = Counter(CaseView(INSTRUMENT, case).score.category for case in drawn())

    assert 0.63 < found[1] / len(drawn()) < 0.7
    assert 0.08 < found[4] / len(drawn()) < 0.12


@pytest.mark.parametrize("question", sorted(PACK.intake.answers))
def test_each_short_question_is_answered_as_assumed(question: str) -> None:
    asked = [case for case in drawn() if question in case.answers]

    for answer, cases in PACK.intake.answers[question].items():
        assert abs(share(asked, question, answer) - cases / 1_000) < NEAR + 1 / len(asked) ** 0.5


def test_no_question_is_left_out_that_the_pack_puts() -> None:
    """A missing answer would change the lead to that of a case in which nobody was asked."""
    for case in drawn()[:500]:
        asked = CaseView(INSTRUMENT, case).advice(PACK.guidance).asked
        assert [each.id for each in asked if each.id not in case.answers] == []


def test_roles_and_ages_are_as_assumed_and_leaving_care_advisers_have_young_adults_only() -> None:
    roles, ages = Counter(case.answers["profession"] for case in drawn()), Counter(str(case.age) for case in drawn())

    assert all(abs(roles[role] / len(drawn()) - cases / 1_000) < NEAR for role, cases in PROFESSION.items())
    assert all(abs(ages[age] / len(drawn()) - cases / 1_000) < NEAR for age, cases in AGE.items())
    advised = {case.age for case in drawn() if case.answers["profession"] == "leaving-care"}
    assert advised == {Age.FROM_16_TO_17, Age.FROM_18_TO_25}


@pytest.mark.parametrize("pack", [PACK, OTHER_PACK], ids=["shipped", "another board's"])
def test_every_case_is_a_request_that_the_pack_reads_as_the_same_case(pack: Pack) -> None:
    """A printed case can then be scored with `seraf-bot score`."""
    for case in assumed_cases(pack, count=200):
        assert read_request(json.dumps(as_request(case)).encode(), pack) == case


def test_the_same_seed_gives_the_same_cases_and_another_gives_others() -> None:
    first, again = (tuple(assumed_cases(PACK, count=count)) for count in (30, 40))

    assert first == again[:30] == drawn()[:30]
    assert first != tuple(assumed_cases(PACK, count=30, seed=2))


def test_a_pack_with_other_leads_gets_the_very_same_cases() -> None:
    """Otherwise a comparison of two packs would compare two sets of cases."""
    gentler = replace(PACK, guidance=replace(PACK.guidance, leads=PACK.guidance.leads[-1:]))

    assert tuple(assumed_cases(gentler, count=50)) == drawn()[:50]


def windowless(instrument: Instrument) -> Instrument:
    sections = {
        section.id: replace(
            section, options=tuple(each for each in section.options if each.means is not Meaning.EARLIER)
        )
        for section in instrument.sections
    }
    items = tuple(replace(item, section=sections[item.section.id]) for item in instrument.items)
    return replace(instrument, sections=tuple(sections.values()), items=items)


def test_questions_and_windows_that_only_another_pack_has_are_answered_too() -> None:
    """If a section has no earlier period, a present sign is current."""
    others = (
        Circumstance("gang", "A gang?", (Choice("yes", "Gang"),), "no", "", Basis(), card="safety"),
        Circumstance("where", "Where?", (Choice("town", "Town"),), "", "", Basis()),
        Circumstance(
            "later", "Later?", (Choice("yes", "Yes"),), "no", "", Basis(), (Condition((("gang", frozenset({"yes"})),)),)
        ),
    )
    pack = replace(PACK, instrument=windowless(INSTRUMENT), guidance=replace(PACK.guidance, circumstances=others))

    found = tuple(assumed_cases(pack, count=200))

    assert {case.answers["gang"] for case in found} == {"yes", "no", NOT_KNOWN}
    assert {case.answers["where"] for case in found} == {NOT_KNOWN}
    assert {case.answers["gang"] for case in found if "later" in case.answers} == {"yes"}
    assert {case.responses.get("S1") for case in found} <= {"current", "no", "not-known"}


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({"harm": ["V99"]}, "intake.toml.harm: 'V99' is not one of"),
        ({"seldom": {"V99": 60}}, "intake.toml.seldom.V99: not the id of an item"),
        ({"seldom": {"V2": 0}}, "intake.toml.seldom.V2: must be 1 or more"),
        ({"answers": {"gang": {"yes": 1000}}}, "intake.toml.answers.gang: not the id of a question"),
        ({"answers": {"moved": 8}}, "intake.toml.answers.moved: must be a table"),
        ({"answers": {"moved": {"perhaps": 1000}}}, "intake.toml.answers.moved.perhaps: not an answer"),
        ({"answers": {"moved": {"yes": 8}}}, "intake.toml.answers.moved: the answers must add up to 1,000 cases"),
        ({"rare": {}}, "intake.toml.rare: not a key that is known here"),
    ],
)
def test_values_that_do_not_fit_the_pack_are_named(raw: Raw, path: str) -> None:
    faults = Faults()

    read_intake(TomlTable("intake.toml", dict(raw), faults), INSTRUMENT, PACK.guidance)

    assert [fault[: len(path)] for fault in faults.found] == [path]
