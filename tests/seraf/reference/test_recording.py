"""Tests of the prompts for recording, and of the language check: what it finds, and that its suggestions pass it."""

from dataclasses import replace

import pytest

from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from seraf.reference import Blaming, Recording
from tests.support.shipped import INSTRUMENT, NOON, PACK, SCRIPT
from tests.support.talk.talking import Talk

RECORDING = PACK.recording


def blaming(*phrases: str) -> Blaming:
    return Blaming("x", phrases, "Why.", "Instead.", "ours")


def test_the_headings_are_those_of_the_guidance_and_one_of_our_own() -> None:
    ids = [each.id for each in RECORDING.headings]
    ours = [each.id for each in RECORDING.headings if each.source == "ours"]

    assert ids == ["voice", "views", "differences", "vulnerabilities", "concern", "sharing", "child-told", "protective"]
    assert ours == ["protective"]
    assert not set(ids) & {item.id for item in INSTRUMENT.items}


def test_a_heading_is_found_by_its_id() -> None:
    found = RECORDING.heading("voice")

    assert found is not None
    assert found.title == "The child's voice"
    assert RECORDING.heading("nothing") is None


@pytest.mark.parametrize(
    ("phrases", "text", "found"),
    [
        (("risk taking",), "Her Risk-Taking worries me", "risk taking"),
        (("choice*",), "It was her choices.", "choices"),
        (("choice*",), "It was her choice", "choice"),
        (("put* herself at risk",), "she puts herself at risk", "puts herself at risk"),
        (("doesn't engage",), "He doesn’t engage.", "doesnt engage"),
        (("tart",), "to start with", ""),
        (("choice",), "choices", ""),
        (("first", "second"), "the second and the first", "first"),
        (("risk taking",), "risk of taking part", ""),
        (("x",), "", ""),
    ],
)
def test_a_phrase_is_found_as_whole_words(phrases: tuple[str, ...], text: str, found: str) -> None:
    """Capitals and kinds of dash and apostrophe are ignored. Parts of words are found only if the phrase allows it."""
    assert blaming(*phrases).in_words(text) == found


def test_every_entry_that_is_in_a_text_is_given_once() -> None:
    one, other = blaming("choice"), blaming("lifestyle", "way of life")

    assert Recording((), (one, other)).mirrored("A lifestyle choice, a way of life") == (
        ("choice", one),
        ("lifestyle", other),
    )


@pytest.mark.parametrize("entry", RECORDING.mirror, ids=lambda entry: entry.id)
def test_an_entry_finds_each_of_its_phrases(entry: Blaming) -> None:
    for phrase in entry.phrases:
        plain = phrase.replace("*", "")
        assert entry.in_words(f"I think that {plain}, in a way.")


@pytest.mark.parametrize("entry", RECORDING.mirror, ids=lambda entry: entry.id)
def test_suggested_words_pass_the_mirror(entry: Blaming) -> None:
    assert RECORDING.mirrored(entry.instead) == ()


@pytest.mark.parametrize(
    "text",
    [
        *("It was her choice", "He chose to stay out", "risk taking behaviour", "She puts herself at risk"),
        *("promiscuous", "difficult to engage", "her boyfriend", "sexually active", "attention seeking"),
        *("a lifestyle choice", "He is streetwise", "she consented", "a child prostitute"),
        "the allegation was withdrawn",
    ],
)
def test_the_words_that_blame_a_child_most_often_are_in_it(text: str) -> None:
    assert RECORDING.mirrored(text)


@pytest.mark.parametrize(
    "text",
    [
        *("It is easy to see that she is afraid.", "She says: “It is my choice, he is my boyfriend.”"),
        *('He said "she is asking for it", and laughed.', "He let me know at the start of the day."),
        *("The mother is willing to meet us.", "She took off her coat, lying on the bed."),
        "She is sold for sex by a man who gives her drugs.",
    ],
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert RECORDING.mirrored(text) == ()


def test_no_phrase_is_found_across_somebodys_own_words() -> None:
    mirror = Recording((), (blaming("risk taking"),))

    assert mirror.mirrored("At risk “he said” taking the bus") == ()
    assert mirror.mirrored('At risk "he said" taking the bus') == ()
    assert mirror.mirrored("“No” risk taking “here”") == (("risk taking", mirror.mirror[0]),)


@pytest.mark.parametrize(
    ("word", "entry"), [("boyfriend", "boyfriend"), ("lifestyle choices", "choice"), ("streetwise", "streetwise")]
)
def test_a_question_about_such_a_word_is_answered_with_better_words(word: str, entry: str) -> None:
    talk = Talk().open_with().type(word).press("Words to avoid")

    blaming = PACK.recording.blaming(entry)
    assert blaming is not None
    assert talk.session.overlay == Overlay(Kind.WORDS, entry)
    assert blaming.why in talk.text
    assert blaming.instead in talk.text
    assert talk.labels == ["Glossary", "Back", "Urgent"]


def test_texts_removed_from_the_pack_are_reported_as_gone() -> None:
    session = replace(Talk().begin().session, overlay=Overlay(Kind.WORDS, "gone"))

    assert "Glossary" in show(session, SCRIPT, NOON).text


@pytest.mark.parametrize("entry", RECORDING.mirror, ids=lambda entry: entry.id)
def test_every_entry_fits_a_card(entry: Blaming) -> None:
    session = replace(Talk().begin().session, overlay=Overlay(Kind.WORDS, entry.id))

    assert len(show(session, SCRIPT, NOON).text) <= 1_000
