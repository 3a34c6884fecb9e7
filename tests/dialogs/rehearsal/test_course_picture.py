"""A person's own course as points and as text: both come from the same values."""

import pytest

from dialogs.rehearsal.alone.course_picture import CoursePoint, course_picture
from seraf.rehearsal.progress import Course, Mode, Rehearsed
from tests.support.shipped import WORDING


def went(agreed: int, *, day: str = "2026-03-04", of: int = 30, is_category_right: bool = True) -> Rehearsed:
    """One rehearsal in which so many items were answered as the key has them."""
    return Rehearsed(day, "a", Mode.PRACTICE, agreed, of, (), (), is_category_right)


def text_of(course: Course) -> tuple[str, ...]:
    """The text equivalent."""
    return course_picture(course, WORDING).text


@pytest.mark.parametrize("course", [(), (went(0, of=0),)])
def test_without_a_rehearsal_it_says_so(course: Course) -> None:
    """Or with one in which nothing could be agreed on: no point, no day."""
    found = course_picture(course, WORDING)

    assert (found.points, found.first, found.last) == ((), "", "")
    assert found.text == ("No rehearsal is finished yet.",)


def test_one_rehearsal_is_one_point_and_no_trend() -> None:
    """Two thirds of the items, the category not the key's."""
    course = (went(20, is_category_right=False),)

    assert course_picture(course, WORDING).points == (CoursePoint(67, 67, is_category_right=False),)
    assert text_of(course) == (
        "One rehearsal, on 4 March 2026.",
        "The latest: 20 of 30 answers matched the model answers.",
        "Your category matched in 0 of 1.",
    )


def test_several_have_their_ends_their_range_and_the_mean_of_the_last_five() -> None:
    """The line is the mean of up to five, the latest among them."""
    days = [f"2026-03-{day:02}" for day in range(1, 8)]
    agreed = [12, 15, 18, 9, 24, 27, 30]
    course = tuple(went(each, day=day, is_category_right=each > 12) for day, each in zip(days, agreed, strict=True))

    assert [(point.height, point.mean) for point in course_picture(course, WORDING).points] == [
        *((40, 40), (50, 45), (60, 50), (30, 45), (80, 52), (90, 62), (100, 72)),
    ]
    assert text_of(course) == (
        "7 rehearsals, from 1 March 2026 to 7 March 2026.",
        "The latest: 30 of 30 answers matched the model answers.",
        "At first 40%. The mean of the last 5 is 72%. The lowest was 30%, the highest 100%.",
        "Your category matched in 5 of 7.",
    )


def test_two_on_one_day_name_it_once() -> None:
    """And the mean is that of two."""
    assert text_of((went(15), went(30)))[::2] == (
        "2 rehearsals on 4 March 2026.",
        "At first 50%. The mean of the last 2 is 75%. The lowest was 50%, the highest 100%.",
    )
