"""Words that are looked up, words that are not kept, and presses that do not count."""

from dataclasses import replace

import pytest

from dialogs.core.acts import Kind, Overlay
from dialogs.core.events import Pressed
from dialogs.core.replies import Toast
from dialogs.form.path import options
from seraf.reference import Glossary
from tests.support.shipped import OCCASION, PACK, SCRIPT
from tests.support.talk.talking import Talk


def test_an_explained_word_lies_over_the_card() -> None:
    """A word that names one term opens it, from which all words are a tap away."""
    talk = Talk().open_with().command("explain", "Grooming")

    assert talk.text.startswith("Grooming\n\n")
    talk.press("Glossary", "Next page", "Previous")
    assert talk.session.overlay == Overlay(Kind.TERMS, "1")
    talk.press(PACK.glossary.terms[0].term, "Back")
    assert talk.session.place == "V1"
    assert talk.press("Yes").session.place == "V2"


@pytest.mark.parametrize("count", [len(PACK.glossary.terms), 18])
def test_the_list_of_words_ends(count: int) -> None:
    """Its last page has no later one and is not empty, and every term stands on just one page."""
    few = replace(PACK, glossary=Glossary(PACK.glossary.terms[:count]))
    talk = Talk(replace(SCRIPT, pack=few)).begin().command("explain")
    pages = [talk.labels]
    while "Next page" in talk.labels:
        pages.append(talk.press("Next page").labels)

    names = [term.term for term in few.glossary.terms]
    assert [label for page in pages for label in page if label in names] == names
    assert all(set(page) & set(names) for page in pages)


@pytest.mark.parametrize(
    ("words", "toasts"), [("", []), ("no such word at all", ["no-term"]), ("c", ["several-terms"])]
)
def test_a_word_that_is_not_just_one_opens_the_list(words: str, toasts: list[str]) -> None:
    """None, an unknown one, or one of several: the list of words, with a sentence about it."""
    talk = Talk().open_with().command("explain", words)

    assert talk.toasts == toasts
    assert talk.session.overlay is not None
    assert talk.session.overlay.kind is Kind.TERMS


def test_several_words_are_suggested_and_the_list_opens_where_they_are() -> None:
    """The first few are named, and the page is the first one's."""
    talk = Talk().begin().command("explain", "s")
    first = next(term for term in PACK.glossary.terms if term in PACK.glossary.look_up("s"))

    (toast,) = talk.effects
    assert isinstance(toast, Toast)
    assert dict(toast.values)["terms"].startswith(first.term)
    assert first.term in talk.labels


def test_typed_words_are_not_kept_and_say_so() -> None:
    """Nothing that somebody types is in the session, not even its length."""
    talk = Talk().open_with()
    before = talk.session

    assert talk.type().toasts == ["typed"]
    assert talk.session == before


def test_a_press_of_an_older_card_changes_nothing() -> None:
    """The token of a card that has moved on is answered kindly."""
    talk = Talk().open_with()
    token = talk.session.card
    talk.press("Yes")
    before = talk.session

    talk.take(Pressed(OCCASION, token, "s:no"))

    assert talk.toasts == ["stale"]
    assert talk.session == before


@pytest.mark.parametrize("code", ["s:yes", "s:no", "s:danger", "s:not-known"])
def test_a_press_of_the_card_beneath_never_answers_a_question_laid_over_it(code: str) -> None:
    """A second tap on the item is of the card before, whatever it says: the question that cannot wait is still open."""
    talk = Talk().open_with()
    token = talk.session.card
    talk.press("Yes")
    before = talk.session
    assert before.overlay == Overlay(Kind.FOLLOW_UP, "going_on")

    talk.take(Pressed(OCCASION, token, code))

    assert talk.toasts == ["stale"]
    assert talk.session == before


def test_an_answer_of_the_card_beneath_is_no_answer_to_a_question_laid_over_it() -> None:
    """Even with the token of the live card: an answer that the question does not have is not on the card."""
    talk = Talk().open_with().press("Yes")
    before = talk.session

    talk.take(Pressed(OCCASION, before.card, "s:danger"))

    assert talk.toasts == ["no-button"]
    assert talk.session == before


@pytest.mark.parametrize("code", ["", "s:both", "c:V1", "p:9", "g:erase", "o:erase:", "t:V1=yes", "x" * 4096, "\ud800"])
def test_a_code_that_is_not_on_the_card_changes_nothing(code: str) -> None:
    """A forged button does nothing, whatever it says."""
    talk = Talk().open_with()
    before = talk.session

    talk.take(Pressed(OCCASION, talk.session.card, code))

    assert talk.toasts == ["no-button"]
    assert talk.session == before


def test_a_pack_s_own_question_takes_yes_no_and_not_known() -> None:
    """Questions that a board adds need no code."""
    assert options("disabled") == ("yes", "no", "not-known")
