"""The pages of a review's result: what changed, the numbers side by side, and what the guidance asks at a review."""

from dataclasses import replace

import pytest

from dialogs.acts import Page
from dialogs.changes import course_text
from dialogs.codes import carried_of
from dialogs.result import ResultPage, result_pages
from seraf.carried import Carried
from seraf.responses import NOTHING
from tests.support import other_board
from tests.support.carrying import CARRIER, MARCH
from tests.support.reviews import code_of, days_later, finished, reviewing
from tests.support.shipped import INSTRUMENT, SCRIPT
from tests.support.talking import Talk

NOW = ["No", "Yes", *["No"] * 20, "Yes", "6–12 months ago", "Past 6 months", *["Not in 12 months"] * 4, "Not known"]
"""V1 is denied, V2 was found, M12 is new, the window of S1 has passed, S2 is new, and S7 is not known any more."""


def to_the_result(talk: Talk, responses: list[str]) -> Talk:
    """Take a review on to its result."""
    talk.press("Go on", "No", "No", "Yes", "13–15", "Form order").answer(responses)
    while "These are right" not in talk.labels:
        talk.press(next(each for each in ("Rest: No", "Not known", "School") if each in talk.labels))
    return talk.press("These are right", "Yes")


def changed(talk: Talk) -> list[ResultPage]:
    """The pages about what changed."""
    return [page for page in result_pages(talk.session, talk.script, talk.occasion.now) if page.kind == "changed"]


def words(talk: Talk) -> str:
    """All that stands on them."""
    return "\n".join(paragraph.text for page in changed(talk) for paragraph in page.paragraphs)


@pytest.fixture(scope="module")
def text() -> str:
    """What is said of a review in June of a SERAF of March."""
    return words(to_the_result(reviewing(days=95), NOW))


@pytest.mark.parametrize(
    ("item", "line"),
    [
        ("S2", "Then: Not in 12 months. Now: Past 6 months. New, or there again."),
        ("M12", "Then: No. Now: Yes. New, or there again."),
        ("V2", "Then: Not known. Now: Yes. Nobody had looked into it last time."),
        ("S1", "Then: Past 6 months. Now: 6–12 months ago. Its window has passed. That is all that this says."),
        ("S7", "Then: Not in 12 months. Now: Not known. Now not known. That is not the same as No."),
        (
            "V1",
            "Then: Yes. Now: No. The two do not fit. By what was said then, it still counts. Please look at it again.",
        ),
    ],
)
def test_each_item_that_changed_says_what_it_was_what_it_is_and_why(text: str, item: str, line: str) -> None:
    """In the words of the form; a fall is called what it is."""
    assert f"{INSTRUMENT.number(item)}. {INSTRUMENT.item(item).label}\n{line}" in text


def test_the_numbers_stand_side_by_side(text: str) -> None:
    """Category or range, total, subtotals, age and judgement, then and now."""
    assert "Then: Category 2 (mild), total 6. Now: Category 2 (mild) to Category 3 (moderate), total 8 so far." in text
    assert "Vulnerabilities: then 1, now 1\n" in text
    assert "Significant risk indicators: then 5, now 6\n" in text
    assert "Age: then 13–15, now 13–15\nSignificant harm suspected: then Not sure, now Yes" in text
    assert "24 more items are as they were." in text


def test_a_fall_takes_no_duty_away_and_the_guidance_s_steps_for_a_review_stand_there(text: str) -> None:
    """Each with the heading it rests on."""
    assert "A lower number does not mean that the child is safer." in text
    assert "(Guidance: “When to complete a SERAF”)" in text
    assert "Nothing that was a duty last time ends because a number went down." in text


def test_where_nothing_changed_that_is_said_and_nothing_fell() -> None:
    """Every item as it was."""
    same = ["Yes", "Not known", *["No"] * 21, "Past 6 months", *["Not in 12 months"] * 6]

    said = words(to_the_result(reviewing(days=90), same))

    assert "No item has changed. All 30 are as they were." in said
    assert "A lower number does not mean" not in said


def test_page_one_leads_to_what_changed_only_in_a_review() -> None:
    """A first SERAF has no such page."""
    talk = to_the_result(reviewing(days=95), NOW)
    first = finished()

    assert "What changed" not in first.labels
    assert changed(first) == []
    assert isinstance(talk.button("What changed").act, Page)
    assert "What changed since March 2026" in talk.press("What changed").text


def test_the_course_lists_every_seraf_oldest_first() -> None:
    """Two codes and today."""
    later = code_of(finished(["No"] * 23 + ["Not in 12 months"] * 7, occasion=days_later(80)))

    said = words(to_the_result(reviewing(code_of(finished()), later, days=170), NOW))

    assert (
        "The course:\nMarch 2026: Category 2 (mild), total 6\nMay 2026: Category 1 (called “not at risk” on the form),"
        " total 0\nAugust 2026: Category 2 (mild) to Category 3 (moderate), total 8 so far"
    ) in said
    assert "What changed since May 2026" in said


def theirs() -> Carried:
    """A SERAF that was made with another board's list."""
    return replace(MARCH, fingerprint=other_board.INSTRUMENT.fingerprint, responses=NOTHING)


def test_another_list_is_said_and_what_cannot_be_compared_is_counted() -> None:
    """Each number is that of its own list."""
    said = words(to_the_result(reviewing(CARRIER.write(theirs()), days=95), NOW))

    assert "The list of items has changed since. Each number is that of its own list." in said
    assert "30 items of today were not asked then, or in other words." in said
    assert f"{len(other_board.INSTRUMENT.items)} items of then are not asked today, or in other words." in said
    assert "Vulnerabilities: then 0, now 1" in said


def test_a_list_that_is_not_known_any_more_is_compared_with_nothing() -> None:
    """The pages say so, and the rest of the result stands."""
    talk = to_the_result(reviewing(days=95), NOW)
    talk.session = replace(talk.session, earlier=(replace(talk.session.earlier[0], fingerprint="00"),))

    assert "is not known here any more. So the two cannot be set side by side." in words(talk)
    assert "March 2026: its list of items is not known here any more" in words(talk)
    ours = carried_of(talk.session, INSTRUMENT, talk.occasion.now.today)
    assert course_text((), ours, replace(SCRIPT, codes=None)).count("\n") == 1


@pytest.mark.parametrize("then", ["Yes", "No", "Not known"])
@pytest.mark.parametrize("now", ["Yes", "No", "Not known"])
def test_no_page_of_a_review_is_too_long_and_none_ends_with_its_heading(then: str, now: str) -> None:
    """Even where every item changed."""
    significant = {"Yes": "Both", "No": "Not in 12 months", "Not known": "Not known"}
    first = finished([then] * 23 + [significant[then]] * 7)

    talk = to_the_result(reviewing(code_of(first), days=95), [now] * 23 + [significant[now]] * 7)

    pages = changed(talk)
    assert max(sum(len(each.text) + 2 for each in page.paragraphs) for page in pages) <= 960
    assert not any(page.paragraphs[-1].is_strong for page in pages)
