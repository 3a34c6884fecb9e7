"""Tests of guide and glossary: typed words find a topic or an entry, and the topics cover the guidance."""

import re

import pytest

from seraf.reference import Chapter, Glossary, Guide, Term, Topic, fold
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


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *(("School", ["School"]), ("  SCHOOL  ", ["School"]), ("Care–Leavers", ["Care leavers"])),
        *(("aftercare", ["Care leavers"]), ("May I share?", ["Sharing"]), ("care", ["Care leavers", "Care plans"])),
        *(("plan for care", ["Care plans"]), ("families", ["Care plans"]), ("shares", ["Sharing"])),
        *(("shared with the school", ["Sharing", "School"]), ("nurses", ["Sharing"]), ("leaver", ["Care leavers"])),
        *(("care meetings", ["Care plans"]), ("bus", ["School"]), ("vans", ["School"]), ("25", ["Care leavers"])),
        *(("2", []), ("what is it", []), ("", []), ("?!", []), ("nothing of the kind", [])),
    ],
)
def test_typed_words_find_what_they_name_begin_or_are_about(small: Guide, typed: str, expected: list[str]) -> None:
    assert [found.title for found in small.look_up(typed)] == expected


def test_of_two_cards_of_one_name_the_first_is_found_and_of_no_cards_none() -> None:
    twice = Guide((Chapter("a", "A", (topic("Care", "First."), topic("Care", "Second."))),))

    assert [found.text for found in twice.look_up("care")] == ["First."]
    assert Guide(()).look_up("care") == ()


def test_a_word_that_names_one_card_does_not_list_others_that_only_mention_it() -> None:
    for words, expected in {
        "missing": "missing",
        "school": "school",
        "consent": "consent",
        "evidence": "evidence",
    }.items():
        assert [found.id for found in GUIDE.look_up(words)] == [expected]


@pytest.mark.parametrize("card", GUIDE.topics, ids=lambda card: card.id)
def test_every_card_is_found_by_each_of_its_names_and_words(card: Topic) -> None:
    for name in (card.title, card.short, card.id):
        assert GUIDE.look_up(name) == (card,)
    for word in card.words:
        found = GUIDE.look_up(word)
        assert card in found or any(fold(word) in each.called for each in found), word
        assert len(found) <= 6


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


def term(name: str, *also: str) -> Term:
    return Term(id=fold(name).replace(" ", "-"), term=name, also=also, text="It is so.", source="ours")


WORDS = Glossary((term("ART", "Access and Response Team"), term("Care leaver"), term("Care plan"), term("S47")))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *(("art", ["ART"]), ("  ART ", ["ART"]), ("Access—and response-team", ["ART"])),
        *(("care", ["Care leaver", "Care plan"]), ("care-pl", ["Care plan"]), ("acc", ["ART"])),
        *(("response", ["ART"]), ("spon", []), ("s47", ["S47"]), ("", []), ("?!", []), ("nothing of the kind", [])),
    ],
)
def test_a_typed_word_finds_terms_by_name_beginning_or_part(typed: str, expected: list[str]) -> None:
    assert [found.term for found in WORDS.look_up(typed)] == expected


def test_a_word_that_names_two_terms_finds_the_first_alone() -> None:
    named = Term(id="a", term="Plan", also=(), text="It is so.", source="ours")
    other = Term(id="plan", term="Something else", also=(), text="It is not.", source="ours")

    assert Glossary((named, other)).look_up("plan") == (named,)


@pytest.mark.parametrize("entry", PACK.glossary.terms, ids=lambda entry: entry.id)
def test_every_term_of_the_pack_is_found_by_each_of_its_names(entry: Term) -> None:
    for name in (entry.term, *entry.also):
        assert PACK.glossary.look_up(name) == (entry,)
    assert PACK.glossary[entry.id] == entry


def test_a_term_that_there_is_not_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        WORDS["nothing"]


def test_folding_makes_dashes_apostrophes_and_case_the_same() -> None:
    assert fold("Don’t — GO/there") == fold("don't go there") == "dont go there"
