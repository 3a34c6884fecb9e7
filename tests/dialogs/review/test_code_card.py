"""The card of a carry-over code: the code in one strong line, what it is, and a button that copies it."""

from dataclasses import replace

import pytest

from bot.channels.telegram.sender import draw
from dialogs.cards.show import show
from dialogs.core.acts import Copy, code_of
from dialogs.core.events import Pressed
from dialogs.core.replies import Button, Card, Paragraph
from dialogs.core.script import Script
from state_machines.assessment import Phase
from tests.support.shipped import CODES, NOON, OCCASION, PACK, TERMINAL, WORDING
from tests.support.talk.reviews import finished
from tests.support.talk.talking import Talk


def opened(script: Script | None = None) -> Talk:
    """The card, opened from the result."""
    return (finished(script=script) if script else finished()).press("More", "Review code")


def test_the_code_is_the_one_strong_line_and_the_button_copies_just_that() -> None:
    """With what it holds, who can read it, and what to do with it."""
    talk = opened()

    (strong,) = [paragraph.text for paragraph in talk.card.paragraphs if paragraph.is_strong]
    assert CODES.read(strong) is not None
    assert talk.button("Copy the code").act == Copy(strong)
    assert "Copy it into the child's case record" in talk.text
    assert "It holds no name." in talk.text
    assert talk.press("Back").session.phase is Phase.RESULT


def test_in_telegram_the_button_copies_and_tells_the_bot_nothing() -> None:
    """It has a text to copy instead of what a tap would send."""
    talk = opened()

    (button,), *_ = draw(talk.card)["reply_markup"]["inline_keyboard"]
    assert "callback_data" not in button
    assert CODES.read(button["copy_text"]["text"]) is not None


@pytest.mark.parametrize("length", [0, 257])
def test_a_text_that_telegram_would_not_copy_is_not_drawn(length: int) -> None:
    """One to 256 characters."""
    card = Card(1, (Paragraph("A"),), ((Button("Copy", Copy("x" * length)),),))

    with pytest.raises(AssertionError, match="too long"):
        draw(card)


def test_a_terminal_shows_the_code_alone() -> None:
    """There is nothing to copy it to."""
    talk = opened(Script(PACK, WORDING, TERMINAL, CODES))

    assert talk.labels == ["Back", "Urgent"]
    assert CODES.read(talk.card.paragraphs[1].text) is not None


def test_a_press_of_the_copy_button_that_arrives_after_all_changes_nothing() -> None:
    """No client sends one; a forged one does no harm."""
    talk = opened()
    before = talk.session

    talk.take(Pressed(OCCASION, before.card, code_of(Copy("another text"))))

    assert talk.session == before


def test_the_code_goes_when_the_case_goes() -> None:
    """It is worked out for each card and kept nowhere."""
    talk = opened()
    (strong,) = [paragraph.text for paragraph in talk.card.paragraphs if paragraph.is_strong]

    talk.command("erase").press("Erase now")

    assert strong not in show(talk.session, talk.script, NOON).text


def test_the_code_is_the_same_on_another_day_and_another_after_a_change() -> None:
    """Its month is that of the judgement; a response that was changed is in it."""
    talk = opened()
    first = talk.card.paragraphs[0].text, talk.button("Copy the code").act

    talk.press("Back", "More", "Change answers")
    talk.press(next(label for label in talk.labels if label.startswith("Change ")), "Yes").on().press(
        "Continue", "Not sure"
    )
    talk.press("More", "Review code")

    assert talk.button("Copy the code").act != first[1]


def test_a_result_judged_before_there_were_codes_says_why_it_has_none() -> None:
    """The day of its judgement was not kept then."""
    talk = finished()
    talk.session = replace(talk.session, result=replace(talk.session.result, finished=""))

    talk.press("More", "Review code")

    assert "There is no code yet" in talk.text
    assert talk.labels == ["Back", "Urgent"]
