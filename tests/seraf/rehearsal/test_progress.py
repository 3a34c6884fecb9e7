"""Tests of a person's progress: what is stored of each rehearsal, when a rule is mastered, and the stored text."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seraf.cases.vignette import Rule
from seraf.rehearsal.critical_actions import Critical
from seraf.rehearsal.progress import (
    MOST_KEPT,
    Course,
    Mode,
    NewerCourse,
    Rehearsed,
    Tally,
    add,
    decode_course,
    encode_course,
    is_mastered,
    mastered,
    tallies,
    weak_rules,
)
from tests.support.counts import times

FAMILY, UNDER_13 = Rule.FAMILY, Rule.UNDER_13

RULES = st.lists(st.sampled_from(Rule), unique=True, max_size=4).map(tuple)
REHEARSED = st.builds(
    Rehearsed,
    day=st.dates().map(date.isoformat),
    vignette=st.text(max_size=12),
    mode=st.sampled_from(Mode),
    slips=st.lists(st.sampled_from(Critical), unique=True).map(tuple),
    asked=st.just(5),
    agreed=st.integers(0, 30),
    of=st.just(30),
    missed=RULES,
    met=RULES,
)


def one(vignette: str, *, met: tuple[Rule, ...] = (), missed: tuple[Rule, ...] = ()) -> Rehearsed:
    return Rehearsed("2026-03-04", vignette, Mode.PRACTICE, (), 5, 27, 30, missed, met)


def course_of(steps: str) -> Course:
    return tuple(one(step.lower(), met=(FAMILY,)) if step.isupper() else one(step, missed=(FAMILY,)) for step in steps)


@pytest.mark.parametrize(
    ("steps", "is_so"),
    [
        *(("", False), ("AB", False), ("ABC", True), ("ABCD", True)),
        *(("ABc", False), ("ABCd", False), ("aBCD", True), ("aBC", False)),
        *(("AAA", False), ("AABBC", True), ("ABcABC", True), ("ABCcAB", False), ("abc", False)),
    ],
)
def test_a_rule_is_mastered_when_it_was_met_in_three_vignettes_since_the_last_miss(steps: str, is_so: bool) -> None:
    assert is_mastered(course_of(steps), FAMILY) is is_so


def test_rehearsals_in_which_a_rule_does_not_come_up_neither_help_nor_harm() -> None:
    course = (*course_of("AB"), one("x"), one("y", missed=(UNDER_13,)), *course_of("C"))

    assert mastered(course) == (FAMILY,)


def test_a_rule_that_was_met_and_missed_in_one_rehearsal_was_missed() -> None:
    course = (*course_of("ABC"), one("d", met=(FAMILY,), missed=(FAMILY,)))

    assert tallies(course) == {FAMILY: Tally(right=3, wrong=1)}
    assert mastered(course) == ()


def test_tallies_are_in_the_order_of_the_rules_and_have_only_what_came_up() -> None:
    course = (one("a", met=(UNDER_13,), missed=(FAMILY,)), one("b", met=(FAMILY, UNDER_13)))

    assert list(tallies(course).items()) == [(FAMILY, Tally(1, 1)), (UNDER_13, Tally(2, 0))]
    assert tallies(()) == {}


def test_weak_is_what_was_missed_and_is_not_mastered_the_most_missed_first() -> None:
    """Of rules that were missed equally often, `TOLD_OR_SEEN` comes first; the others are in the order of `Rule`."""
    result = Rule.TOLD_OR_SEEN
    course = (
        one("a", missed=(FAMILY, UNDER_13, result)),
        one("b", missed=(FAMILY, Rule.BOTH_COLUMNS)),
        *(one(vignette, met=(Rule.BOTH_COLUMNS,)) for vignette in "cde"),
    )

    assert weak_rules(course) == (FAMILY, result, UNDER_13)
    assert weak_rules((one("f", missed=(UNDER_13,)), *course)) == (FAMILY, UNDER_13, result)
    assert weak_rules(course_of("aBCD")) == ()


def test_at_most_two_hundred_rehearsals_are_stored_and_the_oldest_goes() -> None:
    course: Course = ()
    for number in range(MOST_KEPT + 3):
        course = add(course, one(str(number)))

    assert MOST_KEPT == 200
    assert [each.vignette for each in course] == [str(number) for number in range(3, MOST_KEPT + 3)]


@settings(max_examples=times(1_000, 25), deadline=None)
@given(rehearsals=st.lists(REHEARSED, max_size=5))
def test_a_course_comes_back_from_its_text(rehearsals: list[Rehearsed]) -> None:
    course = tuple(rehearsals)
    text = encode_course(course)

    assert decode_course(text) == course
    assert "\n" not in text


def test_the_text_is_what_it_has_always_been_and_of_the_first_version_what_it_knew_is_read() -> None:
    """Stored progress stays readable. The first version of the text has no critical actions."""
    (kept,) = course = (replace(one("a", met=(FAMILY,), missed=(UNDER_13,)), slips=(Critical.FIRST_CALL,)),)
    text = '{"v":2,"course":[["2026-03-04","a","practice",["first-call"],5,27,30,["under-13"],["family"]]]}'
    before = '{"v":1,"course":[["2026-03-04","a","practice",27,30,["under-13"],["family"],true]]}'

    assert encode_course(course) == text
    assert decode_course(text) == course
    assert decode_course(before) == (replace(kept, slips=(), asked=0),)
    assert kept.kept == 4


def test_a_course_that_a_newer_release_wrote_is_refused() -> None:
    with pytest.raises(NewerCourse, match="newer release"):
        decode_course(json.dumps({"v": 3, "course": []}))
