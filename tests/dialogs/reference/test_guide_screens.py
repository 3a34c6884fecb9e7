"""Tests of the guide's cards: found by the menu, the person's own role first, and the way back to the case."""

from dataclasses import replace

import pytest

from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from dialogs.core.events import Commanded
from dialogs.locked import AtTheGate, Gate
from dialogs.phrases.number import source_line
from dialogs.reference import at_topic
from seraf.form.responses import Responses
from tests.support.pack.headings import HEADINGS
from tests.support.pack.other_board import SCRIPT as OTHER
from tests.support.shipped import NOON, OCCASION, PACK, SCRIPT
from tests.support.talk.closed_chats import EVERY_CLOSED, ask, card_of
from tests.support.talk.talking import Talk
from tests.support.talk.walking import faults_of_form, shows_case

GUIDE = PACK.guide
ROLES = "What your role does"


def test_every_card_can_be_read_by_going_on_from_the_first_of_its_chapter() -> None:
    seen = []
    for chapter in GUIDE.chapters:
        talk = Talk().command("guide").press(chapter.title, chapter.topics[0].short)
        seen.append(talk.text)
        while "Next card" in talk.labels:
            seen.append(talk.press("Next card").text)

    assert [text.splitlines()[0] for text in seen] == [topic.title for topic in GUIDE.topics]
    assert all(topic.text.splitlines()[-1] in text for topic, text in zip(GUIDE.topics, seen, strict=True))
    assert max(map(len, seen)) <= 900


@pytest.mark.parametrize(
    ("profession", "first"),
    [("police", "Police"), ("health", "Health"), ("social-care", "Social care: new"), ("other", "Every other role")],
)
def test_a_persons_own_role_comes_first(profession: str, first: str) -> None:
    """The role is known from the stored profile, so this also holds in a new conversation."""
    talk = Talk(profile=Responses.of({"profession": profession})).command("guide").press(ROLES)

    assert talk.labels[0] == first
    assert Talk().command("guide").press(ROLES).labels[0] == "School"


def test_the_next_card_after_ones_own_role_is_the_next_in_that_order() -> None:
    talk = Talk(profile=Responses.of({"profession": "police"})).command("guide").press(ROLES, "Police")

    assert talk.press("Next card").text.startswith("School\n\n")


@EVERY_CLOSED
def test_the_guide_can_be_read_in_a_closed_chat(gate: Gate) -> None:
    card = GUIDE.topic("missing")
    assert card is not None

    assert ask(gate, Commanded(OCCASION, "guide")) == AtTheGate(Overlay(Kind.GUIDE))
    opened = replace(gate, over=at_topic(card))
    assert not shows_case(card_of(opened))
    assert [button.label for button in card_of(opened).buttons] == ["Next card", "Back", "Close guide", "Urgent"]


def test_every_place_of_the_guide_is_a_well_formed_card() -> None:
    places = ["", *(chapter.id for chapter in GUIDE.chapters), *(topic.id for topic in GUIDE.topics)]
    for profession in ("police", "other", ""):
        session = Talk(profile=Responses.of({"profession": profession} if profession else {})).session
        for place in places:
            card = show(replace(session, overlay=Overlay(Kind.GUIDE, place)), SCRIPT, NOON)
            assert faults_of_form(card, session.card) == [], place
            assert {"x", "o:urgent:"} <= {button.code for button in card.buttons}


@pytest.mark.parametrize("about", ["gone", "gone?1", "?98"])
def test_a_place_that_todays_guide_has_not_is_answered_with_what_there_is(about: str) -> None:
    """The pack, and so the guide, may change between two taps."""
    session = replace(Talk().session, overlay=Overlay(Kind.GUIDE, about))

    for script in (OTHER, SCRIPT):
        card = show(session, script, NOON)
        assert faults_of_form(card, session.card) == []
        assert "x" in {button.code for button in card.buttons}


def test_no_two_headings_of_a_card_share_a_name() -> None:
    """Headings of the guidance are shortened, and must remain distinct."""
    lines = [source_line(heading, SCRIPT) for heading in HEADINGS]

    assert len(set(lines)) == len(HEADINGS)
    assert max(map(len, lines)) <= 90


def test_another_boards_guide_is_its_own() -> None:
    talk = Talk(OTHER).command("guide").press("All of it")

    assert talk.labels[:2] == ["Listening", "School"]
    assert talk.press("Listening").text.endswith("Guidance: “Consent”\nOurs, not from the guidance")
