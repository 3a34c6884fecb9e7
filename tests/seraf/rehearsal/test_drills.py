"""Tests of drills (P3 of docs/promises.md): every answer is worked out again by the oracle, or from the action card."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from seraf.cases.vignette import Rule
from seraf.form.vocabulary import FACT_WORDS, Age
from seraf.pack import Pack
from seraf.rehearsal.drills import RULES, SET, AnswerKind, Drill, DrillKind, drill, sections_of, set_of
from tests.support import oracle
from tests.support.counts import times
from tests.support.pack import second_board
from tests.support.shipped import NOON, PACK

SEEDS = times(500, 8)
"""The number of drills of each kind; a full run makes 10,500."""


def each_kind() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("kind", DrillKind, ids=str)


def drills(kind: DrillKind, *, role: str = "health", pack: Pack = PACK) -> list[Drill]:
    return [drill(pack, kind, seed=seed, role=role) for seed in range(SEEDS)]


def window_of(day: date, today: date, months: tuple[int, int]) -> str:
    """Return the period in which a day lies. The day itself, so many months ago, still lies in it."""
    ago = (today.year - day.year) * 12 + today.month - day.month + (today.day < day.day) * -1
    is_exact = today.day == day.day
    for window, name in zip(months, ("current", "recent"), strict=True):
        if ago < window or (ago == window and is_exact):
            return name
    return "no"


@pytest.mark.prove
@each_kind()
def test_every_drill_has_the_answer_that_the_oracle_works_out(kind: DrillKind) -> None:
    """The oracle shares no code with the product. Periods are worked out here from the days that the drill names."""
    for made in drills(kind):
        given = dict(made.case.responses)
        found = oracle.scored(made.case.age, {**dict.fromkeys(oracle.ALL, "no"), **given}, NOON.today)
        match made.asked:
            case AnswerKind.BUTTON:
                assert made.item is not None
                option, _, points = made.right[0].partition("/")
                is_sign = made.item.id in oracle.S
                assert int(points) == (oracle.worth(option) if is_sign else option == "yes")
                if made.dates and is_sign:
                    windows = {window_of(day, made.today, (6, 12)) for day in made.dates}
                    assert option == ("both" if len(windows) == 2 else windows.pop())
                elif made.dates:
                    assert window_of(made.dates[0], made.today, (6, 12)) != "current"
            case AnswerKind.TOTAL:
                assert made.right == (str(found["total"]),)
            case AnswerKind.CATEGORY:
                lowest, highest = (found[each]["category"] for each in ("lowest", "highest"))  # type: ignore[index]
                assert made.right == (f"{lowest}-{highest}" if lowest != highest else str(lowest),)
            case AnswerKind.CALL:
                assert set(given.values()) <= {"no", "yes", "current"}


@each_kind()
def test_every_drill_offers_its_answer_once_and_a_mistake(kind: DrillKind) -> None:
    for made in drills(kind):
        assert len(made.answers) == len(set(made.answers)) <= 8
        assert set(made.right) < set(made.answers)


FIRST = {
    DrillKind.DISCUSSION: {"school": "lead", "health": "lead", "social-care": "lead"},
    DrillKind.JUDGEMENT: {"school": "art", "health": "art", "social-care": "lead"},
    DrillKind.TOLD: {"school": "art", "health": "art", "social-care": "lead"},
    DrillKind.NOTHING: {"school": "art", "health": "nobody", "social-care": "nobody"},
}
"""Whom to contact first, by profession, worked out by hand from the guidance and the calibration."""


@pytest.mark.parametrize("kind", FIRST, ids=str)
def test_whom_to_contact_first_depends_on_the_role(kind: DrillKind) -> None:
    found = {role: {made.right[0] for made in drills(kind, role=role)} for role in FIRST[kind]}

    assert found == {role: {call} for role, call in FIRST[kind].items()}
    assert all(
        "emergency" not in made.right for role in FACT_WORDS["profession"] for made in drills(kind, role=role)[:2]
    )


def test_a_set_has_ten_kinds_and_begins_with_what_was_missed() -> None:
    sets = [set_of(PACK, seed) for seed in range(100)]
    weak = set_of(PACK, 7, weak=(Rule.UNDER_13, Rule.FAMILY))

    assert {len(set(kinds)) for kinds in sets} == {SET}
    assert len(Counter(kind for kinds in sets for kind in kinds)) == len(DrillKind) >= 20
    assert {RULES[kind] for kind in weak[:4]} == {Rule.UNDER_13, Rule.FAMILY}
    assert set_of(PACK, 7) == sets[7] != sets[8]


def test_every_rule_is_practised_by_some_kind() -> None:
    assert set(RULES.values()) == set(Rule)


@each_kind()
def test_drills_of_another_board_have_its_windows_and_points(kind: DrillKind) -> None:
    """Its windows are three and eight months, so that the same day is another button there."""
    for made in drills(kind, pack=second_board.PACK):
        if made.asked is AnswerKind.BUTTON and made.dates and made.item and len(made.item.section.windows or ()) == 2:
            windows = {window_of(day, made.today, (3, 8)) for day in made.dates}
            assert made.right[0].partition("/")[0] == ("both" if len(windows) == 2 else windows.pop())


def test_a_child_under_13_is_under_13_in_the_text_as_well() -> None:
    ages = {(made.case.age, made.numbers["years"] < 13) for made in drills(DrillKind.ONCE)}

    assert ages == {(Age.UNDER_13, True)}


def test_an_instrument_without_two_look_back_windows_has_no_drills() -> None:
    plain = replace(PACK.instrument, sections=PACK.instrument.sections[:2])

    assert sections_of(plain) is None
    assert set_of(replace(PACK, instrument=plain), 1) == ()
