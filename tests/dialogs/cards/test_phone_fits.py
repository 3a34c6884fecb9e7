"""Every card fits a phone: heights and labels over whole walks, over random results, and over every item."""

import random
from dataclasses import replace
from statistics import median

import pytest

from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from dialogs.core.session import Answers, Session
from dialogs.result.actions import with_due
from dialogs.result.result_pages import PAGES
from docs.phone.cards import heading, is_item, is_tick_list
from docs.phone.drawing import TEXT, TEXT_ROOM
from docs.phone.measure import VISIBLE, cut_labels, height, lines
from docs.phone.widths import width
from seraf.form.responses import Responses
from state_machines.assessment import Phase
from tests.seraf.advice.test_urgency import random_case
from tests.support.counts import each_seed
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT, at
from tests.support.talk.phone import cards_of_all_walks

LONG = "COPPER THISTLE 77"
"""A long reference, such as the bot makes."""

MEDIAN, OF_ITEMS = 480, 400
"""The most that half of the cards, and half of the items, may be high (px)."""

TOGETHER = ("How far people agree", "Other differences", "Where people differ", "Here are the others")
"""Headings of what several people rehearsed, and of a debrief: lists that are read at leisure, with no call on them."""

MOMENTS = (NOON, at("2026-03-06T16:25"), at("2026-03-07T22:30"))


def test_every_walk_has_cards_to_measure() -> None:
    """Items and tick lists among them."""
    cards = cards_of_all_walks()

    assert len(cards) > 500
    assert len([each for each in cards if is_item(each)]) > 100
    assert any(map(is_tick_list, cards))


def test_a_line_as_the_model_counts_it_is_about_as_wide_as_the_bubble_has_room() -> None:
    """Characters a line and the widths of letters are one model: half of the full lines fit, and none is far too wide."""
    full = [line for each in cards_of_all_walks() for line in lines(each) if len(line.text) >= 40]
    widths = sorted(width(line.text, TEXT, is_strong=line.is_strong) for line in full)

    assert 0.95 < widths[len(widths) // 2] / TEXT_ROOM <= 1
    assert widths[-1] / TEXT_ROOM < 1.25


def test_half_of_the_cards_of_all_walks_are_short() -> None:
    """Over every different card: at most 480 px for half of them, 400 for half of the items."""
    cards = cards_of_all_walks()

    assert median(height(card) for card in cards) <= MEDIAN
    assert median(height(card) for card in cards if is_item(card)) <= OF_ITEMS


def test_no_card_of_a_real_case_has_to_be_scrolled_but_a_section_to_tick() -> None:
    """At most 684 px; in a rehearsal what stands above and below it comes on top."""
    real = [card for card in cards_of_all_walks() if "REHEARSAL" not in card.text and not is_tick_list(card)]

    assert [(height(card), heading(card)) for card in real if height(card) > VISIBLE] == []


def test_no_label_of_a_walk_is_cut() -> None:
    """At most 12 characters where three stand in a row, 20 where two do."""
    assert [each for card in cards_of_all_walks() for each in cut_labels(card)] == []


@each_seed(2_000, 25)
def test_every_page_of_a_result_fits_whatever_the_case_and_the_hour(seed: int) -> None:
    """No page has to be scrolled, and none has a label that is cut."""
    draw = random.Random(seed)
    case, now = random_case(draw), draw.choice(MOMENTS)
    place = (Phase.RESULT, "1", None, LONG, INSTRUMENT.fingerprint)
    session = with_due(Session(3, *place, Answers(Responses.of(dict(case.answers)), case.responses)), SCRIPT, now=now)

    pages = [show(session.at(str(page)), SCRIPT, now) for page in range(1, len(PAGES) + 1)]

    assert [height(page) for page in pages if height(page) > VISIBLE] == []
    assert [each for page in pages for each in cut_labels(page)] == []
    assert show(session.at(str(len(PAGES) + 1)), SCRIPT, now).text == pages[-1].text


@pytest.mark.parametrize("item", INSTRUMENT.items, ids=lambda item: item.id)
def test_every_item_and_what_counts_for_it_fit(item: object) -> None:
    """With the longest reference, and something that is already called for."""
    answers = {"age": "13-15", "profession": "health", "how": "form", "danger": "no", "told_or_seen": "yes"}
    place = (Phase.ITEMS, getattr(item, "id", ""), None, LONG, INSTRUMENT.fingerprint)
    session = Session(3, *place, Answers(Responses.of(answers)))

    cards = [
        show(each, SCRIPT, NOON) for each in (session, replace(session, overlay=Overlay(Kind.WHAT, session.place)))
    ]

    assert [height(card) for card in cards if height(card) > VISIBLE] == []
    assert [each for card in cards for each in cut_labels(card)] == []
