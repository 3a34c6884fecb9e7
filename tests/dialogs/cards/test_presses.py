"""Tests of looked-up words, free text, presses that have no effect, and pages that no longer exist."""

from dataclasses import replace

import pytest

from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from dialogs.core.events import Pressed
from dialogs.core.session import Session
from seraf.reference import Glossary
from state_machines.assessment import Phase
from tests.support.shipped import NOON, OCCASION, PACK, SCRIPT
from tests.support.talk.talking import Talk


@pytest.mark.parametrize("count", [len(PACK.glossary.terms), 18])
def test_the_list_of_words_ends(count: int) -> None:
    few = replace(PACK, glossary=Glossary(PACK.glossary.terms[:count]))
    talk = Talk(replace(SCRIPT, pack=few)).begin().command("explain")
    pages = [talk.labels]
    while "Next page" in talk.labels:
        pages.append(talk.press("Next page").labels)

    names = [term.term for term in few.glossary.terms]
    assert [label for page in pages for label in page if label in names] == names
    assert all(set(page) & set(names) for page in pages)


@pytest.mark.parametrize("code", ["s:yes", "s:no", "s:danger", "s:not-known"])
def test_a_press_of_the_card_beneath_never_answers_a_question_laid_over_it(code: str) -> None:
    """A second tap on the item carries the token of the previous card, so it is refused as stale."""
    talk = Talk().open_with()
    token = talk.session.card
    talk.press("Yes")
    before = talk.session
    assert before.overlay == Overlay(Kind.FOLLOW_UP, "going_on")

    talk.take(Pressed(OCCASION, token, code))

    assert talk.toasts == ["stale"]
    assert talk.session == before


def test_an_answer_of_the_card_beneath_does_not_answer_an_overlay() -> None:
    """An answer that the question does not offer is refused, even with the current card's token."""
    talk = Talk().open_with().press("Yes")
    before = talk.session

    talk.take(Pressed(OCCASION, before.card, "s:danger"))

    assert talk.toasts == ["no-button"]
    assert talk.session == before


@pytest.mark.parametrize("code", ["", "s:both", "c:V1", "p:9", "g:erase", "o:erase:", "t:V1=yes", "x" * 4096, "\ud800"])
def test_a_code_that_is_not_on_the_card_changes_nothing(code: str) -> None:
    talk = Talk().open_with()
    before = talk.session

    talk.take(Pressed(OCCASION, talk.session.card, code))

    assert talk.toasts == ["no-button"]
    assert talk.session == before


def at_page(phase: Phase, place: str) -> Talk:
    talk = Talk().open_with().finish()
    talk.session = replace(talk.session, phase=phase, place=place)
    talk.cards = [show(talk.session, SCRIPT, NOON)]
    return talk


@pytest.mark.parametrize("phase", [Phase.CHECK, Phase.RESULT])
def test_a_page_beyond_the_last_is_shown_as_the_last(phase: Phase) -> None:
    talk = at_page(phase, "99")
    head = talk.text.splitlines()[0]

    assert head.split()[-1] == head.split()[-3]


def test_every_button_of_such_a_page_can_be_pressed() -> None:
    shown = at_page(Phase.CHECK, "99")

    for button in shown.card.buttons:
        talk = at_page(Phase.CHECK, "99")
        talk.take(Pressed(OCCASION, talk.session.card, button.code))
        assert talk.toasts == [], button.label


def test_a_place_that_is_not_on_the_path_leads_to_the_beginning_of_its_phase() -> None:
    """The session is at one item, but its order asks by section. The order starts again; no response is lost."""
    talk = Talk().open_with(order="Quick").press("Emotional neglect")
    talk.session = talk.session.at("M4")
    talk.cards = [show(talk.session, SCRIPT, NOON)]

    talk.press("No")

    assert talk.session.place == "vulnerability"
    assert dict(talk.session.answers.items) == {"V1": "yes", "M4": "no"}


def test_a_notice_is_above_the_card_and_changes_nothing_else() -> None:
    session = Session(card=3)

    plain, noticed = show(session, SCRIPT, NOON), show(session, SCRIPT, NOON, "Look again.")

    assert noticed.text == f"Look again.\n\n{plain.text}"
    assert (noticed.rows, noticed.token) == (plain.rows, plain.token)
