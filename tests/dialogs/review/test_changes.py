"""The pages of a review's result: what changed, the numbers side by side, and what the guidance asks at a review."""

from dataclasses import replace

import pytest

from dialogs.core.codes import carried_of
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.review.changes import changed_pages, comparison_paragraphs, course_text
from seraf.form.circumstances import Basis, Choice, Circumstance
from seraf.form.responses import NOTHING, Responses
from seraf.review.carry_over import Carried, in_format
from tests.support.pack import other_board
from tests.support.pack.carrying import CARRIER, MARCH, OLDER
from tests.support.shipped import INSTRUMENT, SCRIPT
from tests.support.talk.reviews import code_of, days_later, finished, reviewing
from tests.support.talk.talking import Talk

NOW = ["No", "Yes", *["No"] * 20, "Yes", "6–12 months ago", "Past 6 months", *["Not in 12 months"] * 4, "Not known"]
"""V1 is denied, V2 was found, M12 is new, the window of S1 has passed, S2 is new, and S7 is not known any more."""


def to_the_result(talk: Talk, responses: list[str]) -> Talk:
    """Take a review on to its result."""
    talk.press("Go on", "Neither", "No", "Yes", "13–15", "Form order").answer(responses)
    while "Continue" not in talk.labels:
        talk.press(next(each for each in ("None of the others", "Not known") if each in talk.labels))
    return talk.press("Continue", "Yes")


def changed(talk: Talk) -> tuple[tuple[Paragraph, ...], ...]:
    """The pages about what changed."""
    return changed_pages(talk.session, talk.script, now=talk.occasion.now)


def words(talk: Talk) -> str:
    """All that stands on them."""
    return "\n".join(paragraph.text for page in changed(talk) for paragraph in page)


@pytest.fixture(scope="module")
def text() -> str:
    """What is said of a review in June of a SERAF of March."""
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
def test_each_item_that_changed_says_what_it_was_what_it_is_and_why(text: str, item: str, line: str) -> None:
    """In the words of the form; a fall is called what it is."""
    assert f"{INSTRUMENT.number(item)}. {INSTRUMENT.item(item).label}\n{line}" in text


def test_the_numbers_stand_side_by_side(text: str) -> None:
    """Category or range, total, subtotals, age and judgement, then and now."""
    assert "Then: Category 2 (mild), total 6. Now: Category 2 (mild) to Category 3 (moderate), total 8 so far." in text
    assert "Vulnerabilities: then 1, now 1\n" in text
    assert "Significant risk indicators: then 5, now 6\n" in text
    assert "Age: then 13–15, now 13–15\nSignificant harm suspected: then Not sure, now Yes" in text
    assert "No change in 24 other items." in text


def test_a_fall_takes_no_duty_away(text: str) -> None:
    """Whatever the number does, and whatever is taken back."""
    assert "A lower number does not mean that the child is safer." in text
    assert "A duty from last time does not end because a number went down." in text


def side_by_side(then: Carried, now: Carried, script: Script = SCRIPT) -> str:
    """Two SERAFs as they stand beside each other."""
    return "\n".join(each.text for each in comparison_paragraphs(then, now, script=script))


def facts(**given: str) -> Carried:
    """The SERAF of March in which this was answered around the items."""
    return replace(MARCH, facts=Responses.of(given))


def test_danger_and_what_was_told_stand_side_by_side_where_they_changed() -> None:
    """What was not known is said to be; what is as it was, or what an older code does not know, is not said."""
    then, now = facts(told_or_seen="yes", danger="no"), facts(told_or_seen="yes", danger="yes")

    assert "In danger or missing now: then Neither, now In danger" in side_by_side(then, now)
    assert "Told or seen:" not in side_by_side(then, now)
    assert "Told or seen: then Yes, now Not known" in side_by_side(now, facts(danger="yes"))
    assert "In danger" not in side_by_side(OLDER, now)
    assert "In danger or missing now: then Yes, now Missing" in side_by_side(in_format(now, 2), facts(danger="missing"))


