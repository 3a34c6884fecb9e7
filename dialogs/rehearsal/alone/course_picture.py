"""A person's own course in words and points, as one value: the picture and its text equivalent are drawn from it."""

from dataclasses import dataclass
from datetime import date

from dialogs.core.wording import Wording
from dialogs.phrases.number import in_words
from seraf.rehearsal.progress import Course, Rehearsed

OWN_COURSE = "own-course"
"""The kind of document that it is."""

SMOOTHED = 5
"""Rehearsals that the line is the mean of, the latest among them."""


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """One rehearsal: how many of 100 items were answered as the key has them, the mean up to here, and the category."""

    height: int
    mean: int
    is_category_right: bool


@dataclass(frozen=True, slots=True)
class CoursePicture:
    """What the picture shows. `first` and `last` are days in words, and `text` says all of it; without points, only that."""

    title: str
    axis: str
    legend: str
    first: str
    last: str
    points: tuple[CoursePoint, ...]
    text: tuple[str, ...]


def course_picture(course: Course, wording: Wording) -> CoursePicture:
    """The picture of a course. A rehearsal in which no item had a key has no point."""
    counted = tuple(each for each in course if each.of)
    points = _points(counted)
    days = [_day(each) for each in counted] or [""]
    return CoursePicture(
        title=wording.say("course-picture.title"),
        axis=wording.say("course-picture.axis"),
        legend=wording.say("course-picture.legend" if len(points) > 1 else "course-picture.legend-one"),
        first=days[0],
        last=days[-1],
        points=points,
        text=_text(counted, points, wording=wording) if points else (wording.say("course-picture.none"),),
    )


def _points(counted: Course) -> tuple[CoursePoint, ...]:
    shares = [100 * each.agreed / each.of for each in counted]
    means = [shares[max(0, end - SMOOTHED) : end] for end in range(1, len(shares) + 1)]
    return tuple(
        CoursePoint(round(share), round(sum(mean) / len(mean)), each.is_category_right)
        for share, mean, each in zip(shares, means, counted, strict=True)
    )


def _text(counted: Course, points: tuple[CoursePoint, ...], *, wording: Wording) -> tuple[str, ...]:
    say, heights = wording.say, [point.height for point in points]
    latest, right = counted[-1], sum(point.is_category_right for point in points)
    count, first, last = len(points), _day(counted[0]), _day(latest)
    agreed = say("course-picture.agreed", agreed=latest.agreed, of=latest.of)
    category = say("course-picture.category", right=right, count=count)
    if count == 1:
        return say("course-picture.one", first=first), agreed, category
    spanned = "same-day" if first == last else "many"
    begins, lowest, highest = heights[0], min(heights), max(heights)
    ends, over = points[-1].mean, min(count, SMOOTHED)
    return (
        say(f"course-picture.{spanned}", count=count, first=first, last=last),
        agreed,
        say("course-picture.range", begins=begins, ends=ends, over=over, lowest=lowest, highest=highest),
        category,
    )


def _day(rehearsed: Rehearsed) -> str:
    return in_words(date.fromisoformat(rehearsed.day))
