"""The picture of a person's own course: one point per rehearsal, and the trend of the last ones."""

from bot.pictures.setting import png
from dialogs.rehearsal.alone.course_picture import CoursePicture


def as_course_picture(course: CoursePicture) -> bytes:
    """The picture as the bytes of a PNG. Its text equivalent is `text` of the same value."""
    told = {
        "title": course.title,
        "axis": course.axis,
        "legend": course.legend if course.points else "",
        "first": course.first,
        "last": course.last if len(course.points) > 1 else "",
        "points": [
            {"height": point.height, "mean": point.mean, "filled": point.is_category_right} for point in course.points
        ],
        "text": course.text,
    }
    return png("course.typ", told)