def test_being_moved_stands_side_by_side_where_the_pack_asks_it() -> None:
    """In the words of its short question; another pack has no words for it, and says nothing."""
    then, now = facts(), facts(moved="yes")
    asked = Circumstance("moved", "Moved to be exploited", (Choice("yes", "Moved"),), "no", "What.", Basis())
    guidance = replace(SCRIPT.pack.guidance, circumstances=(asked,))
    asking = replace(SCRIPT, pack=replace(SCRIPT.pack, guidance=guidance))
    silent = replace(SCRIPT, pack=replace(SCRIPT.pack, guidance=replace(guidance, circumstances=())))

    assert "Moved to be exploited: then Not known, now Yes" in side_by_side(then, now, asking)
    assert "then Not known, now Yes" not in side_by_side(then, now, silent)


def test_where_nothing_changed_that_is_said_and_nothing_fell() -> None:
    """Every item as it was."""
    same = ["Yes", "Not known", *["No"] * 21, "Past 6 months", *["Not in 12 months"] * 6]

    said = words(to_the_result(reviewing(days=90), same))

    assert "No item has changed. All 30 are the same as last time." in said
    assert "A lower number does not mean" not in said


def test_the_page_of_the_number_leads_to_what_changed_only_in_a_review() -> None:
    """A first SERAF has nothing to look back on."""
    talk = to_the_result(reviewing(days=95), NOW)
    first = finished()

    assert "What changed" not in first.press("The number").labels
    assert changed(first) == ((),)
    assert "What changed since March 2026" in talk.press("The number", "What changed").text


def test_the_course_lists_every_seraf_oldest_first() -> None:
    """Two codes and today."""
    later = code_of(finished(["No"] * 23 + ["Not in 12 months"] * 7, occasion=days_later(80)))

    said = words(to_the_result(reviewing(code_of(finished()), later, days=170), NOW))

    assert (
        "Over time:\nMarch 2026: Category 2 (mild), total 6\nMay 2026: Category 1 (“not at risk” on the form),"
        " total 0\nAugust 2026: Category 2 (mild) to Category 3 (moderate), total 8 so far"
    ) in said
    assert "What changed since May 2026" in said


def theirs() -> Carried:
    """A SERAF that was made with another board's list."""
    return replace(MARCH, fingerprint=other_board.INSTRUMENT.fingerprint, responses=NOTHING)


def test_another_list_is_said_and_what_cannot_be_compared_is_counted() -> None:
    """Each number is that of its own list."""
    said = words(to_the_result(reviewing(CARRIER.write(theirs()), days=95), NOW))

    assert "The list of items has changed since. Each number comes from its own list, so do not compare them." in said
    assert "30 of today's items are new, or had other words last time." in said
    assert (
        f"{len(other_board.INSTRUMENT.items)} of last time's items are not asked today, or have other words now."
        in said
    )
    assert "Vulnerabilities: then 0, now 1" in said


def test_a_list_that_is_not_known_any_more_is_compared_with_nothing() -> None:
    """The pages say so, and the rest of the result stands."""
    talk = to_the_result(reviewing(days=95), NOW)
    talk.session = replace(talk.session, earlier=(replace(talk.session.earlier[0], fingerprint="00"),))

    assert "The bot no longer has the item list used last time, so the two cannot be compared." in words(talk)
    assert "March 2026: the bot no longer has its item list" in words(talk)
    ours = carried_of(talk.session, INSTRUMENT, today=talk.occasion.now.today)
    assert course_text((), ours, script=replace(SCRIPT, codes=None)).count("\n") == 1


@pytest.mark.parametrize("then", ["Yes", "No", "Not known"])
@pytest.mark.parametrize("now", ["Yes", "No", "Not known"])
def test_no_page_of_a_review_is_too_long_and_none_ends_with_its_heading(then: str, now: str) -> None:
    """Even where every item changed."""
    significant = {"Yes": "Both", "No": "Not in 12 months", "Not known": "Not known"}
    first = finished([then] * 23 + [significant[then]] * 7)

    talk = to_the_result(reviewing(code_of(first), days=95), [now] * 23 + [significant[now]] * 7)

    pages = changed(talk)
    assert max(sum(len(each.text) + 2 for each in page) for page in pages) <= 960
    assert not any(page[-1].is_strong for page in pages)
