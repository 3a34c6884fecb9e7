"""The guide: how words that somebody types find its cards, and that the cards cover the guidance and are fit to be read."""

import re
from collections import Counter

import pytest

from seraf.reference import Chapter, Guide, Topic, fold
from tests.support.pack.headings import HEADINGS, WITHOUT_A_CARD
from tests.support.pack.saying import grade
from tests.support.shipped import PACK

GUIDE = PACK.guide


def topic(name: str, text: str = "It is so.", *words: str, roles: tuple[str, ...] = ()) -> Topic:
    """A card of this title, text and words."""
    return Topic(fold(name).replace(" ", "-"), name, name, text, ("ours",), words, roles)


@pytest.fixture
def small() -> Guide:
    """A guide of four cards."""
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
        ("School", ["School"]),
        ("  SCHOOL  ", ["School"]),
        ("Care–Leavers", ["Care leavers"]),
        ("aftercare", ["Care leavers"]),
        ("May I share?", ["Sharing"]),
        ("care", ["Care leavers", "Care plans"]),
        ("plan for care", ["Care plans"]),
        ("families", ["Care plans"]),
        ("shares", ["Sharing"]),
        ("shared with the school", ["Sharing", "School"]),
        ("nurses", ["Sharing"]),
        ("leaver", ["Care leavers"]),
        ("care meetings", ["Care plans"]),
        ("bus", ["School"]),
        ("vans", ["School"]),
        ("25", ["Care leavers"]),
        ("2", []),
        ("what is it", []),
        ("", []),
        ("?!", []),
        ("nothing of the kind", []),
    ],
)
def test_typed_words_find_what_they_name_begin_or_are_about(small: Guide, typed: str, expected: list[str]) -> None:
    """A name first, then words, then beginnings of words, then the text, then whatever has most of them."""
    assert [found.title for found in small.look_up(typed)] == expected


def test_of_two_cards_of_one_name_the_first_is_found_and_of_no_cards_none() -> None:
    """A name leads to one card."""
    twice = Guide((Chapter("a", "A", (topic("Care", "First."), topic("Care", "Second."))),))

    assert [found.text for found in twice.look_up("care")] == ["First."]
    assert Guide(()).look_up("care") == ()


def test_a_word_that_names_one_card_does_not_list_others_that_only_mention_it() -> None:
    """`/guide school` opens the card of schools, though other cards speak of schools too."""
    for words, expected in {
        "missing": "missing",
        "school": "school",
        "consent": "consent",
        "evidence": "evidence",
    }.items():
        assert [found.id for found in GUIDE.look_up(words)] == [expected]


@pytest.mark.parametrize("card", GUIDE.topics, ids=lambda card: card.id)
def test_every_card_is_found_by_each_of_its_names_and_words(card: Topic) -> None:
    """Its title, label and id lead to it alone; each of its words to it among at most a menu of others."""
    for name in (card.title, card.short, card.id):
        assert GUIDE.look_up(name) == (card,)
    for word in card.words:
        found = GUIDE.look_up(word)
        assert card in found or any(fold(word) in each.called for each in found), word
        assert len(found) <= 6


def test_a_persons_own_role_comes_first_in_a_chapter(small: Guide) -> None:
    """The rest keep the order of the file; an unknown role changes nothing."""
    chapter = small.chapters[1]

    assert [each.title for each in chapter.for_role("school")] == ["School", "Sharing"]
    assert chapter.for_role(None) == chapter.for_role("police") == chapter.topics


def test_every_profession_has_a_card_of_its_own() -> None:
    """Whoever says where they work finds what is expected of them first in the list."""
    roles = GUIDE.chapter("roles")

    assert roles is not None
    for profession in ("social-care", "school", "health", "police", "preventative", "other"):
        assert profession in roles.for_role(profession)[0].roles


def test_every_heading_of_the_guidance_has_a_card_or_a_reason() -> None:
    """Nothing of the guidance is left out by being forgotten."""
    carried = {source for card in GUIDE.topics for source in card.sources}

    assert [heading for heading in HEADINGS if heading not in carried and heading not in WITHOUT_A_CARD] == []
    assert [heading for heading in WITHOUT_A_CARD if heading in carried or heading not in HEADINGS] == []
    assert all(WITHOUT_A_CARD.values())


def test_every_card_names_headings_that_there_are() -> None:
    """Word for word, or that it is ours; and a card that rests on something of ours says in its text which part is."""
    named = [(card.id, source) for card in GUIDE.topics for source in card.sources]

    assert [(card, source) for card, source in named if source not in (*HEADINGS, "ours")] == []
    assert [
        card.id for card in GUIDE.topics if ("ours" in card.sources) != bool(re.search(r"(?i)\bours\b", card.text))
    ] == []


def test_every_card_is_short_and_plain() -> None:
    """With its title and headings at most 900 characters, half of the texts within 450; grade 8 at most."""
    lengths = Counter({card.id: len(card.text) for card in GUIDE.topics})

    assert max(lengths.values()) <= 650
    assert sorted(lengths.values())[len(lengths) // 2] <= 450
    assert [card.id for card in GUIDE.topics if grade(card.text) > 8] == []


@pytest.mark.parametrize(
    "blaming",
    [
        *(
            "avoid risk",
            "self protect",
            "self-protect",
            "difficult to engage",
            "choice",
            "risk taking",
            "risky",
            "collude",
        ),
        *("positive choices", "engage", "risk situations", "boyfriend"),
    ],
)
def test_what_blames_in_the_guidance_is_not_said_by_a_card(blaming: str) -> None:
    """The guidance's own slips are not handed on."""
    assert [card.id for card in GUIDE.topics if blaming in f"{card.title} {card.text}".lower()] == []


def test_no_card_tells_anyone_to_wait_before_they_call() -> None:
    """Calling stands beside no later day, and no card holds a telephone number, which are the contacts' alone."""
    later = re.compile(r"this week|tomorrow|next week|when you can|\b0\d{3,}")

    assert [card.id for card in GUIDE.topics if later.search(card.text)] == []


def test_what_is_not_in_the_guide_is_not_found() -> None:
    """Nothing is made up for an id that no chapter or card has."""
    assert (GUIDE.topic("nothing"), GUIDE.chapter("nothing"), GUIDE.chapter_of("nothing")) == (None, None, None)
    assert GUIDE.chapter_of("school") is GUIDE.chapter("roles")
