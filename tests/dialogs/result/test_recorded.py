"""Whether it is in the case file: asked once at the end of a result, and never in the way."""

import pytest

from dialogs.core.acts import Kind
from state_machines.assessment import Phase
from tests.support.shipped import PACK
from tests.support.talk.talking import Talk

ASK = "Is this SERAF in the child's case record?"


@pytest.fixture
def talk() -> Talk:
    """A conversation at the last page of its result."""
    talk = Talk().open_with().finish().press("Continue", "Not sure", "More steps")
    while onward := [each for each in ("All steps", "Next page") if each in talk.labels]:
        talk.press(*onward)
    return talk


def test_it_is_asked_on_the_last_page_of_the_result_and_on_no_other(talk: Talk) -> None:
    """With two answers; every other button is there as well."""
    assert ASK in talk.text
    assert {"Yes", "Not yet", "First page", "Summary"} <= set(talk.labels)

    talk.press("First page")

    assert ASK not in talk.text
    assert "Not yet" not in talk.labels


def test_who_has_recorded_it_is_not_asked_again(talk: Talk) -> None:
    """The same page without the question; the answer is kept with the case."""
    talk.press("Yes")

    assert talk.session.phase is Phase.RESULT
    assert talk.session.overlay is None
    assert talk.session.answers.get("recorded") == "yes"
    assert ASK not in talk.text
    assert "Not yet" not in talk.labels


def test_who_has_not_is_shown_what_the_guidance_wants_recorded(talk: Talk) -> None:
    """Every heading with what it rests on; then the result goes on."""
    talk.press("Not yet")

    assert talk.session.overlay is not None
    assert talk.session.overlay.kind is Kind.TO_RECORD
    assert "Why each item is ticked" in talk.text
    assert all(heading.title in talk.text for heading in PACK.recording.headings)
    assert "But do not wait for it before you call." in talk.text

    talk.press("Go on")
    assert ASK not in talk.text


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Yes", "You said that it is in the case record."),
        ("Not yet", "You said that it is not in the case record yet."),
    ],
)
def test_the_card_that_erases_knows_the_answer(talk: Talk, answer: str, said: str) -> None:
    """It does not ask again what was answered."""
    talk.press(answer)
    if answer == "Not yet":
        talk.press("Go on")

    talk.press("More", "Erase")

    assert said in talk.text
    assert "Is it in the case record?" not in talk.text


def test_who_was_not_asked_yet_is_asked_by_the_card_that_erases(talk: Talk) -> None:
    """As it always did."""
    talk.press("More", "Erase")

    assert "Is it in the case record?" in talk.text


def test_the_answer_goes_with_the_case(talk: Talk) -> None:
    """The next child is asked about anew."""
    talk.press("Yes", "More", "Erase", "Erase now")

    assert talk.session.answers.get("recorded") is None


def test_the_list_can_be_read_from_every_page_of_the_result(talk: Talk) -> None:
    """Under More, whatever was answered."""
    talk.press("First page", "More", "What to record")

    assert "What belongs in the case record" in talk.text
