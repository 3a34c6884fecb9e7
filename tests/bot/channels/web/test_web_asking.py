"""Tests of the field for questions in somebody's own words: on every page of an open account, and on none that is locked."""

from tests.bot.channels.web.test_web_given_back import PLAIN, kept, taken
from tests.support.web.browser import Browser
from tests.support.web.serving import Serving

FIELD = "id=words-ask"
CANARY = "zyxwvut"


async def test_a_question_is_answered_on_a_page_and_comes_back_in_no_field(serving: Serving, sam: Browser) -> None:
    assert FIELD in sam.answer.text

    await sam.command("ask", f"older boyfriend, {CANARY}, new phone")

    assert sam.page.heading == "These items of the form fit those words. Nothing is ticked."
    assert CANARY not in sam.answer.text
    assert FIELD in sam.answer.text
    await sam.press("Start with these")
    assert (await kept(serving)).detour.first == ("S2", "M3", "S5")


async def test_the_field_is_on_the_page_of_an_item_beside_its_note_and_takes_no_note(sam: Browser) -> None:
    await taken(sam, "g:start", "s:school", "s:no", "s:no", "s:yes", "s:13-15", "s:form")
    assert "item 1 of 30" in sam.answer.text

    await sam.command("ask", PLAIN)

    assert "Note" not in sam.page.heading
    await sam.press("Back")
    assert "item 1 of 30" in sam.answer.text


async def test_a_locked_page_has_no_such_field(sam: Browser) -> None:
    await sam.command("lock")

    assert FIELD not in sam.answer.text


async def test_a_question_that_is_too_long_for_the_field_is_not_taken(sam: Browser) -> None:
    before = sam.page.heading

    await sam.command("ask", "word " * 200)

    assert sam.page.heading == before
