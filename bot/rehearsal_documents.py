"""Documents of a rehearsal, made in memory from what is rehearsed at that moment. Nothing of a case reaches them."""

from collections.abc import Callable, Mapping

from bot.conversation import practice_of
from bot.pictures.course import as_course_picture
from bot.storage.values import Record
from bot.summaries.forms import File
from dialogs.course_picture import OWN_COURSE, course_picture
from dialogs.practice import Practice
from dialogs.script import Script

Making = Callable[[Practice, Script], File | None]
"""Makes a document of what is rehearsed; None where there is nothing to make it of."""


def own_course(practice: Practice, script: Script) -> File | None:
    """How the person's own rehearsals went, as a picture; beside it, the same in words."""
    course = course_picture(practice.course, script.wording)
    if not course.points:
        return None
    caption = script.wording.say("rehearsal-document.own-course", about="\n".join(course.text))
    return File(f"{OWN_COURSE}.png", as_course_picture(course), caption)


MAKING: Mapping[str, Making] = {OWN_COURSE: own_course}
"""What makes each kind."""


def is_rehearsed(record: Record, kind: str) -> bool:
    """Whether there is something of which such a document can be made: a rehearsal is under way."""
    return kind in MAKING and practice_of(record).is_under_way


def rehearsal_document(record: Record, kind: str, script: Script) -> File | None:
    """The document; None where nothing is rehearsed any more, or there is no such kind. `DocumentFault` where it cannot be made."""
    return MAKING[kind](practice_of(record), script) if is_rehearsed(record, kind) else None
