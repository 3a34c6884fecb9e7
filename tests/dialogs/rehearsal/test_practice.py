"""Tests of stored rehearsals, the choice of the next case, and a person's progress as a chart and as text."""

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest

from dialogs.core.session import fresh
from dialogs.rehearsal.alone.course_cards import CoursePoint, course_picture
from dialogs.rehearsal.core.practice import (
    NOT_REHEARSING,
    History,
    Membership,
    Practice,
    RehearsalResult,
    decode_practice,
    encode_practice,
    left,
    next_case,
)
from dialogs.rehearsal.core.rooms import Beside
from seraf.cases.vignette import FirstCall, Rule
from seraf.form.responses import NOTHING
from seraf.rehearsal.critical_actions import Critical
from seraf.rehearsal.progress import Course, Mode, Rehearsed
from state_machines.rehearsal import Stage, Together
from tests.support.shipped import PACK, WORDING
from tests.support.stored import practice_read_again

DONE = Rehearsed("2026-03-04", "robin", Mode.TEST, (), 5, 28, 30, (Rule.FAMILY,), (Rule.SUSPICION,))
FULL = Practice(
    stage=Stage.LEAVING,
    mode=Mode.TEST,
    case="robin",
    page=3,
    asked="V1",
    came_from=Stage.REPORT,
    session=fresh(9, NOTHING),
    result=RehearsalResult(FirstCall.LEAD, NOTHING.give("V1", "yes").give("danger", "no"), is_counted=True),
    together=Together.PAIR,
    membership=Membership("ABCD2345", "ABCD2345000001", Beside(is_here=True, of=34, differing=(("V1", "no", "yes"),))),
    history=History(course=(DONE,), counted_in=(("WXYZ2345", "robin"),)),
)


def test_without_a_rehearsal_there_is_no_text() -> None:
    assert encode_practice(NOT_REHEARSING) == ""
    assert decode_practice("", 4) == NOT_REHEARSING


def test_a_practice_comes_back_as_it_was() -> None:
    assert practice_read_again(FULL, 12) == replace(FULL, session=fresh(12, NOTHING))


def test_the_text_of_a_newer_release_stays_as_it_is() -> None:
    of_practice = json.dumps({**json.loads(encode_practice(FULL)), "v": 4})
    of_course = json.dumps({**json.loads(encode_practice(FULL)), "course": json.dumps({"v": 3})})

    for text in (of_practice, of_course):
        practice = decode_practice(text, 4)
        assert not practice.is_under_way
        assert encode_practice(practice) == text


def test_only_the_course_is_left() -> None:
    assert left(FULL) == Practice(history=FULL.history)


def test_nothing_of_it_is_in_its_repr() -> None:
    """Otherwise a log line that contains a practice would reveal its answers."""
    assert "session" not in repr(FULL)


def test_data_from_before_rooms_is_read() -> None:
    """People may be rehearsing during an upgrade. Earlier releases stored the codes of rooms without their cases."""
    alone = replace(FULL, together=None, membership=Membership())
    kept = json.loads(encode_practice(alone))
    earlier = {name: value for name, value in kept.items() if name not in ("together", "seat", "seen")}

    reported = {**kept, "v": 2, "stage": "room-report", "seen": ["ended", 5, "2026-03-04", [5, [], [], []]]}
    assert decode_practice(json.dumps(reported), 9) == left(FULL)
    counted = {**kept, "v": 2, "in": ["WXYZ2345"]}
    assert decode_practice(json.dumps({**earlier, "v": 1}), 9) == alone
    assert decode_practice(json.dumps(counted), 9).history.counted_in == (("WXYZ2345", ""),)


def went(agreed: int, *, day: str = "2026-03-04", of: int = 30, slips: int = 0, asked: int = 5) -> Rehearsed:
    return Rehearsed(day, "a", Mode.PRACTICE, tuple(Critical)[:slips], asked, agreed, of, (), ())


def text_of(course: Course) -> tuple[str, ...]:
    return course_picture(course, WORDING).text


@pytest.mark.parametrize("course", [(), (went(0, of=0),)])
def test_without_a_rehearsal_it_reports_that(course: Course) -> None:
    found = course_picture(course, WORDING)

    assert (found.points, found.first, found.last) == ((), "", "")
    assert found.text == ("No rehearsal is finished yet.",)


def test_one_rehearsal_is_one_point_on_each_line_and_no_trend() -> None:
    course = (went(20, slips=4),)

    assert course_picture(course, WORDING).points == (CoursePoint(67, 67, 20, 20),)
    assert text_of(course) == (
        "One rehearsal, on 4 March 2026.",
        "The latest: 1 of 5 critical actions not missed.",
        "The latest: 20 of 30 items matched the model answers.",
    )


def test_several_have_their_ends_their_range_and_the_means_of_the_last_five() -> None:
    """Each mean covers up to five rehearsals. Critical actions are only known from the second rehearsal on."""
    days = [f"2026-03-{day:02}" for day in range(1, 8)]
    agreed, slips = [12, 15, 18, 9, 24, 27, 30], [0, 5, 0, 2, 1, 0, 0]
    course = tuple(
        went(items, day=day, slips=missed, asked=5 if at else 0)
        for at, (day, items, missed) in enumerate(zip(days, agreed, slips, strict=True))
    )

    points = course_picture(course, WORDING).points

    assert [(point.items, point.items_mean) for point in points] == [
        *((40, 40), (50, 45), (60, 50), (30, 45), (80, 52), (90, 62), (100, 72))
    ]
    assert [(point.critical, point.critical_mean) for point in points] == [
        *((None, None), (0, 0), (100, 50), (60, 53), (80, 60), (100, 68), (100, 88))
    ]
    assert text_of(course) == (
        "7 rehearsals, from 1 March 2026 to 7 March 2026.",
        "The latest: 5 of 5 critical actions not missed.",
        "No critical action was missed in 3 of 6.",
        "The latest: 30 of 30 items matched the model answers.",
        "Items at first: 40%. The mean of the last 5 is 72%. The lowest was 30%, the highest 100%.",
    )


def test_two_on_one_day_name_it_once() -> None:
    assert text_of((went(15, asked=0), went(30, asked=0)))[::3] == ("2 rehearsals on 4 March 2026.", _RANGE)


_RANGE = "Items at first: 50%. The mean of the last 2 is 75%. The lowest was 50%, the highest 100%."


def course_of(*vignettes: str, missed: Iterable[Rule] = (), met: Iterable[Rule] = ()) -> Course:
    return tuple(
        Rehearsed("2026-03-04", each, Mode.TEST, (), 5, 30, 30, tuple(missed), tuple(met)) for each in vignettes
    )


def test_the_next_case_is_the_first_of_those_rehearsed_least() -> None:
    first, second, third = (each.id for each in PACK.vignettes[:3])

    assert next_case((), PACK) == first
    assert next_case(course_of(first, third), PACK) == second
    assert next_case(course_of(*(each.id for each in PACK.vignettes), first), PACK) == second


def test_of_those_rehearsed_least_one_that_teaches_what_was_missed_comes_first() -> None:
    first = PACK.vignettes[0].id
    teaches = next(each.id for each in PACK.vignettes[1:] if Rule.TOLD_OR_SEEN in each.key.rules)

    assert next_case(course_of(first, missed=[Rule.TOLD_OR_SEEN]), PACK) == teaches
