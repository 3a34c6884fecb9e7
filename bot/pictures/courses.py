"""Pictures of courses: a person's own rehearsals, and a case over its reviews."""

from typing import Any

from bot.pictures.setting import png
from dialogs.rehearsal.alone.course_cards import CoursePicture
from dialogs.review.changes import ReviewCourse, ReviewPoint


def as_course_picture(course: CoursePicture) -> bytes:
    """Return the picture as the bytes of a PNG. Its text equivalent is `text` of the same value."""
    told = {
        "title": course.title,
        "axis": course.axis,
        "legend": course.legend if course.points else (),
        "first": course.first,
        "last": course.last if len(course.points) > 1 else "",
        "lines": [
            [_marked(point.critical, point.critical_mean) for point in course.points],
            [_marked(point.items, point.items_mean) for point in course.points],
        ],
        "text": course.text,
    }
    return png("course.typ", told)


def _marked(height: int | None, mean: int | None) -> dict[str, int | None]:
    return {"height": height, "mean": mean}


LEAST = 18
"""The smallest scale of the picture, in points."""


def as_review_course(course: ReviewCourse) -> bytes:
    """Return the picture as the bytes of a PNG. Its text equivalent is `text` of the same value."""
    return png("review_course.typ", on_review_course(course))


def on_review_course(course: ReviewCourse) -> dict[str, Any]:
    """Return everything that the template shows."""
    return {
        "title": course.title,
        "legend": course.legend,
        "scale": max(LEAST, *(point.highest or 0 for point in course.points)),
        "bands": [{"lowest": lowest, "label": label} for lowest, label in course.bands],
        "points": [_bar(point) for point in course.points],
    }


def _bar(point: ReviewPoint) -> dict[str, Any]:
    total, highest = point.total or 0, point.highest or 0
    label = "?" if point.total is None else f"{total}" if highest == total else f"{total}–{highest}"
    return {"month": point.month, "total": total, "open": highest - total, "label": label}
