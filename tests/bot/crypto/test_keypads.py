"""Tests of keypads: shuffled for each card and the same when it is drawn again; typed digits stay in memory."""

from collections import Counter

import pytest

from bot.crypto import pins
from bot.crypto.pins import Keypads
from bot.crypto.sealing import KeyRing
from tests.support.store.builders import ADA, BEA

KEYS = KeyRing.fresh()


@pytest.fixture
def pads() -> Keypads:
    return Keypads(KEYS)


def test_a_keypad_has_every_digit_once(pads: Keypads) -> None:
    assert all(sorted(pads.layout(ADA, card)) == list(range(10)) for card in range(100))


def test_a_keypad_is_the_same_however_often_it_is_drawn(pads: Keypads) -> None:
    assert pads.layout(ADA, 7) == pads.layout(ADA, 7) == Keypads(KEYS).layout(ADA, 7)


def test_another_card_another_person_and_another_key_have_another_order(pads: Keypads) -> None:
    layouts = {pads.layout(ADA, 7), pads.layout(ADA, 8), pads.layout(BEA, 7), Keypads(KeyRing.fresh()).layout(ADA, 7)}

    assert len(layouts) == 4


def test_no_key_prefers_a_place(pads: Keypads) -> None:
    first = Counter(pads.layout(ADA, card)[0] for card in range(2000))

    assert set(first) == set(range(10))
    assert 120 < min(first.values()) <= max(first.values()) < 290


def test_each_key_of_each_drawing_counts_once_in_the_order_in_which_it_was_tapped(pads: Keypads) -> None:
    taps = ((0, 2), (0, 2), (1, 4), (0, 2), (1, 4), (2, 4), (2, 4), (2, 6))

    found = [pads.tap(ADA, 7, place=place, digit=digit) for place, digit in taps]

    assert found == ["2", "2", "24", "24", "24", "244", "244", "2446"]
    assert pads.digits(ADA, 7) == "2446"


def test_a_key_that_shows_more_digits_than_are_known_does_not_count(pads: Keypads) -> None:
    assert [pads.tap(ADA, 7, place=place, digit=2) for place in (3, -1, 10**9)] == ["", "", ""]


def test_a_new_card_starts_an_empty_pin(pads: Keypads) -> None:
    pads.tap(ADA, 7, place=0, digit=2)

    assert pads.digits(ADA, 8) == ""
    assert pads.tap(ADA, 8, place=0, digit=4) == "4"
    assert pads.digits(ADA, 7) == ""


def test_everybody_has_digits_of_their_own(pads: Keypads) -> None:
    pads.tap(ADA, 7, place=0, digit=2)

    assert pads.digits(BEA, 7) == ""


def test_tapped_digits_can_be_cleared(pads: Keypads) -> None:
    pads.tap(ADA, 7, place=0, digit=2)

    pads.clear(ADA)
    pads.clear(ADA)

    assert pads.digits(ADA, 7) == ""


def test_a_limited_number_of_chats_is_remembered(pads: Keypads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "MOST", 2)
    for number in range(2):
        pads.tap(f"telegram:{number}", 7, place=0, digit=number)
    pads.tap("telegram:0", 7, place=1, digit=5)

    pads.tap("telegram:2", 7, place=0, digit=2)

    assert [pads.digits(f"telegram:{number}", 7) for number in range(3)] == ["05", "", "2"]
