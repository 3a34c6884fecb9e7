"""Tests of guide and glossary: the order of topics, and that they cover the guidance."""

import re

import pytest

from seraf.reference import Chapter, Guide, Topic, fold
from tests.support.pack.headings import HEADINGS, WITHOUT_A_CARD
from tests.support.shipped import PACK

GUIDE = PACK.guide


def topic(name: str, text: str = "It is so.", *words: str, roles: tuple[str, ...] = ()) -> Topic:
    return Topic(fold(name).replace(" ", "-"), name, name, text, ("ours",), words, roles)


@pytest.fixture
def small() -> Guide:
    return Guide(
        (
            Chapter(
                "a", "A", (topic("Care leavers", "Up to 25.", "aftercare"), topic("Care plans", "Meet soon.", "family"))
            ),
            Chapter(
                "b",
                "B",
                (
                    topic("Sharing", "Tell the nurse.", "may I share"),
                    topic("School", "A leaver came by bus or van.", roles=("school",)),
                ),
            ),
        )
    )


def test_a_persons_own_role_comes_first_in_a_chapter(small: Guide) -> None:
    chapter = small.chapters[1]

    assert [each.title for each in chapter.for_role("school")] == ["School", "Sharing"]
    assert chapter.for_role(None) == chapter.for_role("police") == chapter.topics


def test_every_profession_has_its_own_card() -> None:
    roles = GUIDE.chapter("roles")

    assert roles is not None
    for profession in ("social-care", "school", "health", "police", "preventative", "other"):
        assert profession in roles.for_role(profession)[0].roles


def test_every_heading_of_the_guidance_has_a_card_or_a_reason() -> None:
    carried = {source for card in GUIDE.topics for source in card.sources}

    assert [heading for heading in HEADINGS if heading not in carried and heading not in WITHOUT_A_CARD] == []
    assert [heading for heading in WITHOUT_A_CARD if heading in carried or heading not in HEADINGS] == []
    assert all(WITHOUT_A_CARD.values())


def test_no_card_tells_anyone_to_wait_before_they_call() -> None:
    """No topic mentions a later day, or a telephone number: numbers are defined with the contacts only."""
    later = re.compile(r"this week|tomorrow|next week|when you can|\b0\d{3,}")

    assert [card.id for card in GUIDE.topics if later.search(card.text)] == []


def test_topics_outside_the_guide_are_not_found() -> None:
    assert (GUIDE.topic("nothing"), GUIDE.chapter("nothing"), GUIDE.chapter_of("nothing")) == (None, None, None)
    assert GUIDE.chapter_of("school") is GUIDE.chapter("roles")


def test_a_term_is_found_by_its_id() -> None:
    for term in PACK.glossary.terms:
        assert PACK.glossary[term.id] == term


def test_a_term_that_there_is_not_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        PACK.glossary["nothing"]


def test_folding_makes_dashes_apostrophes_and_case_the_same() -> None:
    assert fold("Don’t — GO/there") == fold("don't go there") == "dont go there"
