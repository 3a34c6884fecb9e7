"""Tests of the review code: what it contains of a finished session, and its card with a copy button."""

from dataclasses import replace

import pytest

from bot.channels.telegram.sender import draw
from dialogs.cards.show import show
from dialogs.core.acts import Copy, code_of
from dialogs.core.codes import carried_of, carry_over_code
from dialogs.core.events import Pressed
from dialogs.core.page import Button
from dialogs.core.replies import Card, Paragraph
from dialogs.core.script import Script
from seraf.form.responses import Responses
from seraf.form.vocabulary import Age
from seraf.review.carry_over import FACTS, UNSAID
from state_machines.assessment import Phase
from tests.support.pack import other_board
from tests.support.pack.carrying import CARRIER
from tests.support.shipped import CODES, INSTRUMENT, NOON, OCCASION, PACK, SCRIPT, TERMINAL, WORDING
from tests.support.talk.reviews import finished
from tests.support.talk.talking import Talk


def opened(script: Script | None = None) -> Talk:
    return (finished(script=script) if script else finished()).press("More", "Review code")


def test_the_code_is_the_one_strong_line_and_the_button_copies_just_that() -> None:
    talk = opened()

    (strong,) = [paragraph.text for paragraph in talk.card.paragraphs if paragraph.is_strong]
    assert CODES.read(strong) is not None
    assert talk.button("Copy the code").act == Copy(strong)
    assert "Copy it into the child's case record" in talk.text
    assert "It holds no name." in talk.text
    assert talk.press("Back").session.phase is Phase.RESULT


def test_in_telegram_the_button_copies_without_an_update_to_the_bot() -> None:
    talk = opened()

    (button,), *_ = draw(talk.card)["reply_markup"]["inline_keyboard"]
    assert "callback_data" not in button
    assert CODES.read(button["copy_text"]["text"]) is not None


@pytest.mark.parametrize("length", [0, 257])
def test_a_text_that_telegram_would_not_copy_is_not_drawn(length: int) -> None:
    card = Card(1, (Paragraph("A"),), ((Button("Copy", Copy("x" * length)),),))

    with pytest.raises(AssertionError, match="too long"):
        draw(card)


def test_a_terminal_shows_the_code_alone() -> None:
    talk = opened(Script(PACK, WORDING, TERMINAL, CODES))

    assert talk.labels == ["Back", "Urgent"]
    assert CODES.read(talk.card.paragraphs[1].text) is not None


def test_a_press_of_the_copy_button_that_arrives_after_all_changes_nothing() -> None:
    talk = opened()
    before = talk.session

    talk.take(Pressed(OCCASION, before.card, code_of(Copy("another text"))))

    assert talk.session == before


def test_the_code_goes_when_the_case_goes() -> None:
    talk = opened()
    (strong,) = [paragraph.text for paragraph in talk.card.paragraphs if paragraph.is_strong]

    talk.command("erase").press("Erase now")

    assert strong not in show(talk.session, talk.script, NOON).text


def test_the_code_is_the_same_on_another_day_and_another_after_a_change() -> None:
    talk = opened()
    first = talk.card.paragraphs[0].text, talk.button("Copy the code").act

    talk.press("Back", "More", "Change answers")
    talk.press(next(label for label in talk.labels if label.startswith("Change ")), "Yes").on().press(
        "Continue", "Not sure"
    )
    talk.press("More", "Review code")

    assert talk.button("Copy the code").act != first[1]


def test_a_result_from_before_codes_explains_why_it_has_none() -> None:
    talk = finished()
    talk.session = replace(talk.session, result=replace(talk.session.result, finished=""))

    talk.press("More", "Review code")

    assert "There is no code yet" in talk.text
    assert talk.labels == ["Back", "Urgent"]


TODAY = NOON.today
CODED = replace(SCRIPT, codes=CARRIER)


def judged() -> Talk:
    answers = ["Yes", "Not known", *["No"] * 21, *["Not in 12 months"] * 7]
    return Talk().open_with().answer(answers).close().press("Not sure")


def test_a_finished_session_is_carried_without_what_was_not_known() -> None:
    session = judged().session

    carried = carried_of(session, INSTRUMENT, today=TODAY)

    assert (carried.year, carried.month, carried.age, carried.judgement) == (2026, 3, Age.FROM_13_TO_15, "not-sure")
    assert carried.responses.get("V1") == "yes"
    assert carried.responses.get("V2") is None
    assert len(carried.responses) == 29
    assert carried.answers == Responses()
    assert carried.facts is not None
    assert {"danger": "no", "told_or_seen": "no"}.items() <= dict(carried.facts).items()
    assert not {"profession", "allocated", "age", "consent"} & dict(carried.facts).keys()


def test_the_month_is_that_of_the_judgement_not_of_the_day_on_which_the_code_is_read() -> None:
    """A session without the day of the judgement, as older releases stored it, has the present month."""
    session = replace(judged().session, result=replace(judged().session.result, finished="2026-02-28"))

    assert carried_of(session, INSTRUMENT, today=TODAY).month == 2
    assert carried_of(replace(session, result=replace(session.result, finished="")), INSTRUMENT, today=TODAY).month == 3


def test_a_board_s_own_question_is_carried_where_it_was_answered() -> None:
    session = replace(judged().session, answers=replace(judged().session.answers, items=Responses.of({"B1": "yes"})))

    def answers(given: str) -> Responses:
        answered = replace(session, answers=session.answers.give("disabled", given))
        return carried_of(answered, other_board.INSTRUMENT, today=TODAY).answers

    assert answers("yes") == Responses.of({"disabled": "yes"})
    assert answers("not-known") == Responses()


def test_every_word_of_what_can_change_what_leads_is_carried_and_comes_back_out_of_the_code() -> None:
    """“Not known” is left out, except for facts where that answer itself changes what to do."""
    session = judged().session

    for fact, words in FACTS.items():
        for word in (*words[1:], "not-known"):
            answered = replace(session, answers=session.answers.give(fact, word))
            found = CARRIER.read(carry_over_code(answered, CODED))
            assert found is not None
            assert found.facts is not None
            assert found.facts.get(fact) == (word if word in words else None)
    assert {words[0] for words in FACTS.values()} == {UNSAID}


def test_a_judgement_that_was_not_asked_is_carried_as_that() -> None:
    session = judged().session

    carried = carried_of(replace(session, answers=session.answers.drop("judgement")), INSTRUMENT, today=TODAY)

    assert carried.judgement == "not-asked"


def test_there_is_a_code_at_the_result_and_nowhere_else() -> None:
    session = judged().session

    assert CARRIER.read(carry_over_code(session, CODED)) == carried_of(session, INSTRUMENT, today=TODAY)
    assert carry_over_code(session, replace(CODED, codes=None)) == ""
    assert carry_over_code(replace(session, result=replace(session.result, finished="")), CODED) == ""
    assert carry_over_code(Talk().open_with().session, CODED) == ""


def test_a_code_scores_like_its_session() -> None:
    case = judged().session.answers.case()

    carried = carried_of(judged().session, INSTRUMENT, today=TODAY).case()

    assert (carried.age, carried.answers["judgement"]) == (case.age, "not-sure")
    assert carried.responses == case.responses.drop("V2")
