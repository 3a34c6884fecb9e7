"""A person's own course as points and as text: both come from the same values."""

import pytest

from dialogs.rehearsal.alone.course_cards import CoursePoint, course_picture
from seraf.rehearsal.critical_actions import Critical
from seraf.rehearsal.progress import Course, Mode, Rehearsed
from tests.support.shipped import WORDING


def went(agreed: int, *, day: str = "2026-03-04", of: int = 30, slips: int = 0, asked: int = 5) -> Rehearsed:
    """One rehearsal in which so many items were answered as the key has them, and so many critical actions missed."""
    return Rehearsed(day, "a", Mode.PRACTICE, tuple(Critical)[:slips], asked, agreed, of, (), ())


def text_of(course: Course) -> tuple[str, ...]:
    """The text equivalent."""
    return course_picture(course, WORDING).text


@pytest.mark.parametrize("course", [(), (went(0, of=0),)])
def test_without_a_rehearsal_it_says_so(course: Course) -> None:
    """Or with one in which nothing could be agreed on: no point, no day."""
    found = course_picture(course, WORDING)

    assert (found.points, found.first, found.last) == ((), "", "")
    assert found.text == ("No rehearsal is finished yet.",)


def test_one_rehearsal_is_one_point_on_each_line_and_no_trend() -> None:
    """Two thirds of the items, and one of five critical actions kept: they are two numbers, never one."""
    course = (went(20, slips=4),)

    assert course_picture(course, WORDING).points == (CoursePoint(67, 67, 20, 20),)
    assert text_of(course) == (
        "One rehearsal, on 4 March 2026.",
        "The latest: 1 of 5 critical actions not missed.",
        "The latest: 20 of 30 items matched the model answers.",
    )


def test_several_have_their_ends_their_range_and_the_means_of_the_last_five() -> None:
    """A line is the mean of up to five, the latest among them; where no critical action was kept yet, it begins later."""
    days = [f"2026-03-{day:02}" for day in range(1, 8)]
    agreed, slips = [12, 15, 18, 9, 24, 27, 30], [0, 5, 0, 2, 1, 0, 0]
    course = tuple(
        went(items, day=day, slips=missed, asked=5 if at else 0)
        for at, (day, items, missed) in enumerate(zip(days, agreed, slips, strict=True))
    )

    points = course_picture(course, WORDING).points

    assert [(point.items, point.items_mean) for point in points] == [
        *((40, 40), (50, 45), (60, 50), (30, 45), (80, 52), (90, 62), (100, 72)),
    ]
    assert [(point.critical, point.critical_mean) for point in points] == [
        *((None, None), (0, 0), (100, 50), (60, 53), (80, 60), (100, 68), (100, 88)),
    ]
    assert text_of(course) == (
        "7 rehearsals, from 1 March 2026 to 7 March 2026.",
        "The latest: 5 of 5 critical actions not missed.",
        "No critical action was missed in 3 of 6.",
        "The latest: 30 of 30 items matched the model answers.",
        "Items at first: 40%. The mean of the last 5 is 72%. The lowest was 30%, the highest 100%.",
    )


def test_two_on_one_day_name_it_once() -> None:
    """And the mean is that of two. Of what was kept before there were critical actions, nothing is said of them."""
    assert text_of((went(15, asked=0), went(30, asked=0)))[::3] == ("2 rehearsals on 4 March 2026.", _RANGE)


_RANGE = "Items at first: 50%. The mean of the last 2 is 75%. The lowest was 50%, the highest 100%."
