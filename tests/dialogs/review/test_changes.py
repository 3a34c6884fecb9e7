"""Tests of the pages of a review's result: the changes, the scores side by side, and the scores over all reviews."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from bot.conversation.records import with_session
from bot.pictures.images import as_review_course, on_review_course
from bot.storage.values import OwedDocument, first_record
from bot.summaries.file import File
from dialogs.core.codes import carried_of
from dialogs.core.replies import Document, Paragraph, Toast
from dialogs.core.script import Script
from dialogs.review.changes import (
    ReviewCourse,
    ReviewPoint,
    changed_pages,
    comparison_paragraphs,
    course_text,
    review_course,
)
from dialogs.review.reviewing import MOST
from dialogs.summary.carried import PDF, PICTURE
from seraf.form.circumstances import Basis, Choice, Circumstance
from seraf.form.responses import NOTHING, Responses
from seraf.review.carry_over import Carried, in_format
from tests.support.pack import other_board
from tests.support.pack.carrying import CARRIER, MARCH, OLDER
from tests.support.people.visiting import Visitor
from tests.support.shipped import INSTRUMENT, SCRIPT
from tests.support.talk.reviews import code_of, days_later, finished, reviewing
from tests.support.talk.talking import Talk
from tests.support.telegram.bots import At

NOW = ["No", "Yes", *["No"] * 20, "Yes", "6–12 months ago", "Past 6 months", *["Not in 12 months"] * 4, "Not known"]
"""Answers to all items: V1 is now denied, V2 and M12 are new, S1 is out of its period, S2 is new, and S7 is unknown."""


def to_the_result(talk: Talk, responses: list[str]) -> Talk:
    talk.press("Go on", "Neither", "No", "Yes", "13–15", "Form order").answer(responses)
    while "Continue" not in talk.labels:
        talk.press(next(each for each in ("None of the others", "Not known") if each in talk.labels))
    return talk.press("Continue", "Yes")


def changed(talk: Talk) -> tuple[tuple[Paragraph, ...], ...]:
    return changed_pages(talk.session, talk.script, now=talk.occasion.now)


def words(talk: Talk) -> str:
    return "\n".join(paragraph.text for page in changed(talk) for paragraph in page)


@pytest.fixture(scope="module")
def text() -> str:
    return words(to_the_result(reviewing(days=95), NOW))


@pytest.mark.parametrize(
    ("item", "line"),
    [
        ("S2", "Then: Not in 12 months. Now: Past 6 months. New since last time, there again, or there for longer."),
        ("M12", "Then: No. Now: Yes. New since last time, there again, or there for longer."),
        ("V2", "Then: Not known. Now: Yes. Nobody had looked into it last time."),
        (
            "S1",
            "Then: Past 6 months. Now: 6–12 months ago. Time has passed, so it now counts for less or not at all."
            " That does not mean it is over.",
        ),
        ("S7", "Then: Not in 12 months. Now: Not known. Now not known. That is not the same as No."),
        (
            "V1",
            "Then: Yes. Now: No. Last time it was ticked, and that still falls in the period this item covers."
            " Check which answer is right.",
        ),
    ],
)
def test_each_changed_item_shows_before_after_and_why(text: str, item: str, line: str) -> None:
    assert f"{INSTRUMENT.number(item)}. {INSTRUMENT.item(item).label}\n{line}" in text


def side_by_side(then: Carried, now: Carried, script: Script = SCRIPT) -> str:
    return "\n".join(each.text for each in comparison_paragraphs(then, now, script=script))


def facts(**given: str) -> Carried:
    return replace(MARCH, facts=Responses.of(given))


def test_changed_danger_and_disclosure_are_shown_side_by_side() -> None:
    then, now = facts(told_or_seen="yes", danger="no"), facts(told_or_seen="yes", danger="yes")

    assert "In danger or missing now: then Neither, now In danger" in side_by_side(then, now)
    assert "Told or seen:" not in side_by_side(then, now)
    assert "Told or seen: then Yes, now Not known" in side_by_side(now, facts(danger="yes"))
    assert "In danger" not in side_by_side(OLDER, now)
    assert "In danger or missing now: then Yes, now Missing" in side_by_side(in_format(now, 2), facts(danger="missing"))


def test_being_moved_is_compared_where_the_pack_asks_it() -> None:
    then, now = facts(), facts(moved="yes")
    asked = Circumstance("moved", "Moved to be exploited", (Choice("yes", "Moved"),), "no", "What.", Basis())
    guidance = replace(SCRIPT.pack.guidance, circumstances=(asked,))
    asking = replace(SCRIPT, pack=replace(SCRIPT.pack, guidance=guidance))
    silent = replace(SCRIPT, pack=replace(SCRIPT.pack, guidance=replace(guidance, circumstances=())))

    assert "Moved to be exploited: then Not known, now Yes" in side_by_side(then, now, asking)
    assert "then Not known, now Yes" not in side_by_side(then, now, silent)


def test_an_unchanged_review_is_reported_as_unchanged() -> None:
    same = ["Yes", "Not known", *["No"] * 21, "Past 6 months", *["Not in 12 months"] * 6]

    said = words(to_the_result(reviewing(days=90), same))

    assert "No item has changed. All 30 are the same as last time." in said
    assert "A lower number does not mean" not in said


def test_the_page_of_the_number_leads_to_what_changed_only_in_a_review() -> None:
    talk = to_the_result(reviewing(days=95), NOW)
    first = finished()

    assert "What changed" not in first.press("The number").labels
    assert changed(first) == ((),)
    assert "What changed since March 2026" in talk.press("The number", "What changed").text


def test_the_course_lists_every_seraf_oldest_first() -> None:
    later = code_of(finished(["No"] * 23 + ["Not in 12 months"] * 7, occasion=days_later(80)))

    said = words(to_the_result(reviewing(code_of(finished()), later, days=170), NOW))

    assert (
        "Over time:\nMarch 2026: Category 2 (mild), total 6\nMay 2026: Category 1 (“not at risk” on the form),"
        " total 0\nAugust 2026: Category 2 (mild) to Category 3 (moderate), total 8 so far"
    ) in said
    assert "What changed since May 2026" in said


def theirs() -> Carried:
    return replace(MARCH, fingerprint=other_board.INSTRUMENT.fingerprint, responses=NOTHING)


def test_another_item_list_is_reported_and_incomparable_items_are_counted() -> None:
    said = words(to_the_result(reviewing(CARRIER.write(theirs()), days=95), NOW))

    assert "The list of items has changed since. Each number comes from its own list, so do not compare them." in said
    assert "30 of today's items are new, or had other words last time." in said
    assert (
        f"{len(other_board.INSTRUMENT.items)} of last time's items are not asked today, or have other words now."
        in said
    )
    assert "Vulnerabilities: then 0, now 1" in said


def test_a_list_that_is_not_known_any_more_is_compared_with_nothing() -> None:
    talk = to_the_result(reviewing(days=95), NOW)
    talk.session = replace(talk.session, earlier=(replace(talk.session.earlier[0], fingerprint="00"),))

    assert "The bot no longer has the item list used last time, so the two cannot be compared." in words(talk)
    assert "March 2026: the bot no longer has its item list" in words(talk)
    ours = carried_of(talk.session, INSTRUMENT, today=talk.occasion.now.today)
    assert course_text((), ours, script=replace(SCRIPT, codes=None)).count("\n") == 1


@pytest.mark.parametrize("then", ["Yes", "No", "Not known"])
@pytest.mark.parametrize("now", ["Yes", "No", "Not known"])
def test_no_page_of_a_review_is_too_long_and_none_ends_with_its_heading(then: str, now: str) -> None:
    significant = {"Yes": "Both", "No": "Not in 12 months", "Not known": "Not known"}
    first = finished([then] * 23 + [significant[then]] * 7)

    talk = to_the_result(reviewing(code_of(first), days=95), [now] * 23 + [significant[now]] * 7)

    pages = changed(talk)
    assert max(sum(len(each.text) + 2 for each in page) for page in pages) <= 960
    assert not any(page[-1].is_strong for page in pages)


PNG = b"\x89PNG"


@pytest.fixture
def talk() -> Talk:
    return to_the_result(reviewing(days=95), NOW)


def course_of(talk: Talk) -> ReviewCourse:
    course = review_course(talk.session, talk.script, now=talk.occasion.now)
    assert course is not None
    return course


async def made(talk: Talk, kind: str) -> File | None:
    session, now = talk.session, talk.occasion.now
    sam = await Visitor.let_in()
    record = with_session(first_record("somebody"), session, active=now.at)
    pending = OwedDocument("somebody", session.reference, kind, now.at)
    return replace(sam.bot, clock=At(lambda: now.at)).document(record, pending)


def test_there_is_a_point_for_every_seraf_oldest_first(talk: Talk) -> None:
    course = course_of(talk)

    assert [point.month for point in course.points] == ["March 2026", "June 2026"]
    assert [point.total for point in course.points] == [6, 8]
    assert all(point.highest and point.total and point.highest > point.total for point in course.points)
    assert course.text.startswith("Over time:\nMarch 2026: ")
    assert course.bands[0] == (0, "Category 1")


def test_a_list_that_is_not_known_any_more_has_a_gap_and_no_number(talk: Talk) -> None:
    talk.session = replace(talk.session, earlier=(replace(talk.session.earlier[0], fingerprint="00"),))

    course = course_of(talk)

    assert course.points[0] == ReviewPoint("March 2026", None, None)
    assert on_review_course(course)["points"][0]["label"] == "?"


def test_a_total_that_unknowns_cannot_raise_has_no_range(talk: Talk) -> None:
    course = replace(course_of(talk), points=(ReviewPoint("March 2026", 5, 5), ReviewPoint("June 2026", 8, 70)))

    result = on_review_course(course)

    assert [point["label"] for point in result["points"]] == ["5", "8–70"]
    assert result["scale"] == 70


def test_it_is_a_png_and_the_same_each_time(talk: Talk) -> None:
    first, second = as_review_course(course_of(talk)), as_review_course(course_of(talk))

    assert first.startswith(PNG)
    assert first == second


def test_a_first_seraf_has_no_course_and_no_picture() -> None:
    first = finished()

    assert review_course(first.session, SCRIPT, now=first.occasion.now) is None
    assert "Picture" not in first.press("More", "Summary").labels


def test_a_review_offers_the_picture_beside_the_other_forms(talk: Talk) -> None:
    talk.press("More", "Summary")
    assert "not protected" in talk.text
    assert talk.labels[:3] == ["PDF", "Text", "Picture"]

    talk.press("Picture")

    assert talk.effects == (Document(PICTURE), Toast("document-picture"))


async def test_the_picture_is_sent_with_the_same_in_words(talk: Talk) -> None:
    file = await made(talk, PICTURE)

    assert file is not None
    assert file.content.startswith(PNG)
    assert file.name.endswith(".png")
    assert course_of(talk).text in file.caption


async def test_the_most_earlier_serafs_fit_into_a_picture_and_its_words(talk: Talk) -> None:
    (last,) = talk.session.earlier
    years = tuple(replace(last, year=2020 + number, month=9, responses=NOTHING) for number in range(MOST))
    talk.session = replace(talk.session, earlier=years)

    file = await made(talk, PICTURE)

    assert file is not None
    assert len(file.caption) <= 1_000
    assert len(file.content) <= 200_000
    assert [file.caption.count(str(year.year)) for year in years] == [1] * MOST


async def test_the_pdf_of_a_review_has_the_picture_and_one_of_a_first_has_not(talk: Talk) -> None:
    """The PDF has at most four pages. The picture is not on the first, which says what to do."""
    review, first = await made(talk, PDF), await made(finished(), PDF)

    assert review is not None
    assert first is not None
    assert [_pictures(each) for each in (review, first)] == [1, 0]
    first_page, *others = PdfReader(io.BytesIO(review.content)).pages
    assert len(others) <= 3
    assert not first_page.images


def _pictures(file: File) -> int:
    return sum(len(page.images) for page in PdfReader(io.BytesIO(file.content)).pages)
