"""The course of a case over its reviews: what is drawn, what is said beside it, and to whom the picture is offered."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from bot.pictures.images import as_review_course, on_review_course
from bot.storage.values import OwedDocument, Record
from bot.summaries.file import File
from dialogs.core.codec import encode
from dialogs.core.replies import Document, Toast
from dialogs.review.changes import ReviewCourse, ReviewPoint, review_course
from dialogs.review.reviewing import MOST
from dialogs.summary.carried import PDF, PICTURE
from seraf.form.responses import NOTHING
from tests.dialogs.review.test_changes import NOW, to_the_result
from tests.support.people.visiting import Visitor
from tests.support.shipped import SCRIPT
from tests.support.talk.reviews import finished, reviewing
from tests.support.talk.talking import Talk
from tests.support.telegram.bots import At

PNG = b"\x89PNG"


@pytest.fixture
def talk() -> Talk:
    """A review of June at its result, which looks back on March."""
    return to_the_result(reviewing(days=95), NOW)


def course_of(talk: Talk) -> ReviewCourse:
    """The course up to its result."""
    course = review_course(talk.session, talk.script, now=talk.occasion.now)
    assert course is not None
    return course


async def made(talk: Talk, kind: str) -> File | None:
    """A document of this kind about the session, as it is sent."""
    session, now = talk.session, talk.occasion.now
    sam = await Visitor.let_in()
    record = Record("somebody", session.card, "", encode(session), session.phase, session.fingerprint, now.at)
    owed = OwedDocument("somebody", session.reference, kind, now.at)
    return replace(sam.bot, clock=At(lambda: now.at)).document(record, owed)


def test_there_is_a_point_for_every_seraf_oldest_first(talk: Talk) -> None:
    """With what is not known yet on top; and the words are those of the page about what changed."""
    course = course_of(talk)

    assert [point.month for point in course.points] == ["March 2026", "June 2026"]
    assert [point.total for point in course.points] == [6, 8]
    assert all(point.highest and point.total and point.highest > point.total for point in course.points)
    assert course.text.startswith("Over time:\nMarch 2026: ")
    assert course.bands[0] == (0, "Category 1")


def test_a_list_that_is_not_known_any_more_has_a_gap_and_no_number(talk: Talk) -> None:
    """A total that nobody can count is not zero."""
    talk.session = replace(talk.session, earlier=(replace(talk.session.earlier[0], fingerprint="00"),))

    course = course_of(talk)

    assert course.points[0] == ReviewPoint("March 2026", None, None)
    assert on_review_course(course)["points"][0]["label"] == "?"


def test_a_total_that_nothing_can_raise_stands_alone(talk: Talk) -> None:
    """Else both ends of the range stand there."""
    course = replace(course_of(talk), points=(ReviewPoint("March 2026", 5, 5), ReviewPoint("June 2026", 8, 70)))

    told = on_review_course(course)

    assert [point["label"] for point in told["points"]] == ["5", "8–70"]
    assert told["scale"] == 70


def test_it_is_a_png_and_the_same_each_time(talk: Talk) -> None:
    """Nothing of the moment is in it."""
    first, second = as_review_course(course_of(talk)), as_review_course(course_of(talk))

    assert first.startswith(PNG)
    assert first == second


def test_a_first_seraf_has_no_course_and_no_picture() -> None:
    """There is nothing to look back on."""
    first = finished()

    assert review_course(first.session, SCRIPT, now=first.occasion.now) is None
    assert "Picture" not in first.press("More", "Summary").labels


def test_a_review_offers_the_picture_beside_the_other_forms(talk: Talk) -> None:
    """On the card that says what a file in the chat is."""
    talk.press("More", "Summary")
    assert "not protected" in talk.text
    assert talk.labels[:3] == ["PDF", "Text", "Picture"]

    talk.press("Picture")

    assert talk.effects == (Document(PICTURE), Toast("document-picture"))


async def test_the_picture_is_sent_with_the_same_in_words(talk: Talk) -> None:
    """For those who hear what others see."""
    file = await made(talk, PICTURE)

    assert file is not None
    assert file.content.startswith(PNG)
    assert file.name.endswith(".png")
    assert course_of(talk).text in file.caption


async def test_as_many_serafs_as_can_be_looked_back_on_fit_into_a_picture_and_its_words(talk: Talk) -> None:
    """At most 1,000 characters beside it, and a file that a poor signal still carries."""
    (last,) = talk.session.earlier
    years = tuple(replace(last, year=2020 + number, month=9, responses=NOTHING) for number in range(MOST))
    talk.session = replace(talk.session, earlier=years)

    file = await made(talk, PICTURE)

    assert file is not None
    assert len(file.caption) <= 1_000
    assert len(file.content) <= 200_000
    assert [file.caption.count(str(year.year)) for year in years] == [1] * MOST


async def test_a_first_seraf_is_owed_no_picture() -> None:
    """None is made, and so it is not owed any more."""
    assert await made(finished(), PICTURE) is None


async def test_the_pdf_of_a_review_has_the_picture_and_one_of_a_first_has_not(talk: Talk) -> None:
    """On at most four pages, as without it, and never on the first: that one is to act by."""
    review, first = await made(talk, PDF), await made(finished(), PDF)

    assert review is not None
    assert first is not None
    assert [_pictures(each) for each in (review, first)] == [1, 0]
    first_page, *others = PdfReader(io.BytesIO(review.content)).pages
    assert len(others) <= 3
    assert not first_page.images


def _pictures(file: File) -> int:
    return sum(len(page.images) for page in PdfReader(io.BytesIO(file.content)).pages)
