"""The course of a case over its reviews, as a value that can be drawn: one point a SERAF, oldest first, and the same in words."""

from dataclasses import dataclass

from dialogs.core.codes import carried_of
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.earlier import instrument_of, month_of
from dialogs.review.changes import course_text
from seraf.advice.contacts import LocalTime
from seraf.case_view import CaseView
from seraf.review.carry_over import Carried


@dataclass(frozen=True, slots=True)
class ReviewPoint:
    """One SERAF: its month in words, its total, and the most that what is not known could make of it (points).

    Both are None where its list of items is not known here any more.
    """

    month: str
    total: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class ReviewCourse:
    """Two or more SERAFs of a case; `bands` is where each category of the list of today begins. `text` says it all in words."""

    title: str
    legend: str
    bands: tuple[tuple[int, str], ...]
    points: tuple[ReviewPoint, ...]
    text: str


def review_course(session: Session, script: Script, *, now: LocalTime) -> ReviewCourse | None:
    """The course up to a finished session; None where it looks back on nothing."""
    if not session.earlier:
        return None
    say, instrument = script.wording.say, script.pack.instrument
    ours = carried_of(session, instrument, today=now.today)
    return ReviewCourse(
        title=say("course.picture", reference=session.reference),
        legend=say("course.legend"),
        bands=tuple((band.lowest, say("summary.band", category=band.category)) for band in instrument.bands),
        points=tuple(_point(each, script) for each in (*session.earlier, ours)),
        text=course_text(session.earlier, ours, script=script),
    )


def _point(carried: Carried, script: Script) -> ReviewPoint:
    instrument = instrument_of(carried, script)
    if instrument is None:
        return ReviewPoint(month_of(carried), None, None)
    found = CaseView(instrument, carried.case()).score
    return ReviewPoint(month_of(carried), found.total, found.highest.total)
